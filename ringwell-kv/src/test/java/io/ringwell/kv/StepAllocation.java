package io.ringwell.kv;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Counts what a step allocates, for each kind of iterator and the usual mixtures. Run by itself,
/// it prints a line for each, and ends with 1 if anything was allocated.
final class StepAllocation {
  private static final int NUMBERS = 4_000;
  private static final int ROUNDS = 6;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private StepAllocation() {}

  public static void main(String[] args) throws IOException {
    long all = 0;
    for (Map.Entry<String, Supplier<KvIterator>> kind : kinds().entrySet()) {
      try (KvIterator entries = kind.getValue().get()) {
        long bytes = bytesARound(entries);
        all += bytes;
        System.out.println(kind.getKey() + ": " + bytes + " bytes");
      }
    }
    System.exit(all == 0 ? 0 : 1);
  }

  static Map<String, Supplier<KvIterator>> kinds() {
    Map<String, Supplier<KvIterator>> kinds = new LinkedHashMap<>();
    kinds.put("test", () -> new TestIterator(0, NUMBERS));
    kinds.put("custom", () -> rows(0, NUMBERS));
    kinds.put("concat of four kinds", StepAllocation::fourKinds);
    kinds.put("merge of eight", StepAllocation::eight);
    kinds.put("bounded", () -> KvViews.bounded(rows(0, NUMBERS), bounds()));
    kinds.put("filter", () -> KvViews.filter(rows(0, NUMBERS), at -> at.keyLength() > 0));
    kinds.put("map", () -> KvViews.map(rows(0, NUMBERS), StepAllocation::cut));
    kinds.put(
        "concat of concat of merge",
        () ->
            ConcatIterator.of(ConcatIterator.of(eight()), new TestIterator(NUMBERS, NUMBERS + 9)));
    return kinds;
  }

  private static KvIterator rows(int from, int to) {
    return new RowIterator(
        IntStream.range(from, to).mapToObj(Row::of).toList(), RowIterator.Trouble.none());
  }

  private static KvIterator fourKinds() {
    int quarter = NUMBERS / 4;
    return ConcatIterator.of(
        new TestIterator(0, quarter),
        rows(quarter, 2 * quarter),
        KvViews.bounded(new TestIterator(0, NUMBERS), bounds()),
        KvViews.map(new TestIterator(3 * quarter, NUMBERS), StepAllocation::cut));
  }

  private static KvIterator eight() {
    return MergeIterator.of(
        IntStream.range(0, 8)
            .<KvIterator>mapToObj(
                i -> i % 2 == 0 ? new TestIterator(i * 100, NUMBERS / 2) : rows(i, NUMBERS / 8))
            .toList());
  }

  private static KvBounds bounds() {
    return KvBounds.between(Row.memory("key_02000"), Row.memory("key_03000"));
  }

  private static void cut(KvIterator at, KvMapped result) {
    result.value(at.valueSegment(), at.valueOffset() + 1, at.valueLength() - 1);
  }

  /// The least of a few rounds, for what the JVM itself allocates on this thread, once.
  static long bytesARound(KvIterator entries) throws IOException {
    MemorySegment middle = Row.memory("key_01000");
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      entries.rewind();
      long sum = walk(entries);
      entries.seek(middle);
      sum += entries.poll();
      entries.seekToEnd();
      sum += entries.pollPrevious();
      sum += walkBack(entries);
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
      if (sum == 0) {
        throw new AssertionError("nothing was walked");
      }
    }
    return least;
  }

  private static long walk(KvIterator entries) throws IOException {
    long sum = 0;
    while (entries.poll() == KvIterator.ENTRY) {
      sum += look(entries);
    }
    return sum;
  }

  private static long walkBack(KvIterator entries) throws IOException {
    long sum = 0;
    while (entries.pollPrevious() == KvIterator.ENTRY) {
      sum += look(entries);
    }
    return sum;
  }

  private static long look(KvIterator entries) {
    return entries.keySegment().byteSize()
        + entries.keyOffset()
        + entries.keyLength()
        + entries.valueSegment().byteSize()
        + entries.valueOffset()
        + entries.valueLength()
        + entries.sequence()
        + entries.kind();
  }
}
