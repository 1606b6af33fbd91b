package org.lossservice.web;

import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;

/**
 * Decides which requests the service takes on: memory is reserved before a body is held, and few enough requests are worked
 * on at a time. What does not fit waits briefly and is then refused with {@code OVERLOADED}.
 */
final class Admission {

    /**
     * Bodies above this many bytes take so long that few of them are worked on at a time: small ones must not wait for
     * all.
     */
    static final int LARGE = 1 << 18;

    /** Memory is counted in units of this many bytes, so that a semaphore's int holds any budget. */
    private static final int UNIT = 1024;

    private final LossProperties.Admission settings;
    private final int budget;
    private final long most;
    private final Semaphore memory;
    private final Semaphore running;
    private final Semaphore runningLarge;
    private final Pace pace;

    /**
     * @param memory the bytes that all requests together may reserve
     * @param processors how many large requests make progress at a time; twice as many are worked on
     */
    Admission(LossProperties.Admission settings, long memory, int processors) {
        this.settings = settings;
        this.pace = settings.pace();
        this.budget = Math.clamp(memory / UNIT, 1, Integer.MAX_VALUE);
        // no request is counted with more than three quarters of the budget (see units): one of 9/8 leaves a quarter to
        // others, so what all take together is at most 11/8 of the budget
        this.most = memory + memory / 8;
        // not fair: while a large request waits for more, a small one may take what is free
        this.memory = new Semaphore(budget);
        this.running = new Semaphore(settings.requests());
        this.runningLarge = new Semaphore(2 * processors);
    }

    /**
     * Lets a request in.
     *
     * @param memoryPerByte the bytes of memory that each byte of its body may come to take
     */
    Ticket enter(int memoryPerByte) {
        return new Ticket(memoryPerByte);
    }

    /** The bytes that are reserved now. */
    long reserved() {
        return (long) (budget - memory.availablePermits()) * UNIT;
    }

    /** The bytes that can be reserved in all. */
    long budget() {
        return (long) budget * UNIT;
    }

    /** How many requests are parsed and computed now. */
    int working() {
        return settings.requests() - running.availablePermits();
    }

    private static FaultException overloaded(String detail) {
        return new FaultException(Fault.of(FaultCode.OVERLOADED, detail));
    }

    private void acquire(Semaphore semaphore, int permits, String full) {
        try {
            if (!semaphore.tryAcquire(permits, settings.patience().toNanos(), TimeUnit.NANOSECONDS)) {
                throw overloaded(full + "; the same request may succeed later");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw overloaded("the service is shutting down; another replica may answer");
        }
    }

    /** One request's share of the service, given back when it is closed. For one thread at a time. */
    final class Ticket implements AutoCloseable {

        private final int memoryPerByte;
        private final long entered = System.nanoTime();
        private long began;
        private int units;
        private boolean works;
        private boolean worksLarge;

        private Ticket(int memoryPerByte) {
            this.memoryPerByte = memoryPerByte;
        }

        /** The most bytes of a body for which memory can be reserved. */
        long longestBody() {
            return most / memoryPerByte;
        }

        /**
         * Reserves the memory for a body and what becomes of it.
         *
         * @param bytes of the body
         * @throws FaultException {@code OVERLOADED} where there is not as much
         */
        void reserveForBody(long bytes) {
            reserveAtLeast(memoryPerByte * bytes);
        }

        /**
         * Raises what is reserved to this many bytes in all, where it is less.
         *
         * @throws FaultException {@code OVERLOADED} where there are not as many, {@code TOO_LARGE} where there never can be
         */
        void reserveAtLeast(long bytes) {
            if (bytes > most) {
                throw new FaultException(Fault.of(
                        FaultCode.TOO_LARGE,
                        "the request may take " + bytes + " bytes of memory, the most for one is " + most
                                + " (loss.admission.memory); send a smaller batch"));
            }
            int wanted = units(bytes);
            if (wanted > units) {
                acquire(memory, wanted - units, "the memory for requests is taken");
                units = wanted;
            }
        }

        /**
         * Sets what is reserved to this many bytes in all: reserves what is missing, or gives back what is too much.
         *
         * @throws FaultException as {@link #reserveAtLeast} does
         */
        void reserveExactly(long bytes) {
            reserveAtLeast(bytes);
            int spare = units - units(bytes);
            memory.release(spare);
            units -= spare;
        }

        /**
         * What a request is counted with: at most three quarters of the budget, so that the largest leaves room to
         * others.
         */
        private int units(long bytes) {
            return (int) Math.min((bytes + UNIT - 1) / UNIT, Math.max(1, budget / 4L * 3));
        }

        /**
         * Ends an upload that crawls.
         *
         * @param bytes that have arrived
         * @throws FaultException {@code DEADLINE_EXCEEDED}
         */
        void requireProgress(long bytes) {
            long took = System.nanoTime() - entered;
            if (pace.isMissed(bytes, took)) {
                throw new FaultException(Fault.of(
                        FaultCode.DEADLINE_EXCEEDED,
                        "the body came too slowly: " + bytes + " bytes in " + TimeUnit.NANOSECONDS.toSeconds(took)
                                + " s, where " + pace));
            }
        }

        /**
         * Waits for a turn to be parsed and computed; from then on its time counts.
         *
         * @param bytes of the body
         * @throws FaultException {@code OVERLOADED} where no turn comes soon
         */
        void work(long bytes) {
            if (bytes > LARGE) {
                acquire(runningLarge, 1, "too many large requests are under way");
                worksLarge = true;
            }
            acquire(running, 1, "too many requests are under way");
            works = true;
            began = System.nanoTime();
        }

        /**
         * Ends what takes too long, and lets other requests go on; to be called again and again.
         *
         * @throws FaultException {@code DEADLINE_EXCEEDED} where the time since {@link #work} is over
         */
        void requireTime() {
            Turn.passWithinRequest();
            if (System.nanoTime() - began > settings.deadline().toNanos()) {
                throw new FaultException(Fault.of(
                        FaultCode.DEADLINE_EXCEEDED,
                        "the request took longer than " + settings.deadline().toMillis()
                                + " ms (loss.admission.deadline); send a smaller batch"));
            }
        }

        /**
         * Ends the request's turn before its answer is written, because writing may wait for the client; its memory
         * stays reserved. The deadline is looked at for the last time: an answer that has begun can no longer be
         * refused.
         *
         * @return what passes the answer on as long as the client takes it fast enough
         * @throws FaultException {@code DEADLINE_EXCEEDED}
         */
        OutputStream answer(OutputStream out) {
            requireTime();
            endTurn();
            return new AnswerStream(out, pace);
        }

        private void endTurn() {
            if (works) {
                running.release();
            }
            if (worksLarge) {
                runningLarge.release();
            }
            works = false;
            worksLarge = false;
        }

        @Override
        public void close() {
            memory.release(units);
            units = 0;
            endTurn();
        }
    }
}
