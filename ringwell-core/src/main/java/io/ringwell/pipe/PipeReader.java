package io.ringwell.pipe;

import io.ringwell.memory.BufferPool;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The half of a [Pipe] that reads.
///
/// A read gives a [PipeRead]: all that was flushed and not consumed. [PipeRead#advance] says how
/// far it was used, and how far it was looked at; the next read comes when there is more than was
/// looked at. So who needs a whole message says that it examined all and consumed nothing, and gets
/// both what was there and what came.
///
/// A read also comes when the writer is complete, when it was cancelled, and when the pipe is full,
/// so that nothing can come: the [PipeRead] says which.
///
/// **Waiting.** Park: [#read], [#readAtLeast]. Stage: [#readAsync], [#readAtLeastAsync]. Poll:
/// [#tryRead()], which never blocks and allocates nothing. An interrupt ends a wait with
/// [java.io.InterruptedIOException], and loses nothing.
///
/// **Ways out.** [#copyTo(PipeWriter)], [#pipeTo], [#inputStream], [#channel];
/// [io.ringwell.sink.Sources#pipe] for sinks, and for a `Flow.Publisher` of owned bytes.
///
/// **Threads.** One call at a time, from any thread; [#cancelPending] at any time, and
/// [#complete()] while a read waits. Reads that overlap throw `IllegalStateException`, as does a
/// read before the last one was advanced, and everything after completion.
public final class PipeReader implements AutoCloseable {
  private final PipeCore core;
  private final ReadSide side;
  private final PipeRead read;
  private final Supplier<PipeRead> begin;

  PipeReader(PipeCore core, BufferPool pool) {
    this.core = core;
    this.side = new ReadSide(core);
    this.read = new PipeRead(side, new Detaching(core, pool));
    this.begin = read::begin;
  }

  /// What has come; parks until something has that was not examined. The same object each time.
  ///
  /// @throws IOException what the writer was completed with, each time; other errors as they are
  public PipeRead read() throws IOException {
    side.read(0);
    return read.begin();
  }

  /// The same, once `bytes` or more are there that were not consumed, and some that were not
  /// examined; sooner where the writer is complete, or at a cancel, or where the pipe is full. A
  /// writer that waits in a flush goes on until then.
  ///
  /// @throws IllegalArgumentException where the pipe may not hold that much, or `bytes` is negative
  public PipeRead readAtLeast(long bytes) throws IOException {
    side.read(bytes);
    return read.begin();
  }

  /// What has come, or null if there is nothing that was not examined. Never blocks.
  public @Nullable PipeRead tryRead() throws IOException {
    return side.tryRead() ? read.begin() : null;
  }

  /// The same; where it is null, has `then` run once by the reader's scheduler as soon as a read
  /// would come: for those who go on from call to call, and want nothing allocated for it. Until it
  /// runs, a read is in progress. What `then` does is to read again, which says what has come:
  /// data, a cancel, the end.
  public @Nullable PipeRead tryRead(Runnable then) throws IOException {
    return side.tryRead(Objects.requireNonNull(then, "then")) ? read.begin() : null;
  }

  /// [#read] as a stage. One at a time.
  public CompletionStage<PipeRead> readAsync() {
    return side.readAsync(0, begin);
  }

  /// [#readAtLeast] as a stage. One at a time.
  public CompletionStage<PipeRead> readAtLeastAsync(long bytes) {
    return side.readAsync(bytes, begin);
  }

  /// Ends the read in progress, or the next one if there is none: that once, it comes with
  /// [PipeRead#isCancelled], and whatever is there. Nothing is lost, and such a read need not be
  /// advanced. From any thread.
  public void cancelPending() {
    core.cancelRead();
  }

  /// Up to where in the stream it was consumed.
  public long consumed() {
    return core.consumed.get();
  }

  // ---- Elsewhere -------------------------------------------------------------------------------

