package io.ringwell.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random buffers of random sizes, held in random ways, against a plain map of who has which bytes.
class BufferPoolModelTest {
  private static final long SLAB = 64 * 1024;
  private static final long MAX = 32 * SLAB;

  /// What holds one block, and the mark that its memory carries.
  private static final class Holding {
    final long address;
    final long length;
    final long mark;
    @Nullable IoBuffer buffer;
    final List<Bytes> handles = new ArrayList<>();
    final List<Runnable> lent = new ArrayList<>();

    Holding(IoBuffer buffer, long mark) {
      this.buffer = buffer;
      this.address = buffer.address();
      this.length = buffer.capacity();
      this.mark = mark;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void liveBuffersNeverOverlapAndAllMemoryComesBack(boolean inRange) {
    long seed = Trials.seed(getClass());
    Random random = new Random(seed);
    BufferPool pool =
        new SlabPool(
            PoolOptions.ofMaxBytes(MAX).withSlabBytes(SLAB).withPoison(random.nextBoolean()),
            inRange ? SlabHeap.Kind.RANGE : SlabHeap.Kind.SEPARATE);
    TreeMap<Long, Holding> live = new TreeMap<>();
    long marks = 0;
    for (int i = 0; i < Trials.rounds(20_000); i++) {
      int action = random.nextInt(100);
      if (action < 40) {
        acquire(pool, random, live, ++marks);
      } else if (action < 99 && !live.isEmpty()) {
        Holding any = any(random, live);
        checkMark(any, seed);
        change(any, random);
        if (any.buffer == null && any.handles.isEmpty() && any.lent.isEmpty()) {
          live.remove(any.address);
        }
      } else {
        pool.trim();
      }
      PoolStats stats = pool.stats();
      assertThat(stats.inUseBytes()).isLessThanOrEqualTo(stats.committedBytes());
      assertThat(stats.committedBytes()).isLessThanOrEqualTo(MAX);
    }
    for (Holding holding : live.values()) {
      checkMark(holding, seed);
      while (holding.buffer != null || !holding.handles.isEmpty() || !holding.lent.isEmpty()) {
        change(holding, random);
      }
    }
    assertThat(pool.stats().inUseBytes()).as("seed %d", seed).isZero();
    assertThat(pool.stats().damaged()).isZero();
    IoBuffer whole = pool.tryAcquire(MAX);
    assertThat(whole).as("all memory in one piece again, seed %d", seed).isNotNull();
    whole.close();
    pool.close();
  }

  private static void acquire(
      BufferPool pool, Random random, NavigableMap<Long, Holding> live, long mark) {
    // Mostly small, seldom up to several slabs.
    long size = 1 + random.nextLong(1L << (3 + random.nextInt(16)));
    IoBuffer buffer = pool.tryAcquire(size);
    if (buffer == null) {
      return;
    }
    Holding holding = new Holding(buffer, mark);
    Map.Entry<Long, Holding> below = live.floorEntry(holding.address);
    Map.Entry<Long, Holding> above = live.ceilingEntry(holding.address);
    if (below != null) {
      assertThat(below.getValue().address + below.getValue().length)
          .isLessThanOrEqualTo(holding.address);
    }
    if (above != null) {
      assertThat(holding.address + holding.length).isLessThanOrEqualTo(above.getKey());
    }
    live.put(holding.address, holding);
    if (size >= 2 * Long.BYTES) {
      MemorySegment segment = buffer.segment();
      segment.set(JAVA_LONG_UNALIGNED, 0, mark);
      segment.set(JAVA_LONG_UNALIGNED, size - Long.BYTES, mark);
    }
  }

  private static Holding any(Random random, NavigableMap<Long, Holding> live) {
    long key = random.nextLong(live.firstKey(), live.lastKey() + 1);
    return live.floorEntry(key).getValue();
  }

  private static void change(Holding holding, Random random) {
    int action = random.nextInt(10);
    if (!holding.lent.isEmpty() && action < 3) {
      holding.lent.removeLast().run();
    } else if (holding.buffer != null) {
      IoBuffer buffer = holding.buffer;
      if (action < 5) {
        buffer.lend();
        holding.lent.add(buffer::giveBack);
      } else if (action < 7 && holding.lent.isEmpty()) {
        holding.handles.add(buffer.freeze());
        holding.buffer = null;
      } else {
        buffer.close();
        holding.buffer = null;
      }
    } else if (!holding.handles.isEmpty()) {
      Bytes bytes = holding.handles.get(random.nextInt(holding.handles.size()));
      if (action < 4) {
        bytes.lend();
        holding.lent.add(bytes::giveBack);
      } else if (action < 6) {
        holding.handles.add(bytes.share());
      } else {
        bytes.close();
        holding.handles.remove(bytes);
      }
    }
  }

  private static void checkMark(Holding holding, long seed) {
    if (holding.length < 2 * Long.BYTES) {
      return;
    }
    MemorySegment segment;
    if (holding.buffer != null) {
      segment = holding.buffer.segment();
    } else if (!holding.handles.isEmpty()) {
      segment = holding.handles.getFirst().segment();
    } else {
      return;
    }
    assertThat(segment.address()).isEqualTo(holding.address);
    assertThat(segment.get(JAVA_LONG_UNALIGNED, 0)).as("seed %d", seed).isEqualTo(holding.mark);
    assertThat(segment.get(JAVA_LONG_UNALIGNED, holding.length - Long.BYTES))
        .as("seed %d", seed)
        .isEqualTo(holding.mark);
  }
}
