package org.lossservice.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Chooses the media type of an answer by RFC 9110, section 12.5.1. Spring's own negotiation takes q=0 for a low
 * preference and not for a refusal, so it only serves to find the route; the media type is then chosen here, for probes
 * as well.
 */
final class Negotiation implements HandlerInterceptor {

    /** Narrows the media types that the route says it produces, if any, to the one that is answered. */
    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws HttpMediaTypeNotAcceptableException {
        if (request.getAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE) instanceof Collection<?> offers) {
            MediaType chosen =
                    choose(request, offers.stream().map(MediaType.class::cast).toList());
            request.setAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE, Set.of(chosen));
        }
        return true;
    }

    /**
     * The one of {@code offers} that the request's Accept prefers. Of several with the same quality it is the first offer
     * if that is among them, else the one that Accept names first.
     *
     * @throws HttpMediaTypeNotAcceptableException where none is acceptable
     */
    static MediaType choose(HttpServletRequest request, List<MediaType> offers)
            throws HttpMediaTypeNotAcceptableException {
        List<MediaType> ranges;
        try {
            ranges = MediaType.parseMediaTypes(Collections.list(request.getHeaders("Accept")));
        } catch (InvalidMediaTypeException e) {
            throw new HttpMediaTypeNotAcceptableException(offers);
        }
        if (ranges.isEmpty()) {
            return offers.getFirst();
        }
        MediaType best = null;
        double most = 0;
        int place = Integer.MAX_VALUE;
        for (MediaType offer : offers) {
            MediaType range = mostSpecific(ranges, offer);
            double quality = range == null ? 0 : range.getQualityValue();
            boolean first = offer.equals(offers.getFirst());
            int position = first ? -1 : ranges.indexOf(range);
            if (quality > most || (quality == most && quality > 0 && position < place)) {
                best = offer;
                most = quality;
                place = position;
            }
        }
        if (best == null) {
            throw new HttpMediaTypeNotAcceptableException(offers);
        }
        return best;
    }

    /** The most specific range that matches an offer: its quality counts, even where a wider range has a higher one. */
    private static @Nullable MediaType mostSpecific(List<MediaType> ranges, MediaType offer) {
        return ranges.stream()
                .filter(range -> range.includes(offer))
                .max(Comparator.comparingInt(range -> range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2))
                .orElse(null);
    }
}
