package io.ringwell.cli;

/// Times in nanoseconds, counted in buckets of 1/16 of their size. One thread records; recording
/// allocates nothing.
final class Latencies {
  private static final int SUB_BITS = 4;
  private static final int SUB = 1 << SUB_BITS;

  private final long[] counts = new long[(Long.SIZE - SUB_BITS) << SUB_BITS];
  private long samples;
  private long sum;
  private long max;

  void record(long nanos) {
    long value = Math.max(nanos, 0);
    counts[bucket(value)]++;
    samples++;
    sum += value;
    max = Math.max(max, value);
  }

  /// Values below 16 have a bucket each; above, each power of two has 16.
  private static int bucket(long value) {
    if (value < SUB) {
      return (int) value;
    }
    int shift = Long.SIZE - 1 - SUB_BITS - Long.numberOfLeadingZeros(value);
    return ((shift + 1) << SUB_BITS) + (int) ((value >>> shift) & (SUB - 1));
  }

  /// The middle of a bucket.
  private static double middle(int bucket) {
    if (bucket < SUB) {
      return bucket;
    }
    int shift = (bucket >>> SUB_BITS) - 1;
    long low = (long) (SUB + (bucket & (SUB - 1))) << shift;
    return low + (1L << shift) / 2.0;
  }

  void add(Latencies other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    samples += other.samples;
    sum += other.sum;
    max = Math.max(max, other.max);
  }

  long samples() {
    return samples;
  }

  double meanMicros() {
    return samples == 0 ? Double.NaN : sum / 1000.0 / samples;
  }

  double maxMicros() {
    return samples == 0 ? Double.NaN : max / 1000.0;
  }

  /// @param share such as 0.99
  double micros(double share) {
    long rank = (long) Math.ceil(share * samples);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= rank && counts[i] > 0) {
        return Math.min(middle(i), (double) max) / 1000.0;
      }
    }
    return Double.NaN;
  }
}
