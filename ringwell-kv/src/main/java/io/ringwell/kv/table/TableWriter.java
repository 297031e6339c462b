package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringwell.kv.Keys;
import io.ringwell.kv.KvIterator;
import io.ringwell.memory.BufferPool;
import io.ringwell.sink.Sink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Objects;

/// Writes a RocksDB table: entries in ascending order of their keys, which RocksDB ingests
/// (`IngestExternalFile`), opens (`SstFileReader`), and [Table] reads.
///
/// ```java
/// try (Sink sink = io.sink(path, FileSinkOptions.defaults());
///     TableWriter table = TableWriter.to(sink, io.pool(), TableWriterOptions.defaults())) {
///   for (Entry entry : sorted) {
///     table.add(entry.key(), entry.value());
///   }
///   table.complete(); // on the device, and under its name
/// }
/// ```
///
/// **Order.** Each key is behind the one before in the order of [Keys]; one that is not is refused,
/// and the table can go on without it. Entries have sequence number 0, as in all tables that are
/// made to be ingested.
///
/// **Ownership.** Keys and values are copied into the table's blocks; whoever made the sink closes
/// it.
///
/// **Memory.** Up to 16 blocks, or 1 MiB and one block, each also compressed; one chunk of 256 KiB
/// of the pool (more where a block has more), what the sink holds, and the index: a key and some
/// bytes for each block of entries, 8 MiB or so for a table of 1 GiB, at most 256 MiB. An entry may
/// have up to 32 MiB.
///
/// **Waiting.** Adding parks when the sink or the pool is full.
///
/// **Threads.** One at a time. Blocks are compressed by helpers meanwhile ([TableWriterOptions]),
/// and what goes wrong there is thrown where the writer comes to that block.
///
/// **Errors.** After an error of the sink nothing but [#close] makes sense, and the file is as if
/// nothing had been written.
public final class TableWriter implements AutoCloseable {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Sequence number 0 and the kind of an ordinary entry.
  private static final long TRAILER = KvIterator.VALUE;

  private static final int MOST_ENTRY_BYTES = 32 << 20;
  private static final int MOST_INDEX_BYTES = 256 << 20;

  /// A block may end this many percent before it is full, if the next entry would overfill it: as
  /// RocksDB's block_size_deviation of 10.
  private static final int FULL_PERCENT = 90;

  /// Of RocksDB's session identities.
  private static final int SESSION_DIGITS = 20;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Sink sink;
  private final TableWriterOptions options;
  private final int contextBase;
  private final BlockPacker packer;
  private final PackAhead packing;
  private final BlockOutput output;

  /// The one that is being filled.
  private BlockBuilder block;

  private final BlockBuilder index = new BlockBuilder(1, 16 << 10);

  /// The key of the entry before.
  private final GrowingMemory last = new GrowingMemory(256);

  private int lastLength;
  private long entries;
  private long blocks;
  private long keyBytes;
  private long valueBytes;
  private boolean complete;
  private boolean broken;
  private boolean closed;

  private TableWriter(Sink sink, BufferPool pool, TableWriterOptions options) {
    this.sink = sink;
    this.options = options;
    this.contextBase =
        options.formatVersion() >= TableWriterOptions.FIRST_WITH_CONTEXT
            ? RANDOM.nextInt() | 1 // anything but 0
            : 0;
    this.packer = new BlockPacker(options);
    this.packing = new PackAhead(options, packer);
    this.output = new BlockOutput(sink, pool, packer, contextBase);
    this.block = packing.block();
  }

  /// A table whose bytes go to `sink`. The pool gives chunks of 256 KiB, so it has at least one.
  public static TableWriter to(Sink sink, BufferPool pool, TableWriterOptions options) {
    return new TableWriter(sink, pool, options);
  }

  /// Adds an entry.
  ///
  /// @throws IllegalArgumentException if the key is not behind the one before, or the entry is too
  ///   large; then nothing was added
  /// @throws IOException what the sink failed with
  public void add(MemorySegment key, MemorySegment value) throws IOException {
    add(key, 0, length(key), value, 0, length(value));
  }

  /// Adds an entry whose key and value are parts of segments. Allocates nothing but what each block
  /// of entries takes.
  ///
  /// @throws IllegalArgumentException if the key is not behind the one before, or the entry is too
  ///   large; then nothing was added
  /// @throws IndexOutOfBoundsException if key or value are not within their segments
  /// @throws IOException what the sink failed with
  public void add(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength)
      throws IOException {
    requireOpen();
    Objects.checkFromIndexSize(keyOffset, keyLength, key.byteSize());
    Objects.checkFromIndexSize(valueOffset, valueLength, value.byteSize());
    if ((long) keyLength + valueLength > MOST_ENTRY_BYTES) {
      throw new IllegalArgumentException(
          "an entry of "
              + ((long) keyLength + valueLength)
              + " bytes, key "
              + Keys.show(key, keyOffset, keyLength)
              + ": a table takes up to "
              + MOST_ENTRY_BYTES);
    }
    int shared = entries == 0 ? 0 : sharedWithLast(key, keyOffset, keyLength);
    if (isFull(keyLength, valueLength)) {
      finishBlock(separatorAt(key, keyOffset, keyLength, shared));
    }
    block.add(key, keyOffset, keyLength, TRAILER, shared, value, valueOffset, valueLength);
    last.ensure(keyLength, shared);
    MemorySegment.copy(key, keyOffset + shared, last.segment(), shared, keyLength - shared);
    lastLength = keyLength;
    entries++;
    keyBytes += keyLength + Long.BYTES;
    valueBytes += valueLength;
  }

