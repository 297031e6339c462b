package io.ringwell.bench;

import io.ringwell.kv.ConcatIterator;
import io.ringwell.kv.KvBounds;
import io.ringwell.kv.KvIterator;
import io.ringwell.kv.KvViews;
import io.ringwell.kv.MergeIterator;
import io.ringwell.kv.TestIterator;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// One step of an iterator in memory, with a look at where key and value lie, in nanoseconds;
/// `-prof gc` shows what a step allocates. Before it is measured, each fork has walked all of the
/// forms: what is measured is code that has met all kinds of iterators.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2)
@State(Scope.Thread)
public class KvStep {
  private static final int ROWS = 8_000;

  /// What is stepped: one iterator; a concatenation of four kinds; a merge of eight.
  public enum Form {
    TEST,
    CUSTOM,
    CONCAT_OF_FOUR_KINDS,
    MERGE_OF_EIGHT,
    MERGE_OF_EIGHT_MIXED;

    KvIterator open() {
      int quarter = ROWS / 4;
      int eighth = ROWS / 8;
      return switch (this) {
        case TEST -> new TestIterator(0, ROWS);
        case CUSTOM -> new PackedRows(0, ROWS, 1);
        case CONCAT_OF_FOUR_KINDS ->
            ConcatIterator.of(
                new TestIterator(0, quarter),
                new PackedRows(quarter, quarter, 1),
                KvViews.bounded(new TestIterator(0, ROWS), between(2 * quarter, 3 * quarter)),
                KvViews.filter(new TestIterator(3 * quarter, ROWS), at -> at.keyLength() > 0));
        case MERGE_OF_EIGHT -> {
          List<KvIterator> children = new ArrayList<>();
          for (int i = 0; i < 8; i++) {
            children.add(new PackedRows(i, eighth, 8));
          }
          yield MergeIterator.of(children);
        }
        case MERGE_OF_EIGHT_MIXED -> {
          List<KvIterator> children = new ArrayList<>();
          for (int i = 0; i < 8; i++) {
            children.add(
                i % 2 == 0
                    ? new PackedRows(i, eighth, 8)
                    : new TestIterator(i * eighth, (i + 1) * eighth));
          }
          yield MergeIterator.of(children);
        }
      };
    }

    private static KvBounds between(int lower, int upper) {
      return KvBounds.between(key(lower), key(upper));
    }

    private static MemorySegment key(int number) {
      return Arena.ofAuto().allocateFrom(String.format("key_%05d", number)).asSlice(0, 9);
    }
  }

  @Param public Form form = Form.TEST;

  private @Nullable KvIterator entries;

  public KvStep() {}

  /// Makes all forms known to the compiler, and opens the one.
  @Setup
  public void open() throws IOException {
    for (int i = 0; i < 20; i++) {
      for (Form each : Form.values()) {
        try (KvIterator known = each.open()) {
          scan(known);
        }
      }
    }
    entries = form.open();
  }

  @TearDown
  public void close() {
    Objects.requireNonNull(entries).close();
  }

  /// All entries; about [#ROWS] in each form.
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long step() throws IOException {
    return scan(Objects.requireNonNull(entries));
  }

  private static long scan(KvIterator entries) throws IOException {
    long sum = 0;
    int steps = 0;
    entries.rewind();
    while (entries.next()) {
      sum += entries.keyOffset() + entries.keyLength();
      sum += entries.valueOffset() + entries.valueLength();
      steps++;
    }
    if (steps > ROWS || steps < ROWS / 2) {
      throw new IllegalStateException("it walked " + steps + " entries, not " + ROWS);
    }
    return sum;
  }
}
