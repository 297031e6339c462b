package io.ringwell.bench;

import io.ringwell.kv.CustomIterator;
import io.ringwell.kv.Keys;
import io.ringwell.kv.TestIterator;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The rows of a [TestIterator], one behind the other in one piece of memory, as in a block of a
/// table.
final class PackedRows extends CustomIterator {
  private static final int KEY_BYTES = 9;
  private static final int VALUE_BYTES = 11;
  private static final int ROW_BYTES = KEY_BYTES + VALUE_BYTES;

  private final MemorySegment rows;
  private final int count;
  private int following;

  /// Every `stride`th number from `from` on, `count` of them.
  PackedRows(int from, int count, int stride) {
    this.count = count;
    rows = Arena.ofAuto().allocate((long) count * ROW_BYTES);
    try (TestIterator numbers = new TestIterator(from, from + count * stride)) {
      for (int i = 0; i < count * stride; i++) {
        int _ = numbers.poll();
        if (i % stride == 0) {
          long at = (long) (i / stride) * ROW_BYTES;
          rows.asSlice(at, KEY_BYTES).copyFrom(numbers.key());
          rows.asSlice(at + KEY_BYTES, VALUE_BYTES).copyFrom(numbers.value());
        }
      }
    }
  }

  @Override
  protected int step() {
    return following >= count ? END : show(following++);
  }

  @Override
  protected int stepBack() {
    return following <= 1 ? END : show(--following - 1);
  }

  private int show(int row) {
    long at = (long) row * ROW_BYTES;
    entry(rows, at, KEY_BYTES, rows, at + KEY_BYTES, VALUE_BYTES);
    return ENTRY;
  }

  @Override
  protected void toStart() {
    following = 0;
  }

  @Override
  protected void toEnd() {
    following = count + 1;
  }

  @Override
  protected void toKey(MemorySegment key, int length) {
    following = firstFrom(key, length, 0);
  }

  @Override
  protected void behindKey(MemorySegment key, int length) {
    following = firstFrom(key, length, 1);
  }

  private int firstFrom(MemorySegment key, int length, int least) {
    int row = 0;
    while (row < count
        && Keys.compare(rows, (long) row * ROW_BYTES, KEY_BYTES, key, 0, length) < least) {
      row++;
    }
    return row;
  }
}
