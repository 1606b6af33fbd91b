package org.lossservice.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import org.lossservice.tensor.Shape;

/** One thread or many, over the scores or beside them: the same bits; and what the pool does besides. */
class ThreadsTest {

    private static final int[] THREADS = {2, 3, 7, 16};
    private static final int CHUNK = Evaluation.CHUNK;

    /** Shapes on either side of every boundary: of short rows, blocks, chunks and pieces. */
    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "511, 1",
        "513, 1",
        "16383, 1",
        "16384, 1",
        "16385, 1",
        "17, 31",
        "529, 31",
        "16, 32",
        "512, 32",
        "513, 32",
        "496, 33",
        "497, 33",
        "129, 127",
        "128, 128",
        "127, 129",
        "33, 511",
        "32, 512",
        "33, 512",
        "31, 513",
        "32, 513",
        "17, 1000",
        "5, 8191",
        "5, 8192",
        "5, 8193",
        "3, 16383",
        "3, 16384",
        "3, 16385",
        "2, 32768",
        "2, 32769",
        "1, 100003"
    })
    void theSameBitsForEveryNumberOfThreads(int rows, int classes) {
        for (DType dtype : DType.values()) {
            for (boolean hard : new boolean[] {false, true}) {
                SplittableRandom random = new SplittableRandom(rows * 31L + classes);
                Batch batch = batch(random, dtype, rows, classes, hard);
                MultiMarginLoss loss = new MultiMarginLoss(
                        1 + random.nextInt(3),
                        1,
                        Tensors.fill(dtype, Shape.vector(classes), () -> random.nextDouble(-0.5, 2)),
                        random.nextBoolean() ? Reduction.MEAN : Reduction.NONE,
                        random.nextBoolean() ? Convention.DOCUMENTED : Convention.PYTORCH);
                assertIdenticalForAllThreads(loss, batch);
            }
        }
    }

    private static void assertIdenticalForAllThreads(MultiMarginLoss loss, Batch batch) {
        LossResult expected;
        try (LossEvaluator one = new LossEvaluator(1)) {
            expected = evaluate(one, loss, batch);
            assertInPlace(one, loss, batch, expected, "1 thread");
        }
        for (int threads : THREADS) {
            String where = threads + " threads, " + batch.input().shape() + ", " + loss;
            try (LossEvaluator many = new LossEvaluator(threads, 1)) {
                Tensors.assertIdentical(evaluate(many, loss, batch), expected, where);
                assertInPlace(many, loss, batch, expected, where);
            }
        }
    }

    private static void assertInPlace(
            LossEvaluator evaluator, MultiMarginLoss loss, Batch batch, LossResult expected, String where) {
        FloatingTensor scores = Tensors.copy(batch.input());
        Batch copy = new Batch(scores, batch.label(), batch.gradOutput());
        LossResult result = evaluator.evaluate(loss, copy, scores, true, NonFinite.PROPAGATE, () -> {});
        assertThat(result.gradient()).isSameAs(scores);
        Tensors.assertIdentical(result, expected, "in place, " + where);
    }

    private static LossResult evaluate(LossEvaluator evaluator, MultiMarginLoss loss, Batch batch) {
        FloatingTensor scores = batch.input();
        FloatingTensor gradient = FloatingTensor.zeros(scores.dtype(), scores.shape());
        return evaluator.evaluate(loss, batch, gradient, true, NonFinite.PROPAGATE, () -> {});
    }

    private static Batch batch(SplittableRandom random, DType dtype, int rows, int classes, boolean hard) {
        double large = dtype.max() / 4;
        FloatingTensor scores = Tensors.fill(
                dtype,
                Shape.matrix(rows, classes),
                () -> hard && random.nextInt(300) == 0 ? large : random.nextGaussian());
        Labels labels = Labels.of(random.ints(rows, 0, classes).toArray(), classes);
        return new Batch(scores, labels, null);
    }

    /** Rows in several blocks, chunks and pieces are as right as short ones, and several blocks of rows as one. */
    @ParameterizedTest
    @CsvSource({"600, 2", "40, 32", "3, 8193", "2, 16385", "1, 40000"})
    void largeBatchesAreExact(int rows, int classes) {
        for (DType dtype : DType.values()) {
            SplittableRandom random = new SplittableRandom(classes);
            Batch batch = batch(random, dtype, rows, classes, dtype == DType.FLOAT64);
            MultiMarginLoss loss =
                    new MultiMarginLoss(1 + random.nextInt(2), 0.5, null, Reduction.MEAN, Convention.DOCUMENTED);
            try (LossEvaluator evaluator = new LossEvaluator(3, 1)) {
                OracleTest.check(evaluator, loss, batch, rows + "x" + classes + " " + dtype);
            }
        }
    }

    /** Of a row in pieces the label's gradient comes last; here it overflows, and no other does. */
    @Test
    void theLabelsGradientAloneOverflows() {
        int classes = CHUNK + 1;
        FloatingTensor input = Tensors.fill(DType.FLOAT32, Shape.matrix(1, classes), () -> 10);
        FloatingTensor weight = Tensors.fill(DType.FLOAT32, Shape.vector(classes), () -> 1e38);
        Batch batch = new Batch(input, Labels.of(new int[] {5}, classes), null);
        MultiMarginLoss loss = new MultiMarginLoss(2, 3, weight, Reduction.SUM, Convention.PYTORCH);
        try (LossEvaluator evaluator = new LossEvaluator(1)) {
            OracleTest.check(evaluator, loss, batch, "1x" + classes);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void fewerThanOneThreadIsRefused(int threads) {
        assertThatIllegalArgumentException().isThrownBy(() -> new LossEvaluator(threads));
    }

    @Test
    void smallBatchesStayOnTheCallersThread() {
        assertThat(threadsOf(new LossEvaluator(4), 100, 100, null)).containsExactly(Thread.currentThread());
    }

    @Test
    void largeBatchesAreShared() throws InterruptedException {
        CountDownLatch two = new CountDownLatch(2);
        Set<Thread> threads = threadsOf(new LossEvaluator(2), 512, 512, two);
        assertThat(threads).hasSize(2).contains(Thread.currentThread());
        threads.remove(Thread.currentThread());
        for (Thread ofThePool : threads) {
            ofThePool.join(10_000);
            assertThat(ofThePool.isAlive()).isFalse();
        }
    }

    /** While the only thread of the pool is held, a batch is computed by its caller alone, and nobody is waited for. */
    @Test
    void thePoolIsBounded() {
        MultiMarginLoss loss = new MultiMarginLoss(1, 1, null, Reduction.MEAN, Convention.DOCUMENTED);
        Batch batch = batch(new SplittableRandom(1), DType.FLOAT32, 64, 512, false);
        Thread caller = Thread.currentThread();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(1);
        try (LossEvaluator evaluator = new LossEvaluator(2, 1)) {
            evaluator.evaluate(loss, batch, null, false, NonFinite.ERROR, () -> {
                if (Thread.currentThread() != caller) {
                    held.countDown();
                    await(done);
                    return;
                }
                await(held);
                try {
                    evaluator.evaluate(loss, batch, null, false, NonFinite.ERROR, () -> {
                        if (Thread.currentThread() != caller) {
                            others.countDown();
                        }
                        assertThat(comes(others, 100)).isFalse();
                    });
                } finally {
                    done.countDown();
                }
            });
        }
    }

    /** The threads that compute; where {@code arrivals} is given, each waits until that many have come. */
    private static Set<Thread> threadsOf(
            LossEvaluator evaluator, int rows, int classes, @Nullable CountDownLatch arrivals) {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Batch batch = batch(new SplittableRandom(1), DType.FLOAT32, rows, classes, false);
        MultiMarginLoss loss = new MultiMarginLoss(1, 1, null, Reduction.MEAN, Convention.DOCUMENTED);
        try (evaluator) {
            evaluator.evaluate(loss, batch, null, false, NonFinite.ERROR, () -> {
                if (threads.add(Thread.currentThread()) && arrivals != null) {
                    arrivals.countDown();
                    await(arrivals);
                }
            });
        }
        return threads;
    }

    private static void await(CountDownLatch latch) {
        if (!comes(latch, 30_000)) {
            throw new IllegalStateException("nobody else came");
        }
    }

    private static boolean comes(CountDownLatch latch, int milliseconds) {
        try {
            return latch.await(milliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a checkpoint throws ends the evaluation, whoever runs it, and leaves the evaluator as it was. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void checkpointEndsTheEvaluation(boolean onTheCallersThread) {
        MultiMarginLoss loss = new MultiMarginLoss(1, 1, null, Reduction.MEAN, Convention.DOCUMENTED);
        Batch batch = batch(new SplittableRandom(1), DType.FLOAT32, 512, 512, false);
        Thread caller = Thread.currentThread();
        CountDownLatch two = new CountDownLatch(2);
        AtomicInteger calls = new AtomicInteger();
        AtomicReference<@Nullable Thread> thrower = new AtomicReference<>();
        try (LossEvaluator evaluator = new LossEvaluator(2, 1)) {
            LossResult expected = evaluate(evaluator, loss, batch);
            assertThatIllegalStateException()
                    .isThrownBy(() -> evaluator.evaluate(loss, batch, null, false, NonFinite.ERROR, () -> {
                        calls.incrementAndGet();
                        two.countDown();
                        await(two);
                        if ((Thread.currentThread() == caller) == onTheCallersThread) {
                            thrower.set(Thread.currentThread());
                            throw new IllegalStateException("past its deadline");
                        }
                        awaitRest(thrower);
                    }))
                    .withMessage("past its deadline");
            assertThat(calls).hasValue(2);
            Tensors.assertIdentical(evaluate(evaluator, loss, batch), expected, "the next evaluation");
        }
    }

    /** Waits until a thread has thrown and waits for others or for work. */
    private static void awaitRest(AtomicReference<@Nullable Thread> thrower) {
        Set<Thread.State> rest = EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING, Thread.State.TERMINATED);
        for (int i = 0; i < 30_000; i++) {
            Thread thread = thrower.get();
            if (thread != null && rest.contains(thread.getState())) {
                return;
            }
            comes(new CountDownLatch(1), 1);
        }
        throw new IllegalStateException("it goes on");
    }

    @Test
    void checkpointIsCalledForEveryChunk() {
        AtomicInteger calls = new AtomicInteger();
        Batch batch = batch(new SplittableRandom(1), DType.FLOAT32, 3, 2 * CHUNK, false);
        MultiMarginLoss loss = new MultiMarginLoss(1, 1, null, Reduction.MEAN, Convention.DOCUMENTED);
        try (LossEvaluator evaluator = new LossEvaluator(1)) {
            evaluator.evaluate(loss, batch, null, false, NonFinite.ERROR, calls::incrementAndGet);
        }
        assertThat(calls).hasValue(6);
    }
}
