package io.ringwell.memory;

import io.ringwell.sys.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A pool's memory: free blocks on lock-free stacks by size, and the space that they are cut from.
///
/// | a block is    | how it gets there |
/// |---------------|-------------------|
/// | in use        | popped from its size's stack, or cut from the space |
/// | on a stack    | given back |
/// | part of space | dissolved, when other sizes or a run of slabs need the room |
///
/// [#recent] and [#putBack] may be called from any thread and never wait; everything else only with
/// the pool's lock held.
final class SlabHeap {
  /// What every kernel can register as one buffer with a ring, in bytes (io_uring_register(2)).
  private static final long MAX_SLAB_BYTES = 1L << 30;

  private static final long DEFAULT_SLAB_BYTES = 4L << 20;

  /// How a heap's slabs are made.
  enum Kind {
    /// One range of addresses, where the system has mmap(2).
    RANGE,
    /// Each an allocation of its own, as where there is no mmap(2).
    SEPARATE,
    /// [SecureSlabs].
    SECURE
  }

  private static final long FALLBACK_PAGE_BYTES = 4096;

  /// So many slabs that rounding the bound down to whole ones loses little.
  private static final int SLABS = 16;

  /// Fewer, since no buffer can be larger than a slab.
  private static final int SECURE_SLABS = 4;

  private final Recycler owner;
  private final @Nullable Poison poison;
  private final boolean secure;
  private final int unitShift;
  private final int slabShift;
  private final long maxBytes;

  /// The size class of runs of slabs; those below are orders.
  private final int runClass;

  private final FreeStacks free;
  private final SlabSpace space;
  private final SlabMemory memory;
  private final List<SlabListener> listeners = new ArrayList<>();
  private final ArrayDeque<Block> spares = new ArrayDeque<>();
  private Block[] blocks = new Block[0];
  private int blockCount;

  /// Memory of the blocks that were cut from the space and not dissolved, and the most it was.
  private long cutBytes;

  private long peakBytes;

  SlabHeap(PoolOptions options, Recycler owner, Kind kind) {
    this.owner = owner;
    secure = kind == Kind.SECURE;
    long slabBytes = slabBytes(options, secure ? SECURE_SLABS : SLABS);
    int slabs = Math.toIntExact(options.maxBytes() / slabBytes);
    poison =
        options.poison() ? new Poison(options.name(), secure ? Poison.ZERO : Poison.MARK) : null;
    unitShift = Long.numberOfTrailingZeros(options.alignment());
    slabShift = Long.numberOfTrailingZeros(slabBytes);
    maxBytes = slabs * slabBytes;
    space = new SlabSpace(slabs, unitShift, slabShift);
    runClass = space.maxOrder() + 1;
    free = new FreeStacks(runClass + 1);
    memory = memory(options, kind, slabs);
  }

  private SlabMemory memory(PoolOptions options, Kind kind, int slabs) {
    if (kind == Kind.SECURE) {
      return SecureSlabs.lock(options.name(), slabs, slabShift);
    }
    SlabMemory mapped = kind == Kind.RANGE ? MappedSlabs.reserve(slabs, slabShift) : null;
    return mapped != null ? mapped : new SeparateSlabs(slabs, slabShift, pageBytes(options));
  }

  /// Unless told otherwise, there are `slabs` or somewhat more.
  private static long slabBytes(PoolOptions options, int slabs) {
    long least = pageBytes(options);
    long most = Math.min(MAX_SLAB_BYTES, Long.highestOneBit(options.maxBytes()));
    if (most < least) {
      throw new IllegalArgumentException(
          "a pool of %d bytes cannot hold a slab: slabs are %d bytes or more"
              .formatted(options.maxBytes(), least));
    }
    long wanted = options.slabBytes();
    if (wanted == 0) {
      wanted = Math.min(DEFAULT_SLAB_BYTES, Long.highestOneBit(options.maxBytes() / slabs | 1));
    }
    return Math.clamp(wanted, least, most);
  }

