package org.lossservice.format;

import java.io.IOException;
import java.io.OutputStream;

/** A file of tensors that is ready to be written. The same tensors give the same bytes. */
public sealed interface TensorOutput permits NpzOutput, SafetensorsOutput {

    /** How many bytes the file has. */
    long length();

    /** Writes the file; no second copy of the tensors is made, and {@code out} is left open. */
    void writeTo(OutputStream out) throws IOException;
}
