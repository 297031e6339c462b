package io.ringwell.kv.table;

import io.ringwell.engine.Engine;
import io.ringwell.file.AsyncFile;
import io.ringwell.file.OpenOptions;
import io.ringwell.kv.KvBounds;
import io.ringwell.kv.KvIterator;
import io.ringwell.memory.Bytes;
import io.ringwell.window.WindowSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A table file of RocksDB (block-based, format versions 2 to 7) or of LevelDB, to be read.
///
/// ```java
/// try (Table table = Table.open(engine, path, TableOptions.defaults());
///     KvIterator entries = table.iterator()) {
///   while (entries.next()) {
///     use(entries.key(), entries.value());
///   }
/// }
/// ```
///
/// **What is read.** Every kind of index and of checksum; blocks stored as they are, or compressed
/// by snappy, zlib, LZ4 or zstd, also with a dictionary. Keys have to be in the order of their
/// bytes. What this reader could not give the meaning of is refused, not skipped: tables that
/// remove ranges of keys, of other orders, and entries that are operands of merges, blobs or wide
/// columns.
///
/// **Entries** are what the table stores: all versions of a key, the newest first, and deletes
/// ([KvIterator#isTombstone]). Of several tables of a database, merge their iterators.
///
/// **Trust.** A file is taken for what anybody may have written: every checksum is verified (unless
/// the options say otherwise), every place and length held against what is there, and sizes against
/// the options' bounds before memory is taken. What is wrong is a [TableException], which names
/// file, block and place.
///
/// **Memory.** Index, dictionary and properties are read when it is opened, and kept until nobody
/// refers to it; of a two-level index the upper level alone. All else comes from the engine's pool,
/// while an iterator is open.
///
/// **Threads.** Any number may make iterators, each used by one at a time. The file is not expected
/// to change.
public final class Table implements AutoCloseable {
  /// RocksDB's name for the order of bytes, and LevelDB's.
  private static final String BYTEWISE = "leveldb.BytewiseComparator";

  private final TableFile file;
  private final TableFormat format;
  private final TableOptions options;
  private final Compression plain;
  private final Compression compression;
  private volatile boolean closed;

  private Table(TableFile file, TableFormat format, TableOptions options) {
    this.file = file;
    this.format = format;
    this.options = options;
    this.plain = format.footer().isLevelDb() ? Compression.levelDb() : Compression.rocksDb(null);
    MemorySegment dictionary = format.dictionary();
    this.compression =
        dictionary == null ? plain : Compression.rocksDb(dictionary.toArray(ValueLayout.JAVA_BYTE));
  }

  /// Opens a file, which closing the table closes; parks.
  ///
  /// @throws TableException where it is no table, or not one that can be read
  public static Table open(Engine engine, Path path, TableOptions options) throws IOException {
    AsyncFile file = AsyncFile.open(engine, path, OpenOptions.read());
    return open(() -> TableFile.of(file, true), file, options);
  }

  /// Reads a file that the caller has opened, buffered or direct, and closes after the table;
  /// parks.
  ///
  /// @throws TableException where it is no table, or not one that can be read
  public static Table open(AsyncFile file, TableOptions options) throws IOException {
    TableFile source = TableFile.of(file, false);
    return new Table(source, new TableOpening(source, options).read(), options);
  }

  /// Reads an object of a store, or anything else; closing the table closes it, and so does a
  /// failure here. Parks.
  ///
  /// @param engine whose pool memory comes from
  /// @throws TableException where it is no table, or not one that can be read
  public static Table open(Engine engine, WindowSource source, TableOptions options)
      throws IOException {
    return open(() -> TableFile.of(engine, source), source, options);
  }

  private interface Opening {
    TableFile open() throws IOException;
  }

  private static Table open(Opening opening, AutoCloseable closeable, TableOptions options)
      throws IOException {
    try {
      TableFile file = opening.open();
      return new Table(file, new TableOpening(file, options).read(), options);
    } catch (Throwable e) {
      try {
        closeable.close();
      } catch (Exception also) {
        if (e != also) { // a source that is broken may say so by every call
          e.addSuppressed(also);
        }
      }
      throw e;
    }
  }

