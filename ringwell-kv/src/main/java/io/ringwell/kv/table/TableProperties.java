package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a RocksDB table says about itself: names with values, which are numbers, texts, or bytes
/// that only who wrote them understands. LevelDB tables have none.
///
/// Immutable. The names are RocksDB's, such as `rocksdb.num.entries`.
public final class TableProperties {
  static final String BLOCK = "properties";

  private static final String PREFIX = "rocksdb.";

  /// Those of RocksDB that are text; the others of its names are numbers.
  private static final SortedSet<String> TEXTS =
      Collections.unmodifiableSortedSet(
          new TreeSet<>(
              List.of(
                  "rocksdb.creating.db.identity",
                  "rocksdb.creating.session.identity",
                  "rocksdb.creating.host.identity",
                  "rocksdb.filter.policy",
                  "rocksdb.column.family.name",
                  "rocksdb.comparator",
                  "rocksdb.merge.operator",
                  "rocksdb.prefix.extractor.name",
                  "rocksdb.property.collectors",
                  "rocksdb.compression",
                  "rocksdb.compression_options")));

  private final NavigableMap<String, byte[]> values;

  private TableProperties(NavigableMap<String, byte[]> values) {
    this.values = values;
  }

  static TableProperties none() {
    return new TableProperties(new TreeMap<>());
  }

  /// @param block the block of properties
  static TableProperties parse(String file, MemorySegment block, int size, long offset)
      throws TableException {
    DataCursor cursor = new DataCursor(file, BLOCK, 0);
    cursor.open(block, 0, size, offset, false);
    NavigableMap<String, byte[]> values = new TreeMap<>();
    while (cursor.next()) {
      values.put(textOf(cursor.key, 0, cursor.keyLength), cursor.value());
    }
    return new TableProperties(values);
  }

  static String textOf(MemorySegment segment, long from, int length) {
    return new String(segment.asSlice(from, length).toArray(JAVA_BYTE), UTF_8);
  }

  /// All names, in order.
  public SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(values.navigableKeySet());
  }

  /// A copy of a value as it is stored; null where there is none.
  public byte @Nullable [] bytes(String name) {
    byte[] value = values.get(name);
    return value == null ? null : value.clone();
  }

  /// A value as a number of variable length, which RocksDB's are; `otherwise` where there is none,
  /// or it is no such number.
  public long number(String name, long otherwise) {
    byte[] value = values.get(name);
    if (value == null) {
      return otherwise;
    }
    Varints numbers = new Varints().over(MemorySegment.ofArray(value), 0, value.length);
    long number = numbers.next();
    return numbers.isBroken() ? otherwise : number;
  }

  /// A value as text; empty where there is none.
  public String text(String name) {
    byte[] value = values.get(name);
    return value == null ? "" : new String(value, UTF_8);
  }

  /// The number of entries, deletes and removed ranges included; -1 where it is not told.
  public long entries() {
    return number("rocksdb.num.entries", -1);
  }

  /// The number of ranges that the table removes.
  public long rangeDeletes() {
    return number("rocksdb.num.range-deletions", 0);
  }

  /// The number of blocks of entries; -1 where it is not told.
  public long dataBlocks() {
    return number("rocksdb.num.data.blocks", -1);
  }

  /// What all blocks of entries take in the file, in bytes; -1 where it is not told.
  public long dataBytes() {
    return number("rocksdb.data.size", -1);
  }

  /// What decides the order of keys; empty where it is not told.
  public String comparator() {
    return text("rocksdb.comparator");
  }

  /// How blocks are compressed, in the words of the version that wrote the table.
  public String compression() {
    return text("rocksdb.compression");
  }

  /// Four bytes as a number; `otherwise` where there are none.
  int fixedInt(String name, int otherwise) {
    byte[] value = values.get(name);
    return value == null || value.length != Integer.BYTES
        ? otherwise
        : MemorySegment.ofArray(value).get(BlockCursor.INT, 0);
  }

  /// Eight bytes as a number; `otherwise` where there are none.
  long fixedLong(String name, long otherwise) {
    byte[] value = values.get(name);
    return value == null || value.length != Long.BYTES
        ? otherwise
        : MemorySegment.ofArray(value).get(BlockCursor.LONG, 0);
  }

  /// A value for people: text or a number where it is known which, else hexadecimal.
  public String show(String name) {
    byte[] value = values.get(name);
    if (value == null) {
      return "";
    }
    if (TEXTS.contains(name)) {
      return new String(value, UTF_8);
    }
    if (name.startsWith(PREFIX)) {
      Varints numbers = new Varints().over(MemorySegment.ofArray(value), 0, value.length);
      long number = numbers.next();
      if (!numbers.isBroken() && numbers.position() == value.length) {
        return Long.toUnsignedString(number);
      }
    }
    return HexFormat.of().formatHex(value);
  }

  @Override
  public String toString() {
    StringBuilder all = new StringBuilder("TableProperties[");
    String between = "";
    for (String name : values.navigableKeySet()) {
      all.append(between).append(name).append('=').append(show(name));
      between = ", ";
    }
    return all.append(']').toString();
  }
}
