package io.ringwell.kv;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A range of keys: from a lower one, inclusive, to an upper one, exclusive, either of which may be
/// missing. Immutable; the keys given are copied. A range whose upper key is not behind its lower
/// one has no entries.
public final class KvBounds {
  private static final KvBounds ALL = new KvBounds(null, null);

  private final @Nullable MemorySegment lower;
  private final @Nullable MemorySegment upper;

  private KvBounds(@Nullable MemorySegment lower, @Nullable MemorySegment upper) {
    this.lower = lower;
    this.upper = upper;
  }

  /// All keys.
  public static KvBounds all() {
    return ALL;
  }

  /// Keys not before `lower`.
  public static KvBounds from(MemorySegment lower) {
    return new KvBounds(copy(lower), null);
  }

  /// Keys before `upper`.
  public static KvBounds until(MemorySegment upper) {
    return new KvBounds(null, copy(upper));
  }

  /// Keys not before `lower` and before `upper`.
  public static KvBounds between(MemorySegment lower, MemorySegment upper) {
    return new KvBounds(copy(lower), copy(upper));
  }

  /// Keys that begin with `prefix`.
  public static KvBounds prefix(MemorySegment prefix) {
    MemorySegment lower = copy(prefix);
    long length = lower.byteSize();
    // The first key behind all of them: 0xFF at the end cannot be counted up and goes.
    while (length > 0 && lower.get(JAVA_BYTE, length - 1) == -1) {
      length--;
    }
    if (length == 0) {
      return new KvBounds(lower, null);
    }
    byte[] upper = lower.asSlice(0, length).toArray(JAVA_BYTE);
    upper[upper.length - 1]++;
    return new KvBounds(lower, copy(MemorySegment.ofArray(upper)));
  }

  /// The first key, read-only; null where there is no lower bound.
  public @Nullable MemorySegment lower() {
    return lower;
  }

  /// The key before which all are, read-only; null where there is no upper bound.
  public @Nullable MemorySegment upper() {
    return upper;
  }

  /// Whether a key is within.
  ///
  /// @throws IndexOutOfBoundsException if the key is not within its segment
  public boolean contains(MemorySegment key, long offset, int length) {
    return !isBefore(key, offset, length) && !isBehind(key, offset, length);
  }

  /// Whether a key is before the lower bound.
  boolean isBefore(MemorySegment key, long offset, int length) {
    MemorySegment from = lower;
    return from != null && Keys.compare(key, offset, length, from, 0, (int) from.byteSize()) < 0;
  }

  /// Whether a key is at or behind the upper bound.
  boolean isBehind(MemorySegment key, long offset, int length) {
    MemorySegment to = upper;
    return to != null && Keys.compare(key, offset, length, to, 0, (int) to.byteSize()) >= 0;
  }

  private static MemorySegment copy(MemorySegment key) {
    Objects.requireNonNull(key, "key");
    if (key.byteSize() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a key of " + key.byteSize() + " bytes is too long");
    }
    return Arena.ofAuto().allocate(key.byteSize()).copyFrom(key).asReadOnly();
  }

  @Override
  public String toString() {
    return "KvBounds[" + show(lower) + ", " + show(upper) + ")";
  }

  private static String show(@Nullable MemorySegment key) {
    return key == null ? "none" : Keys.show(key, 0, (int) key.byteSize());
  }
}
