package org.lossservice.loss;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.lossservice.loss.Workload.Numbers;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.FloatingTensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The kernel on everyday batches, each seen rarely enough to be new; beside the costliest numbers and a copy of the bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx6g")
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH sets the fields.
public class KernelBenchmark {

    @Param({"64x10", "1024x10", "4096x100", "4096x1000", "16384x1000", "256x50000"})
    String shape;

    @Param
    DType dtype;

    @Param({"1", "2"})
    int p;

    @Param({"false", "true"})
    boolean weighted;

    @Param({"loss", "gradient"})
    String result;

    @Param({"1", "2"})
    int threads;

    private Workload everyday;
    private Workload extreme;
    private Workload power;
    private LossEvaluator evaluator;

    @Setup
    public void setUp() {
        String[] extents = shape.split("x", -1);
        int rows = Integer.parseInt(extents[0]);
        int classes = Integer.parseInt(extents[1]);
        boolean gradient = result.equals("gradient");
        everyday = new Workload(rows, classes, dtype, p, weighted, gradient, false, Numbers.EVERYDAY);
        extreme = new Workload(rows, classes, dtype, p, weighted, gradient, false, Numbers.EXTREME);
        power = new Workload(rows, classes, dtype, p, weighted, gradient, false, Numbers.POWER);
        evaluator = new LossEvaluator(threads);
    }

    @TearDown
    public void tearDown() {
        evaluator.close();
    }

    @Benchmark
    public LossResult everyday() {
        return everyday.evaluate(evaluator);
    }

    @Benchmark
    public LossResult extreme() {
        return extreme.evaluate(evaluator);
    }

    @Benchmark
    public LossResult power() {
        return power.evaluate(evaluator);
    }

    @Benchmark
    public @Nullable FloatingTensor copy() {
        return everyday.copy();
    }
}
