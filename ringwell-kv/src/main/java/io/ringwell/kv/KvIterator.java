package io.ringwell.kv;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/// A cursor over entries, keys with values, whose step may suspend.
///
/// **Position.** It stands on an entry or between two; a fresh one stands before the first. [#poll]
/// moves on and answers [#ENTRY], [#END], or [#PENDING] when something has to be read first; it
/// never blocks and allocates nothing. [#next] is the same and parks. [#pollPrevious] and
/// [#previous] go backwards. Both ends may be asked for as often as one likes, and turned at.
///
/// ```java
/// while (true) {
///   switch (entries.poll()) {
///     case KvIterator.ENTRY -> use(entries.keySegment(), entries.keyOffset(), entries.keyLength());
///     case KvIterator.PENDING -> entries.ready().thenRun(this::goOn);   // or entries.await()
///     default -> done();
///   }
/// }
/// ```
///
/// **Pending.** Reads are in flight; no thread is held. There is no entry until the step has ended:
/// poll again in the same direction, as soon or as late as you like. A seek or a rewind gives the
/// step up; a step the other way throws `IllegalStateException`.
///
/// **Seeks** note where to go: none does I/O or blocks. After `seek(k)` the iterator stands before
/// the first entry whose key is not before `k`, after `seekForPrevious(k)` behind the last whose
/// key is not behind `k`: the next step, either way, begins there.
///
/// **Entry.** [#keySegment], [#keyOffset] and [#keyLength], and the same of the value, cost a few
/// loads. They are good until the next step, seek or close; so is what [#key] and [#value] return.
/// [#retain] keeps an entry for longer. Without an entry all throw `IllegalStateException`.
///
/// **Order.** That of [Keys], unless the iterator says otherwise.
///
/// **Errors.** What a step throws it throws once. Then the iterator stands nowhere: a further step
/// throws `IllegalStateException`, and after a seek or rewind all goes on.
///
/// **Threads.** One at a time; handed from thread to thread as any unsynchronised object. [#close]
/// alone may be called from any thread, at any time: a step, or a wait, that it meets on another
/// thread ends with `IllegalStateException`, or as it would have. Closing ends the iterators below,
/// too, and is done when the kernel has let go of all memory, or will let go of it by itself.
///
/// **Calls.** All kinds are final but [CustomIterator], and one kind asks which one it has before
/// it calls another: a step is compiled into its callers through several levels.
public abstract sealed class KvIterator extends StepState implements AutoCloseable
    permits TestIterator, ConcatIterator, MergeIterator, ViewIterator, CustomIterator {
  /// There is no further entry in this direction.
  public static final int END = 0;

  /// The iterator stands on an entry.
  public static final int ENTRY = 1;

  /// Something is being read; poll again later.
  public static final int PENDING = 2;

  /// [#kind] of what was removed. The numbers of kinds are RocksDB's.
  public static final int DELETE = 0;

  /// [#kind] of an ordinary entry.
  public static final int VALUE = 1;

  /// [#kind] of what was removed, having been written once.
  public static final int SINGLE_DELETE = 7;

  private static final CompletionStage<Void> READY = CompletableFuture.completedStage(null);

  /// The key of the last seek.
  final KeyBuffer sought = new KeyBuffer();

  KvIterator() {}

  // ---- steps

  /// Moves to the next entry, unless that has to be read first. Never blocks, allocates nothing but
  /// what a read takes.
  ///
  /// @return [#ENTRY], [#END] or [#PENDING]
  /// @throws IOException what went wrong with file, offset and block, once
  /// @throws IllegalStateException if it is closed, has failed and was not sought since, or has a
  ///   step backwards pending
  public abstract int poll() throws IOException;

  /// Moves to the entry before. From a fresh iterator there is none.
  ///
  /// @return [#ENTRY], [#END] or [#PENDING]
  /// @throws IOException as [#poll]
  /// @throws IllegalStateException as [#poll], of a step forwards
  public abstract int pollPrevious() throws IOException;

  /// [#poll] until the step is done, parked in between.
  ///
  /// @return false at the end
  /// @throws InterruptedIOException if the thread is interrupted while it parks; the step stays
  ///   pending
  /// @throws IOException as [#poll]
  public final boolean next() throws IOException {
    int result;
    while ((result = Ladder.poll(this)) == PENDING) {
      await();
    }
    return result == ENTRY;
  }

  /// [#pollPrevious] until the step is done, parked in between.
  ///
  /// @return false at the beginning
  /// @throws InterruptedIOException if the thread is interrupted while it parks; the step stays
  ///   pending
  /// @throws IOException as [#poll]
  public final boolean previous() throws IOException {
    int result;
    while ((result = Ladder.pollPrevious(this)) == PENDING) {
      await();
    }
    return result == ENTRY;
  }

  /// Completes when it makes sense to poll again: when the read has ended, well or badly, or the
  /// iterator was closed. Never exceptionally. Complete already unless a step is pending. What
  /// hangs on it may run on a thread of the engine's callbacks, and must not block it. The first
  /// call for a read allocates.
  public final CompletionStage<Void> ready() {
    return isPending() ? readiness() : READY;
  }

  /// Parks until it makes sense to poll again; returns at once unless a step is pending.
  ///
  /// @throws InterruptedIOException if the thread is interrupted; the step stays pending
  /// @throws IOException if the wait itself fails
  public final void await() throws IOException {
    if (isPending()) {
      park();
    }
  }

  // ---- seeks

  /// Stands before the first entry.
  ///
  /// @throws IllegalStateException if it is closed
  public final void rewind() {
    reopen();
    toStart();
  }

  /// Stands behind the last entry.
  ///
  /// @throws IllegalStateException if it is closed
  public final void seekToEnd() {
    reopen();
    toEnd();
  }

  /// Stands before the first entry whose key is `key` or behind it. The key is copied.
  ///
  /// @throws IllegalStateException if it is closed
  public final void seek(MemorySegment key) {
    seek(key, 0, length(key));
  }

  /// [#seek(MemorySegment)] with a part of a segment.
  ///
  /// @throws IndexOutOfBoundsException if the key is not within its segment
  /// @throws IllegalStateException if it is closed
  public final void seek(MemorySegment key, long offset, int length) {
    note(key, offset, length);
    toKey(sought.segment(), sought.length());
  }

  /// Stands behind the last entry whose key is `key` or before it. The key is copied.
  ///
  /// @throws IllegalStateException if it is closed
  public final void seekForPrevious(MemorySegment key) {
    seekForPrevious(key, 0, length(key));
  }

  /// [#seekForPrevious(MemorySegment)] with a part of a segment.
  ///
  /// @throws IndexOutOfBoundsException if the key is not within its segment
  /// @throws IllegalStateException if it is closed
  public final void seekForPrevious(MemorySegment key, long offset, int length) {
    note(key, offset, length);
    behindKey(sought.segment(), sought.length());
  }

  // ---- the entry

  /// Whether it stands on an entry.
  public final boolean isValid() {
    return entry != null;
  }

  /// The memory that the key lies in.
  public final MemorySegment keySegment() {
    return entry().keySegment;
  }

  /// Where in [#keySegment] the key begins, in bytes.
  public final long keyOffset() {
    return entry().keyOffset;
  }

  /// The key's length in bytes.
  public final int keyLength() {
    return entry().keyLength;
  }

  /// The memory that the value lies in.
  public final MemorySegment valueSegment() {
    return entry().valueSegment;
  }

  /// Where in [#valueSegment] the value begins, in bytes.
  public final long valueOffset() {
    return entry().valueOffset;
  }

  /// The value's length in bytes.
  public final int valueLength() {
    return entry().valueLength;
  }

  /// The key as a new slice: allocates, unless the compiler sees that it need not.
  public final MemorySegment key() {
    Entry at = entry();
    return at.keySegment.asSlice(at.keyOffset, at.keyLength);
  }

  /// The value as a new slice: allocates, unless the compiler sees that it need not.
  public final MemorySegment value() {
    Entry at = entry();
    return at.valueSegment.asSlice(at.valueOffset, at.valueLength);
  }

  /// When the entry was written, in RocksDB's count; 0 where nobody counted.
  public final long sequence() {
    return entry().sequence;
  }

  /// [#VALUE], or what else the entry is.
  public final int kind() {
    return entry().kind;
  }

  /// Whether the entry says that its key was removed.
  public final boolean isTombstone() {
    int kind = entry().kind;
    return kind == DELETE || kind == SINGLE_DELETE;
  }

  /// The entry for longer than the step: the block that it lies in, shared, not copied. What does
  /// not lie in a block is copied: keys of a table, which stores them as differences, and the
  /// entries of iterators that say so. Allocates two handles.
  public final Retained retain() {
    return entry().retain();
  }

  // ---- the end

  /// Ends the iterator and those below it; memory that a read is still filling is handed over, and
  /// goes back when the kernel is done with it. Further calls do nothing. From any thread.
  @Override
  public final void close() {
    if (shut()) {
      release();
    }
  }

  // ---- for those who implement it

  /// When a pending step can go on. Completes normally, also after a failed read or a close.
  abstract CompletionStage<Void> readiness();

  /// Parks until a pending step can go on, or the iterator is closed.
  void park() throws IOException {
    try {
      readiness().toCompletableFuture().get();
    } catch (InterruptedException e) {
      InterruptedIOException told = new InterruptedIOException("interrupted while waiting for I/O");
      told.initCause(e);
      throw told;
    } catch (ExecutionException e) {
      throw new IOException("the stage that says when to poll again failed", e.getCause());
    }
  }

  abstract void toStart();

  abstract void toEnd();

  /// `key` is this iterator's own copy, good until its next seek.
  abstract void toKey(MemorySegment key, int length);

  abstract void behindKey(MemorySegment key, int length);

  /// Gives up what it has, once; from any thread, maybe in the middle of a step.
  abstract void release();

  private void note(MemorySegment key, long offset, int length) {
    Objects.checkFromIndexSize(offset, length, key.byteSize());
    reopen();
    sought.set(key, offset, length);
  }

  private static int length(MemorySegment key) {
    if (key.byteSize() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a key of " + key.byteSize() + " bytes is too long");
    }
    return (int) key.byteSize();
  }

  private Entry entry() {
    Entry at = entry;
    if (at == null) {
      throw noEntry();
    }
    return at;
  }

  private IllegalStateException noEntry() {
    return new IllegalStateException(
        isClosed() ? "the iterator is closed" : "the iterator stands on no entry");
  }
}
