package io.ringwell.window;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringwell.memory.CopyCounter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The window of a [ManagedReader]: some bytes of what is read, in memory, read-only.
///
/// **Life.** Valid until the reader's next seek or close; every method throws
/// `IllegalStateException` afterwards. A reader has two such objects and hands them out in turn, so
/// that moving on allocates nothing: do not keep one, [ManagedReader#detach] what is to be kept.
///
/// **Raw memory.** [#segment] is valid as long as the window is. Used later it may show other bytes
/// of the file, or of the pool, never unmapped memory; with `-Dringwell.check=strict` it throws
/// once the memory has gone to the pool. Of a mapped window it shows what the file has become.
///
/// **Threads.** The reader's.
public final class Window {
  private @Nullable Slot slot;
  private MemorySegment base = MemorySegment.NULL;
  private long baseOffset;
  private long length;
  private @Nullable TypedViews views;

  Window() {}

  void show(Slot shown) {
    slot = shown;
    base = shown.base;
    baseOffset = shown.baseOffset;
    length = shown.end - shown.start;
  }

  void pass() {
    slot = null;
    base = MemorySegment.NULL;
    length = 0;
  }

  private Slot slot() {
    Slot shown = slot;
    if (shown == null) {
      throw stale();
    }
    return shown;
  }

  static IllegalStateException stale() {
    return new IllegalStateException("use of a window after its reader's next seek or close");
  }

  boolean isStale() {
    return slot == null;
  }

  /// Where the window begins in the file, in bytes. At most the position that was sought.
  public long position() {
    return slot().start;
  }

  /// Its length, in bytes. At least 1.
  public long length() {
    slot();
    return length;
  }

  /// Where it ends: the position to seek next, for who goes up.
  public long end() {
    return slot().end;
  }

  /// Whether the file was seen to end here when this was read. Where it ends with a window's last
  /// place on the grid, only a seek behind it tells.
  public boolean isLast() {
    return slot().atEnd;
  }

  /// What its memory promises.
  public Residency residency() {
    return slot().residency;
  }

  /// Its bytes, read-only. A full window of the pool has one segment for good; others, such as the
  /// last, allocate one.
  public MemorySegment segment() {
    return slot().exact();
  }

  /// Its bytes from the file's `position` on, read-only. Allocates a segment.
  ///
  /// @throws IndexOutOfBoundsException where `position` is not in the window, nor its end
  public MemorySegment segmentAt(long position) {
    Slot shown = slot();
    return shown.exact().asSlice(position - shown.start);
  }

  /// The byte at `index` of the window.
  ///
  /// @throws IndexOutOfBoundsException where `index` is negative or not less than [#length]
  public byte get(long index) {
    slot();
    return base.get(JAVA_BYTE, baseOffset + Objects.checkIndex(index, length));
  }

  /// The byte at `position` of the file.
  ///
  /// @throws IndexOutOfBoundsException where it is not in the window
  public byte at(long position) {
    return get(position - slot().start);
  }

  /// Copies `count` bytes from `index` on; counted.
  ///
  /// @throws IndexOutOfBoundsException where a range is not within the window or `target`
  public void copyTo(long index, MemorySegment target, long targetOffset, long count) {
    slot();
    Objects.checkFromIndexSize(index, count, length);
    MemorySegment.copy(base, baseOffset + index, target, targetOffset, count);
    CopyCounter.add(count);
  }

  // ---- Elements --------------------------------------------------------------------------------

  /// The window as `int`s. The same object each time, in the order that was asked for last, and
  /// valid as the window is.
  public IntWindow asInts(ByteOrder order) {
    return views().ints().of(order);
  }

  /// The window as `long`s. The same object each time, in the order that was asked for last, and
  /// valid as the window is.
  public LongWindow asLongs(ByteOrder order) {
    return views().longs().of(order);
  }

  /// The window as `short`s. The same object each time, in the order that was asked for last, and
  /// valid as the window is.
  public ShortWindow asShorts(ByteOrder order) {
    return views().shorts().of(order);
  }

  /// The window as `char`s. The same object each time, in the order that was asked for last, and
  /// valid as the window is.
  public CharWindow asChars(ByteOrder order) {
    return views().chars().of(order);
  }

  /// The window as `float`s. The same object each time, in the order that was asked for last, and
  /// valid as the window is.
  public FloatWindow asFloats(ByteOrder order) {
    return views().floats().of(order);
  }

  /// The window as `double`s. The same object each time, in the order that was asked for last, and
  /// valid as the window is.
  public DoubleWindow asDoubles(ByteOrder order) {
    return views().doubles().of(order);
  }

  private TypedViews views() {
    slot();
    TypedViews made = views;
    if (made == null) {
      made = new TypedViews(this);
      views = made;
    }
    return made;
  }

  /// The memory for a typed view, whose element at `index` is in it.
  MemorySegment element(long index, int elementBytes) {
    slot();
    Objects.checkIndex(index, length / elementBytes);
    return base;
  }

  long baseOffset() {
    return baseOffset;
  }

  @Override
  public String toString() {
    Slot shown = slot;
    return shown == null
        ? "Window[passed]"
        : "Window[" + shown.start + " to " + shown.end + ", " + shown.residency + "]";
  }
}
