package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// Writes what follows a table's entries: index, properties, the list of both, and the footer.
final class TableTail {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final long MAGIC = 0x88E2_41B7_85F4_CFF7L;
  private static final int EXTENDED_MAGIC = 0x007A_003E;
  private static final int FOOTER_BYTES = 53;
  private static final int FOOTER_VERSION = 41;
  private static final int FOOTER_CHECKSUM = 5;

  /// RocksDB's number of a column family that nobody knows.
  private static final long NO_COLUMN_FAMILY = Integer.MAX_VALUE;

  /// Of files that another program makes, to be ingested.
  private static final int EXTERNAL_VERSION = 2;

  private final TableWriterOptions options;
  private final int contextBase;
  private final BlockOutput output;

  TableTail(TableWriterOptions options, int contextBase, BlockOutput output) {
    this.options = options;
    this.contextBase = contextBase;
    this.output = output;
  }

  /// @param session of RocksDB's form, by which it tells tables apart in its caches
  void write(BlockBuilder index, TableCounts counts, String session) throws IOException {
    long dataBytes = output.position();
    int indexBytes = index.finish();
    BlockHandle indexAt = output.write(index, indexBytes, true);
    Map<String, byte[]> properties = properties(counts, session);
    properties.put("rocksdb.data.size", varint(dataBytes));
    properties.put("rocksdb.tail.start.offset", varint(dataBytes));
    properties.put("rocksdb.index.size", varint(indexBytes + BlockHandle.TRAILER_BYTES));
    BlockHandle propertiesAt = write(properties, Integer.MAX_VALUE);
    Map<String, byte[]> list = new TreeMap<>();
    list.put("rocksdb.properties", handle(propertiesAt));
    boolean extended = options.formatVersion() >= TableWriterOptions.FIRST_WITH_CONTEXT;
    if (extended) {
      list.put("rocksdb.index", handle(indexAt));
    }
    BlockHandle listAt = write(list, 1);
    output.writeRaw(extended ? extendedFooter(listAt) : footer(listAt, indexAt));
  }

  private BlockHandle write(Map<String, byte[]> entries, int restartInterval) throws IOException {
    try (BlockBuilder block = new BlockBuilder(restartInterval, 2048)) {
      entries.forEach((name, value) -> block.add(name.getBytes(US_ASCII), value));
      int length = block.finish();
      return output.write(block, length, false);
    }
  }

  private Map<String, byte[]> properties(TableCounts counts, String session) {
    Map<String, byte[]> all = new TreeMap<>();
    all.put("rocksdb.block.based.table.index.type", new byte[Integer.BYTES]);
    all.put("rocksdb.block.based.table.prefix.filtering", text("0"));
    all.put("rocksdb.block.based.table.whole.key.filtering", text("1"));
    all.put("rocksdb.column.family.id", varint(NO_COLUMN_FAMILY));
    all.put("rocksdb.comparator", text("leveldb.BytewiseComparator"));
    all.put("rocksdb.compression", text(compressionName()));
    all.put("rocksdb.creating.db.identity", text("Ringwell"));
    all.put("rocksdb.creating.session.identity", text(session));
    all.put("rocksdb.external_sst_file.global_seqno", new byte[Long.BYTES]);
    all.put("rocksdb.external_sst_file.version", fixedInt(EXTERNAL_VERSION));
    all.put("rocksdb.format.version", varint(options.formatVersion()));
    all.put("rocksdb.index.key.is.user.key", varint(1));
    all.put("rocksdb.index.value.is.delta.encoded", varint(1));
    all.put("rocksdb.merge.operator", text("nullptr"));
    all.put("rocksdb.num.data.blocks", varint(counts.blocks()));
    all.put("rocksdb.num.entries", varint(counts.entries()));
    all.put("rocksdb.original.file.number", varint(1));
    all.put("rocksdb.prefix.extractor.name", text("nullptr"));
    all.put("rocksdb.property.collectors", text("[]"));
    all.put("rocksdb.raw.key.size", varint(counts.keyBytes()));
    all.put("rocksdb.raw.value.size", varint(counts.valueBytes()));
    for (String zero :
        new String[] {
          "rocksdb.creation.time",
          "rocksdb.deleted.keys",
          "rocksdb.filter.size",
          "rocksdb.fixed.key.length",
          "rocksdb.key.largest.seqno",
          "rocksdb.key.smallest.seqno",
          "rocksdb.merge.operands",
          "rocksdb.num.filter_entries",
          "rocksdb.num.range-deletions",
          "rocksdb.oldest.key.time"
        }) {
      all.put(zero, varint(0));
    }
    return all;
  }

  /// As RocksDB tells the compression: by name, later as a manager and the numbers that it may use.
  private String compressionName() {
    boolean manager = options.formatVersion() >= TableWriterOptions.FIRST_WITH_MANAGER;
    return switch (options.compression()) {
      case LZ4 -> manager ? "BuiltinV2;04;" : "LZ4";
      case ZSTD -> manager ? "BuiltinV2;07;" : "ZSTD";
      default -> manager ? "BuiltinV2;;" : "NoCompression";
    };
  }

  private MemorySegment footer(BlockHandle list, BlockHandle index) {
    MemorySegment footer = emptyFooter();
    long at = BlockBuilder.putVarint(footer, 1, list.offset());
    at = BlockBuilder.putVarint(footer, at, list.size());
    at = BlockBuilder.putVarint(footer, at, index.offset());
    BlockBuilder.putVarint(footer, at, index.size());
    return footer;
  }

  private MemorySegment extendedFooter(BlockHandle list) {
    MemorySegment footer = emptyFooter();
    footer.set(INT, 1, EXTENDED_MAGIC);
    footer.set(INT, 9, contextBase);
    footer.set(INT, 13, (int) list.size());
    // Over the footer with zeros where the checksum goes.
    int sum =
        output.checksum().compute(footer, 0, FOOTER_BYTES - 1)
            + Checksum.context(contextBase, output.position());
    footer.set(INT, FOOTER_CHECKSUM, sum);
    return footer;
  }

  private MemorySegment emptyFooter() {
    MemorySegment footer = Arena.ofAuto().allocate(FOOTER_BYTES);
    footer.set(JAVA_BYTE, 0, (byte) options.checksum().code());
    footer.set(INT, FOOTER_VERSION, options.formatVersion());
    footer.set(LONG, FOOTER_VERSION + 4, MAGIC);
    return footer;
  }

  private static byte[] handle(BlockHandle handle) {
    byte[] offset = varint(handle.offset());
    byte[] size = varint(handle.size());
    byte[] both = new byte[offset.length + size.length];
    System.arraycopy(offset, 0, both, 0, offset.length);
    System.arraycopy(size, 0, both, offset.length, size.length);
    return both;
  }

  private static byte[] varint(long value) {
    byte[] bytes = new byte[10];
    long end = BlockBuilder.putVarint(MemorySegment.ofArray(bytes), 0, value);
    return Arrays.copyOf(bytes, (int) end);
  }

  private static byte[] fixedInt(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  private static byte[] text(String value) {
    return value.getBytes(US_ASCII);
  }
}
