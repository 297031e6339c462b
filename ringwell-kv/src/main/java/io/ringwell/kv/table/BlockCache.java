package io.ringwell.kv.table;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import io.ringwell.memory.PoolOptions;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keeps blocks of tables in memory, verified and decompressed, the least recently used of them
/// going first.
///
/// A cache may serve any number of tables, of any engines. What is looked up goes there: the blocks
/// that [Table#multiGet] and the seeks of iterators come to, and the parts of two-level indexes.
/// What a scan steps on to does not, so that a scan pushes nothing out; its reads come from the
/// page cache, or ahead. Blocks are shared with those who read them, not copied.
///
/// **Bound.** All of its memory, in a pool of its own: at the most [#maxBytes], of which each block
/// takes the next power of two. What an iterator stands in, or was retained, lives on after it was
/// pushed out, and takes room from others meanwhile. Blocks of more than an eighth of the bound are
/// not kept.
///
/// **Cost.** A block that is there costs a lock and a look into a map; one that is not is copied
/// once.
///
/// **Threads.** Any. Close it after the tables that use it, or before: those read on without it.
public final class BlockCache implements AutoCloseable {
  private static final long LEAST_BYTES = 64 << 10;

  /// A block takes no more than one of so many parts: else one would push all others out.
  private static final int LEAST_BLOCKS = 8;

  private record Key(Table table, long offset) {}

  private final BufferPool pool;
  private final Map<Key, Bytes> blocks = new LinkedHashMap<>(64, 0.75f, true);
  private long bytes;
  private long hits;
  private long misses;
  private boolean closed;

  private BlockCache(long maxBytes) {
    this.pool = BufferPool.shared(PoolOptions.ofMaxBytes(maxBytes).withName("block cache"));
  }

  /// A cache of up to `maxBytes` bytes.
  ///
  /// @throws IllegalArgumentException if that is less than 64 KiB
  public static BlockCache ofMaxBytes(long maxBytes) {
    if (maxBytes < LEAST_BYTES) {
      throw new IllegalArgumentException(
          "maxBytes must be at least " + LEAST_BYTES + ", not " + maxBytes);
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

  /// Keeps a copy of a block, unless there is no room or somebody was quicker.
  synchronized void put(Table table, long offset, MemorySegment memory, long from, int size) {
    Key key = new Key(table, offset);
    if (closed
        || table.isClosed()
        || size > pool.maxBytes() / LEAST_BLOCKS
        || blocks.containsKey(key)) {
      return;
    }
    IoBuffer room = makeRoom(size);
    if (room == null) {
      return;
    }
    MemorySegment.copy(memory, from, room.segment(), 0, size);
    blocks.put(key, room.freeze(0, size));
    bytes += size;
  }

  /// Null where readers hold too much.
  private @Nullable IoBuffer makeRoom(int size) {
    IoBuffer room = pool.tryAcquire(size);
    Iterator<Bytes> oldest = blocks.values().iterator();
    while (room == null && oldest.hasNext()) {
      drop(oldest);
      room = pool.tryAcquire(size);
    }
    return room;
  }

  private void drop(Iterator<Bytes> all) {
    Bytes out = all.next();
    all.remove();
    bytes -= out.size();
    out.close();
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

  /// The bound, in bytes: what was asked for, less what does not make a whole slab of a pool.
  public long maxBytes() {
    return pool.maxBytes();
  }

  /// How many bytes the blocks have that are kept now.
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

  /// The memory that is taken now, of kept blocks and of those that readers still have.
  long heldBytes() {
    return pool.stats().inUseBytes();
  }

  /// Gives all blocks up, and takes no more; the memory goes back when readers have let go of it.
  /// Further calls do nothing.
  @Override
  public synchronized void close() {
    closed = true;
    blocks.values().forEach(Bytes::close);
    blocks.clear();
    bytes = 0;
    pool.close();
  }
}
