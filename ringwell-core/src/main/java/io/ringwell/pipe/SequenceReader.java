package io.ringwell.pipe;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.ringwell.memory.CopyCounter;
import java.lang.foreign.MemorySegment;
import java.nio.BufferUnderflowException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// Parses what a [PipeRead] has, from its start on, and as if it lay in one piece.
///
/// ```java
/// SequenceReader bytes = read.sequence();
/// for (long end = bytes.find((byte) '\n'); end >= 0; end = bytes.find((byte) '\n')) {
///   lines.add(bytes.readUtf8(end - bytes.position()));
///   bytes.skip(1);
/// }
/// read.advance(bytes.position(), read.end()); // a half line comes again with its rest
/// ```
///
/// Positions are offsets in the stream. What is asked for and not there throws
/// [BufferUnderflowException], and the position stays: look at [#remaining] before, and wait for
/// more. Where what is asked for lies in one fragment, nothing is copied, and nothing is allocated
/// but what is returned. Valid as long as the read is, and for the same thread; the same object
/// each time.
public final class SequenceReader {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final long LOW_BITS = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  /// Behind every end, so that what is asked for then is never there.
  private static final long ENDED = Long.MAX_VALUE;

  private final ReadSide side;
  private Segment segment;
  private long position;

  /// Where this read's part of the segment ends.
  private long segmentEnd;

  SequenceReader(ReadSide side) {
    this.side = side;
    this.segment = side.head();
  }

  /// Another read has come: what this one was at is somebody else's.
  void end() {
    position = ENDED;
  }

  SequenceReader begin() {
    side.checkReading();
    position = side.start();
    enter(side.head());
    return this;
  }

  private void enter(Segment entered) {
    segment = entered;
    segmentEnd = Math.min(entered.end(), side.end());
  }

  /// Goes on to the segment in which the position is; there is something left.
  private void settle() {
    while (position >= segmentEnd) {
      enter(Objects.requireNonNull(segment.next));
    }
  }

  /// Offset of the next byte.
  public long position() {
    checkCurrent();
    return position;
  }

  private void checkCurrent() {
    if (position == ENDED) {
      throw new IllegalStateException(
          "this parser is of a read that was advanced; take sequence() of the one that came");
    }
  }

  /// How many bytes there are from here on.
  public long remaining() {
    checkCurrent();
    return side.end() - position;
  }

  /// Goes on behind `count` bytes.
  public void skip(long count) {
    require(count);
    position += count;
    if (remaining() > 0) {
      settle();
    }
  }

  /// Goes back, or on, to an offset from the read's start to its end.
  ///
  /// @throws IndexOutOfBoundsException where it is not in the read
  public void seek(long offset) {
    side.checkReading();
    checkCurrent();
    if (offset < side.start() || offset > side.end()) {
      throw new IndexOutOfBoundsException(
          "offset %d of a read from %d to %d".formatted(offset, side.start(), side.end()));
    }
    if (offset < position) {
      enter(side.head());
    }
    position = offset;
    if (remaining() > 0) {
      settle();
    }
  }

  private void require(long count) {
    side.checkReading();
    if (count < 0) {
      throw new IllegalArgumentException("%d bytes; ask for 0 or more".formatted(count));
    }
    if (count > side.end() - position) {
      checkCurrent();
      throw new BufferUnderflowException();
    }
  }

  // ---- Finding ---------------------------------------------------------------------------------

  /// Offset of the next `delimiter`, from here on, or -1. The position stays.
  public long find(byte delimiter) {
    return find(delimiter, position);
  }

  /// Offset of the next `delimiter` from offset `from` on, or -1: for who has searched what is
  /// before already. The position stays.
  ///
  /// @throws IndexOutOfBoundsException where `from` is before [#position], or behind the end
  public long find(byte delimiter, long from) {
    side.checkReading();
    checkCurrent();
    if (from < position || from > side.end()) {
      throw new IndexOutOfBoundsException(
          "from %d, between %d and %d".formatted(from, position, side.end()));
    }
    Segment at = segment;
    long start = from;
    while (start < side.end()) {
      long end = Math.min(at.end(), side.end());
      if (start < end) {
        long found = scan(at.memory, start - at.start, end - at.start, delimiter);
        if (found >= 0) {
          return at.start + found;
        }
        start = end;
      }
      if (start < side.end()) {
        at = Objects.requireNonNull(at.next);
      }
    }
    return -1;
  }

