package io.ringwell.bench;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import io.ringwell.net.Duplex;
import io.ringwell.net.Tls;
import io.ringwell.net.TlsOptions;
import io.ringwell.net.TlsProvider;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeReader;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.util.concurrent.FutureTask;

/// A client and a server of TLS, with pipes in memory between them.
final class TlsPair implements AutoCloseable {
  private static final int RECORD = 16 << 10;

  private record End(PipeReader input, PipeWriter output) implements Duplex {}

  private final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(64 << 20));
  private final Pipe up = new Pipe(pool);
  private final Pipe down = new Pipe(pool);
  private final Tls server;
  private final Tls client;
  private final byte[] record = new byte[RECORD];

  TlsPair(TlsProvider provider, TlsKeys keys) throws IOException {
    server =
        Tls.server(
            new End(up.reader(), down.writer()),
            pool,
            TlsOptions.of(provider.context(keys.certificate(), keys.key(), null)));
    client =
        Tls.client(
            new End(down.reader(), up.writer()),
            "localhost",
            443,
            pool,
            TlsOptions.of(provider.client(keys.certificate())));
  }

  String cipher() throws IOException {
    return client.handshake().cipherSuite();
  }

  /// One thread writes, another reads.
  void send(long total) throws Exception {
    FutureTask<Long> writing = new FutureTask<>(() -> write(total));
    Thread.ofPlatform().name("writer").start(writing);
    long left = total;
    while (left > 0) {
      PipeRead read = server.input().read();
      left -= read.size();
      read.advance(read.end());
    }
    writing.get();
  }

  private long write(long total) throws IOException {
    for (long left = total; left > 0; left -= RECORD) {
      client.output().write(record, 0, RECORD);
      client.output().flush();
    }
    return total;
  }

  @Override
  public void close() {
    client.close();
    server.close();
    up.close();
    down.close();
    pool.close();
  }
}
