package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// Computes what is stored behind a block, of one kind of checksum.
///
/// A block's checksum is over its bytes and one byte more, which tells how they are compressed, and
/// here that byte lies behind them, as in a file. The footer's is computed alike: its last byte is
/// the one more.
///
/// One thread at a time. Allocates nothing while blocks come from the same segment.
final class Checksum {
  /// Of RocksDB's util/crc32c.h: so that a checksum of bytes that hold checksums is a good one.
  private static final int CRC_MASK = 0xA282EAD8;

  /// Of RocksDB's table/format.cc, for the one byte more.
  private static final int XXH3_LAST_BYTE = 0x6B9083D9;

  private final TableChecksum kind;
  private final CRC32C crc = new CRC32C();
  private final BufferView view = new BufferView();

  Checksum(TableChecksum kind) {
    this.kind = kind;
  }

  TableChecksum kind() {
    return kind;
  }

  /// Of `length` bytes at `offset` and the one behind them. For a table with a context, add
  /// [#context].
  ///
  /// @throws IndexOutOfBoundsException if they are not all in `segment`
  int compute(MemorySegment segment, long offset, int length) {
    return switch (kind) {
      case NONE -> 0;
      case CRC32C -> {
        ByteBuffer bytes = view.of(segment, offset, length + 1);
        crc.reset();
        crc.update(bytes);
        yield mask((int) crc.getValue());
      }
      case XXHASH -> Xxh32.hash(segment, offset, length + 1);
      case XXHASH64 -> (int) Xxh64.hash(segment, offset, length + 1);
      case XXH3 -> {
        int last = segment.get(JAVA_BYTE, offset + length) & 0xFF;
        yield (int) Xxh3.hash(segment, offset, length) ^ last * XXH3_LAST_BYTE;
      }
    };
  }

  /// What is added to the checksum of the block at `offset` of its file, so that a block of another
  /// place or file does not pass for it: from format version 6 on.
  ///
  /// @param base of the footer; 0 where the table has none
  static int context(int base, long offset) {
    return base == 0 ? 0 : base ^ ((int) offset + (int) (offset >>> 32));
  }

  private static int mask(int crc) {
    return Integer.rotateRight(crc, 15) + CRC_MASK;
  }
}
