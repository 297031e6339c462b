package io.ringwell.file;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.FileInfo;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.IoBuffer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An open file that any number of threads read and write at once, each call at an offset of its
/// own.
///
/// **Waiting.** Methods named `…Async` return a stage at once; the others park the calling thread,
/// which unmounts a virtual one. An interrupt ends the wait with [java.io.InterruptedIOException];
/// the file stays open and usable.
///
/// **Memory.** A read hands out [Bytes] of the engine's pool, which the caller closes. A write
/// borrows the caller's [Bytes] until it is complete; the handle stays the caller's. Nothing is
/// copied in user memory.
///
/// **Results.** Reads and writes move all that was asked for; a read is shorter only where the file
/// ends. Failures are [io.ringwell.engine.OperationException], which names operation, file, offset,
/// length and error.
///
/// **Size.** Offsets and lengths are 64 bits wide. A transfer longer than 1 MiB goes in parts of
/// that size, eight at a time. A read in one piece is bounded by the pool it comes from.
///
/// **Order.** There is none between operations in flight, not even on overlapping ranges: await the
/// first, then submit the second.
///
/// ```java
/// try (AsyncFile file = AsyncFile.open(engine, path, OpenOptions.read());
///     Bytes head = file.read(0, 4096)) {
///   …
/// }
/// ```
public final class AsyncFile implements AutoCloseable {
  private final Engine engine;
  private final FileHandle handle;
  private final boolean tryCache;
  private final AtomicBoolean closed = new AtomicBoolean();

  AsyncFile(Engine engine, FileHandle handle, OpenOptions options) {
    this.engine = engine;
    this.handle = handle;
    this.tryCache = options.handOff() == OpenOptions.HandOff.AUTO && !options.has(OpenFlag.DIRECT);
  }

  /// Opens a file; parks.
  public static AsyncFile open(Engine engine, Path path, OpenOptions options) throws IOException {
    return new AsyncFile(engine, engine.open(path, options.flags(), options.mode()), options);
  }

