package org.lossservice.web;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.lossservice.format.TensorFormat;
import org.springframework.http.MediaType;

/** The media types of binary bodies. */
final class TensorMedia {

    static final String NPZ = "application/x-npz";
    static final String NPZ_ALIAS = "tensor/npz";
    static final String SAFETENSORS = "application/vnd.safetensors";
    static final String SAFETENSORS_ALIAS = "application/x-safetensors";

    private TensorMedia() {}

    /** The format of a media type that is one of these. */
    static TensorFormat format(MediaType type) {
        return type.getSubtype().endsWith("npz") ? TensorFormat.NPZ : TensorFormat.SAFETENSORS;
    }

    /** What can be answered, that which came in first. */
    static List<MediaType> offers(MediaType contentType, boolean json) {
        Set<MediaType> offers = new LinkedHashSet<>();
        offers.add(new MediaType(contentType.getType(), contentType.getSubtype()));
        offers.add(MediaType.valueOf(NPZ));
        offers.add(MediaType.valueOf(SAFETENSORS));
        if (json) {
            offers.add(MediaType.APPLICATION_JSON);
        }
        offers.add(MediaType.valueOf(NPZ_ALIAS));
        offers.add(MediaType.valueOf(SAFETENSORS_ALIAS));
        return List.copyOf(offers);
    }
}
