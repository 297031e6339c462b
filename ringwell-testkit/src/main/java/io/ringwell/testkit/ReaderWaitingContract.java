package io.ringwell.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.window.AccessHint;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderSet;
import io.ringwell.window.Readiness;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The three ways to wait, and many readers at once.
interface ReaderWaitingContract extends ReaderCase {
  @Test
  default void pollingGetsThere() throws IOException {
    byte[] all = ContractCase.pattern(20, 500_000);
    ManagedReader reader = open(file("poll", all), options());
    for (long at = 0; at < all.length; at = reader.window().end()) {
      Readiness answer = reader.seek(at);
      while (answer == Readiness.NOT_READY) {
        assertThatThrownBy(reader::window).isInstanceOf(IllegalStateException.class);
        Thread.onSpinWait();
        answer = reader.seek(at);
      }
      assertThat(answer).isEqualTo(Readiness.READY);
      ReaderCase.expect(reader, at, all);
    }
  }

  @Test
  default void stageCompletesWhenReady() throws Exception {
    byte[] all = ContractCase.pattern(21, 500_000);
    ManagedReader reader = open(file("stage", all), options());
    for (long at : new long[] {0, 300_000, 100_000, 499_999}) {
      CompletableFuture<Readiness> stage = reader.whenReady(at).toCompletableFuture();
      assertThat(stage.get(20, TimeUnit.SECONDS)).isEqualTo(Readiness.READY);
      ReaderCase.expect(reader, at, all);
    }
    assertThat(reader.whenReady(500_000).toCompletableFuture().get(20, TimeUnit.SECONDS))
        .isEqualTo(Readiness.END);
  }

  @Test
  default void manyVirtualThreadsReadAtOnce() throws Exception {
    byte[] all = ContractCase.pattern(22, 400_000);
    Path file = file("virtual", all);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> results = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        ManagedReader reader = open(file, options().withBounds(32 << 10, 128 << 10));
        Callable<byte[]> scan = () -> ReaderCase.readUp(reader, 0);
        results.add(threads.submit(scan));
      }
      for (Future<byte[]> result : results) {
        assertThat(result.get(30, TimeUnit.SECONDS)).isEqualTo(all);
      }
    }
  }

  @Test
  default void interruptedReaderStaysUsable() throws Exception {
    byte[] all = ContractCase.pattern(23, 300_000);
    ManagedReader reader = open(file("interrupt", all), options());
    for (int i = 0; i < 20; i++) {
      long at = i * 14_000L;
      Thread.currentThread().interrupt();
      try {
        assertThat(reader.await(at)).isEqualTo(Readiness.READY);
      } catch (java.io.InterruptedIOException e) {
        assertThat(reader.await(at)).isEqualTo(Readiness.READY);
      } finally {
        // Where nothing had to be waited for it is still set.
        Thread.interrupted();
      }
      ReaderCase.expect(reader, at, all);
    }
  }

  @Test
  default void closingWithReadsInFlightLosesNoMemory() throws IOException {
    byte[] all = ContractCase.pattern(24, 3_000_000);
    for (int i = 0; i < 20; i++) {
      ManagedReader reader = open(file("closing", all), options().withHint(AccessHint.SEQUENTIAL));
      reader.seek(i * 100_000L);
      reader.close();
      reader.close();
    }
  }

  @Test
  default void setReportsReadersThatHaveBecomeReady() throws Exception {
    int count = 60;
    Map<ManagedReader, byte[]> contents = new HashMap<>();
    Map<ManagedReader, Long> positions = new HashMap<>();
    try (ReaderSet set = ReaderSet.of(engine())) {
      List<ManagedReader> now = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        byte[] all = ContractCase.pattern(i, 20_000 + 1000 * i);
        ManagedReader reader = open(file("set" + i, all), options().withBounds(16 << 10, 64 << 10));
        set.add(reader);
        contents.put(reader, all);
        positions.put(reader, 0L);
        now.add(reader);
      }
      assertThat(set.size()).isEqualTo(count);
      int open = count;
      while (open > 0) {
        for (ManagedReader reader : now) {
          open -= goOn(reader, contents, positions) ? 0 : 1;
        }
        now.clear();
        int got = set.await(now, 1, Duration.ofSeconds(20));
        assertThat(got).isEqualTo(now.size());
        assertThat(got > 0).isEqualTo(open > 0);
      }
      assertThat(set.waiting()).isZero();
      assertThat(set.await(now, 1, Duration.ofSeconds(20))).isZero();
    }
  }

  /// Reads what is there; false at the end.
  private static boolean goOn(
      ManagedReader reader, Map<ManagedReader, byte[]> contents, Map<ManagedReader, Long> positions)
      throws IOException {
    byte[] all = requireNonNull(contents.get(reader));
    while (true) {
      long at = requireNonNull(positions.get(reader));
      switch (reader.seek(at)) {
        case READY -> {
          ReaderCase.expect(reader, at, all);
          positions.put(reader, reader.window().end());
        }
        case END -> {
          assertThat(at).isEqualTo(all.length);
          return false;
        }
        case NOT_READY -> {
          return true;
        }
      }
    }
  }

  @Test
  default void readerLeavesAndClosesWhileInASet() throws IOException {
    byte[] all = ContractCase.pattern(25, 200_000);
    Path file = file("leave", all);
    ReaderSet set = ReaderSet.of(engine());
    ManagedReader leaving = open(file, options());
    ManagedReader closing = open(file, options());
    ManagedReader staying = open(file, options());
    for (ManagedReader each : List.of(leaving, closing, staying)) {
      set.add(each);
      each.seek(100_000);
    }
    assertThatThrownBy(() -> set.add(leaving)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> staying.whenReady(0)).isInstanceOf(IllegalStateException.class);
    closing.close();
    set.remove(leaving);
    assertThat(set.size()).isEqualTo(1);
    assertThat(ReaderCase.readUp(leaving, 0)).isEqualTo(all);
    assertThat(ReaderCase.readUp(staying, 0)).isEqualTo(all);
    set.close();
    assertThat(ReaderCase.readUp(staying, 0)).isEqualTo(all);
  }
}