  // ---- reading

  /// All entries; stands before the first. The caller closes it.
  ///
  /// @throws TableException where the table has what cannot be read rightly
  public KvIterator iterator() throws IOException {
    return iterator(KvBounds.all());
  }

  /// The entries within bounds; nothing behind the upper one is read ahead.
  ///
  /// @throws TableException where the table has what cannot be read rightly
  public KvIterator iterator(KvBounds bounds) throws IOException {
    Objects.requireNonNull(bounds, "bounds");
    requireReadable();
    return new TableIterator(this, bounds);
  }

  /// Looks many keys up. All blocks that may have them are read at once, near ones by one read, and
  /// each once; parks until the last was looked at.
  ///
  /// @param keys in any order, also more than once
  /// @return for each key its value, copied, which the caller closes; null where the table does not
  ///   have it, or has it deleted
  /// @throws TableException where the table is damaged, or has what cannot be read rightly
  public List<@Nullable Bytes> multiGet(List<MemorySegment> keys) throws IOException {
    requireReadable();
    return new MultiGet(this, List.copyOf(keys)).run();
  }

  private void requireReadable() throws TableException {
    if (closed) {
      throw new IllegalStateException("the table " + name() + " is closed");
    }
    String order = format.properties().comparator();
    if (!order.isEmpty() && !order.equals(BYTEWISE)) {
      throw refused("its keys are in the order of " + order, "only that of bytes can be read");
    }
    if (format.rangeDeletes()) {
      throw refused(
          "it removes ranges of keys, also of other tables",
          "compact the database, or read it with RocksDB");
    }
  }

  private TableException refused(String problem, String remedy) {
    return new TableException(
        name(), format.footer().metaIndex().offset(), TableProperties.BLOCK, problem, remedy);
  }

  // ---- facts

  /// What messages call it: the path of a file.
  public String name() {
    return file.name();
  }

  /// In bytes, as it was when the table was opened.
  public long size() {
    return file.size();
  }

  /// Whether LevelDB's format is its, not RocksDB's.
  public boolean isLevelDb() {
    return format.footer().isLevelDb();
  }

  /// The version of RocksDB's format; 0 for LevelDB.
  public int formatVersion() {
    return format.footer().version();
  }

  /// How its blocks are checksummed.
  public TableChecksum checksum() {
    return format.footer().checksum();
  }

  /// `binary`, `hash`, `two-level` or `first-key`.
  public String indexKind() {
    return format.indexName();
  }

  /// What the table says of itself.
  public TableProperties properties() {
    return format.properties();
  }

  /// Whether it removes ranges of keys; then it has no iterator.
  public boolean hasRangeDeletes() {
    return format.rangeDeletes();
  }

  // ---- for those who read it

  TableFormat format() {
    return format;
  }

  TableFile source() {
    return file;
  }

  TableOptions options() {
    return options;
  }

  @Nullable BlockCache cache() {
    return options.cache();
  }

  boolean isClosed() {
    return closed;
  }

  /// Decodes blocks of entries, or of the index, for one thread.
  BlockDecoding decoding(boolean entries) {
    return new BlockDecoding(
        file.name(),
        format.footer(),
        entries ? compression : plain,
        options.checksumsVerified(),
        options.maxBlockBytes());
  }

  /// Ends it. Iterators that are open can be used no further, save closed; reads of a file that are
  /// in flight are waited for. Further calls do nothing.
  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    BlockCache shared = options.cache();
    if (shared != null) {
      shared.remove(this);
    }
    try {
      file.close();
    } finally {
      compression.close();
    }
  }

  @Override
  public String toString() {
    return "Table["
        + name()
        + ", "
        + (isLevelDb() ? "LevelDB" : "version " + formatVersion())
        + ", "
        + indexKind()
        + " index, "
        + checksum()
        + "]";
  }
}
