package io.ringwell.kv.table;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Makes blocks that were read fit to be decoded: verified, and decompressed to a buffer that is
/// used for one after another, unless somebody has kept a share of it.
///
/// **Threads.** One at a time.
final class BlockOpener implements AutoCloseable {
  private final Table table;
  private final String kind;
  private final BlockDecoding decoding;
  private @Nullable Room decoded;
  private @Nullable Room room;
  private long position;
  private int size;

  /// @param kind what messages call its blocks
  BlockOpener(Table table, String kind) {
    this.table = table;
    this.kind = kind;
    this.decoding = table.decoding(kind.equals(TableFormat.DATA));
  }

  /// The size of a block as it is stored, once it was found to be bearable.
  int requireSize(long bytes, long offset) throws TableException {
    return decoding.requireSize(bytes, offset, kind);
  }

  /// Opens a block, which stays where it was read if it is not compressed.
  ///
  /// @param raw has the block at `at` and its trailer
  /// @param stored its size there
  /// @param offset where it is in the file
  void open(Room raw, long at, int stored, long offset) throws IOException {
    MemorySegment memory = raw.segment();
    TableCompression compression = decoding.verify(memory, at, stored, offset, kind);
    if (compression == TableCompression.NONE) {
      room = raw;
      position = at;
      size = stored;
      return;
    }
    int length = decoding.decodedLength(compression, memory, at, stored, offset, kind);
    Room into = roomFor(length);
    decoding.decode(compression, memory, at, stored, into.segment(), length, offset, kind);
    room = into;
    position = 0;
    size = length;
  }

  private Room roomFor(int length) throws IOException {
    Room known = decoded;
    if (known != null) {
      if (known.isWritable() && known.segment().byteSize() >= length) {
        return known;
      }
      decoded = null;
      known.close();
    }
    Room taken = Room.tryTake(table.source().pool(), length);
    if (taken == null) {
      throw table.source().noMemory(length);
    }
    decoded = taken;
    return taken;
  }

  /// Where the block is, good until the next one is opened.
  Room room() {
    return Objects.requireNonNull(room);
  }

  /// Where in [#room] it begins.
  long position() {
    return position;
  }

  /// In bytes, as it is in memory.
  int size() {
    return size;
  }

  @Override
  public void close() {
    room = null;
    Room known = decoded;
    decoded = null;
    if (known != null) {
      known.close();
    }
  }
}