  /// The unit of memory protection, or the alignment if that is larger.
  private static long pageBytes(PoolOptions options) {
    long page = NativeMemory.get().map(NativeMemory::pageSize).orElse(FALLBACK_PAGE_BYTES);
    return Math.max(page, options.alignment());
  }

  long maxBytes() {
    return maxBytes;
  }

  /// The largest buffer there can be, in bytes.
  long maxBufferBytes() {
    return memory.hasRuns() ? maxBytes : slabBytes();
  }

  /// Length of the range of addresses, guards with it, in bytes.
  long reservedBytes() {
    return (long) slabs() << memory.spacingShift();
  }

  int spacingShift() {
    return memory.spacingShift();
  }

  /// 0 if the slabs do not lie in one range.
  long baseAddress() {
    return memory.baseAddress();
  }

  boolean contiguous() {
    return memory.baseAddress() != 0;
  }

  /// A block of the right size that was given back before; null if there is none.
  @Nullable Block recent(long size) {
    int sizeClass = sizeClass(size);
    return sizeClass == runClass ? null : free.pop(sizeClass);
  }

  /// Makes a block that nobody holds available again.
  void putBack(Block block) {
    if (secure) {
      Wipe.clear(block.memory);
    } else {
      spoil(block.memory);
    }
    free.push(block.sizeClass, block);
  }

  /// In poison mode, whether a block about to be handed out is as it was left.
  void inspect(Block block) {
    if (poison != null) {
      poison.check(block.memory);
    }
  }

  private int sizeClass(long size) {
    long units = (size - 1) >> unitShift;
    int order = units <= 0 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(units);
    return Math.min(order, runClass);
  }

  /// A free block for `size` bytes, or null if neither blocks nor space allow it.
  @Nullable Block find(long size) {
    Block block = recent(size);
    return block != null ? block : cut(size, sizeClass(size));
  }

  /// A new block from the space, for which blocks of other sizes are dissolved where needed.
  private @Nullable Block cut(long size, int sizeClass) {
    long bytes =
        sizeClass == runClass
            ? (size + slabBytes() - 1) & -slabBytes()
            : 1L << (unitShift + sizeClass);
    int order = Math.min(sizeClass, space.maxOrder());
    long offset = takeSpace(bytes, sizeClass);
    if (offset >= 0 && !memory.isCommitted(slab(offset))) {
      // Reuse before growth, as long as it costs no more than touching a new slab would.
      giveSpace(offset, bytes, sizeClass);
      dissolveUntil(order, slabBytes());
      offset = takeSpace(bytes, sizeClass);
    }
    while (offset < 0 && dissolveUntil(order, Long.MAX_VALUE)) {
      offset = takeSpace(bytes, sizeClass);
    }
    if (offset < 0) {
      return null;
    }
    try {
      MemorySegment segment = ready(offset, bytes, sizeClass);
      Block block = spareBlock();
      block.assign(segment, offset, sizeClass);
      cutBytes += bytes;
      peakBytes = Math.max(peakBytes, cutBytes);
      return block;
    } catch (RuntimeException | Error e) {
      giveSpace(offset, bytes, sizeClass);
      throw e;
    }
  }

  private long takeSpace(long bytes, int sizeClass) {
    return sizeClass == runClass
        ? space.takeRun((int) (bytes >>> slabShift))
        : space.take(sizeClass);
  }

  private int giveSpace(long offset, long bytes, int sizeClass) {
    if (sizeClass == runClass) {
      space.giveRun(offset, (int) (bytes >>> slabShift));
      return space.maxOrder();
    }
    return space.give(offset, sizeClass);
  }

  /// Turns up to `limit` bytes of free blocks back into space, large ones first, until 2^order
  /// units are free in a row; false if that did not come about.
  private boolean dissolveUntil(int order, long limit) {
    long dissolved = 0;
    for (int sizeClass = runClass; sizeClass >= 0; sizeClass--) {
      while (dissolved < limit) {
        Block block = free.pop(sizeClass);
        if (block == null) {
          break;
        }
        dissolved += block.bytes;
        if (dissolve(block) >= order) {
          return true;
        }
      }
    }
    return false;
  }

