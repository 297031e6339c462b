package io.ringwell.bench;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.PoolOptions;
import io.ringwell.net.Duplex;
import io.ringwell.net.Relay;
import io.ringwell.net.Tls;
import io.ringwell.net.TlsContext;
import io.ringwell.net.TlsOptions;
import io.ringwell.net.TlsProvider;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeOptions;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeReader;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/// Plain text from a client of TLS to a server, in memory: sealed and opened at once, or each alone
/// while the records rest in memory. Each turn is a connection of its own, timed from when hands
/// are shaken to when all has come. Whoever writes and whoever reads is a virtual thread, as those
/// of the stages are.
final class TlsStages implements AutoCloseable {
  private static final int RECORD = 16 << 10;
  private static final double MIB = 1 << 20;

  private static final long POOL_BYTES = 64 << 20;

  /// As much as a socket gives at once.
  private static final long PIECE = 64 << 10;

  private record End(PipeReader input, PipeWriter output) implements Duplex {}

  private final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(POOL_BYTES));
  private final TlsContext serving;
  private final TlsContext trusting;
  private final byte[] record = new byte[RECORD];
  private final Arena arena = Arena.ofShared();
  private MemorySegment kept = MemorySegment.NULL;

  TlsStages(TlsProvider provider, TlsKeys keys) throws IOException {
    serving = provider.context(keys.certificate(), keys.key(), null);
    trusting = provider.client(keys.certificate());
  }

  /// What was agreed on.
  String cipher() throws Exception {
    try (Line line = new Line()) {
      return line.client.handshake().cipherSuite();
    }
  }

  /// MiB a second, sealed by one stage while the other opens them.
  double both(long total) throws Exception {
    try (Line line = new Line()) {
      long start = System.nanoTime();
      FutureTask<Long> carrying =
          begin(() -> {
            Relay.carry(line.fromClient.reader(), line.toServer.writer());
            return 0L;
          });
      FutureTask<Long> writing = begin(() -> line.write(total));
      long end = begin(line::readToEnd).get();
      carrying.get();
      writing.get();
      return rate(total, end - start);
    }
  }

  /// MiB a second, sealed by one stage; the records are let go.
  double sealed(long total) throws Exception {
    try (Line line = new Line()) {
      long start = System.nanoTime();
      FutureTask<Long> writing = begin(() -> line.write(total));
      long end = begin(() -> letGo(line.fromClient.reader())).get();
      writing.get();
      line.abort();
      return rate(total, end - start);
    }
  }

  /// MiB a second, opened by one stage; they were sealed before.
  double opened(long total) throws Exception {
    if (kept.byteSize() == 0) {
      kept = arena.allocate(total + total / 64);
    }
    try (Line line = new Line()) {
      FutureTask<Long> writing = begin(() -> line.write(total));
      MemorySegment records = begin(() -> keep(line.fromClient.reader(), kept)).get();
      writing.get();
      long start = System.nanoTime();
      FutureTask<Long> feeding =
          begin(() -> {
            for (long at = 0; at < records.byteSize(); at += PIECE) {
              long length = Math.min(PIECE, records.byteSize() - at);
              line.toServer.writer().send(Bytes.adopt(records.asSlice(at, length), () -> {}));
            }
            line.toServer.writer().complete();
            return 0L;
          });
      long end = begin(line::readToEnd).get();
      feeding.get();
      return rate(total, end - start);
    }
  }

  /// With pipes as they are in memory, 512 KiB, rather than those of connections, of which there
  /// are many.
  private static TlsOptions options(TlsContext context) {
    return TlsOptions.of(context).withPipes(PipeOptions.defaults(), PipeOptions.defaults());
  }

  private static double rate(long bytes, long nanos) {
    return bytes / MIB / (nanos / 1e9);
  }

  private static <T> FutureTask<T> begin(Callable<T> body) {
    FutureTask<T> task = new FutureTask<>(body);
    Thread.startVirtualThread(task);
    return task;
  }

  /// @return when the end came
  private static long letGo(PipeReader reader) throws IOException {
    boolean more = true;
    while (more) {
      PipeRead read = reader.read();
      more = !read.isCompleted();
      read.advance(read.end());
    }
    return System.nanoTime();
  }

  /// @return the part of `memory` that has what came
  private static MemorySegment keep(PipeReader reader, MemorySegment memory) throws IOException {
    long at = 0;
    boolean more = true;
    while (more) {
      PipeRead read = reader.read();
      more = !read.isCompleted();
      read.copyTo(read.start(), memory, at, read.size());
      at += read.size();
      read.advance(read.end());
    }
    return memory.asSlice(0, at);
  }

  /// Client, server, and the pipes between them; hands are shaken.
  private final class Line implements AutoCloseable {
    final Pipe fromClient = new Pipe(pool);
    final Pipe toServer = new Pipe(pool);
    private final Pipe down = new Pipe(pool);
    final Tls client;
    private final Tls server;

    Line() throws Exception {
      server = Tls.server(new End(toServer.reader(), down.writer()), pool, TlsOptions.of(serving));
      client =
          Tls.client(
              new End(down.reader(), fromClient.writer()),
              "localhost",
              443,
              pool,
              options(trusting));
      FutureTask<Void> carrying =
          begin(() -> {
            carryHandshake();
            return null;
          });
      client.handshake();
      server.handshake();
      fromClient.reader().cancelPending();
      carrying.get();
    }

    /// Carries until it is cancelled.
    private void carryHandshake() throws IOException {
      boolean more = true;
      while (more) {
        PipeRead read = fromClient.reader().read();
        more = !read.isCancelled();
        toServer.writer().write(read.window());
        read.advance(read.start() + read.length());
        toServer.writer().flush();
      }
    }

    long write(long total) throws IOException {
      for (long left = total; left > 0; left -= RECORD) {
        client.output().write(record, 0, RECORD);
        client.output().flush();
      }
      client.output().complete();
      return total;
    }

    long readToEnd() throws IOException {
      return letGo(server.input());
    }

    void abort() {
      client.abort();
      server.abort();
    }

    @Override
    public void close() {
      client.close();
      server.close();
      fromClient.close();
      toServer.close();
      down.close();
    }
  }

  @Override
  public void close() {
    arena.close();
    pool.close();
  }
}
