package org.lossservice.format;

/** Runs a checkpoint now and then on a way of many small steps, so that it costs next to nothing beside them. */
final class Steps {

    /** A power of two: even of the costliest numbers, as many take less than a tenth of a second. */
    private static final int STRETCH = 1 << 10;

    private final Runnable checkpoint;
    private int taken;

    Steps(Runnable checkpoint) {
        this.checkpoint = checkpoint;
    }

    /** Takes one step. */
    void take() {
        take(taken++);
    }

    /** Takes the step of this number, for those who count themselves. */
    void take(int step) {
        if ((step & (STRETCH - 1)) == STRETCH - 1) {
            checkpoint.run();
        }
    }
}
