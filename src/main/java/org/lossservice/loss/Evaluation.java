package org.lossservice.loss;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Shape;

/**
 * One evaluation as a number of chunks, which any threads may compute in any order: a chunk is some whole rows, or a piece of
 * a very wide one. Chunks depend on the shape alone and their sums are added in their order, so that the answer does not
 * depend on the threads.
 */
final class Evaluation {

    /** The elements of a chunk, about: some 15 microseconds' work. */
    static final int CHUNK = 1 << 14;

    private final Formula formula;
    private final FloatingTensor input;
    private final @Nullable FloatingTensor gradient;
    private final FloatingTensor losses;
    private final @Nullable RowSums rowSums;

    private final int chunks;
    private final int rowsOfChunk;
    private final int piecesOfRow;
    /** The sum of losses of each chunk. */
    private final Scaled[] chunkLosses;
    /**
     * Of rows in pieces, the labels' scores: the gradient may be written over them before the last piece needs them.
     */
    private final double[] labelScores;

    /** Of rows in pieces, the sum of u^p of each chunk. */
    private final Scaled[] powers;
    /** Of rows in pieces, the sum of u^(p-1) of each chunk. */
    private final Scaled[] slopes;

    /** Whether some element of the gradient may have overflowed. */
    private volatile boolean suspect;

    Evaluation(MultiMarginLoss loss, Batch batch, @Nullable FloatingTensor gradient, boolean weightGradient) {
        formula = new Formula(loss, batch);
        input = batch.input();
        this.gradient = gradient;
        losses = FloatingTensor.zeros(
                input.dtype(), formula.reduction == Reduction.NONE ? Shape.vector(formula.rows) : Shape.scalar());
        rowSums = weightGradient ? new RowSums(formula.rows) : null;
        rowsOfChunk = Math.max(1, CHUNK / formula.classes);
        piecesOfRow = Math.ceilDiv(formula.classes, CHUNK);
        chunks = Math.ceilDiv(formula.rows, rowsOfChunk) * piecesOfRow;
        chunkLosses = scaled(chunks);
        boolean pieces = piecesOfRow > 1;
        powers = scaled(pieces ? chunks : 0);
        slopes = scaled(pieces ? chunks : 0);
        labelScores = new double[pieces ? formula.rows : 0];
        Arrays.setAll(labelScores, row -> input.get(row * formula.classes + formula.label(row)));
    }

    private static Scaled[] scaled(int length) {
        Scaled[] numbers = new Scaled[length];
        Arrays.setAll(numbers, i -> new Scaled());
        return numbers;
    }

    /** How many chunks there are. */
    int chunks() {
        return chunks;
    }

    /** N * C. */
    int elements() {
        return input.shape().elements();
    }

    /** What one thread needs to compute chunks. */
    RowKernel kernel() {
        return new RowKernel(formula, input, gradient, losses, rowSums);
    }

    /** Computes one chunk; any thread may, with a kernel of its own. */
    void compute(RowKernel kernel, int chunk) {
        if (piecesOfRow == 1) {
            int from = chunk * rowsOfChunk;
            chunkLosses[chunk].set(kernel.rows(from, Math.min(from + rowsOfChunk, formula.rows)));
        } else {
            int row = chunk / piecesOfRow;
            int from = chunk % piecesOfRow * CHUNK;
            int to = Math.min(from + CHUNK, formula.classes);
            kernel.piece(row, labelScores[row], from, to, powers[chunk], slopes[chunk]);
        }
        if (kernel.isSuspect()) {
            suspect = true;
        }
    }

    /**
     * The result, once all chunks are computed.
     *
     * @throws org.lossservice.tensor.FaultException {@code RESULT_OVERFLOW} where it does not fit the dtype and
     *     {@code nonFinite} is {@link NonFinite#ERROR}
     */
    LossResult finish(NonFinite nonFinite) {
        if (piecesOfRow > 1) {
            finishRows();
        }
        if (formula.reduction != Reduction.NONE) {
            Scaled total = new Scaled();
            for (Scaled loss : chunkLosses) {
                total.add(loss);
            }
            Elements.store(total.divide(formula.divisor).toDouble(), losses, 0);
        }
        FloatingTensor byWeight = rowSums == null ? null : rowSums.weightGradient(formula, input.dtype());
        LossResult result = new LossResult(losses, gradient, byWeight);
        if (nonFinite == NonFinite.ERROR) {
            Overflow.refuse(result, suspect);
        }
        return result;
    }

    private void finishRows() {
        RowKernel kernel = kernel();
        for (int row = 0; row < formula.rows; row++) {
            int first = row * piecesOfRow;
            for (int piece = first + 1; piece < first + piecesOfRow; piece++) {
                powers[first].add(powers[piece]);
                slopes[first].add(slopes[piece]);
            }
            chunkLosses[first] = kernel.finishPieces(row, labelScores[row], powers[first], slopes[first]);
        }
        if (kernel.isSuspect()) {
            suspect = true;
        }
    }
}
