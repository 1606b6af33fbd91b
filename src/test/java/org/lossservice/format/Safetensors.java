package org.lossservice.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds safetensors files from the text of their header, for tests. */
public final class Safetensors {

    private Safetensors() {}

    /** A file with a header of any text, in which single quotes stand for double ones, and tensors one after the other. */
    public static byte[] file(String header, byte[]... tensors) {
        byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(length(json.length));
        out.writeBytes(json);
        for (byte[] tensor : tensors) {
            out.writeBytes(tensor);
        }
        return out.toByteArray();
    }

    private static byte[] length(long length) {
        byte[] bytes = new byte[8];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        return bytes;
    }

    /** One member of a header. */
    public static String member(String name, String dtype, String shape, int begin, int end) {
        return "'" + name + "':{'dtype':'" + dtype + "','shape':" + shape + ",'data_offsets':[" + begin + "," + end
                + "]}";
    }
}
