package io.ringwell.kv.table;

import io.ringwell.memory.Bytes;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keeps blocks of tables in memory, verified and decompressed, the least recently used of them
/// going first.
///
/// A cache may serve any number of tables. The parts of two-level indexes go there, which every
/// iterator of a table would read anew; blocks of entries do not: the page cache has those. Blocks
/// are shared with those who read them, not copied.
///
/// **Bound.** What is kept has at most [#maxBytes] together; what an iterator stands in, or was
/// retained, lives on after it was pushed out. The memory is the engine's pool's, so the bound had
/// better be well below that of the pool.
///
/// **Threads.** Any.
public final class BlockCache implements AutoCloseable {
  private record Key(Table table, long offset) {}

  private final long maxBytes;
  private final Map<Key, Bytes> blocks = new LinkedHashMap<>(64, 0.75f, true);
  private long bytes;
  private long hits;
  private long misses;
  private boolean closed;

  private BlockCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /// A cache of up to `maxBytes` bytes.
  ///
  /// @throws IllegalArgumentException if that is less than 1
  public static BlockCache ofMaxBytes(long maxBytes) {
    if (maxBytes < 1) {
      throw new IllegalArgumentException("maxBytes must be positive, not " + maxBytes);
    }
    return new BlockCache(maxBytes);
  }

  /// A handle of a block, which the caller closes; null where it is not there.
  synchronized @Nullable Bytes get(Table table, long offset) {
    Bytes known = blocks.get(new Key(table, offset));
    if (known == null) {
      misses++;
      return null;
    }
    hits++;
    return known.share();
  }

  /// Takes a handle over.
  synchronized void put(Table table, long offset, Bytes block) {
    long size = block.size();
    if (closed || size > maxBytes || table.isClosed()) {
      block.close();
      return;
    }
    Bytes before = blocks.put(new Key(table, offset), block);
    bytes += size;
    if (before != null) {
      bytes -= before.size();
      before.close();
    }
    Iterator<Bytes> oldest = blocks.values().iterator();
    while (bytes > maxBytes) {
      Bytes out = oldest.next();
      bytes -= out.size();
      oldest.remove();
      out.close();
    }
  }

  /// Gives up the blocks of a table that is closed.
  synchronized void remove(Table table) {
    Iterator<Map.Entry<Key, Bytes>> all = blocks.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Key, Bytes> each = all.next();
      if (each.getKey().table() == table) {
        bytes -= each.getValue().size();
        each.getValue().close();
        all.remove();
      }
    }
  }

  /// The bound, in bytes.
  public long maxBytes() {
    return maxBytes;
  }

  /// What is kept now, in bytes.
  public synchronized long bytes() {
    return bytes;
  }

  /// How often a block was there.
  public synchronized long hits() {
    return hits;
  }

  /// How often it was not.
  public synchronized long misses() {
    return misses;
  }

  /// Gives all blocks up, and takes no more. Further calls do nothing.
  @Override
  public synchronized void close() {
    closed = true;
    blocks.values().forEach(Bytes::close);
    blocks.clear();
    bytes = 0;
  }
}
