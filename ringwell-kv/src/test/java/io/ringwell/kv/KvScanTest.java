package io.ringwell.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KvScanTest {
  /// One entry, when it is told that it was read.
  private static final class Suspended extends CustomIterator {
    final CompletableFuture<Void> read = new CompletableFuture<>();
    private final MemorySegment key = Row.memory("k");
    private boolean shown;

    @Override
    protected int step() {
      if (!read.isDone()) {
        return PENDING;
      }
      if (shown) {
        return END;
      }
      shown = true;
      entry(key, 0, 1, key, 0, 0);
      return ENTRY;
    }

    @Override
    protected int stepBack() {
      return END;
    }

    @Override
    protected void toStart() {
      shown = false;
    }

    @Override
    protected void toEnd() {}

    @Override
    protected void toKey(MemorySegment key, int length) {}

    @Override
    protected void behindKey(MemorySegment key, int length) {}

    @Override
    protected CompletionStage<Void> whenReady() {
      return read;
    }

    @Override
    protected void release() {
      read.complete(null);
    }
  }

  @Test
  void visitsAllInOrderAcrossSuspensions() {
    List<Row> rows = IntStream.range(0, 500).mapToObj(Row::of).toList();
    List<Row> seen = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(3);
        RowIterator entries =
            new RowIterator(rows, new RowIterator.Trouble(new Random(1), 30, 0))) {
      long visited =
          KvScan.forEach(entries, at -> seen.add(Row.at(at)), executor, 7)
              .toCompletableFuture()
              .join();
      assertThat(visited).isEqualTo(500);
      assertThat(seen).isEqualTo(rows);
    }
  }

  @Test
  void scansTakeTurns() {
    ArrayDeque<Runnable> queue = new ArrayDeque<>();
    StringBuilder order = new StringBuilder();
    for (String name : List.of("a", "b", "c")) {
      var _ =
          KvScan.forEach(new TestIterator(0, 4), at -> order.append(name) != null, queue::add, 2);
    }
    while (!queue.isEmpty()) {
      queue.poll().run();
    }
    assertThat(order).hasToString("aabbccaabbcc");
  }

  @Test
  void anExecutorThatRunsAtOnceDoesNotGrowTheStack() {
    long visited =
        KvScan.forEach(new TestIterator(0, 200_000), at -> true, Runnable::run, 1)
            .toCompletableFuture()
            .join();
    assertThat(visited).isEqualTo(200_000);
  }

  @Test
  void aThousandSuspendedScansHoldNoThread() {
    ArrayDeque<Runnable> queue = new ArrayDeque<>();
    List<Suspended> suspended = IntStream.range(0, 1000).mapToObj(i -> new Suspended()).toList();
    List<CompletableFuture<Long>> scans =
        suspended.stream()
            .map(entries ->
                KvScan.forEach(entries, at -> true, queue::add, 100).toCompletableFuture())
            .toList();
    drain(queue);
    assertThat(scans).noneMatch(CompletableFuture::isDone);
    suspended.reversed().forEach(entries -> entries.read.complete(null));
    assertThat(scans).noneMatch(CompletableFuture::isDone);
    drain(queue);
    assertThat(scans).allMatch(scan -> scan.join() == 1);
  }

  private static void drain(ArrayDeque<Runnable> queue) {
    while (!queue.isEmpty()) {
      queue.poll().run();
    }
  }

  @Test
  void theVisitorStopsIt() {
    var scan = KvScan.forEach(new TestIterator(0, 10), at -> at.keyLength() == 0, Runnable::run, 4);
    assertThat(scan.toCompletableFuture().join()).isEqualTo(1);
  }

  @Test
  void whatIsThrownFailsTheScan() {
    assertFails(
        KvScan.forEach(
            new TestIterator(0, 10),
            at -> {
              throw new IOException("disk full");
            },
            Runnable::run,
            4),
        IOException.class);
    assertFails(
        KvScan.forEach(
            new TestIterator(0, 10),
            at -> true,
            task -> {
              throw new RejectedExecutionException("shut down");
            },
            4),
        RejectedExecutionException.class);
    Suspended entries = new Suspended();
    var scan = KvScan.forEach(entries, at -> true, Runnable::run, 4);
    entries.close();
    assertFails(scan, IllegalStateException.class);
  }

  private static void assertFails(CompletionStage<Long> scan, Class<? extends Throwable> with) {
    assertThatThrownBy(() -> scan.toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(with);
  }

  @Test
  void aTurnHasAtLeastOneEntry() {
    assertThatThrownBy(() -> KvScan.forEach(new TestIterator(0, 1), at -> true, Runnable::run, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
