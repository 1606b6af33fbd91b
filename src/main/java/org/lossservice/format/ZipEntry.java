package org.lossservice.format;

import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;

/**
 * An entry of a zip file.
 *
 * @param name its name, of one character for each byte where it is not said to be UTF-8
 * @param deflated whether its bytes are deflated; otherwise they are stored
 * @param crc the CRC-32 that its bytes have once inflated
 * @param start where its bytes start in the body
 * @param packed how many bytes it takes in the body
 * @param size how many bytes it has once inflated, as far as the directory is believed
 */
record ZipEntry(String name, boolean deflated, int crc, int start, int packed, long size) {

    FaultException malformed(String detail) {
        return malformed(start, "entry " + Text.quote(name) + " " + detail);
    }

    static FaultException malformed(long offset, String detail) {
        return new FaultException(Fault.at(FaultCode.MALFORMED_NPZ, offset, detail + " (at byte " + offset + ")"));
    }
}
