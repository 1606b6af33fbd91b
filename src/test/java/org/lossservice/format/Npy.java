package org.lossservice.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds npy arrays and raw elements byte by byte, for tests: nothing here comes from the code that is tested. */
public final class Npy {

    private Npy() {}

    /** An array of version 1.0 in row-major order, as numpy writes it. */
    public static byte[] array(String descr, String shape, byte[] elements) {
        return array(1, "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }", elements);
    }

    /** An array with a header of any text, padded as numpy does. */
    public static byte[] array(int version, String dict, byte[] elements) {
        int prefix = version == 1 ? 10 : 12;
        String padding = " ".repeat(63 - (prefix + dict.length()) % 64);
        byte[] header = (dict + padding + "\n").getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        out.write(header.length);
        out.write(header.length >> 8);
        if (version > 1) {
            out.write(header.length >> 16);
            out.write(header.length >> 24);
        }
        out.writeBytes(header);
        out.writeBytes(elements);
        return out.toByteArray();
    }

    /** float32, little-endian. */
    public static byte[] floats(float... values) {
        return floats(ByteOrder.LITTLE_ENDIAN, values);
    }

    public static byte[] floats(ByteOrder order, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(order);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    /** float64, little-endian. */
    public static byte[] doubles(double... values) {
        return doubles(ByteOrder.LITTLE_ENDIAN, values);
    }

    public static byte[] doubles(ByteOrder order, double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(order);
        for (double value : values) {
            bytes.putDouble(value);
        }
        return bytes.array();
    }

    /** int32, little-endian. */
    public static byte[] ints(int... values) {
        return ints(ByteOrder.LITTLE_ENDIAN, values);
    }

    public static byte[] ints(ByteOrder order, int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(order);
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }

    /** int64, little-endian. */
    public static byte[] longs(long... values) {
        return longs(ByteOrder.LITTLE_ENDIAN, values);
    }

    public static byte[] longs(ByteOrder order, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(order);
        for (long value : values) {
            bytes.putLong(value);
        }
        return bytes.array();
    }
}
