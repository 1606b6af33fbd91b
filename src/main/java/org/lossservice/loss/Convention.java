package org.lossservice.loss;

import java.util.Locale;

/**
 * Which formula weights and kinks follow. With z = margin − x[label] + x[j], j ≠ label, and w the weight of the label's
 * class, a row's loss is 1/C times the sum over j of:
 */
public enum Convention {
    /** {@code max(0, w·z)^p}, active where w·z &gt; 0: the formula of PaddlePaddle's page on MultiMarginLoss. */
    DOCUMENTED,
    /** {@code w·max(0, z)^p}, active where z &gt; 0: what torch.nn.MultiMarginLoss computes. */
    PYTORCH,
    /** As {@link #PYTORCH}, but the subgradient at z = 0 is that of the active side: PaddlePaddle since PR #73739. */
    PADDLE;

    /** The name in requests and answers. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