  /// How many entries were added.
  public long entries() {
    return entries;
  }

  /// Ends the table and completes the sink; parks until it has.
  ///
  /// @return how many bytes the table has
  /// @throws IOException what went wrong: then the destination is as if nothing had been written,
  ///   or as the sink's maker says
  /// @throws IllegalStateException if it is complete already
  public long complete() throws IOException {
    requireOpen();
    complete = true;
    if (!block.isEmpty()) {
      finishBlock(lastLength);
    }
    writeBlocks(true);
    TableCounts counts = new TableCounts(entries, blocks, keyBytes, valueBytes);
    new TableTail(options, contextBase, output).write(index, counts, session());
    output.flush();
    return sink.complete();
  }

  /// How many bytes the key and the last one have in common; refuses one that is not behind it.
  private int sharedWithLast(MemorySegment key, long keyOffset, int keyLength) {
    MemorySegment before = last.segment();
    int least = Math.min(keyLength, lastLength);
    int i = 0;
    while (i <= least - 8) {
      long difference = before.get(LONG, i) ^ key.get(LONG, keyOffset + i);
      if (difference != 0) {
        i += Long.numberOfTrailingZeros(difference) >>> 3;
        break;
      }
      i += 8;
    }
    while (i < least && before.get(JAVA_BYTE, i) == key.get(JAVA_BYTE, keyOffset + i)) {
      i++;
    }
    boolean ascends =
        i < least
            ? byteAt(before, i) < byteAt(key, keyOffset + i)
            : i == lastLength && keyLength > lastLength;
    if (!ascends) {
      throw new IllegalArgumentException(
          "key "
              + Keys.show(key, keyOffset, keyLength)
              + " comes "
              + (i == keyLength && i == lastLength ? "twice" : "after " + showLast())
              + ": keys must ascend, in the order of their bytes (LC_ALL=C sort)");
    }
    return i;
  }

  private String showLast() {
    return Keys.show(last.segment(), 0, lastLength);
  }

  private static int byteAt(MemorySegment segment, long at) {
    return segment.get(JAVA_BYTE, at) & 0xFF;
  }

  private boolean isFull(int keyLength, int valueLength) {
    if (block.isEmpty()) {
      return false;
    }
    int bytes = block.bytes();
    int most = options.blockBytes();
    return bytes >= most
        || (block.bytesWith(keyLength, valueLength) > most
            && bytes * 100L > (long) most * FULL_PERCENT);
  }

  /// Where the last key may be cut, that byte being raised by one, so that it is neither before the
  /// last key nor behind the next; its length where it may not.
  private int separatorAt(MemorySegment next, long nextOffset, int nextLength, int shared) {
    if (shared == lastLength) {
      return lastLength;
    }
    MemorySegment before = last.segment();
    if (shared < nextLength - 1 || byteAt(before, shared) + 1 < byteAt(next, nextOffset + shared)) {
      return shared;
    }
    int at = shared + 1;
    while (at < lastLength && byteAt(before, at) == 0xFF) {
      at++;
    }
    return at;
  }

  /// Has the block packed, and writes what is.
  private void finishBlock(int separator) throws IOException {
    MemorySegment key = last.segment();
    if (separator == lastLength) {
      packing.finish(key, lastLength);
    } else {
      byte old = key.get(JAVA_BYTE, separator);
      key.set(JAVA_BYTE, separator, (byte) (old + 1));
      packing.finish(key, separator + 1);
      key.set(JAVA_BYTE, separator, old);
    }
    blocks++;
    // An error leaves a block behind that nothing can be added to.
    broken = true;
    writeBlocks(false);
    broken = false;
    block = packing.block();
  }

  /// Writes packed blocks, and their lines of the index.
  private void writeBlocks(boolean all) throws IOException {
    PackAhead.Slot next;
    while ((next = packing.next(all)) != null) {
      BlockHandle handle = output.write(next.packed);
      if (index.bytesWith(next.separatorLength, 0) > MOST_INDEX_BYTES) {
        throw new IOException(
            "the table's index would have more than "
                + MOST_INDEX_BYTES
                + " bytes: write larger blocks, or several tables");
      }
      index.addHandle(next.separator.segment(), next.separatorLength, handle);
      packing.written();
    }
  }

  /// What tells this table from all others in RocksDB's caches.
  private static String session() {
    String digits = new BigInteger(SESSION_DIGITS * 5, RANDOM).toString(Character.MAX_RADIX);
    return "0".repeat(SESSION_DIGITS - digits.length()) + digits.toUpperCase(Locale.ROOT);
  }

  private static int length(MemorySegment segment) {
    return Math.toIntExact(segment.byteSize());
  }

  private void requireOpen() {
    if (closed || complete || broken) {
      throw new IllegalStateException(
          "the table " + (closed ? "is closed" : complete ? "is complete" : "has failed"));
    }
  }

  /// Gives up the table unless it is complete, and lets go of its memory. Does not close the sink.
  /// Closing again does nothing.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    output.close();
    packing.close();
    packer.close();
    index.close();
    last.close();
  }
}
