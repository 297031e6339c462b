package io.ringwell.kv;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The iterator that users derive their own from. It keeps the contract of [KvIterator]; what is
/// left to do is to say where the next entry lies.
///
/// A step calls [#entry] and returns [#ENTRY], or returns [#END], or starts a read, remembers that
/// it did, and returns [#PENDING]; it is then called again, in the same direction, and [#whenReady]
/// says when. After [#END] it is not asked in that direction again before it moved in the other or
/// was sought. What it throws leaves the iterator failed until one of the moving methods was
/// called.
///
/// Steps and moves come from one thread at a time. [#release] comes once, from any thread, maybe in
/// the middle of a step: memory that a step may still touch has to stay mapped.
public abstract non-sealed class CustomIterator extends KvIterator {
  private final Entry own = new Entry();

  /// Whether the step has told its entry.
  private boolean told;

  protected CustomIterator() {
    own.maker = this;
  }

  /// Moves to the next entry.
  ///
  /// @return [#ENTRY], [#END] or [#PENDING]
  /// @throws IOException what the caller of [#poll] gets
  protected abstract int step() throws IOException;

  /// Moves to the entry before.
  ///
  /// @return [#ENTRY], [#END] or [#PENDING]
  /// @throws IOException what the caller of [#pollPrevious] gets
  protected abstract int stepBack() throws IOException;

  /// Goes before the first entry. Gives up a pending step, as all moves do.
  @Override
  protected abstract void toStart();

  /// Goes behind the last entry.
  @Override
  protected abstract void toEnd();

  /// Goes before the first entry whose key is not before the first `length` bytes of `key`, which
  /// stay as they are until the next move.
  @Override
  protected abstract void toKey(MemorySegment key, int length);

  /// Goes behind the last entry whose key is not behind the first `length` bytes of `key`, which
  /// stay as they are until the next move.
  @Override
  protected abstract void behindKey(MemorySegment key, int length);

  /// When a pending step can go on: a stage that completes normally, also when a read failed (the
  /// step then throws) and when the iterator is released. Needed by those that answer [#PENDING].
  protected CompletionStage<Void> whenReady() {
    throw new UnsupportedOperationException(
        getClass().getName() + " answers PENDING but does not say when it is ready");
  }

  /// Gives up what the iterator has. Nothing, unless overridden.
  @Override
  protected void release() {}

  /// The entry that the step has found, in memory that does not change before the next step. It is
  /// copied when it is retained.
  ///
  /// @throws IndexOutOfBoundsException if key or value are not within their segments
  protected final void entry(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength) {
    Objects.checkFromIndexSize(keyOffset, keyLength, key.byteSize());
    Objects.checkFromIndexSize(valueOffset, valueLength, value.byteSize());
    own.key(key, keyOffset, keyLength);
    own.value(value, valueOffset, valueLength);
    own.owners(null, null);
    own.sequence = 0;
    own.kind = VALUE;
    told = true;
    standOn(own);
  }

  /// The entry that the step has found, in memory that [#retain] can share. The handles stay the
  /// iterator's, open at least until the next step.
  ///
  /// @throws IndexOutOfBoundsException if key or value are not within their bytes
  protected final void entry(
      Bytes key, long keyOffset, int keyLength, Bytes value, long valueOffset, int valueLength) {
    entry(key.segment(), keyOffset, keyLength, value.segment(), valueOffset, valueLength);
    own.owners(key, value);
  }

  /// The entry that the iterator stands on for longer than the step, for iterators that make
  /// handles only when they are asked to. May call [#entry] again, where the memory is another one
  /// then; the bytes have to be the same.
  ///
  /// @return null, unless overridden: the entry is shared or copied as [#entry] was told
  protected @Nullable Retained retained() {
    return null;
  }

  /// What else the entry is, after [#entry]: [#VALUE] of sequence number 0 otherwise.
  ///
  /// @throws IllegalArgumentException if `sequence` is negative
  protected final void version(long sequence, int kind) {
    if (sequence < 0) {
      throw new IllegalArgumentException("a sequence number of " + sequence);
    }
    own.sequence = sequence;
    own.kind = kind;
  }

  @Override
  public final int poll() throws IOException {
    begin(FORWARD);
    told = false;
    if (ended == FORWARD) {
      return END;
    }
    try {
      return stepped(step(), FORWARD);
    } catch (Throwable e) {
      failed(e);
      throw e;
    }
  }

  @Override
  public final int pollPrevious() throws IOException {
    begin(BACKWARD);
    told = false;
    if (ended == BACKWARD) {
      return END;
    }
    try {
      return stepped(stepBack(), BACKWARD);
    } catch (Throwable e) {
      failed(e);
      throw e;
    }
  }

  private int stepped(int result, int direction) {
    switch (result) {
      case ENTRY -> {
        if (!told) {
          throw new IllegalStateException(getClass().getName() + " answers ENTRY without an entry");
        }
        ended = 0;
      }
      case END -> {
        entry = null;
        ended = direction;
      }
      case PENDING -> suspend(direction);
      default -> throw new IllegalStateException(getClass().getName() + " answers " + result);
    }
    return result;
  }

  @Override
  final CompletionStage<Void> readiness() {
    return whenReady();
  }
}
