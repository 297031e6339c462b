package io.ringwell.kv.table;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;

/// Reads what has to be known of a table before its entries can be read. Parks.
///
/// Most of it lies at the file's end, so that is read first, and as a rule is enough. What is kept
/// is copied to memory of its own, which the collector frees: no close can take it from under an
/// iterator.
final class TableOpening {
  private static final long TAIL_BYTES = 64 << 10;
  private static final long PIECE_BYTES = 1 << 20;

  private static final String META_INDEX = "list of meta blocks";
  private static final String DICTIONARY = "compression dictionary";
  private static final String PROPERTIES_NAME = "rocksdb.properties";
  private static final String INDEX_NAME = "rocksdb.index";
  private static final String DICTIONARY_NAME = "rocksdb.compression_dict";
  private static final String RANGES_NAME = "rocksdb.range_del";
  private static final String INDEX_KIND = "rocksdb.block.based.table.index.type";

  /// What RocksDB's writer of files to be ingested puts into them.
  private static final String EXTERNAL_VERSION = "rocksdb.external_sst_file.version";

  private static final String EXTERNAL_SEQUENCE = "rocksdb.external_sst_file.global_seqno";
  private static final int EXTERNAL_WITH_SEQUENCE = 2;

  private final TableFile file;
  private final TableOptions options;
  private MemorySegment tail = MemorySegment.NULL;
  private long tailStart;

  TableOpening(TableFile file, TableOptions options) {
    this.file = file;
    this.options = options;
  }

  TableFormat read() throws IOException {
    String name = file.name();
    long size = file.size();
    tailStart = file.before(Math.max(0, size - TAIL_BYTES));
    tail = read(tailStart, size - tailStart);
    long footerBytes = Math.min(size, Footer.MOST_BYTES);
    Footer footer =
        Footer.parse(name, tail.asSlice(size - footerBytes - tailStart, footerBytes), size);
    BlockDecoding decoding = decoding(footer);
    Map<String, BlockHandle> blocks = metaBlocks(footer, decoding);
    TableProperties properties = TableProperties.none();
    if (!footer.isLevelDb()) {
      BlockHandle where = required(blocks, PROPERTIES_NAME, footer);
      MetaBlock block = block(where, TableProperties.BLOCK, decoding);
      properties = TableProperties.parse(name, block.memory(), block.size(), where.offset());
    }
    BlockHandle index = footer.index();
    if (index == null) {
      index = required(blocks, INDEX_NAME, footer);
    }
    int kind = indexKind(footer, properties, index);
    MetaBlock indexBlock = block(index, TableFormat.INDEX, decoding);
    BlockHandle dictionary = blocks.get(DICTIONARY_NAME);
    MetaBlock dictionaryBlock = dictionary == null ? null : block(dictionary, DICTIONARY, decoding);
    int suffixBytes = !footer.isLevelDb() || options.suffixed() ? BlockCursor.SUFFIX_BYTES : 0;
    boolean userKeys = properties.number("rocksdb.index.key.is.user.key", 0) != 0;
    return new TableFormat(
        name,
        footer,
        properties,
        suffixBytes,
        indexBlock.memory(),
        indexBlock.size(),
        index.offset(),
        kind,
        userKeys ? 0 : suffixBytes,
        properties.number("rocksdb.index.value.is.delta.encoded", 0) != 0,
        dictionaryBlock == null ? null : dictionaryBlock.contents(),
        blocks.containsKey(RANGES_NAME) || properties.rangeDeletes() > 0,
        sequence(properties),
        dataEnd(properties, index));
  }

  /// Reads all blocks that the table lists, so that what is damaged is told of.
  ///
  /// @return how many there are
  int checkMetaBlocks(Footer footer) throws IOException {
    BlockDecoding decoding = decoding(footer);
    Map<String, BlockHandle> blocks = metaBlocks(footer, decoding);
    for (var each : blocks.entrySet()) {
      block(each.getValue(), each.getKey(), decoding);
    }
    return blocks.size();
  }

  private BlockDecoding decoding(Footer footer) {
    return new BlockDecoding(
        file.name(),
        footer,
        footer.isLevelDb() ? Compression.levelDb() : Compression.rocksDb(null),
        options.checksumsVerified(),
        options.maxIndexBytes());
  }

