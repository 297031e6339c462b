package io.ringwell.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.sink.Sink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What a [Sink] promises, wherever it leads: what arrives, and what is to be seen of it. Whoever
/// makes a destination extends this and [SinkWaitingContract] in a test.
public interface SinkContract extends SinkCase {
  @Test
  default void whatIsSentIsThereWhenItIsComplete() throws IOException {
    byte[] content = SinkCase.joined(piece(1), piece(2), piece(3), ContractCase.pattern(4, 17));
    try (Sink sink = sink()) {
      sink.send(lent(Arrays.copyOf(content, pieceBytes())));
      sink.send(lent(Arrays.copyOfRange(content, pieceBytes(), content.length)));
      assertThat(arrived(sink)).as("before it is complete").isNull();
      assertThat(sink.complete()).isEqualTo(content.length);
      assertThat(arrived(sink)).isEqualTo(content);
      assertThat(sink.complete()).as("complete again").isEqualTo(content.length);
      assertThat(sink.taken()).isEqualTo(content.length);
    }
  }

  @Test
  default void nothingSentArrivesAsNothing() throws IOException {
    try (Sink sink = sink()) {
      assertThat(sink.complete()).isZero();
      assertThat(arrived(sink)).isEmpty();
    }
  }

  @Test
  default void piecesWithoutBytesChangeNothing() throws IOException {
    byte[] content = SinkCase.joined(piece(1), piece(2));
    try (Sink sink = sink()) {
      sink.send(Bytes.empty());
      sink.send(lent(piece(1)));
      sink.send(lent(new byte[0]));
      assertThat(sink.offer(Bytes.empty())).isTrue();
      sink.send(lent(piece(2)));
      sink.send(Bytes.empty());
      assertThat(sink.complete()).isEqualTo(content.length);
      assertThat(arrived(sink)).isEqualTo(content);
    }
    try (Sink sink = sink()) {
      sink.send(Bytes.empty());
      assertThat(sink.complete()).isZero();
      assertThat(arrived(sink)).isEmpty();
    }
  }

  @Test
  default void piecesOfManySizesComeInOrder() throws IOException {
    Random random = new Random(5);
    byte[] content = ContractCase.pattern(5, 4 * pieceBytes() + 4321);
    try (Sink sink = narrow()) {
      int at = 0;
      while (at < content.length) {
        int most = pieceBytes() >> random.nextInt(10);
        int size = Math.min(random.nextInt(most) + 1, content.length - at);
        sink.send(lent(Arrays.copyOfRange(content, at, at + size)));
        at += size;
        if (random.nextInt(40) == 0) {
          sink.flush();
        }
      }
      assertThat(sink.complete()).isEqualTo(content.length);
      assertThat(arrived(sink)).isEqualTo(content);
    }
  }

  @Test
  default void fragmentsOfChainComeInOrder() throws IOException {
    List<Bytes> pieces = new ArrayList<>();
    for (int seed = 1; seed <= 4; seed++) {
      pieces.add(lent(piece(seed)));
    }
    try (Sink sink = sink()) {
      sink.send(BytesChain.of(pieces));
      sink.complete();
      assertThat(arrived(sink)).isEqualTo(SinkCase.joined(piece(1), piece(2), piece(3), piece(4)));
    }
  }

  @Test
  default void pieceLargerThanTheBoundIsTaken() throws IOException {
    byte[] content = ContractCase.pattern(6, 2 * pieceBytes() + 1);
    try (Sink sink = narrow()) {
      sink.send(lent(content));
      sink.send(lent(content));
      assertThat(sink.complete()).isEqualTo(2L * content.length);
      assertThat(arrived(sink)).isEqualTo(SinkCase.joined(content, content));
    }
  }

  @Test
  default void flushedSinkGoesOn() throws IOException {
    try (Sink sink = sink()) {
      sink.send(lent(piece(1)));
      sink.flush();
      sink.flush();
      sink.send(lent(piece(2)));
      sink.flushAsync().toCompletableFuture().join();
      assertThat(arrived(sink)).as("flushed alone").isNull();
      sink.complete();
      assertThat(arrived(sink)).isEqualTo(SinkCase.joined(piece(1), piece(2)));
    }
  }

