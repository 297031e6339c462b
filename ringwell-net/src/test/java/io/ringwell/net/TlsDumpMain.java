package io.ringwell.net;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import io.ringwell.memory.PoolOptions;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeRead;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Sends a file through TLS by OpenSSL, from secure memory to secure memory, and lets go of it when
/// it is told to. Another file is in ordinary memory all the time.
///
/// Arguments: the secret, the other file, certificate, key, authority, version.
final class TlsDumpMain {
  private static final int POOL_BYTES = 1 << 20;

  private TlsDumpMain() {}

  public static void main(String[] args) throws IOException {
    BufferedReader told =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    BufferPool secrets = BufferPool.secure(PoolOptions.ofMaxBytes(POOL_BYTES));
    BufferPool ordinary = BufferPool.shared(PoolOptions.ofMaxBytes(POOL_BYTES));
    Bytes open = Bytes.copyOf(Files.readAllBytes(Path.of(args[1])));
    Path authority = Path.of(args[4]);
    TlsContext serving = TlsProvider.OPENSSL.context(Path.of(args[2]), Path.of(args[3]), authority);
    TlsContext trusting = TlsProvider.OPENSSL.client(authority);
    Pipe up = new Pipe(ordinary);
    Pipe down = new Pipe(ordinary);
    Duplex far = new TlsRig.End(up.reader(), down.writer());
    Duplex near = new TlsRig.End(down.reader(), up.writer());
    TlsOptions here = TlsOptions.of(serving).withPool(secrets).withProtocols(args[5]);
    try (Tls server = Tls.server(far, ordinary, here)) {
      try (Tls client =
          Tls.client(near, "localhost", 443, ordinary, TlsOptions.of(trusting).withPool(secrets))) {
        Bytes secret = read(Path.of(args[0]), secrets);
        long size = secret.size();
        client.output().append(secret);
        client.output().flush();
        PipeRead read = server.input().readAtLeast(size);
        System.out.println("came " + (read.size() == size) + " " + read.isSecure());
        told.readLine();
        read.advance(read.end());
        System.out.println("consumed");
        told.readLine();
      }
    }
    open.close();
  }

  private static Bytes read(Path path, BufferPool pool) throws IOException {
    try (FileChannel file = FileChannel.open(path)) {
      IoBuffer buffer = pool.acquire(file.size());
      ByteBuffer to = buffer.byteBuffer();
      while (to.hasRemaining() && file.read(to) >= 0) {
        // Until the file ends.
      }
      return buffer.freeze();
    }
  }
}
