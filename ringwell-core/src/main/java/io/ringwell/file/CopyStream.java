package io.ringwell.file;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.Operation;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.function.LongConsumer;

/// Writes what a source still has to a file, in order: one buffer is filled while the other one is
/// written.
final class CopyStream implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Engine engine;
  private final FileHandle to;
  private final LongConsumer progress;
  private final IoBuffer filling;
  private final IoBuffer writing;
  private final Operation read = new Operation();
  private final Operation write = new Operation();

  /// Fills a buffer from where the source is.
  @FunctionalInterface
  private interface Source {
    /// @return bytes; 0 at the end
    long fill(IoBuffer buffer, long at) throws IOException;
  }

  CopyStream(Engine engine, FileHandle to, LongConsumer progress) throws IOException {
    this.engine = engine;
    this.to = to;
    this.progress = progress;
    this.filling = engine.pool().acquire(BUFFER_BYTES);
    this.writing = engine.pool().acquire(BUFFER_BYTES);
  }

  /// @return bytes written
  long drain(ReadableByteChannel from) throws IOException {
    return drain((buffer, at) -> {
      ByteBuffer into = buffer.byteBuffer();
      while (into.hasRemaining() && from.read(into) >= 0) {
        // A pipe gives little at a time.
      }
      return into.position();
    });
  }

  /// @return bytes written
  long drain(FileHandle from) throws IOException {
    return drain((buffer, at) -> {
      engine.submit(read.read(from, buffer, 0, BUFFER_BYTES, at));
      return read.await();
    });
  }

  private long drain(Source source) throws IOException {
    long at = 0;
    IoBuffer next = filling;
    long pending = 0;
    while (true) {
      long filled = source.fill(next, at);
      if (pending > 0) {
        progress.accept(write.await());
      }
      if (filled == 0) {
        return at;
      }
      engine.submit(write.write(to, next, 0, filled, at));
      pending = filled;
      at += filled;
      next = next == filling ? writing : filling;
    }
  }

  /// Memory that a write still uses goes back when that is complete.
  @Override
  public void close() {
    filling.close();
    writing.close();
  }
}
