package org.lossservice.format;

/** Runs a checkpoint only once in many small steps, so that it costs next to nothing beside them. */
final class Steps {

    /** Steps from one run to the next, a power of two: even the costliest take less than a tenth of a second. */
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
