package io.ringwell.kv;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Entries that are made up as it goes: keys `key_00000`, `key_00001`, …, values `value_00000`, ….
///
/// Never pending. Key and value lie in two buffers of the iterator's own that are written anew at
/// each step; [#retain] copies them. Numbers of more than five digits have as many as they need, so
/// that from 100,000 on keys are in the order of their numbers and not of their bytes; a seek then
/// finds the first number, or the last, whose key is as asked for.
public final class TestIterator extends KvIterator {
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /// Numbers below have five digits, the last five bytes of a word behind these three.
  private static final int FIVE_DIGITS_END = 100_000;

  private static final long KEY_WORD = word("ey_");
  private static final long VALUE_WORD = word("ue_");

  /// Before no number.
  private static final int NONE = -2;

  private static final int KEY_PREFIX = 4;
  private static final int VALUE_PREFIX = 6;

  private final int from;
  private final int to;
  private final MemorySegment key = buffer("key_");
  private final MemorySegment value = buffer("value_");
  private final Entry own = new Entry();

  /// The number that a step forwards shows, `to` at the end.
  private int following;

  /// The number that a step backwards shows, `from - 1` at the beginning.
  private int preceding;

  /// The number last written, if it has five digits, and these.
  private int written = NONE;

  private long digits;

  /// The numbers from `from`, inclusive, to `to`, exclusive.
  ///
  /// @throws IllegalArgumentException if `from` is negative or more than `to`
  public TestIterator(int from, int to) {
    if (from < 0 || from > to) {
      throw new IllegalArgumentException("no numbers from " + from + " to " + to);
    }
    this.from = from;
    this.to = to;
    own.key(key, 0, KEY_PREFIX + 5);
    own.value(value, 0, VALUE_PREFIX + 5);
    stand(from);
  }

  @Override
  public int poll() {
    begin(FORWARD);
    int number = following;
    if (number >= to) {
      stand(to);
      return atEnd();
    }
    return show(number);
  }

  @Override
  public int pollPrevious() {
    begin(BACKWARD);
    int number = preceding;
    if (number < from) {
      stand(from);
      return atEnd();
    }
    return show(number);
  }

  private int atEnd() {
    entry = null;
    return END;
  }

  private int show(int number) {
    following = number + 1;
    preceding = number - 1;
    write(number);
    standOn(own);
    return ENTRY;
  }

  private void write(int number) {
    if (number >= FIVE_DIGITS_END) {
      writeLong(number);
      written = NONE;
      return;
    }
    digits = number == written + 1 && (digits & 0xFF) != '9' ? digits + 1 : digits(number);
    written = number;
    key.set(WORD, 1, KEY_WORD | digits);
    value.set(WORD, 3, VALUE_WORD | digits);
    own.keyLength = KEY_PREFIX + 5;
    own.valueLength = VALUE_PREFIX + 5;
  }

  /// Five digits in the low five bytes.
  private static long digits(int number) {
    int low = number % 10_000;
    int four =
        ((low / 1000) << 24)
            | ((low / 100 % 10) << 16)
            | ((low / 10 % 10) << 8)
            | (low % 10)
            | 0x30303030;
    return ((long) (number / 10_000 + '0') << 32) | four;
  }

  private void writeLong(int number) {
    int digits = 6;
    for (int rest = number / 1_000_000; rest > 0; rest /= 10) {
      digits++;
    }
    int rest = number;
    for (int i = digits - 1; i >= 0; i--) {
      byte digit = (byte) ('0' + rest % 10);
      key.set(ValueLayout.JAVA_BYTE, KEY_PREFIX + i, digit);
      value.set(ValueLayout.JAVA_BYTE, VALUE_PREFIX + i, digit);
      rest /= 10;
    }
    own.keyLength = KEY_PREFIX + digits;
    own.valueLength = VALUE_PREFIX + digits;
  }

  /// Between two numbers, before `number`.
  private void stand(int number) {
    following = number;
    preceding = number - 1;
  }

  @Override
  void toStart() {
    stand(from);
  }

  @Override
  void toEnd() {
    stand(to);
  }

  @Override
  void toKey(MemorySegment sought, int length) {
    // Numbers of as many digits are in the order of their keys: one search for each such run.
    long low = from;
    while (low < to) {
      long end = Math.min(to, runEnd(low));
      long found = firstFrom(low, end, sought, length, 0);
      if (found < end) {
        stand((int) found);
        return;
      }
      low = end;
    }
    stand(to);
  }

  @Override
  void behindKey(MemorySegment sought, int length) {
    int behind = from;
    long low = from;
    while (low < to) {
      long end = Math.min(to, runEnd(low));
      long found = firstFrom(low, end, sought, length, 1);
      if (found > low) {
        behind = (int) found;
      }
      low = end;
    }
    stand(behind);
  }

  /// The first number from `low` on whose key compares to the one sought with at least `least`.
  private long firstFrom(long low, long end, MemorySegment sought, int length, int least) {
    long first = low;
    long last = end;
    while (first < last) {
      long middle = (first + last) >>> 1;
      write((int) middle);
      if (Keys.compare(key, 0, own.keyLength, sought, 0, length) >= least) {
        last = middle;
      } else {
        first = middle + 1;
      }
    }
    return first;
  }

  private static long runEnd(long number) {
    long end = FIVE_DIGITS_END;
    while (end <= number) {
      end *= 10;
    }
    return end;
  }

  @Override
  CompletionStage<Void> readiness() {
    return CompletableFuture.completedStage(null);
  }

  /// The buffers are the collector's.
  @Override
  void release() {}

  /// Room for the longest number, the prefix first.
  private static MemorySegment buffer(String prefix) {
    MemorySegment buffer = Arena.ofAuto().allocate(24, Long.BYTES);
    for (int i = 0; i < prefix.length(); i++) {
      buffer.set(ValueLayout.JAVA_BYTE, i, (byte) prefix.charAt(i));
    }
    return buffer;
  }

  private static long word(String three) {
    return ((long) three.charAt(0) << 56)
        | ((long) three.charAt(1) << 48)
        | ((long) three.charAt(2) << 40);
  }
}
