package io.ringwell.kv.table;

import io.ringwell.kv.Keys;
import io.ringwell.kv.KvIterator;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/// Looks at all of a table: whether it is as it was written, and where its blocks are.
///
/// Parks while it reads. Holds what an iterator holds, and one meta block at a time.
public final class TableCheck {
  /// Gets the lines of an index, in order.
  public interface IndexVisitor {
    /// A block of entries.
    ///
    /// @param offset where in the file it begins
    /// @param size how many bytes it has there, without its trailer of five
    /// @param separator a key that is not before its last, and before the first of the next block;
    ///   a copy
    void block(long offset, long size, MemorySegment separator) throws IOException;
  }

  /// What was looked at and found right.
  ///
  /// @param entries how many, deletes included
  /// @param blocks of entries
  /// @param metaBlocks properties, filters and what else the table lists
  public record Result(long entries, long blocks, long metaBlocks) {}

  private final Table table;
  private final TableFormat format;
  private final DataCursor cursor;
  private MemorySegment separator = MemorySegment.NULL;
  private long entries;
  private long blocks;

  private TableCheck(Table table) {
    this.table = table;
    this.format = table.format();
    this.cursor = format.dataCursor();
  }

  /// Reads every block that the table lists or its index names, and holds against each other:
  /// checksums and blocks; keys and their order, within blocks and across; separators of the index
  /// and keys; what the table says of its entries and blocks, and what there is. Of a filter in
  /// parts only the list of the parts is looked at.
  ///
  /// @throws TableException the first thing that is not right, and where
  /// @throws IllegalArgumentException if the table was opened without checksums
  public static Result verify(Table table) throws IOException {
    if (!table.options().checksumsVerified()) {
      throw new IllegalArgumentException(
          table.name() + " was opened without checksums: there is nothing to hold it against");
    }
    long meta =
        new TableOpening(table.source(), table.options()).checkMetaBlocks(table.format().footer());
    TableCheck check = new TableCheck(table);
    check.readAll();
    check.compareCounts();
    return new Result(check.entries, check.blocks, meta);
  }

  /// Shows `visitor` the index.
  public static void index(Table table, IndexVisitor visitor) throws IOException {
    try (IndexWalk walk = new IndexWalk(table)) {
      for (boolean first = true; step(walk, first); first = false) {
        IndexCursor at = walk.at();
        visitor.block(at.blockOffset, at.blockSize, userKey(at));
      }
    }
  }

  private void readAll() throws IOException {
    try (IndexWalk walk = new IndexWalk(table);
        BlockLoader loader = new BlockLoader(table, TableFormat.DATA)) {
      loader.limit(format.dataEnd());
      for (boolean first = true; step(walk, first); first = false) {
        IndexCursor at = walk.at();
        while (!loader.load(at, false, false)) {
          await(loader.ready());
        }
        cursor.open(loader.memory(), loader.position(), loader.size(), at.blockOffset, !first);
        readBlock(first, userKey(at));
        blocks++;
      }
    }
  }

  private void readBlock(boolean first, MemorySegment last) throws TableException {
    int userBytes = 0;
    boolean any = false;
    while (cursor.next()) {
      userBytes = cursor.keyLength - format.suffixBytes();
      if (!any && !first && compareTo(separator, userBytes) < 0) {
        throw cursor.damaged("its first key is before the separator of the block before");
      }
      any = true;
      entries++;
    }
    if (any && compareTo(last, userBytes) > 0) {
      throw cursor.damaged("its last key is behind its separator in the index");
    }
    separator = last;
  }

  private int compareTo(MemorySegment other, int userBytes) {
    return Keys.compare(cursor.key, 0, userBytes, other, 0, (int) other.byteSize());
  }

  private void compareCounts() throws TableException {
    compare("entries", format.properties().entries(), entries);
    compare("blocks of entries", format.properties().dataBlocks(), blocks);
  }

  private void compare(String what, long told, long found) throws TableException {
    if (told >= 0 && told != found) {
      throw TableException.damaged(
          table.name(),
          format.footer().metaIndex().offset(),
          TableProperties.BLOCK,
          "they tell of " + told + " " + what + ", and there are " + found);
    }
  }

  private static boolean step(IndexWalk walk, boolean first) throws IOException {
    int result;
    while ((result = first ? walk.first() : walk.next()) == KvIterator.PENDING) {
      await(walk.ready());
    }
    return result == KvIterator.ENTRY;
  }

  /// A copy of a separator, without what is not the user's.
  private static MemorySegment userKey(IndexCursor at) {
    int length = at.keyLength - at.suffixBytes;
    return MemorySegment.ofArray(at.key.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
  }

  private static void await(CompletionStage<Void> stage) throws IOException {
    try {
      stage.toCompletableFuture().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException told = new InterruptedIOException("interrupted while waiting for I/O");
      told.initCause(e);
      throw told;
    } catch (ExecutionException e) {
      throw new IOException("a stage that never fails has failed", e.getCause());
    }
  }
}