  private Map<String, BlockHandle> metaBlocks(Footer footer, BlockDecoding decoding)
      throws IOException {
    BlockHandle where = footer.metaIndex();
    MetaBlock block = block(where, META_INDEX, decoding);
    DataCursor cursor = new DataCursor(file.name(), META_INDEX, 0);
    cursor.open(block.memory(), 0, block.size(), where.offset(), false);
    Map<String, BlockHandle> all = new TreeMap<>();
    Varints numbers = new Varints();
    while (cursor.next()) {
      String called = TableProperties.textOf(cursor.key, 0, cursor.keyLength);
      long from = cursor.base + cursor.valueAt;
      numbers.over(cursor.memory, from, from + cursor.valueLength);
      BlockHandle handle = new BlockHandle(numbers.next(), numbers.next());
      if (numbers.isBroken()
          || !BlockHandle.isWithin(handle.offset(), handle.size(), where.offset())) {
        throw cursor.damaged("it does not say where " + called + " is");
      }
      all.put(called, handle);
    }
    return all;
  }

  private BlockHandle required(Map<String, BlockHandle> blocks, String called, Footer footer)
      throws TableException {
    BlockHandle known = blocks.get(called);
    if (known == null) {
      throw TableException.damaged(
          file.name(), footer.metaIndex().offset(), META_INDEX, called + " is not in it");
    }
    return known;
  }

  private int indexKind(Footer footer, TableProperties properties, BlockHandle index)
      throws TableException {
    if (footer.isLevelDb()) {
      return 0;
    }
    int kind = properties.fixedInt(INDEX_KIND, -1);
    if (!TableFormat.isIndexKind(kind)) {
      throw new TableException(
          file.name(),
          index.offset(),
          TableFormat.INDEX,
          "the property " + INDEX_KIND + " is " + kind,
          "only binary (0), hash (1), two-level (2) and first-key (3) indexes can be read");
    }
    return kind;
  }

  private static long sequence(TableProperties properties) {
    if (properties.fixedInt(EXTERNAL_VERSION, 0) != EXTERNAL_WITH_SEQUENCE) {
      return -1;
    }
    long sequence = properties.fixedLong(EXTERNAL_SEQUENCE, 0);
    return sequence > 0 ? sequence : -1;
  }

  /// Behind which there is no data block, or the index where that is not told.
  private static long dataEnd(TableProperties properties, BlockHandle index) {
    long told = properties.dataBytes();
    return told < 0 ? index.offset() : Math.min(told, index.offset());
  }

  // ---- blocks

  /// A block in memory that nobody frees.
  private record MetaBlock(MemorySegment memory, int size) {
    MemorySegment contents() {
      return memory.asSlice(0, size);
    }
  }

  private MetaBlock block(BlockHandle where, String kind, BlockDecoding decoding)
      throws IOException {
    long offset = where.offset();
    int size = decoding.requireSize(where.size(), offset, kind);
    MemorySegment raw = read(offset, (long) size + BlockHandle.TRAILER_BYTES);
    TableCompression compression = decoding.verify(raw, 0, size, offset, kind);
    if (compression == TableCompression.NONE) {
      return new MetaBlock(raw, size);
    }
    int length = decoding.decodedLength(compression, raw, 0, size, offset, kind);
    MemorySegment plain = allocate(length);
    decoding.decode(compression, raw, 0, size, plain, length, offset, kind);
    return new MetaBlock(plain, length);
  }

  private static MemorySegment allocate(long bytes) {
    return Arena.ofAuto().allocate(bytes, Long.BYTES);
  }

  /// Bytes of the file.
  private MemorySegment read(long offset, long length) throws IOException {
    MemorySegment into = allocate(length);
    long end = offset + length;
    long tailEnd = tailStart + tail.byteSize();
    if (tail.byteSize() > 0 && offset >= tailStart && end <= tailEnd) {
      return into.copyFrom(tail.asSlice(offset - tailStart, length));
    }
    long at = offset;
    while (at < end) {
      long from = file.before(at);
      long to = Math.min(file.behind(end), from + PIECE_BYTES);
      at = copyPiece(from, to, at, Math.min(to, end), into, offset);
    }
    return into;
  }

  private long copyPiece(long from, long to, long start, long end, MemorySegment into, long base)
      throws IOException {
    Fetch fetch = file.tryFetch(from, to);
    if (fetch == null) {
      throw file.noMemory(to - from);
    }
    try {
      fetch.await();
      fetch.check();
      MemorySegment.copy(fetch.room.segment(), start - from, into, start - base, end - start);
      return end;
    } finally {
      fetch.release();
    }
  }
}
