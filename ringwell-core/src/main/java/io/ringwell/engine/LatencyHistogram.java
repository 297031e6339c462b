package io.ringwell.engine;

import java.util.concurrent.atomic.AtomicLongArray;

/// Times in nanoseconds by powers of two, each in 16 parts. Any thread records.
final class LatencyHistogram {
  private static final int PARTS_LOG = 4;
  private static final int PARTS = 1 << PARTS_LOG;
  private static final int BUCKETS = (Long.SIZE - PARTS_LOG) * PARTS;

  /// Places behind the buckets.
  private static final int SUM = BUCKETS;

  private static final int MAX = BUCKETS + 1;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS + 2);

  void record(long nanos) {
    long value = Math.max(nanos, 0);
    counts.getAndIncrement(bucket(value));
    counts.getAndAdd(SUM, value);
    long max = counts.get(MAX);
    while (value > max && !counts.compareAndSet(MAX, max, value)) {
      max = counts.get(MAX);
    }
  }

  private static int bucket(long value) {
    if (value < PARTS) {
      return (int) value;
    }
    int log = Long.SIZE - 1 - Long.numberOfLeadingZeros(value);
    int part = (int) (value >>> (log - PARTS_LOG)) & (PARTS - 1);
    return (log - PARTS_LOG + 1) * PARTS + part;
  }

  /// The largest value that falls into a bucket.
  private static long top(int bucket) {
    if (bucket < PARTS) {
      return bucket;
    }
    int log = bucket / PARTS + PARTS_LOG - 1;
    long part = bucket & (PARTS - 1);
    return ((PARTS + part + 1) << (log - PARTS_LOG)) - 1;
  }

  EngineStats.Latency summary() {
    Merge alone = new Merge();
    alone.add(this);
    return alone.summary();
  }

  /// What several histograms hold together.
  static final class Merge {
    private final long[] sums = new long[BUCKETS];
    private long total;
    private long nanos;
    private long max;

    void add(LatencyHistogram one) {
      for (int i = 0; i < BUCKETS; i++) {
        long count = one.counts.get(i);
        sums[i] += count;
        total += count;
      }
      nanos += one.counts.get(SUM);
      max = Math.max(max, one.counts.get(MAX));
    }

    EngineStats.Latency summary() {
      return new EngineStats.Latency(
          total,
          total == 0 ? 0 : nanos / total,
          quantile(sums, total, 0.5, max),
          quantile(sums, total, 0.99, max),
          quantile(sums, total, 0.999, max),
          max);
    }
  }

  private static long quantile(long[] snapshot, long total, double q, long max) {
    long rank = (long) Math.ceil(q * total);
    long seen = 0;
    for (int i = 0; i < snapshot.length; i++) {
      seen += snapshot[i];
      if (total > 0 && seen >= rank) {
        return Math.min(top(i), max);
      }
    }
    return 0;
  }
}
