package io.ringwell.file;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.FileInfo;
import io.ringwell.engine.Operation;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/// An open file whose I/O goes past the page cache (O_DIRECT).
///
/// **Blocks.** [#readBlock], [#writeBlock] and [#trimBlock] take what the device takes: memory
/// aligned to [#memoryAlign()], offset and length to [#offsetAlign()], as statx(2) tells for this
/// file. What is not aligned is refused with both numbers in the message, before anything is done.
/// The pool of the engine hands out memory that always is.
///
/// **Ranges.** [#read] and [#write] take any offset and length. A read is widened to whole blocks
/// and answers a slice of them, without a copy. A write of parts of blocks reads those, changes
/// them and writes them back, copying their bytes (counted by [CopyCounter]); such writes wait for
/// each other, and the caller keeps others off the same blocks.
///
/// **End of file.** A read answers the true count. Any number of threads use it at once.
public final class DirectFile implements AutoCloseable {
  private final AsyncFile file;
  private final Engine engine;
  private final FileHandle handle;
  private final int memoryAlign;
  private final int offsetAlign;

  /// Held while parts of blocks are read, changed and written back.
  private final ReentrantLock changing = new ReentrantLock();

  private DirectFile(AsyncFile file) {
    this.file = file;
    this.engine = file.engine();
    this.handle = file.handle();
    this.memoryAlign = handle.memoryAlign();
    this.offsetAlign = handle.offsetAlign();
  }

  /// Opens a file for direct I/O; parks. Fails with EINVAL where its file system has none.
  public static DirectFile open(Engine engine, Path path, OpenOptions options) throws IOException {
    return new DirectFile(AsyncFile.open(engine, path, options.direct()));
  }

  /// What the addresses of memory must be multiples of, in bytes.
  public int memoryAlign() {
    return memoryAlign;
  }

  /// What offsets and lengths must be multiples of, in bytes.
  public int offsetAlign() {
    return offsetAlign;
  }

  // ---- Blocks ----------------------------------------------------------------------------------

  /// Fills `into` from `offset`; parks.
  ///
  /// @return the bytes read; fewer than its capacity only where the file ends
  /// @throws IllegalArgumentException where memory, offset or capacity is not aligned
  public long readBlock(long offset, IoBuffer into) throws IOException {
    requireAligned("read", into.address(), offset, into.capacity());
    return file.read(offset, into);
  }

  /// Writes all of `bytes` at `offset`; parks.
  ///
  /// @throws IllegalArgumentException where memory, offset or size is not aligned
  public void writeBlock(long offset, Bytes bytes) throws IOException {
    requireAligned("write", bytes.address(), offset, bytes.size());
    file.write(offset, bytes);
  }

  /// Gives the storage of a range of blocks back: it reads as zeros, and the file keeps its size.
  ///
  /// @throws IllegalArgumentException where offset or length is not aligned
  public void trimBlock(long offset, long length) throws IOException {
    requireAligned("trim", 0, offset, length);
    file.punchHole(offset, length);
  }

  private void requireAligned(String what, long address, long offset, long length) {
    if (length == 0) {
      throw new IllegalArgumentException(
          what
              + " "
              + handle.path()
              + " at "
              + offset
              + ": a block has at least "
              + offsetAlign
              + " bytes, and there are none");
    }
    if (address % memoryAlign != 0 || offset % offsetAlign != 0 || length % offsetAlign != 0) {
      throw new IllegalArgumentException(
          what
              + " "
              + handle.path()
              + " at "
              + offset
              + " for "
              + length
              + " bytes: direct I/O on this file wants memory aligned to "
              + memoryAlign
              + " bytes, offset and length to "
              + offsetAlign
              + (address % memoryAlign != 0 ? "; the memory is not" : ""));
    }
  }

  // ---- Ranges ----------------------------------------------------------------------------------

  /// Reads up to `length` bytes at any `offset`; fewer, or none, only where the file ends.
  public Bytes read(long offset, long length) throws IOException {
    long from = down(offset);
    long wide = up(offset + length) - from;
    if (length == 0) {
      return Bytes.empty();
    }
    try (Bytes blocks = file.read(from, wide)) {
      long skip = offset - from;
      long got = Math.clamp(blocks.size() - skip, 0, length);
      return blocks.slice(Math.min(skip, blocks.size()), got);
    }
  }

  /// Writes all of `bytes` at any `offset`; parks.
  public void write(long offset, Bytes bytes) throws IOException {
    long end = Math.addExact(offset, bytes.size());
    boolean grid = offset % offsetAlign == 0 && bytes.size() % offsetAlign == 0;
    if (grid && bytes.address() % memoryAlign == 0) {
      file.write(offset, bytes);
      return;
    }
    changing.lock();
    try {
      long size = file.size();
      long at = offset;
      while (at < end) {
        at = writePiece(at, end, bytes, offset);
      }
      if (end > size && end % offsetAlign != 0) {
        // The last block was written whole.
        file.truncate(end);
      } else if (end < size && up(end) > size) {
        file.truncate(size);
      }
    } finally {
      changing.unlock();
    }
  }

  /// Writes from `at` on what fits one buffer, through aligned memory.
  ///
  /// @return where the next piece starts
  private long writePiece(long at, long end, Bytes bytes, long start) throws IOException {
    long from = down(at);
    long to = Math.min(up(end), from + SplitTransfer.PART_BYTES);
    long until = Math.min(end, to);
    if (bytes.isSecure() && !engine.pool().isSecure()) {
      throw new IOException(
          "secure bytes are not copied to ordinary memory for direct I/O; write whole aligned"
              + " blocks");
    }
    try (IoBuffer blocks = engine.pool().acquire(to - from)) {
      if (from < at) {
        fill(blocks, 0, from);
      }
      if (until < to && !(from < at && to - from == offsetAlign)) {
        fill(blocks, to - from - offsetAlign, to - offsetAlign);
      }
      MemorySegment.copy(bytes.segment(), at - start, blocks.segment(), at - from, until - at);
      CopyCounter.add(until - at);
      Operation op = new Operation().write(handle, blocks, 0, to - from, from);
      engine.submit(op);
      op.await();
    }
    return until;
  }

  /// Reads the block at `offset`; what lies past the end of the file is zeros.
  private void fill(IoBuffer blocks, long at, long offset) throws IOException {
    blocks.segment().asSlice(at, offsetAlign).fill((byte) 0);
    file.read(offset, blocks, at, offsetAlign);
  }

  private long down(long offset) {
    return offset - offset % offsetAlign;
  }

  private long up(long offset) {
    return Math.addExact(offset, offsetAlign - 1L) / offsetAlign * offsetAlign;
  }

  // ---- The file itself -------------------------------------------------------------------------

  /// Sets the size, which need not be aligned.
  public void truncate(long size) throws IOException {
    file.truncate(size);
  }

  /// Brings metadata, and what the device itself still caches, to the medium.
  public void sync(Durability durability) throws IOException {
    file.sync(durability);
  }

  public FileInfo info() throws IOException {
    return file.info();
  }

  public Path path() {
    return file.path();
  }

  /// The same file for operations that need no alignment.
  public AsyncFile file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  @Override
  public String toString() {
    return "DirectFile[" + handle.path() + "]";
  }
}
