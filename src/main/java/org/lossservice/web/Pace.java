package org.lossservice.web;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.util.unit.DataSize;

/**
 * The least rate at which a body or an answer must come along, so that nobody holds memory by crawling.
 *
 * @param grace from when on it must
 * @param rate bytes a second
 */
record Pace(Duration grace, DataSize rate) {

    /** Whether so few bytes are too few after such a time. */
    boolean isMissed(long bytes, long nanoseconds) {
        long late = nanoseconds - grace.toNanos();
        return late > 0 && bytes < late * 1e-9 * rate.toBytes();
    }

    /** How long so many bytes may take at the most. */
    Duration longest(long bytes) {
        return rate.toBytes() == 0
                ? Duration.ofDays(1)
                : grace.plusNanos(TimeUnit.SECONDS.toNanos(bytes) / rate.toBytes());
    }

    @Override
    public String toString() {
        return rate.toBytes() + " a second are expected after " + grace.toMillis() + " ms";
    }
}
