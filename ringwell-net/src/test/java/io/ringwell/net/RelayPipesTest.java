package io.ringwell.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.PoolOptions;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeOptions;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeReader;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A relay from one pipe to another.
final class RelayPipesTest {
  private static final int LITTLE_BYTES = 64 << 10;

  private final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(8 << 20));

  @AfterEach
  void close() {
    assertThat(pool.stats().inUseBytes()).isZero();
    pool.close();
  }

  private static CompletableFuture<Void> carry(Pipe from, Pipe to) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        Relay.carry(from.reader(), to.writer());
        ended.complete(null);
      } catch (IOException | RuntimeException e) {
        ended.completeExceptionally(e);
      }
    });
    return ended;
  }

  @Test
  void whatIsLargerThanTheOtherPipeHoldsGoesInParts() throws Exception {
    Pipe from = new Pipe(pool, PipeOptions.defaults());
    Pipe to =
        new Pipe(pool, PipeOptions.defaults().withThresholds(0, 0).withMaxBuffered(LITTLE_BYTES));
    int bytes = 4 * LITTLE_BYTES;
    try (Bytes large = Bytes.copyOf(new byte[bytes])) {
      assertThat(from.writer().tryAppend(large.share())).isTrue();
    }
    from.writer().complete();
    CompletableFuture<Void> carried = carry(from, to);
    long count = 0;
    while (true) {
      PipeRead read = to.reader().read();
      if (read.isEmpty() && read.isCompleted()) {
        break;
      }
      count += read.size();
      read.advance(read.end());
    }
    carried.get(20, TimeUnit.SECONDS);
    to.reader().complete();
    assertThat(count).isEqualTo(bytes);
  }

  private record Ends(PipeReader input, PipeWriter output) implements Duplex {}

  /// One direction is carried by another thread than the one that is interrupted.
  @Test
  void anInterruptEndsBothDirectionsBeforeItIsTold() throws Exception {
    Pipe fromOne = new Pipe(pool);
    Pipe toOne = new Pipe(pool);
    Pipe fromOther = new Pipe(pool);
    Pipe toOther = new Pipe(pool);
    fromOther.writer().write(new byte[100], 0, 100); // a window that the other thread may look at
    fromOther.writer().flush();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() ->
            Relay.between(
                new Ends(fromOne.reader(), toOne.writer()),
                new Ends(fromOther.reader(), toOther.writer())))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).as("the thread stays interrupted").isTrue();
    for (Pipe from : List.of(fromOne, fromOther)) {
      assertThatThrownBy(() -> from.writer().flush()).isInstanceOf(InterruptedIOException.class);
      from.writer().complete();
    }
    for (Pipe to : List.of(toOne, toOther)) {
      assertThatThrownBy(() -> to.reader().read()).isInstanceOf(InterruptedIOException.class);
      to.reader().complete();
    }
  }

  /// The other side takes nothing meanwhile, and its pipe is bounded, so that bytes are copied.
  @Test
  void whatBrokeOffIsToldWhileARelayWaitsForRoom() throws Exception {
    Pipe from = new Pipe(pool, PipeOptions.defaults());
    PipeOptions bounded =
        PipeOptions.defaults()
            .withThresholds(0, 0)
            .withMaxBuffered(LITTLE_BYTES)
            .withSegments(4 << 10, 16 << 10)
            .withMaxMemory(LITTLE_BYTES);
    Pipe to = new Pipe(pool, bounded);
    byte[] large = new byte[2 * LITTLE_BYTES];
    CompletableFuture<Void> carried = carry(from, to);
    from.writer().write(large, 0, large.length);
    assertThat(from.writer().tryFlush()).isNotNull();
    to.reader().readAtLeast(LITTLE_BYTES); // full
    from.writer().complete(new IOException("the peer is gone"));
    assertThatThrownBy(() -> carried.get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessage("the peer is gone");
    to.reader().complete();
  }
}
