package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import io.ringwell.sink.Sink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a destination tells of itself, so that [SinkContract] can be held against it. Each test has
/// a destination of its own, where there is nothing yet.
public interface SinkCase {
  /// What stands before a destination, and is opened and shut by a test.
  interface Gate {
    /// From now on what goes there waits.
    void hold();

    /// How many writes do.
    int held();

    /// Lets all go, and those that come.
    void release();

    /// From now on every write fails.
    ///
    /// @return what the error says of it
    String breakDown();

    void heal();
  }

  /// To the destination; roomy.
  Sink sink() throws IOException;

  /// To the destination; it holds two pieces.
  Sink narrow() throws IOException;

  /// The size of a piece: as small as the destination's writes can be, in bytes.
  int pieceBytes();

  /// Where the producer's memory is from.
  BufferPool pool();

  /// What is to be seen where `sink` leads to; null where there is nothing.
  byte @Nullable [] arrived(Sink sink) throws IOException;

  /// Puts something there, without a sink.
  ///
  /// @return false where what is there cannot outlive a sink
  boolean put(byte[] content) throws IOException;

  /// Null where nothing can stand before the destination, since writing there is done at once.
  @Nullable Gate gate();

  /// The gate, or the test is skipped.
  default Gate requireGate() {
    Gate gate = gate();
    assumeThat(gate).as("a gate before the destination").isNotNull();
    return Objects.requireNonNull(gate);
  }

  /// In memory of the pool.
  default Bytes lent(byte[] content) throws IOException {
    IoBuffer buffer = pool().acquire(Math.max(1, content.length));
    MemorySegment.copy(content, 0, buffer.segment(), ValueLayout.JAVA_BYTE, 0, content.length);
    return buffer.freeze(0, content.length);
  }

  /// One of many different ones.
  default byte[] piece(int seed) {
    return ContractCase.pattern(seed, pieceBytes());
  }

  /// Offers pieces until there is no room for one more.
  ///
  /// @return what was taken
  default byte[] fill(Sink sink) throws IOException {
    ByteArrayOutputStream taken = new ByteArrayOutputStream();
    for (int seed = 1; ; seed++) {
      byte[] content = piece(seed);
      Bytes bytes = lent(content);
      if (!sink.offer(bytes)) {
        assertThat(bytes.isClosed()).as("refused bytes stay the caller's").isFalse();
        bytes.close();
        assertThat(seed).as("pieces until it was full").isGreaterThan(1);
        return taken.toByteArray();
      }
      taken.writeBytes(content);
    }
  }

  /// One array behind the other.
  static byte[] joined(byte[]... all) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] each : all) {
      joined.writeBytes(each);
    }
    return joined.toByteArray();
  }
}
