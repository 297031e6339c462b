package io.ringwell.file;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.Operation;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.function.LongConsumer;

/// Writes what a source still has to a file, in order: one half of the buffer is filled while the
/// other one is written.
final class CopyStream implements AutoCloseable {
  private final Engine engine;
  private final FileHandle to;
  private final LongConsumer progress;
  private final int partBytes;

  /// Both halves in one: who waits for memory holds none.
  private final IoBuffer buffer;

  private final Operation read = new Operation();
  private final Operation write = new Operation();

  /// Fills half of the buffer from where the source is.
  @FunctionalInterface
  private interface Source {
    /// @return bytes; 0 at the end
    long fill(long bufferOffset, long at) throws IOException;
  }

  CopyStream(Engine engine, FileHandle to, LongConsumer progress) throws IOException {
    this.engine = engine;
    this.to = to;
    this.progress = progress;
    this.partBytes = FileCopy.partBytes(engine, 2);
    this.buffer = engine.pool().acquire(2L * partBytes);
  }

  /// @return bytes written
  long drain(ReadableByteChannel from) throws IOException {
    return drain((half, at) -> {
      ByteBuffer into = buffer.segment().asSlice(half, partBytes).asByteBuffer();
      while (into.hasRemaining() && from.read(into) >= 0) {
        // A pipe gives little at a time.
      }
      return into.position();
    });
  }

  /// @return bytes written
  long drain(FileHandle from) throws IOException {
    return drain((half, at) -> {
      engine.submit(read.read(from, buffer, half, partBytes, at));
      return read.await();
    });
  }

  private long drain(Source source) throws IOException {
    long at = 0;
    long half = 0;
    boolean writing = false;
    while (true) {
      long filled = source.fill(half, at);
      if (writing) {
        progress.accept(write.await());
      }
      if (filled == 0) {
        return at;
      }
      engine.submit(write.write(to, buffer, half, filled, at));
      writing = true;
      at += filled;
      half = partBytes - half;
    }
  }

  /// Memory that a write still uses goes back when that is complete.
  @Override
  public void close() {
    buffer.close();
  }
}