  @Test
  default void manyThreadsSendAtOnce() throws Exception {
    int threads = 8;
    int each = 20;
    int size = Math.max(1, pieceBytes() / 64);
    try (Sink sink = narrow()) {
      List<CompletableFuture<Void>> senders = new ArrayList<>();
      for (int t = 1; t <= threads; t++) {
        byte[] mine = new byte[size];
        Arrays.fill(mine, (byte) t);
        senders.add(
            CompletableFuture.runAsync(
                () -> sendEach(sink, mine, each), Thread::startVirtualThread));
      }
      for (CompletableFuture<Void> sender : senders) {
        sender.get();
      }
      sink.complete();
      byte[] all = requireNonNull(arrived(sink));
      assertThat(all).hasSize(threads * each * size);
      int[] seen = new int[threads + 1];
      for (int at = 0; at < all.length; at += size) {
        byte[] expected = new byte[size];
        Arrays.fill(expected, all[at]);
        assertThat(Arrays.copyOfRange(all, at, at + size)).isEqualTo(expected);
        seen[all[at]]++;
      }
      assertThat(Arrays.copyOfRange(seen, 1, seen.length)).containsOnly(each);
    }
  }

  private void sendEach(Sink sink, byte[] content, int times) {
    try {
      for (int i = 0; i < times; i++) {
        sink.send(lent(content));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- What was there, and what is abandoned ---------------------------------------------------

  @Test
  default void closeWithoutCompleteLeavesWhatWasThere() throws IOException {
    byte[] old = ContractCase.pattern(7, 100);
    assumeThat(put(old)).as("what is there outlives a sink").isTrue();
    Sink sink = sink();
    try (sink) {
      sink.send(lent(piece(1)));
      sink.send(lent(piece(2)));
      sink.flush();
    }
    assertThat(arrived(sink)).isEqualTo(old);
  }

  @Test
  default void completeReplacesWhatWasThere() throws IOException {
    assumeThat(put(ContractCase.pattern(7, 3 * pieceBytes()))).as("something is there").isTrue();
    try (Sink sink = sink()) {
      sink.send(lent(piece(1)));
      sink.complete();
      assertThat(arrived(sink)).isEqualTo(piece(1));
    }
  }

  @Test
  default void failAbandonsAndTellsWhy() throws IOException {
    Sink sink = sink();
    sink.send(lent(piece(1)));
    sink.fail(new IOException("the producer is gone"));
    Bytes more = lent(piece(2));
    assertThatThrownBy(() -> sink.send(more)).hasMessageContaining("the producer is gone");
    assertThat(more.isClosed()).isTrue();
    assertThatThrownBy(sink::complete).hasMessageContaining("the producer is gone");
    sink.close();
    sink.close();
    assertThat(arrived(sink)).isNull();
  }

  @Test
  default void completeSinkTakesNoMore() throws IOException {
    try (Sink sink = sink()) {
      sink.send(lent(piece(1)));
      sink.complete();
      Bytes late = lent(piece(2));
      assertThatIllegalStateException().isThrownBy(() -> sink.send(late));
      assertThat(late.isClosed()).isTrue();
      Bytes later = lent(piece(2));
      assertThatIllegalStateException().isThrownBy(() -> sink.offer(later));
      assertThat(later.isClosed()).isTrue();
      sink.fail(new IOException("too late"));
      assertThat(sink.complete()).isEqualTo(pieceBytes());
      assertThat(arrived(sink)).isEqualTo(piece(1));
    }
  }

  @Test
  default void closedSinkTakesNoMore() throws IOException {
    Sink sink = sink();
    sink.close();
    sink.close();
    Bytes late = lent(piece(1));
    assertThatThrownBy(() -> sink.send(late))
        .isInstanceOfAny(IOException.class, IllegalStateException.class);
    assertThat(late.isClosed()).isTrue();
    assertThat(arrived(sink)).isNull();
  }
}
