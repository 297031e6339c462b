package io.ringwell.pipe;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.IoBuffer;
import io.ringwell.sys.SecretCopy;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The half of a [Pipe] that writes.
///
/// [#reserve] or [#window] gives memory to fill; [#commit] says how much of it was; [#flush] shows
/// the reader all that was committed. Or [#append] gives whole bytes away.
///
/// **Waiting.** Park: [#flush], [#reserve], [#window], [#append]. Stage: [#flushAsync]. Poll:
/// [#tryFlush()], [#tryReserve], [#tryAppend], which never block and allocate nothing, but what
/// segments need that were not there yet. A call that parks in wait of room first shows the reader
/// what was committed. An interrupt ends a wait with [InterruptedIOException], and loses nothing.
///
/// **End.** [#complete()] says that all was written; [#complete(Throwable)] that it was not, and
/// why: the reader gets that, before anything that it has not read. A [#close] without either is
/// the latter. Once the reader is complete, flushes say so, or throw what it was completed with,
/// and what is written is let go.
///
/// **Ways in.** [#send], [#copyFrom(ReadableByteChannel)], [#outputStream], [#channel];
/// [io.ringwell.sink.Sources#drain(io.ringwell.sink.Source, PipeWriter)] for the windows of a file
/// and any other source, and [io.ringwell.sink.Sinks#pipe] for a `Flow.Subscriber`.
///
/// **Threads.** One call at a time, from any thread; [#cancelPending] at any time. After completion
/// all others throw `IllegalStateException`.
public final class PipeWriter implements AutoCloseable {
  private final PipeCore core;
  private final WriteSide side;

  /// Whether copies are to leave nothing behind.
  private final boolean secure;

  PipeWriter(PipeCore core, boolean secure) {
    this.core = core;
    this.side = new WriteSide(core);
    this.secure = secure;
  }

  // ---- Windows ---------------------------------------------------------------------------------

  /// Memory to fill, at least `least` bytes of it, and at least one: what [#memory] has from
  /// [#position] on. Parks for room under the hard cap, and for memory. A window that was there
  /// before ends; so does this one by a flush or an append.
  ///
  /// @return how long it is; often more than asked for
  /// @throws IllegalArgumentException where `least` is more than the pipe or its pool may hold, or
  ///   negative
  /// @throws java.util.concurrent.CancellationException by [#cancelPending], where it waits for
  ///   room or memory; and where the reader is complete and there is no memory, of the pool or
  ///   within [PipeOptions#maxMemoryBytes], or not yet
  public long reserve(long least) throws InterruptedIOException {
    checkLeast(least);
    return side.reserve(least);
  }

  /// The same without waiting: 0 where there is no room or no memory now.
  public long tryReserve(long least) {
    checkLeast(least);
    return side.tryReserve(least);
  }

  static void checkLeast(long least) {
    if (least < 0) {
      throw new IllegalArgumentException(
          "a window of at least %d; ask for 0 or more".formatted(least));
    }
  }

  /// [#reserve], as a segment of its own.
  public MemorySegment window(long least) throws InterruptedIOException {
    long length = reserve(least);
    return memory().asSlice(side.position(), length);
  }

  /// The memory that the window lies in. Bytes before the window may be the reader's.
  public MemorySegment memory() {
    return side.tail().memory;
  }

  /// Where the window begins in [#memory], or in [#buffer]. Moves on with each commit.
  public long position() {
    return side.position();
  }

  /// How much of the window is left, in bytes; 0 where there is none.
  public long room() {
    return side.windowLength();
  }

  /// The buffer that the window lies in, for those who have the kernel fill it: they lend it, and
  /// commit or forget the window when that has ended.
  ///
  /// @throws IllegalStateException where there is no window
  public IoBuffer buffer() {
    IoBuffer buffer = side.tail().buffer;
    if (buffer == null || side.windowLength() == 0) {
      throw new IllegalStateException("reserve a window first");
    }
    return buffer;
  }

