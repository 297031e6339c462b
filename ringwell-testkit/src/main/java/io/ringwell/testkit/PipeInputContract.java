package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What a pipe's reader promises, wherever its bytes come from: a stream, a channel, a file, a
/// publisher, a connection. Whoever fills pipes extends this in a test.
public interface PipeInputContract extends PipeInputCase {
  /// Gives it all in pieces of many sizes, on a thread of its own.
  private static CompletableFuture<Void> giveAll(Origin origin, byte[] all) {
    CompletableFuture<Void> given = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            Random random = new Random(7);
            int at = 0;
            while (at < all.length) {
              int size = Math.min(all.length - at, random.nextInt(1 << random.nextInt(13)));
              origin.give(Arrays.copyOfRange(all, at, at + size));
              at += size;
            }
            origin.end();
            given.complete(null);
          } catch (IOException | RuntimeException | Error e) {
            given.completeExceptionally(e);
          }
        });
    return given;
  }

  private static CompletableFuture<PipeRead> readAsync(PipeReader reader) {
    return reader.readAsync().toCompletableFuture();
  }

  /// All up to the end, consumed.
  private static byte[] rest(PipeReader reader) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    boolean last = false;
    while (!last) {
      PipeRead read = reader.read();
      all.writeBytes(read.toArray());
      last = read.isCompleted();
      read.advance(read.end());
    }
    return all.toByteArray();
  }

  @Test
  default void everythingComesInOrderAndThenTheEndEachTime() throws Exception {
    byte[] all = ContractCase.pattern(1, 300_000);
    try (Origin origin = origin()) {
      CompletableFuture<Void> given = giveAll(origin, all);
      assertThat(rest(origin.reader())).isEqualTo(all);
      given.get();
      assertThat(origin.reader().consumed()).isEqualTo(all.length);
      for (int i = 0; i < 2; i++) {
        PipeRead end = origin.reader().read();
        assertThat(end.isCompleted() && end.isEmpty()).isTrue();
        end.advance(end.end());
      }
    }
  }

  @Test
  default void nothingIsAnEndAtOnce() throws Exception {
    try (Origin origin = origin()) {
      CompletableFuture<Void> given = giveAll(origin, new byte[0]);
      PipeRead end = origin.reader().read();
      assertThat(end.isCompleted() && end.isEmpty()).isTrue();
      given.get();
    }
  }

  @Test
  default void whatIsNotConsumedComesAgainWithMore() throws Exception {
    byte[] all = ContractCase.pattern(2, 50_000);
    try (Origin origin = origin()) {
      CompletableFuture<Void> given = giveAll(origin, all);
      PipeReader reader = origin.reader();
      Random random = new Random(3);
      long seen = 0;
      boolean last = false;
      while (!last || reader.consumed() < all.length) {
        PipeRead read = reader.read();
        assertThat(read.start()).isEqualTo(reader.consumed());
        assertThat(read.end()).as("no byte is lost").isGreaterThanOrEqualTo(seen);
        assertThat(read.toArray())
            .isEqualTo(Arrays.copyOfRange(all, (int) read.start(), (int) read.end()));
        seen = read.end();
        last = read.isCompleted();
        long to =
            read.isFull() || last ? read.end() : read.start() + random.nextLong(read.size() + 1);
        read.advance(to, random.nextBoolean() ? read.end() : to);
      }
      given.get();
    }
  }

  @Test
  default void readOfAtLeastWaitsForAllOfIt() throws Exception {
    byte[] all = ContractCase.pattern(3, 20_000);
    try (Origin origin = origin()) {
      CompletableFuture<Void> given = giveAll(origin, all);
      PipeReader reader = origin.reader();
      for (int at = 0; at < all.length; at += 4000) {
        PipeRead read = reader.readAtLeast(4000);
        assertThat(read.size()).isGreaterThanOrEqualTo(4000);
        read.advance(read.start() + 4000, read.start() + 4000);
      }
      PipeRead end = reader.readAtLeast(4000);
      assertThat(end.isCompleted() && end.isEmpty()).as("less at the end").isTrue();
      end.advance(end.end());
      given.get();
    }
  }

  @Test
  default void readOfAtLeastComesWithLessAtTheEndAndNotBefore() throws Exception {
    assumeThat(isLive()).isTrue();
    try (Origin origin = origin()) {
      origin.give(new byte[] {1, 2, 3});
      PipeRead read = origin.reader().read();
      read.advance(0);
      CompletableFuture<PipeRead> more = origin.reader().readAtLeastAsync(10).toCompletableFuture();
      origin.give(new byte[] {4});
      assertThat(more).isNotDone();
      origin.end();
      assertThat(more.get().isCompleted()).isTrue();
      assertThat(more.get().toArray()).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  default void cancelEndsAReadOnceAndLosesNothing() throws Exception {
    assumeThat(isLive()).isTrue();
    try (Origin origin = origin()) {
      PipeReader reader = origin.reader();
      CompletableFuture<PipeRead> read = readAsync(reader);
      reader.cancelPending();
      assertThat(read.get().isCancelled()).isTrue();
      CompletableFuture<PipeRead> next = readAsync(reader);
      assertThat(next).isNotDone();
      origin.give(new byte[] {1, 2, 3});
      assertThat(next.get().isCancelled()).isFalse();
      assertThat(next.get().toArray()).containsExactly(1, 2, 3);
      next.get().advance(1);
      reader.cancelPending();
      PipeRead cancelled = reader.read();
      assertThat(cancelled.isCancelled()).isTrue();
      assertThat(cancelled.toArray()).containsExactly(2, 3);
      origin.end();
      assertThat(rest(reader)).containsExactly(2, 3);
    }
  }

  @Test
  default void overlappingReadsAndOnesThatAreNotAdvancedAreRefused() throws Exception {
    assumeThat(isLive()).isTrue();
    try (Origin origin = origin()) {
      PipeReader reader = origin.reader();
      CompletableFuture<PipeRead> read = readAsync(reader);
      assertThatThrownBy(reader::read)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("in progress");
      assertThatThrownBy(() -> reader.readAtLeast(1)).isInstanceOf(IllegalStateException.class);
      origin.give(new byte[] {1});
      assertThat(read.get().toArray()).containsExactly(1);
      assertThatThrownBy(reader::tryRead)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("advance");
      read.get().advance(1);
      origin.end();
      assertThat(rest(reader)).isEmpty();
    }
  }

  @Test
  default void originThatBreaksOffIsAnErrorEachTime() throws Exception {
    assumeThat(isFragile()).isTrue();
    try (Origin origin = origin()) {
      PipeReader reader = origin.reader();
      CompletableFuture<PipeRead> read = reader.readAtLeastAsync(1000).toCompletableFuture();
      origin.give(new byte[] {1, 2, 3});
      origin.breakOff();
      assertThatThrownBy(read::get).isNotNull();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(reader::read).isInstanceOf(IOException.class);
        assertThatThrownBy(reader::tryRead).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> reader.readAtLeast(2)).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  default void readerThatLeavesEndsWhoFillsThePipe() throws Exception {
    assumeThat(noticesItsReader()).isTrue();
    try (Origin origin = origin()) {
      CompletableFuture<Void> given = giveAll(origin, ContractCase.pattern(4, 300_000));
      PipeRead read = origin.reader().read();
      assertThat(read.isEmpty()).isFalse();
      origin.reader().close();
      origin.over().toCompletableFuture().handle((ok, e) -> true).get();
      given.handle((ok, e) -> true).get();
    }
  }

  @Test
  default void whoDoesNotReadMakesTheOriginWait() throws Exception {
    byte[] all = ContractCase.pattern(5, 200_000);
    try (Origin origin = origin()) {
      CompletableFuture<Void> given = giveAll(origin, all);
      PipeReader reader = origin.reader();
      PipeRead full = reader.read();
      while (!full.isFull() && !full.isCompleted()) {
        assertThat(full.size()).isLessThanOrEqualTo(mostBuffered());
        full.advance(0, full.end());
        full = reader.read();
      }
      assertThat(full.isFull()).as("before all has come").isTrue();
      full.advance(0);
      assertThat(rest(reader)).isEqualTo(all);
      given.get();
    }
  }
}
