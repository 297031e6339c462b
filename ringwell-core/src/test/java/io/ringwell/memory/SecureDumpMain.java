package io.ringwell.memory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Reads two files into secure memory and one into ordinary memory, by system calls that write to
/// where the bytes belong, and lets go of the first when it is told to.
final class SecureDumpMain {
  private static final int POOL_BYTES = 1 << 20;

  private SecureDumpMain() {}

  public static void main(String[] args) throws IOException {
    BufferedReader told =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    BufferPool pool = BufferPool.secure(PoolOptions.ofMaxBytes(POOL_BYTES));
    BufferPool ordinary = BufferPool.shared(PoolOptions.ofMaxBytes(POOL_BYTES));
    Bytes secret = read(Path.of(args[0]), pool);
    Bytes open = read(Path.of(args[1]), ordinary);
    Bytes kept = read(Path.of(args[2]), pool);
    Bytes part = secret.slice(1, 2);
    System.out.println("held " + secret.isSecure() + " " + open.isSecure());
    told.readLine();
    secret.close();
    part.close();
    System.out.println("released");
    told.readLine();
    kept.close();
    pool.close();
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
