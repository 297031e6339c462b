package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.FileInfo;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/// Copies files to standard output: reads go ahead of the writes, and a buffer is written from
/// where it was read to.
final class OutputCopy implements AutoCloseable {
  private static final int PART_BYTES = 1 << 20;
  private static final int PARTS_AHEAD = 4;

  private final Engine engine;
  private final WritableByteChannel out;
  private final LongConsumer progress;
  private final Operation[] reads = new Operation[PARTS_AHEAD];
  private final IoBuffer[] buffers = new IoBuffer[PARTS_AHEAD];

  OutputCopy(Engine engine, WritableByteChannel out, LongConsumer progress) throws IOException {
    this.engine = engine;
    this.out = out;
    this.progress = progress;
    for (int i = 0; i < PARTS_AHEAD; i++) {
      reads[i] = new Operation();
      buffers[i] = engine.pool().acquire(PART_BYTES);
    }
  }

  void file(Path path, ByteRange range) throws IOException {
    FileHandle file = engine.open(path, OpenFlag.READ, 0);
    try {
      Operation stat = new Operation().statx(file);
      engine.submit(stat);
      stat.await();
      FileInfo info = stat.fileInfo();
      if (info.isDirectory()) {
        throw new FileSystemException(path.toString(), null, "is a directory; name a file");
      }
      if (!info.isRegularFile() || info.size() == 0) {
        // Pipes and devices have no size, and the kernel's own files say 0.
        unsized(file, range);
        return;
      }
      long size = info.size();
      long end = range.end(size);
      ahead(file, range.start(path.toString(), size), end, size);
      if (range.last() == Long.MAX_VALUE) {
        // What was added meanwhile.
        inOrder(file, end, Long.MAX_VALUE);
      }
    } finally {
      engine.close(file);
    }
  }

  private void unsized(FileHandle file, ByteRange range) throws IOException {
    if (!range.fromStart()) {
      throw new FileSystemException(
          file.path().toString(), null, "has no known size; a range from its end cannot be told");
    }
    long end = range.end(Long.MAX_VALUE);
    if (file.isSeekable()) {
      inOrder(file, range.first(), end);
    } else {
      skipping(file, range.first(), end);
    }
  }

  private void ahead(FileHandle file, long start, long end, long size) throws IOException {
    long next = start;
    long written = start;
    int started = 0;
    int finished = 0;
    while (written < end) {
      while (next < end && started - finished < PARTS_AHEAD) {
        int slot = started++ % PARTS_AHEAD;
        long length = Math.min(PART_BYTES, end - next);
        engine.submit(reads[slot].read(file, buffers[slot], 0, length, next));
        next += length;
      }
      int slot = finished++ % PARTS_AHEAD;
      long asked = Math.min(PART_BYTES, end - written);
      long got = reads[slot].await();
      write(slot, 0, got);
      written += got;
      if (got < asked) {
        while (finished < started) {
          // These lie behind the end; the next file uses the slots again.
          reads[finished++ % PARTS_AHEAD].await();
        }
        throw new FileSystemException(
            file.path().toString(),
            null,
            "was cut from " + size + " to " + written + " bytes while it was read");
      }
    }
  }

  /// Part after part until the file ends.
  private void inOrder(FileHandle file, long start, long end) throws IOException {
    long at = start;
    while (at < end) {
      engine.submit(reads[0].read(file, buffers[0], 0, Math.min(PART_BYTES, end - at), at));
      long got = reads[0].await();
      if (got == 0) {
        return;
      }
      write(0, 0, got);
      at += got;
    }
  }

  /// The same from where there are no offsets: what lies before the range is read and dropped.
  private void skipping(FileHandle file, long start, long end) throws IOException {
    long at = 0;
    while (at < end) {
      engine.submit(reads[0].read(file, buffers[0], 0, Math.min(PART_BYTES, end - at), 0));
      long got = reads[0].await();
      if (got == 0) {
        return;
      }
      long skip = Math.clamp(start - at, 0, got);
      write(0, skip, got - skip);
      at += got;
    }
  }

  /// Everything that `in` still has, within the range.
  void channel(ReadableByteChannel in, ByteRange range) throws IOException {
    if (!range.fromStart()) {
      throw new UsageException("standard input has no known size; give --range A-B or A-");
    }
    long end = range.end(Long.MAX_VALUE);
    long at = 0;
    ByteBuffer buffer = buffers[0].byteBuffer();
    while (at < end) {
      buffer.clear().limit((int) Math.min(PART_BYTES, end - at));
      int got = in.read(buffer);
      if (got < 0) {
        return;
      }
      buffer.flip().position(Math.clamp(range.first() - at, 0, got));
      writeAll(buffer);
      at += got;
    }
  }

  private void write(int slot, long from, long length) throws IOException {
    ByteBuffer bytes = buffers[slot].byteBuffer();
    bytes.limit((int) (from + length)).position((int) from);
    writeAll(bytes);
    progress.accept(length);
  }

  void writeAll(ByteBuffer bytes) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    } catch (IOException e) {
      throw new OutputLostException(e);
    }
  }

  /// Memory that a read still uses goes back when that is complete.
  @Override
  public void close() {
    for (IoBuffer buffer : buffers) {
      buffer.close();
    }
  }
}
