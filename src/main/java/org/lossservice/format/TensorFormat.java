package org.lossservice.format;

import java.util.Locale;
import java.util.Map;
import org.lossservice.tensor.FloatingTensor;

/** The binary formats: files of named tensors. */
public enum TensorFormat {
    /** numpy's npz: a zip file of npy arrays. */
    NPZ,
    /** Hugging Face's safetensors. */
    SAFETENSORS;

    /**
     * Reads what a body says of its tensors; their elements are read when they are asked for, so {@code body} must not
     * change until then.
     *
     * @param length how many bytes of {@code body} are the body
     * @param tensors the tensors there may be, none of which has come yet
     * @param finite whether NaN and infinities are faults
     * @throws org.lossservice.tensor.FaultException {@code MALFORMED_NPZ} or {@code MALFORMED_SAFETENSORS} where the body
     *     is not exactly a file of this format, {@code TOO_LARGE} where it exceeds a limit
     */
    public TensorFile read(byte[] body, int length, TensorNames tensors, TensorLimits limits, boolean finite) {
        switch (this) {
            case NPZ -> NpzReader.read(body, length, limits, tensors);
            case SAFETENSORS -> SafetensorsReader.read(body, length, limits, tensors);
        }
        return tensors.file(finite);
    }

    /** What names of files end in: {@code npz} or {@code safetensors}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Prepares a file of tensors to be written; the tensors must not change until it is.
     *
     * @param tensors the tensors by name, in the order in which they are written
     * @param texts strings that go along: in npz 0-d arrays of text, in safetensors entries of {@code __metadata__}
     */
    public TensorOutput output(Map<String, FloatingTensor> tensors, Map<String, String> texts) {
        return switch (this) {
            case NPZ -> new NpzOutput(tensors, texts);
            case SAFETENSORS -> new SafetensorsOutput(tensors, texts);
        };
    }
}
