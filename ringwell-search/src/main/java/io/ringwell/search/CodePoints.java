package io.ringwell.search;

import java.util.Arrays;
import java.util.function.IntPredicate;

/// An immutable set of code points: disjoint ranges in ascending order.
final class CodePoints {
  static final int MAX = Character.MAX_CODE_POINT;

  static final CodePoints NONE = new CodePoints(new int[0]);

  /// Lowest and highest of each range, in turn.
  private final int[] bounds;

  private CodePoints(int[] bounds) {
    this.bounds = bounds;
  }

  static CodePoints of(int one) {
    return new CodePoints(new int[] {one, one});
  }

  static CodePoints range(int low, int high) {
    return new CodePoints(new int[] {low, high});
  }

  /// Every code point that `test` takes. Asks all of them: some milliseconds.
  static CodePoints where(IntPredicate test) {
    int[] found = new int[64];
    int count = 0;
    int start = -1;
    for (int c = 0; c <= MAX + 1; c++) {
      boolean in = c <= MAX && test.test(c);
      if (in && start < 0) {
        start = c;
      } else if (!in && start >= 0) {
        if (count == found.length) {
          found = Arrays.copyOf(found, 2 * count);
        }
        found[count++] = start;
        found[count++] = c - 1;
        start = -1;
      }
    }
    return new CodePoints(Arrays.copyOf(found, count));
  }

  int ranges() {
    return bounds.length / 2;
  }

  int low(int range) {
    return bounds[2 * range];
  }

  int high(int range) {
    return bounds[2 * range + 1];
  }

  boolean isEmpty() {
    return bounds.length == 0;
  }

  /// The only one, or -1 where there are none or several.
  int single() {
    return bounds.length == 2 && bounds[0] == bounds[1] ? bounds[0] : -1;
  }

  boolean contains(int c) {
    int low = 0;
    int high = ranges() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (c < low(middle)) {
        high = middle - 1;
      } else if (c > high(middle)) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  CodePoints or(CodePoints other) {
    int count = ranges() + other.ranges();
    long[] sorted = new long[count];
    for (int i = 0; i < ranges(); i++) {
      sorted[i] = (long) low(i) << 32 | high(i);
    }
    for (int i = 0; i < other.ranges(); i++) {
      sorted[ranges() + i] = (long) other.low(i) << 32 | other.high(i);
    }
    Arrays.sort(sorted);
    int[] merged = new int[2 * count];
    int end = 0;
    for (long one : sorted) {
      int low = (int) (one >> 32);
      int high = (int) one;
      if (end > 0 && low <= merged[end - 1] + 1) {
        merged[end - 1] = Math.max(merged[end - 1], high);
      } else {
        merged[end++] = low;
        merged[end++] = high;
      }
    }
    return new CodePoints(Arrays.copyOf(merged, end));
  }

  CodePoints not() {
    int[] rest = new int[bounds.length + 2];
    int end = 0;
    int next = 0;
    for (int i = 0; i < ranges(); i++) {
      if (next < low(i)) {
        rest[end++] = next;
        rest[end++] = low(i) - 1;
      }
      next = high(i) + 1;
    }
    if (next <= MAX) {
      rest[end++] = next;
      rest[end++] = MAX;
    }
    return new CodePoints(Arrays.copyOf(rest, end));
  }

  CodePoints and(CodePoints other) {
    return not().or(other.not()).not();
  }

  CodePoints minus(CodePoints other) {
    return not().or(other).not();
  }

  CodePoints xor(CodePoints other) {
    return minus(other).or(other.minus(this));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CodePoints set && Arrays.equals(bounds, set.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < ranges(); i++) {
      text.append(Integer.toHexString(low(i))).append('-').append(Integer.toHexString(high(i)));
      text.append(i + 1 < ranges() ? " " : "");
    }
    return text.append(']').toString();
  }
}