  /// Moves all that comes to `target`, until the writer is complete or nobody reads there; parks.
  /// The memory changes hands: nothing is copied, but for what [PipeRead#detach] would copy. Each
  /// fragment is flushed. Completes neither half: see [#pipeTo].
  ///
  /// Whatever ends it, just what `target` has taken is consumed here: who calls again goes on.
  ///
  /// @return how many bytes it were
  /// @throws IllegalArgumentException where `target` is this pipe's own writer
  /// @throws IOException what the writer was completed with, or the reader of `target`
  /// @throws java.io.InterruptedIOException where the thread is interrupted while it waits
  /// @throws java.util.concurrent.CancellationException by [#cancelPending], of `target` as well
  public long copyTo(PipeWriter target) throws IOException {
    refuseOwn(target);
    return Copying.to(target).all(this);
  }

  /// It would never end.
  private void refuseOwn(PipeWriter target) {
    if (target.isOf(core)) {
      throw new IllegalArgumentException(
          "a pipe is not copied into itself; copy it to the writer of another one");
    }
  }

  /// [#copyTo(PipeWriter)], and then completes both halves: without an error where this side ended,
  /// or where nobody reads `target` any more; else with what went wrong, an interrupt or a cancel
  /// included, which is thrown, too. So an end or an error on either side is heard of on the other,
  /// also while this waits.
  ///
  /// @return how many bytes it were
  public long pipeTo(PipeWriter target) throws IOException {
    refuseOwn(target);
    // A read that waits would hear of it with the next bytes only.
    AtomicBoolean waits = new AtomicBoolean(true);
    target.onReaderCompleted(error -> {
      if (waits.get()) {
        cancelPending();
      }
    });
    try {
      long moved = copyTo(target);
      target.complete();
      complete();
      return moved;
    } catch (IOException | RuntimeException | Error e) {
      target.complete(e);
      complete(e);
      throw e;
    } finally {
      waits.set(false);
    }
  }

  /// Writes all that comes to `target`, from where it lies, until the writer is complete; parks and
  /// blocks as that does. What was written is consumed, whatever ends it. Completes and closes
  /// nothing.
  ///
  /// @return how many bytes it were
  /// @throws java.nio.channels.IllegalBlockingModeException where the channel does not block
  /// @throws java.util.concurrent.CancellationException by [#cancelPending]
  public long copyTo(WritableByteChannel target) throws IOException {
    return Copying.to(target).all(this);
  }

  /// The same, by way of an array: every byte is copied, and counted. Does not flush the stream.
  ///
  /// @throws IllegalStateException where bytes are secure: an array can be neither locked nor
  ///   reliably zeroed
  public long copyTo(OutputStream target) throws IOException {
    return Copying.to(target).all(this);
  }

  /// What comes, as a stream, which takes the place of this reader: each read parks until there is
  /// something, and consumes what it copies to the caller's array, which is counted. Closing it
  /// completes the reader. What the writer was completed with is thrown; [#cancelPending] makes a
  /// read throw [java.util.concurrent.CancellationException].
  public InputStream inputStream() {
    return new PipeInputStream(this);
  }

  /// The same as a channel. It is not asynchronously closeable: [#cancelPending] ends a read that
  /// waits.
  public ReadableByteChannel channel() {
    return new PipeSourceChannel(this);
  }

  // ---- The end ---------------------------------------------------------------------------------

  /// Says that nothing more will be read. What is there is let go, and so is what is still written.
  /// A read that waits throws `IllegalStateException`. Again: does nothing.
  public void complete() {
    side.complete(null);
  }

  /// The same, and has the writer's flushes throw `error` if there is one. The first call counts.
  public void complete(@Nullable Throwable error) {
    side.complete(error);
  }

  public boolean isComplete() {
    return core.reading.isDone();
  }

  /// Has `callback` called with what the writer completes with, null where that is no error, by the
  /// reader's scheduler; at once if it is complete. Callbacks are called in the order in which they
  /// came, before a read that waits ends. What they throw goes to the scheduler, the first with the
  /// others suppressed.
  public void onWriterCompleted(Consumer<@Nullable Throwable> callback) {
    core.writing.whenDone(callback);
  }

  PipeRead handle() {
    return read;
  }

  void reset() {
    side.reset();
  }

  /// [#complete()].
  @Override
  public void close() {
    side.complete(null);
  }

  @Override
  public String toString() {
    return "PipeReader[consumed %d]".formatted(consumed());
  }
}
