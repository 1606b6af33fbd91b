package org.lossservice.loss;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.lossservice.tensor.DType;

/**
 * Times the kernel for a program that talks to it over a pipe, so that it can time others in between. A line such as
 * {@code 1024 10 float32 1 weighted gradient everyday 1} (rows, classes, dtype, p, weighted or plain, gradient, inplace or loss,
 * everyday, extreme, power or copy, threads) is answered with the nanoseconds of one evaluation, on the clock and of the calling
 * thread's processor time, which a busy machine disturbs less: means over about 0.1 s, in rounds of all batches. What is
 * overwritten in place is restored between the rounds, which does not count.
 */
final class KernelTimes {

    private static final long RUN = 100_000_000;

    private KernelTimes() {}

    public static void main(String[] arguments) throws IOException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Map<String, Workload> workloads = new HashMap<>();
        Map<String, LossEvaluator> evaluators = new HashMap<>();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals("forget")) {
                workloads.clear();
                continue;
            }
            String[] words = line.split(" ", -1);
            String key = line.substring(0, line.lastIndexOf(' ')).replace("copy", "everyday");
            Workload workload = workloads.computeIfAbsent(key, ignored -> workload(words));
            LossEvaluator evaluator =
                    evaluators.computeIfAbsent(words[7], count -> new LossEvaluator(Integer.parseInt(count)));
            boolean copy = words[6].equals("copy");
            long runs = 0;
            long clock = 0;
            long cpu = 0;
            do {
                workload.restore();
                long cpuStart = threads.getCurrentThreadCpuTime();
                long start = System.nanoTime();
                for (int batch = 0; batch < workload.batches(); batch++) {
                    Objects.requireNonNull(copy ? workload.copy() : workload.evaluate(evaluator));
                }
                clock += System.nanoTime() - start;
                cpu += threads.getCurrentThreadCpuTime() - cpuStart;
                runs += workload.batches();
            } while (clock < RUN);
            System.out.println(clock / runs + " " + cpu / runs);
            System.out.flush();
        }
        evaluators.values().forEach(LossEvaluator::close);
    }

    private static Workload workload(String[] words) {
        return new Workload(
                Integer.parseInt(words[0]),
                Integer.parseInt(words[1]),
                DType.valueOf(words[2].toUpperCase(Locale.ROOT)),
                Integer.parseInt(words[3]),
                words[4].equals("weighted"),
                !words[5].equals("loss"),
                words[5].equals("inplace"),
                Workload.Numbers.valueOf(words[6].toUpperCase(Locale.ROOT)));
    }
}
