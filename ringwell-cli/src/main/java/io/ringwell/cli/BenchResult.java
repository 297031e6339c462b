package io.ringwell.cli;

import io.ringwell.engine.EngineInfo;
import java.util.Locale;

/// What a bench found.
///
/// @param engine the engine that did it
/// @param seconds measured, from the first job's start to the last one's end
/// @param operations completed in that time
/// @param cpuNanos of the whole process, kernel workers included
/// @param systemCalls for the operations
/// @param allocatedBytes of all platform threads, the carriers of virtual ones included
/// @param platformThreads live at the end
/// @param ticksPercent what a 1 kHz timer beside it kept; not a number where none ran
record BenchResult(
    EngineInfo.Kind engine,
    double seconds,
    long operations,
    Latencies latencies,
    long cpuNanos,
    long systemCalls,
    long allocatedBytes,
    int platformThreads,
    double ticksPercent) {
  private double perOperation(long amount) {
    return operations == 0 ? Double.NaN : (double) amount / operations;
  }

  private double rate() {
    return operations / seconds;
  }

  Json json(BenchPlan plan, double warmUpSeconds) {
    Json latency =
        new Json()
            .put("mean", latencies.meanMicros(), 2)
            .put("p50", latencies.micros(0.5), 2)
            .put("p99", latencies.micros(0.99), 2)
            .put("p999", latencies.micros(0.999), 2)
            .put("max", latencies.maxMicros(), 2);
    Json json =
        new Json()
            .put("engine", engine.label())
            .put("api", plan.api().label())
            .put("mode", plan.mode().label())
            .put("file", plan.file().toString())
            .put("size", plan.size())
            .put("block", plan.block())
            .put("depth", plan.depth())
            .put("batch", plan.batch())
            .put("jobs", plan.jobs())
            .put("direct", plan.direct())
            .put("cold", plan.cold())
            .put("handoff", plan.tryCache() ? "auto" : "always")
            .put("verify", plan.verify())
            .put("verified_ops", plan.verify() && !plan.mode().writes ? operations : 0)
            .put("warmup_seconds", warmUpSeconds, 2)
            .put("seconds", seconds, 3)
            .put("ops", operations)
            .put("iops", rate(), 1)
            .put("bytes_per_s", rate() * plan.block(), 0)
            .put("lat_us", latency)
            .put("lat_sampled_one_in", plan.sampleOneIn())
            .put("cpu_us_per_op", perOperation(cpuNanos) / 1000, 3)
            .put("syscalls_per_op", perOperation(systemCalls), 4)
            .put("alloc_bytes_per_op", perOperation(allocatedBytes), 3)
            .put("platform_threads", platformThreads);
    return plan.ticks() ? json.put("ticks_percent", ticksPercent, 1) : json;
  }

  void print(BenchPlan plan, double warmUpSeconds, Table table) {
    table.row(plan.mode().label(), what(plan));
    table.row("engine", engine.label() + " through --api " + plan.api().label() + how(plan));
    table.row(
        "rate",
        String.format(Locale.ROOT, "%,.0f operations/s, ", rate())
            + ByteSize.format(Math.round(rate() * plan.block()))
            + "/s"
            + String.format(Locale.ROOT, " (%,d operations in %.2f s", operations, seconds)
            + String.format(
                Locale.ROOT, " after %.2g s of warm-up with the same loop)", warmUpSeconds));
    table.row(
        "latency",
        String.format(
                Locale.ROOT,
                "mean %.1f us, p50 %.1f, p99 %.1f, p99.9 %.1f, max %.0f",
                latencies.meanMicros(),
                latencies.micros(0.5),
                latencies.micros(0.99),
                latencies.micros(0.999),
                latencies.maxMicros())
            + (plan.sampleOneIn() == 1 ? "" : " (1 in " + plan.sampleOneIn() + " timed)"));
    table.row(
        "cost",
        String.format(
            Locale.ROOT,
            "%.2f us of CPU, %.3f system calls, %.2f bytes allocated for each operation; %d"
                + " threads",
            perOperation(cpuNanos) / 1000,
            perOperation(systemCalls),
            perOperation(allocatedBytes),
            platformThreads));
    if (plan.ticks()) {
      table.row(
          "timer", String.format(Locale.ROOT, "kept %.1f %% of its ticks at 1 kHz", ticksPercent));
    }
    if (plan.verify()) {
      table.row(
          "verified",
          plan.mode().writes
              ? "nothing was read; each block written carries its offset"
              : String.format(
                  Locale.ROOT, "%,d blocks read hold what belongs at their offset", operations));
    }
  }

  private static String what(BenchPlan plan) {
    return ByteSize.format(plan.block())
        + " blocks of "
        + ByteSize.format(plan.size())
        + " in "
        + plan.file()
        + (plan.direct() ? ", past the page cache" : ", through the page cache")
        + (plan.cold() ? ", dropped before" : "");
  }

  private static String how(BenchPlan plan) {
    String jobs = plan.jobs() == 1 ? "1 job" : plan.jobs() + " jobs";
    return switch (plan.api()) {
      case RING ->
          ", "
              + jobs
              + ", depth "
              + plan.depth()
              + ", batch "
              + plan.batch()
              + ", registered file and memory";
      case ACTOR ->
          ", "
              + jobs
              + ", depth "
              + plan.depth()
              + ", batch "
              + plan.batch()
              + ", handoff "
              + (plan.tryCache() ? "auto" : "always");
      case VTHREAD ->
          ", " + plan.jobs() + " virtual threads, handoff " + (plan.tryCache() ? "auto" : "always");
    };
  }
}