  /// Says that the next `count` bytes of the window are filled. The rest is still to be filled. The
  /// reader sees them with the next flush.
  ///
  /// @throws IllegalArgumentException where the window is shorter
  public void commit(long count) {
    side.commit(count);
  }

  // ---- Whole bytes -----------------------------------------------------------------------------

  /// Writes `bytes` without copying them: they are the pipe's from now on, and closed when they
  /// were consumed. Costs the same for any size. Parks for room under the hard cap. The reader sees
  /// them with the next flush. Where this throws, they stay the caller's. What closing them throws,
  /// the call throws that did: an advance or a read's detach most often, or a flush, which was made
  /// all the same.
  ///
  /// @throws IllegalArgumentException where they are more than the pipe may hold
  /// @throws java.util.concurrent.CancellationException by [#cancelPending], where it waits
  public void append(Bytes bytes) throws InterruptedIOException {
    side.append(bytes);
  }

  /// The same without waiting.
  ///
  /// @return false where there is no room now: they stay the caller's
  public boolean tryAppend(Bytes bytes) {
    return side.tryAppend(bytes);
  }

  /// Writes `bytes` without copying them, and flushes; parks as [#append] and [#flush] do. They are
  /// the pipe's from the call on, whether it returns or throws; those larger than the pipe may hold
  /// go in parts.
  ///
  /// @throws IOException what the reader was completed with, or that it is complete: what was not
  ///   taken is let go
  /// @throws CancellationException by [#cancelPending]; how much was taken, [#committed] says
  public void send(Bytes bytes) throws IOException {
    expectOpen(give(bytes));
  }

  /// The same, but tells how the flush went.
  FlushResult give(Bytes bytes) throws IOException {
    take(bytes);
    return side.flush();
  }

  private void take(Bytes bytes) throws InterruptedIOException {
    long size = bytes.size();
    if (size > options().maxBuffered()) {
      // Not as large as may be: there may be something in the pipe that the reader keeps.
      long part = Math.max(1, options().maxBuffered() >> 2);
      try (bytes) {
        for (long at = 0; at < size; at += part) {
          take(bytes.slice(at, Math.min(part, size - at)));
        }
      }
      return;
    }
    boolean taken = false;
    try {
      side.append(bytes);
      taken = true;
    } finally {
      if (!taken) {
        bytes.close();
      }
    }
  }

  /// Flushes, for those who can do nothing else where nobody reads.
  void flushOpen() throws IOException {
    expectOpen(side.flush());
  }

  private static void expectOpen(FlushResult result) throws IOException {
    switch (result) {
      case COMPLETED -> throw unread();
      case CANCELLED -> throw new CancellationException("the flush of a pipe was cancelled");
      case OPEN, PENDING -> {}
    }
  }

  static IOException unread() {
    return new IOException("nobody reads the pipe any more");
  }

  // ---- Copies ----------------------------------------------------------------------------------

  /// Copies all of `source`; counted. Parks for room and memory, and shows the reader what was
  /// copied only where it does. Does not flush.
  public void write(MemorySegment source) throws InterruptedIOException {
    long at = 0;
    long left = source.byteSize();
    while (left > 0) {
      long count = Math.min(left, room());
      if (count == 0) {
        count = Math.min(left, side.reserve(1));
      }
      if (secure) {
        SecretCopy.copy(source.asSlice(at, count), memory().asSlice(position(), count));
      } else {
        MemorySegment.copy(source, at, memory(), position(), count);
      }
      commit(count);
      at += count;
      left -= count;
    }
    CopyCounter.add(at);
  }

  /// Copies `length` bytes of `source` from `from` on; counted.
  public void write(byte[] source, int from, int length) throws InterruptedIOException {
    Objects.checkFromIndexSize(from, length, source.length);
    write(MemorySegment.ofArray(source).asSlice(from, length));
  }

  // ---- From elsewhere --------------------------------------------------------------------------

