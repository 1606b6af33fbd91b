package org.lossservice.web;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.util.unit.DataSize;

/**
 * The least rate at which a body or an answer must be transferred, so that nobody holds memory by crawling.
 *
 * @param grace how long after the start the rate begins to count
 * @param rate bytes a second
 */
record Pace(Duration grace, DataSize rate) {

    /** Whether this many bytes are too few after this time. */
    boolean isMissed(long bytes, long nanoseconds) {
        long late = nanoseconds - grace.toNanos();
        return late > 0 && bytes < late * 1e-9 * rate.toBytes();
    }

    /** How long this many bytes may take at the most. */
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
