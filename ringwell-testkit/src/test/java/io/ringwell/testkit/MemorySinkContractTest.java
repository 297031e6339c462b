package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.PoolOptions;
import io.ringwell.sink.MemorySink;
import io.ringwell.sink.Sink;
import io.ringwell.sink.Sinks;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/// A sink to memory keeps the same promises. Nothing waits there, so what is promised to those who
/// wait is skipped.
@Timeout(60)
final class MemorySinkContractTest implements SinkContract, SinkWaitingContract {
  private static final int PIECE_BYTES = 5000;
  private static final long MOST_BYTES = 1 << 20;

  private final Map<Sink, byte[]> taken = new HashMap<>();
  private BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(2 * MOST_BYTES));

  @BeforeEach
  void openPool() {
    pool.close();
    pool = BufferPool.shared(PoolOptions.ofMaxBytes(2 * MOST_BYTES));
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(pool.stats().inUseBytes()).isZero();
    assertThat(pool.stats().damaged()).isZero();
    pool.close();
  }

  @Override
  public Sink sink() {
    return Sinks.memory(MOST_BYTES);
  }

  @Override
  public Sink narrow() {
    return sink();
  }

  @Override
  public int pieceBytes() {
    return PIECE_BYTES;
  }

  @Override
  public BufferPool pool() {
    return pool;
  }

  @Override
  public byte @Nullable [] arrived(Sink sink) {
    byte[] known = taken.get(sink);
    if (known == null) {
      known = take(sink);
      if (known != null) {
        taken.put(sink, known); // there is no taking it twice
      }
    }
    return known;
  }

  private static byte @Nullable [] take(Sink sink) {
    BytesChain chain;
    try {
      chain = ((MemorySink) sink).take();
    } catch (IllegalStateException e) {
      return null; // not complete
    }
    try (chain;
        Bytes joined = chain.join()) {
      return joined.toArray();
    }
  }

  @Override
  public boolean put(byte[] content) {
    return false;
  }

  @Override
  public @Nullable Gate gate() {
    return null;
  }
}
