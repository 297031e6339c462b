package io.ringwell.s3;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/// Where the bytes of one range go, in order: pieces of memory, and nowhere for the gaps between
/// them. Keeps the CRC of all that came, gaps included. Used by one thread at a time.
final class Landing {
  /// Bytes are summed up while they are still in the processor's cache.
  private static final int SUM_BYTES = 64 << 10;

  /// What is in gaps is written here by all of them, and read by nobody: who sums it up has memory
  /// of its own for it.
  private static final ByteBuffer AWAY = ByteBuffer.allocateDirect(SUM_BYTES);

  private static final ByteBuffer FULL = ByteBuffer.allocate(0);

  /// @param from where in the object
  record Piece(long from, MemorySegment memory) {
    long to() {
      return from + memory.byteSize();
    }
  }

  private final long to;
  private final List<Piece> pieces;
  private final @Nullable Checksum sum;
  private long position;
  private int next;
  private ByteBuffer room = FULL;
  private @Nullable ByteBuffer own;
  private int summed;

  /// @param from where the first byte belongs that comes
  /// @param to behind the last one
  /// @param pieces in order, within that range
  /// @param kind of sum; null for none
  Landing(long from, long to, List<Piece> pieces, @Nullable Crc kind) {
    this.position = from;
    this.to = to;
    this.pieces = pieces;
    this.sum = kind == null ? null : kind.start();
  }

  /// Where in the object the next byte belongs.
  long position() {
    return position;
  }

  /// Room for the next bytes; none when all are there.
  ByteBuffer room() {
    if (!room.hasRemaining() && position < to) {
      sumUp();
      Piece piece = next < pieces.size() ? pieces.get(next) : null;
      if (piece != null && piece.from <= position) {
        room = piece.memory.asByteBuffer();
        next++;
      } else {
        long gap = (piece == null ? to : piece.from) - position;
        room = away().limit((int) Math.min(gap, SUM_BYTES));
      }
      summed = 0;
    }
    return room;
  }

  private ByteBuffer away() {
    if (sum == null) {
      return AWAY.duplicate();
    }
    if (own == null) {
      own = ByteBuffer.allocateDirect(SUM_BYTES);
    }
    return own.clear();
  }

  /// The position of [#room] has moved by so many bytes.
  void arrived(int bytes) {
    position += bytes;
    if (room.position() - summed >= SUM_BYTES || position == to) {
      sumUp();
    }
  }

  private void sumUp() {
    if (sum != null && room.position() > summed) {
      sum.update(room.duplicate().flip().position(summed));
    }
    summed = room.position();
  }

  /// Of all bytes from the first to the last, when they are there.
  long crc() {
    return sum == null ? 0 : sum.getValue();
  }
}
