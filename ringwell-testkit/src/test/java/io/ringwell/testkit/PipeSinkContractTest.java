package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeOptions;
import io.ringwell.sink.Sink;
import io.ringwell.sink.Sinks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/// A sink into a pipe that somebody reads keeps the promises of sinks.
@Timeout(60)
final class PipeSinkContractTest implements SinkContract, SinkWaitingContract {
  private static final int PIECE_BYTES = 5000;
  private static final long MOST_BYTES = 1 << 20;

  /// A pipe, and what its reader got: null where it broke off.
  private record Read(Pipe pipe, CompletableFuture<byte @Nullable []> all) {}

  private final Map<Sink, Read> reads = new HashMap<>();
  private BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(2 * MOST_BYTES));

  @BeforeEach
  void openPool() {
    pool.close();
    pool = BufferPool.shared(PoolOptions.ofMaxBytes(2 * MOST_BYTES));
  }

  @AfterEach
  void nothingIsLeft() {
    reads.values().forEach(read -> read.all.join());
    assertThat(pool.stats().inUseBytes()).isZero();
    assertThat(pool.stats().damaged()).isZero();
    pool.close();
  }

  @Override
  public Sink sink() {
    Pipe pipe =
        new Pipe(
            pool,
            PipeOptions.defaults().withThresholds(8_000, 4_000).withMaxBuffered(3 * PIECE_BYTES));
    Sink sink = Sinks.pipe(pipe.writer());
    Read read = new Read(pipe, new CompletableFuture<>());
    Thread.ofVirtual().start(() -> read.all.complete(readAll(pipe)));
    reads.put(sink, read);
    return sink;
  }

  private static byte @Nullable [] readAll(Pipe pipe) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (pipe) {
      pipe.reader().copyTo(all);
      return all.toByteArray();
    } catch (IOException e) {
      return null;
    }
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
    Read read = Objects.requireNonNull(reads.get(sink));
    return read.pipe.writer().isComplete() ? read.all.join() : null;
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