  private int dissolve(Block block) {
    if (block.sizeClass == runClass && !contiguous()) {
      memory.decommitRun(slab(block.offset), (int) (block.bytes >>> slabShift));
    }
    int merged = giveSpace(block.offset, block.bytes, block.sizeClass);
    cutBytes -= block.bytes;
    block.assign(MemorySegment.NULL, 0, 0);
    spares.push(block);
    return merged;
  }

  /// The memory of a part of the space, committed.
  private MemorySegment ready(long offset, long bytes, int sizeClass) {
    int first = slab(offset);
    if (sizeClass == runClass && !contiguous()) {
      MemorySegment run = memory.commitRun(first, (int) (bytes >>> slabShift));
      spoil(run);
      return run;
    }
    int last = slab(offset + bytes - 1);
    for (int slab = first; slab <= last; slab++) {
      if (!memory.isCommitted(slab)) {
        memory.commit(slab);
        MemorySegment committed = slabSegment(slab);
        spoil(committed);
        for (SlabListener listener : listeners) {
          listener.slabCommitted(slab, committed);
        }
      }
    }
    return memory.segment(offset, bytes);
  }

  private Block spareBlock() {
    Block spare = spares.poll();
    if (spare != null) {
      return spare;
    }
    if (blockCount == blocks.length) {
      blocks = Arrays.copyOf(blocks, Math.max(64, blockCount + (blockCount >> 1)));
      free.table(blocks);
    }
    Block block = new Block(owner, blockCount);
    blocks[blockCount++] = block;
    return block;
  }

  private void spoil(MemorySegment released) {
    if (poison != null) {
      poison.fill(released);
    }
  }

  /// Tells of the slabs committed so far and from now on.
  void addListener(SlabListener listener) {
    listeners.add(listener);
    for (int slab = 0; slab < slabs(); slab++) {
      if (memory.isCommitted(slab)) {
        listener.slabCommitted(slab, slabSegment(slab));
      }
    }
  }

  void removeListener(SlabListener listener) {
    listeners.remove(listener);
  }

  /// Gives slabs without a block in use back to the system; how many bytes.
  long trim() {
    if (!listeners.isEmpty()) {
      return 0;
    }
    int before = memory.committed();
    dissolveAll();
    for (int slab = 0; slab < slabs(); slab++) {
      if (space.isFree(slab) && memory.isCommitted(slab)) {
        memory.decommit(slab);
      }
    }
    return (before - memory.committed()) * slabBytes();
  }

  /// Takes all free blocks apart; whether none is in use.
  boolean dissolveAll() {
    dissolveUntil(Integer.MAX_VALUE, Long.MAX_VALUE);
    return cutBytes == 0;
  }

  /// Ends the memory. No block may be in use.
  ///
  /// @throws IllegalStateException if a native call uses some of it at this moment; then it stays
  void unmap() {
    memory.unmap();
  }

  PoolStats stats(int waiting, long refused) {
    long inUse = 0;
    long lent = 0;
    long acquired = 0;
    for (int i = 0; i < blockCount; i++) {
      Block block = blocks[i];
      inUse += block.isInUse() ? block.bytes : 0;
      lent += block.isLent() ? block.bytes : 0;
      acquired += block.timesAcquired;
    }
    return new PoolStats(
        reservedBytes(),
        memory.committed() * slabBytes(),
        inUse,
        lent,
        waiting,
        peakBytes,
        acquired,
        refused,
        poison == null ? 0 : poison.damaged());
  }

  private long slabBytes() {
    return 1L << slabShift;
  }

  private int slabs() {
    return slab(maxBytes);
  }

  private int slab(long offset) {
    return (int) (offset >>> slabShift);
  }

  private MemorySegment slabSegment(int slab) {
    return memory.segment((long) slab << slabShift, slabBytes());
  }
}