  /// Eight bytes at a time: a byte that is the delimiter becomes 0, and the lowest such one is told
  /// by the borrow that goes through it.
  private static long scan(MemorySegment memory, long from, long to, byte delimiter) {
    long pattern = (delimiter & 0xFFL) * LOW_BITS;
    long at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long word = littleEndian(memory.get(JAVA_LONG_UNALIGNED, at)) ^ pattern;
      long zeros = (word - LOW_BITS) & ~word & HIGH_BITS;
      if (zeros != 0) {
        return at + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
      }
    }
    for (; at < to; at++) {
      if (memory.get(JAVA_BYTE, at) == delimiter) {
        return at;
      }
    }
    return -1;
  }

  private static long littleEndian(long word) {
    return NATIVE == ByteOrder.LITTLE_ENDIAN ? word : Long.reverseBytes(word);
  }

  /// Offset of the first of the next bytes that are `delimiter`, or -1. The position stays.
  ///
  /// @throws IllegalArgumentException where `delimiter` is empty
  public long find(byte[] delimiter) {
    if (delimiter.length == 0) {
      throw new IllegalArgumentException("an empty delimiter is everywhere");
    }
    long back = position;
    try {
      long found = find(delimiter[0]);
      while (found >= 0 && side.end() - found >= delimiter.length) {
        seek(found);
        if (startsWith(delimiter)) {
          return found;
        }
        found = find(delimiter[0], found + 1);
      }
      return -1;
    } finally {
      seek(back);
    }
  }

  /// Whether the bytes from here on are these. The position stays.
  public boolean startsWith(byte[] expected) {
    side.checkReading();
    if (expected.length > remaining()) {
      return false;
    }
    Segment at = segment;
    for (int i = 0; i < expected.length; i++) {
      while (position + i >= at.end()) {
        at = Objects.requireNonNull(at.next);
      }
      if (at.memory.get(JAVA_BYTE, position + i - at.start) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  // ---- Numbers ---------------------------------------------------------------------------------

  /// The next byte; the position stays.
  public byte peek() {
    require(1);
    return segment.memory.get(JAVA_BYTE, position - segment.start);
  }

  public byte readByte() {
    byte value = peek();
    skip(1);
    return value;
  }

  public short readShort(ByteOrder order) {
    require(Short.BYTES);
    if (position + Short.BYTES > segmentEnd) {
      return (short) gather(Short.BYTES, order);
    }
    short value = segment.memory.get(JAVA_SHORT_UNALIGNED, position - segment.start);
    skip(Short.BYTES);
    return order == NATIVE ? value : Short.reverseBytes(value);
  }

  public int readInt(ByteOrder order) {
    require(Integer.BYTES);
    if (position + Integer.BYTES > segmentEnd) {
      return (int) gather(Integer.BYTES, order);
    }
    int value = segment.memory.get(JAVA_INT_UNALIGNED, position - segment.start);
    skip(Integer.BYTES);
    return order == NATIVE ? value : Integer.reverseBytes(value);
  }

  public long readLong(ByteOrder order) {
    require(Long.BYTES);
    if (position + Long.BYTES > segmentEnd) {
      return gather(Long.BYTES, order);
    }
    long value = segment.memory.get(JAVA_LONG_UNALIGNED, position - segment.start);
    skip(Long.BYTES);
    return order == NATIVE ? value : Long.reverseBytes(value);
  }

  /// A number that lies in more than one fragment.
  private long gather(int bytes, ByteOrder order) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      long next = readByte() & 0xFF;
      value |= next << (Byte.SIZE * (order == ByteOrder.BIG_ENDIAN ? bytes - 1 - i : i));
    }
    return value;
  }

  // ---- Text and pieces -------------------------------------------------------------------------

  /// The next `bytes` bytes as text, characters that lie in two fragments included; malformed ones
  /// become U+FFFD. A string has bytes of its own, so these are copied, and counted.
  public String readUtf8(long bytes) {
    require(bytes);
    byte[] copy = new byte[Math.toIntExact(bytes)];
    copy(MemorySegment.ofArray(copy), bytes);
    return new String(copy, StandardCharsets.UTF_8);
  }

  /// The next `bytes` bytes in one piece: where they are, or, if they lie in several fragments,
  /// copied to the beginning of `scratch`, which is counted. The former is valid as long as the
  /// read is.
  ///
  /// @throws IndexOutOfBoundsException where they would be copied and `scratch` is too small; the
  ///   position stays
  public MemorySegment readContiguous(long bytes, MemorySegment scratch) {
    require(bytes);
    if (position + bytes <= segmentEnd) {
      MemorySegment piece = segment.memory.asSlice(position - segment.start, bytes);
      skip(bytes);
      return piece;
    }
    MemorySegment copy = scratch.asSlice(0, bytes);
    copy(copy, bytes);
    return copy;
  }

  /// Copies the next bytes, as many as `target` has, to it; counted.
  public void read(MemorySegment target) {
    require(target.byteSize());
    copy(target, target.byteSize());
  }

  private void copy(MemorySegment target, long bytes) {
    long done = 0;
    while (done < bytes) {
      long count = Math.min(bytes - done, segmentEnd - position);
      MemorySegment.copy(segment.memory, position - segment.start, target, done, count);
      done += count;
      skip(count);
    }
    CopyCounter.add(bytes);
  }

  @Override
  public String toString() {
    return "SequenceReader[at %d of %d to %d]".formatted(position, side.start(), side.end());
  }
}
