package io.ringwell.window;

import io.ringwell.engine.Operation;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Room for one window of a reader.
///
/// | state | whose its memory is | left by |
/// |---|---|---|
/// | EMPTY | it has none | the reader, which starts to load it |
/// | LOADING | lent to whoever reads | the reader, when it takes the completion in |
/// | FULL | kept because it may be of use | the reader, which holds or loads it; or [WindowMemory], which takes it |
/// | HELD | the current window's | the reader's next seek |
/// | FAILED | it has none | the seek that hears of the failure |
/// | TAKEN | whoever took it, for a moment | the same |
///
/// Only FULL is left by two sides, so only from there a compare-and-set decides. All else is done
/// by the thread that uses the reader.
final class Slot {
  static final int EMPTY = 0;
  static final int LOADING = 1;
  static final int FULL = 2;
  static final int HELD = 3;
  static final int FAILED = 4;
  static final int TAKEN = 5;

  /// No seek's number.
  static final long AHEAD = 0;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Slot.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Seeker seeker;

  @SuppressWarnings("UnusedVariable") // through STATE
  private volatile int state;

  /// The range that it was loaded for: from `start` to `planned`, of which the file had bytes up to
  /// `end`.
  long start;

  long planned;
  long end;

  /// Whether the file ended at `end` when it was read.
  boolean atEnd;

  /// What was asked for when the read was started, as [Asked#number]; [#AHEAD] where nothing was.
  /// To what is asked for later it tells no end: the file may have grown since.
  long demandedBy = AHEAD;

  /// Whether what is asked for started this read, and waits to hear that the file ends here: then
  /// it need not be asked again.
  boolean fresh;

  /// How often it became the current window, and when it last was of use.
  int uses;

  long stamp;

  @Nullable IoBuffer buffer;

  /// What it is charged with, in bytes.
  long block;

  /// The memory once a part of it was detached.
  @Nullable Bytes frozen;

  /// The window's bytes begin at `baseOffset` of `base`, which nobody may write through.
  MemorySegment base = MemorySegment.NULL;

  long baseOffset;
  private @Nullable MemorySegment exact;

  Residency residency = Residency.COPIED;

  /// For files; made with the first read.
  @Nullable Operation op;

  /// For files: how its bytes stand to claims; made with the first read.
  @Nullable FileRead place;

  /// Where this is no window, but the news that a claim has gone.
  @Nullable Turn turn;

  /// The read of a source that is in flight.
  @Nullable SourceRead read;

  /// The part of a map that is being faulted in.
  MapLoader.@Nullable MapRead map;

  @Nullable IOException failure;

  /// Next in [Arrivals].
  @Nullable Slot nextArrived;

  Slot(Seeker seeker) {
    this.seeker = seeker;
  }

  int state() {
    return (int) STATE.getAcquire(this);
  }

  void state(int next) {
    STATE.setRelease(this, next);
  }

  /// From HELD to FULL. Ordered before what comes next, such as a look whether somebody waits for
  /// memory: either this one sees that one, or is seen by it.
  void release() {
    STATE.setVolatile(this, FULL);
  }

  /// From FULL to `next`; false where it was taken meanwhile.
  boolean claim(int next) {
    return STATE.compareAndSet(this, FULL, next);
  }

  void place(long from, long to) {
    start = from;
    planned = to;
    end = from;
    atEnd = false;
    fresh = false;
    uses = 0;
    failure = null;
    exact = null;
  }

  /// The file had `bytes` bytes of what was planned.
  void filled(long bytes) {
    end = start + bytes;
    atEnd = end < planned;
    exact = null;
    state(FULL);
  }

  /// Shows a buffer from its start on.
  void show(IoBuffer acquired, long blockBytes) {
    buffer = acquired;
    block = blockBytes;
    base = acquired.segment().asReadOnly();
    baseOffset = 0;
    residency = Residency.COPIED;
    exact = null;
  }

  void show(MemorySegment segment, long offset, Residency promise) {
    base = segment;
    baseOffset = offset;
    residency = promise;
    exact = null;
  }

  /// Of its buffer, in bytes; 0 where it has none, or shows memory of somebody else. Asked before a
  /// slot is claimed, too, while others may be taking it: so one read, and only a hint until then.
  long capacity() {
    IoBuffer its = buffer;
    return its == null ? 0 : its.capacity();
  }

  /// The window's bytes, no more and no fewer.
  MemorySegment exact() {
    MemorySegment known = exact;
    if (known == null) {
      long length = end - start;
      known =
          baseOffset == 0 && base.byteSize() == length ? base : base.asSlice(baseOffset, length);
      exact = known;
    }
    return known;
  }

  /// Ends the handles; returns what the reader is to be charged less. Memory that is lent, or that
  /// somebody has detached, goes back later.
  long free() {
    long freed = block;
    if (place != null) {
      place.leave();
    }
    if (buffer != null && frozen == null) {
      buffer.close();
    }
    if (frozen != null) {
      frozen.close();
    }
    if (map != null) {
      map.unlock();
      map = null;
    }
    buffer = null;
    frozen = null;
    block = 0;
    base = MemorySegment.NULL;
    exact = null;
    return freed;
  }

  /// Whether a claim began on what was read, since it was: it is shown to no further seek.
  boolean isOutdated() {
    FileRead its = place;
    return its != null && its.outdated;
  }

  /// A part of the window as bytes of their own.
  Bytes detach(long from, long length) {
    Bytes whole = frozen;
    if (whole == null) {
      whole = Objects.requireNonNull(buffer).freeze();
      frozen = whole;
      base = whole.segment();
      exact = null;
    }
    return whole.slice(from, length);
  }

  @Override
  public String toString() {
    return "Slot[" + start + " to " + planned + ", state " + state() + "]";
  }
}