  /// Has `source` write into the pipe's windows until it ends, or nobody reads; parks, and blocks
  /// as that does. What came is flushed each time. Completes and closes nothing: where this throws,
  /// [#complete(Throwable)] is for the caller.
  ///
  /// @return how many bytes it were
  /// @throws java.nio.channels.IllegalBlockingModeException where the channel does not block
  /// @throws CancellationException by [#cancelPending]
  public long copyFrom(ReadableByteChannel source) throws IOException {
    return Filling.from(source, this);
  }

  /// The same, by way of an array: every byte is copied, and counted.
  public long copyFrom(InputStream source) throws IOException {
    return Filling.from(source, this);
  }

  /// A stream, which takes the place of this writer: it copies what is written, which is counted,
  /// and shows the reader what it has every few kilobytes, and by a flush, which parks while the
  /// reader has too much. **Closing it completes the writer**: who has failed calls
  /// [#complete(Throwable)] first. Where nobody reads any more, it throws; [#cancelPending] makes
  /// it throw [CancellationException].
  public OutputStream outputStream() {
    return new PipeOutputStream(this);
  }

  /// The same as a channel, each of whose writes is flushed.
  public WritableByteChannel channel() {
    return new PipeTargetChannel(this);
  }

  // ---- Flushing --------------------------------------------------------------------------------

  /// Shows the reader all that was committed, and parks while it has too much to examine.
  ///
  /// @throws IOException what the reader was completed with; other errors as they are
  public FlushResult flush() throws IOException {
    return side.flush();
  }

  /// Shows the reader all that was committed. The stage completes when the writer may go on; until
  /// then it must not.
  public CompletionStage<FlushResult> flushAsync() {
    return side.flushAsync();
  }

  /// Shows the reader all that was committed, and does not wait: [FlushResult#PENDING] where the
  /// writer should. One that goes on nevertheless ends at the hard cap.
  public FlushResult tryFlush() throws IOException {
    return side.tryFlush();
  }

  /// The same; where it is `PENDING`, has `then` run once by the writer's scheduler as soon as the
  /// writer may go on: for those who go on from call to call, and want nothing allocated for it.
  /// Until it runs, the writer must not. What `then` does is to flush again, which says why.
  public FlushResult tryFlush(Runnable then) throws IOException {
    return side.tryFlush(Objects.requireNonNull(then, "then"));
  }

  /// What was committed and not flushed, in bytes.
  public long unflushed() {
    return side.unflushed();
  }

  /// What was committed so far: the offset in the stream of what is committed next.
  public long committed() {
    return side.committed();
  }

  /// Ends the wait in progress, or the next one if there is none: that once, a flush says
  /// [FlushResult#CANCELLED]. Nothing is lost. From any thread.
  public void cancelPending() {
    core.cancelWrite();
  }

  // ---- The end ---------------------------------------------------------------------------------

  /// Says that all was written. What was committed is flushed first. Again: does nothing.
  public void complete() {
    side.complete(null);
  }

  /// Ends it with an error, or without if there is none. The first call counts.
  public void complete(@Nullable Throwable error) {
    side.complete(error);
  }

  public boolean isComplete() {
    return core.writing.isDone();
  }

  /// How the pipe was made.
  public PipeOptions options() {
    return core.options;
  }

  /// Has `callback` called with what the reader completes with, null where that is no error, by the
  /// writer's scheduler; at once if it is complete. Callbacks are called in the order in which they
  /// came, before a flush that waits ends. What they throw goes to the scheduler, the first with
  /// the others suppressed.
  public void onReaderCompleted(Consumer<@Nullable Throwable> callback) {
    core.reading.whenDone(callback);
  }

  boolean isOf(PipeCore other) {
    return core == other;
  }

  void checkUsable() {
    side.checkUsable();
  }

  void reset() {
    side.reset();
  }

  /// Completes it with an [IOException] if it is not complete: the reader is not to take what came
  /// for all there was.
  @Override
  public void close() {
    if (!isComplete()) {
      side.complete(new IOException("the writer was closed before it was complete"));
    }
  }

  @Override
  public String toString() {
    return "PipeWriter[committed %d, unflushed %d]".formatted(committed(), unflushed());
  }
}