  /// Opens a file.
  public static CompletionStage<AsyncFile> openAsync(
      Engine engine, Path path, OpenOptions options) {
    Operation op = new Operation().open(path, options.flags(), options.mode());
    return submit(
        engine,
        op,
        done -> {
          try {
            return new AsyncFile(engine, done.openedFile(), options);
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        });
  }

  // ---- Reading ---------------------------------------------------------------------------------

  /// Reads up to `length` bytes at `offset`; fewer, or none, only where the file ends.
  public Bytes read(long offset, long length) throws IOException {
    if (length == 0) {
      return Bytes.empty();
    }
    IoBuffer buffer = engine.pool().acquire(length);
    long read;
    try {
      read = read(offset, buffer, 0, length);
    } catch (IOException | RuntimeException e) {
      // What is still lent to the kernel goes back when the kernel is done with it.
      buffer.close();
      throw e;
    }
    return buffer.freeze(0, read);
  }

  /// Reads exactly `length` bytes at `offset`.
  ///
  /// @throws EOFException where the file ends before
  public Bytes readExactly(long offset, long length) throws IOException {
    Bytes bytes = read(offset, length);
    if (bytes.size() < length) {
      long got = bytes.size();
      bytes.close();
      throw endOfFile(offset, length, got);
    }
    return bytes;
  }

  private EOFException endOfFile(long offset, long length, long got) {
    return new EOFException(
        "read "
            + handle.path()
            + " at "
            + offset
            + " for "
            + length
            + " bytes: the file ends after "
            + got);
  }

  /// Reads up to `length` bytes at `offset` into `into` at `at`.
  ///
  /// @return the bytes read; fewer than `length` only where the file ends
  public long read(long offset, IoBuffer into, long at, long length) throws IOException {
    if (length > SplitTransfer.PART_BYTES) {
      return Waiting.join(readParts(offset, into, at, length));
    }
    Operation op = new Operation().read(handle, into, at, length, offset);
    if (tryCache && engine.tryNow(op)) {
      return op.transferred();
    }
    engine.submit(op);
    return op.await();
  }

  /// Fills `into` from `offset`.
  ///
  /// @return the bytes read; fewer than its capacity only where the file ends
  public long read(long offset, IoBuffer into) throws IOException {
    return read(offset, into, 0, into.capacity());
  }

  /// As [#read(long, long)]. Parks only while the pool or the engine's queue is exhausted.
  public CompletionStage<Bytes> readAsync(long offset, long length) {
    if (length == 0) {
      return CompletableFuture.completedFuture(Bytes.empty());
    }
    IoBuffer buffer;
    try {
      buffer = engine.pool().acquire(length);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
    return readAsync(offset, buffer, 0, length)
        .handle((read, failure) -> {
          if (failure != null) {
            buffer.close();
            throw propagate(failure);
          }
          return buffer.freeze(0, read);
        });
  }

  private static RuntimeException propagate(Throwable failure) {
    return failure instanceof CompletionException wrapped
        ? wrapped
        : new CompletionException(failure);
  }

  /// As [#read(long, IoBuffer, long, long)]. Parks only while the engine's queue is full.
  public CompletionStage<Long> readAsync(long offset, IoBuffer into, long at, long length) {
    if (length > SplitTransfer.PART_BYTES) {
      return readParts(offset, into, at, length);
    }
    Operation op = new Operation().read(handle, into, at, length, offset);
    if (tryCache && engine.tryNow(op)) {
      return CompletableFuture.completedFuture(op.transferred());
    }
    return submit(engine, op, Operation::transferred);
  }

  private CompletableFuture<Long> readParts(long offset, IoBuffer into, long at, long length) {
    Objects.checkFromIndexSize(at, length, into.capacity());
    return SplitTransfer.start(
        engine,
        length,
        (op, from, bytes) -> op.read(handle, into, at + from, bytes, offset + from));
  }

  // ---- Writing ---------------------------------------------------------------------------------

  /// Writes all of `bytes` at `offset`.
  public void write(long offset, Bytes bytes) throws IOException {
    if (bytes.size() > SplitTransfer.PART_BYTES) {
      Waiting.join(writeParts(offset, bytes));
      return;
    }
    run(new Operation().write(handle, bytes, 0, bytes.size(), offset));
  }

  /// Writes all of `bytes` at `offset`. Parks only while the engine's queue is full.
  public CompletionStage<@Nullable Void> writeAsync(long offset, Bytes bytes) {
    if (bytes.size() > SplitTransfer.PART_BYTES) {
      return writeParts(offset, bytes).thenApply(written -> null);
    }
    Operation op = new Operation().write(handle, bytes, 0, bytes.size(), offset);
    return submit(engine, op, done -> null);
  }

  private CompletableFuture<Long> writeParts(long offset, Bytes bytes) {
    return SplitTransfer.start(
        engine,
        bytes.size(),
        (op, from, length) -> op.write(handle, bytes, from, length, offset + from));
  }

  /// Writes the fragments of `chain` one after another at `offset`, gathered by the kernel.
  public void write(long offset, BytesChain chain) throws IOException {
    run(new Operation().writev(handle, chain, offset));
  }

  /// As [#write(long, BytesChain)]. Parks only while the engine's queue is full.
  public CompletionStage<@Nullable Void> writeAsync(long offset, BytesChain chain) {
    return submit(engine, new Operation().writev(handle, chain, offset), done -> null);
  }

  /// Writes all of `bytes` to the end of a file that was opened to append.
  ///
  /// What another writer appends meanwhile may come between the parts of one that needs several.
  public void append(Bytes bytes) throws IOException {
    if ((handle.flags() & OpenFlag.APPEND) == 0) {
      throw new IllegalStateException("the file was not opened to append: " + handle.path());
    }
    run(new Operation().write(handle, bytes, 0, bytes.size(), 0));
  }

  // ---- The file itself -------------------------------------------------------------------------

  /// Sets the size: what is beyond is cut off, what is missing reads as zeros.
  public void truncate(long size) throws IOException {
    run(new Operation().truncate(handle, size));
  }

  /// Allocates storage for a range, so that writing it does not fail for lack of space.
  public void allocate(long offset, long length, boolean keepSize) throws IOException {
    run(new Operation().allocate(handle, offset, length, keepSize));
  }

  /// Gives the storage of a range back: it reads as zeros, and the file keeps its size.
  public void punchHole(long offset, long length) throws IOException {
    run(new Operation().punchHole(handle, offset, length));
  }

  /// Brings what was written before to the device.
  public void sync(Durability durability) throws IOException {
    if (durability != Durability.NONE) {
      run(sync(new Operation(), durability));
    }
  }

  /// As [#sync(Durability)].
  public CompletionStage<@Nullable Void> syncAsync(Durability durability) {
    return durability == Durability.NONE
        ? CompletableFuture.completedFuture(null)
        : submit(engine, sync(new Operation(), durability), done -> null);
  }

  private Operation sync(Operation op, Durability durability) {
    return durability == Durability.DATA ? op.fdatasync(handle) : op.fsync(handle);
  }

  /// Size, times, permissions, alignment for direct I/O.
  public FileInfo info() throws IOException {
    Operation op = new Operation().statx(handle);
    run(op);
    return op.fileInfo();
  }

  /// The size in bytes, now.
  public long size() throws IOException {
    return info().size();
  }

  /// Locks a range for this open file; parks until it is free.
  ///
  /// @param length 0 reaches to the end of the file, wherever that will be
  public FileLock lock(long offset, long length, boolean exclusive) throws IOException {
    run(new Operation().lock(handle, offset, length, exclusive, true));
    return new FileLock(this, offset, length);
  }

  /// Locks a range for this open file, or fails with EAGAIN where another open file holds it.
  public FileLock tryLock(long offset, long length, boolean exclusive) throws IOException {
    run(new Operation().lock(handle, offset, length, exclusive, false));
    return new FileLock(this, offset, length);
  }

  void unlock(long offset, long length) throws IOException {
    run(new Operation().unlock(handle, offset, length));
  }

  public Path path() {
    return handle.path();
  }

  /// The file as the engine knows it, for operations of one's own.
  public FileHandle handle() {
    return handle;
  }

  public Engine engine() {
    return engine;
  }

  /// Refuses further calls, waits for what is in flight, and closes. Once more does nothing.
  ///
  /// @throws IOException where close(2) reports that earlier writes were lost
  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) {
      engine.close(handle);
    }
  }

  /// As [#close()].
  public CompletionStage<@Nullable Void> closeAsync() {
    return closed.compareAndSet(false, true)
        ? submit(engine, new Operation().close(handle), done -> null)
        : CompletableFuture.completedFuture(null);
  }

  private void run(Operation op) throws IOException {
    engine.submit(op);
    op.await();
  }

  private static <T extends @Nullable Object> CompletionStage<T> submit(
      Engine engine, Operation op, Function<Operation, T> result) {
    CompletionStage<T> stage = op.stage().thenApply(result);
    try {
      engine.submit(op);
      return stage;
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public String toString() {
    return "AsyncFile[" + handle.path() + "]";
  }
}
