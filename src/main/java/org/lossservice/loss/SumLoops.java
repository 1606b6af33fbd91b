package org.lossservice.loss;

/**
 * The inner loops of {@link Sums}, written in the only way that C2 turns into vector instructions: distances are
 * literals (hence a loop for each length), and elements are used in place, without being read into variables first.
 */
final class SumLoops {

    private SumLoops() {}

    /** Four quarters added to each other. */
    static void quartersOf512(double[] x, double[] to) {
        for (int l = 0; l < 128; l++) {
            to[l] = (x[l] + x[l + 128]) + (x[l + 256] + x[l + 384]);
        }
    }

    static void quartersOf128(double[] x, double[] to) {
        for (int l = 0; l < 32; l++) {
            to[l] = (x[l] + x[l + 32]) + (x[l + 64] + x[l + 96]);
        }
    }

    /** Of two arrays at once. */
    static void quartersOf128(double[] x, double[] y, double[] toX, double[] toY) {
        for (int l = 0; l < 32; l++) {
            toX[l] = (x[l] + x[l + 32]) + (x[l + 64] + x[l + 96]);
            toY[l] = (y[l] + y[l + 32]) + (y[l + 64] + y[l + 96]);
        }
    }

    /** The squares of four quarters added to each other. */
    static void squaresOf512(double[] x, double[] to) {
        for (int l = 0; l < 128; l++) {
            to[l] = Math.fma(x[l], x[l], x[l + 128] * x[l + 128])
                    + Math.fma(x[l + 256], x[l + 256], x[l + 384] * x[l + 384]);
        }
    }

    static void squaresOf128(double[] x, double[] to) {
        for (int l = 0; l < 32; l++) {
            to[l] = Math.fma(x[l], x[l], x[l + 32] * x[l + 32]) + Math.fma(x[l + 64], x[l + 64], x[l + 96] * x[l + 96]);
        }
    }

    static void squaresAndQuartersOf128(double[] x, double[] squares, double[] sums) {
        for (int l = 0; l < 32; l++) {
            squares[l] =
                    Math.fma(x[l], x[l], x[l + 32] * x[l + 32]) + Math.fma(x[l + 64], x[l + 64], x[l + 96] * x[l + 96]);
            sums[l] = (x[l] + x[l + 32]) + (x[l + 64] + x[l + 96]);
        }
    }

    /** The sums of two pairs of quarters, each split into a multiple of the last bit of {@code grid} and a rest. */
    static void split512(double[] x, double[] high, double[] low, double grid) {
        for (int l = 0; l < 128; l++) {
            double a = (grid + (x[l] + x[l + 128])) - grid;
            double b = (grid + (x[l + 256] + x[l + 384])) - grid;
            high[l] = a + b;
            low[l] = ((x[l] + x[l + 128]) - a) + ((x[l + 256] + x[l + 384]) - b);
        }
    }

    static void split128(double[] x, double[] high, double[] low, double grid) {
        for (int l = 0; l < 32; l++) {
            double a = (grid + (x[l] + x[l + 32])) - grid;
            double b = (grid + (x[l + 64] + x[l + 96])) - grid;
            high[l] = a + b;
            low[l] = ((x[l] + x[l + 32]) - a) + ((x[l + 64] + x[l + 96]) - b);
        }
    }

    /** As {@link #split512}, of squares. */
    static void splitSquaresOf512(double[] x, double[] high, double[] low, double grid) {
        for (int l = 0; l < 128; l++) {
            double a = Math.fma(x[l], x[l], Math.fma(x[l + 128], x[l + 128], grid)) - grid;
            double b = Math.fma(x[l + 256], x[l + 256], Math.fma(x[l + 384], x[l + 384], grid)) - grid;
            high[l] = a + b;
            low[l] = Math.fma(x[l], x[l], Math.fma(x[l + 128], x[l + 128], -a))
                    + Math.fma(x[l + 256], x[l + 256], Math.fma(x[l + 384], x[l + 384], -b));
        }
    }

    static void splitSquaresOf128(double[] x, double[] high, double[] low, double grid) {
        for (int l = 0; l < 32; l++) {
            double a = Math.fma(x[l], x[l], Math.fma(x[l + 32], x[l + 32], grid)) - grid;
            double b = Math.fma(x[l + 64], x[l + 64], Math.fma(x[l + 96], x[l + 96], grid)) - grid;
            high[l] = a + b;
            low[l] = Math.fma(x[l], x[l], Math.fma(x[l + 32], x[l + 32], -a))
                    + Math.fma(x[l + 64], x[l + 64], Math.fma(x[l + 96], x[l + 96], -b));
        }
    }
}
