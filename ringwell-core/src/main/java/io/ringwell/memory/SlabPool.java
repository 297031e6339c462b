package io.ringwell.memory;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The pool: who gets a block of the [SlabHeap], who waits, who is told.
///
/// **Waiting.** Who finds nothing queues under the lock, calls for [#attention], then looks once
/// more. Who gives back pushes the block, then reads [#attention]. Both are volatile, so one of the
/// two sees the other, and no wake-up is lost. To serve the queue the giver needs the lock, but
/// never waits for it: it leaves word in [#unserved], and whoever holds the lock looks there after
/// unlocking.
///
/// **Closing** calls for attention too. From then on whoever gives back takes the blocks off the
/// stacks; when all that were ever cut are there, the memory is unmapped. A block that was popped
/// before the close became visible is not on a stack, so its memory stays.
final class SlabPool implements BufferPool, Recycler {
  private final String name;
  private final boolean secure;
  private final boolean strict;
  private final boolean tracked;
  private final SlabHeap heap;
  private final LongAdder refused = new LongAdder();

  /// Strict mode: released blocks that a native call still used, to be looked at again.
  private final Queue<Block> stuck = new ConcurrentLinkedQueue<>();

  /// Those that keep buffers for later.
  private final Set<Runnable> keepers = ConcurrentHashMap.newKeySet();

  private final ReentrantLock lock = new ReentrantLock();

  /// Whether someone waits or the pool is closed. Written under the lock.
  private volatile boolean attention;

  /// Whether a block was given back since the queue was last served.
  private volatile boolean unserved;

  // All below: with the lock held only.
  private final WaitQueue queue = new WaitQueue();
  private boolean closed;
  private boolean unmapped;

  SlabPool(PoolOptions options, SlabHeap.Kind kind) {
    secure = kind == SlabHeap.Kind.SECURE;
    name = options.name();
    strict = options.strict();
    tracked = options.trackLeaks();
    heap = new SlabHeap(options, this, kind);
  }

  @Override
  public @Nullable IoBuffer tryAcquire(long size) {
    checkSize(size);
    Block block = takeRecent(size);
    if (block == null) {
      block = search(size);
      if (block == null) {
        refused.increment();
        return null;
      }
    }
    return handOut(block, size);
  }

  @Override
  public IoBuffer acquire(long size) throws InterruptedIOException {
    checkSize(size);
    Block block = takeRecent(size);
    if (block == null) {
      block = await(size, Long.MAX_VALUE, SlabPool::never);
      if (block == null) {
        throw new AssertionError("292 years passed");
      }
    }
    return handOut(block, size);
  }

  @Override
  public @Nullable IoBuffer acquire(long size, BooleanSupplier givenUp)
      throws InterruptedIOException {
    checkSize(size);
    Block block = takeRecent(size);
    if (block == null) {
      block = await(size, Long.MAX_VALUE, givenUp);
    }
    return block == null ? null : handOut(block, size);
  }

  @Override
  public IoBuffer acquire(long size, Duration timeout)
      throws InterruptedIOException, TimeoutException {
    checkSize(size);
    long nanos = TimeUnit.NANOSECONDS.convert(timeout);
    Block block = takeRecent(size);
    if (block == null) {
      block = await(size, nanos, SlabPool::never);
      if (block == null) {
        throw new TimeoutException(
            "no buffer of %d bytes in %s: %s".formatted(size, timeout, this));
      }
    }
    return handOut(block, size);
  }

  private static boolean never() {
    return false;
  }

  private void checkSize(long size) {
    long most = heap.maxBufferBytes();
    if (size < 0 || size > most) {
      throw new IllegalArgumentException(
          "a buffer of %d bytes from a pool of %d bytes".formatted(size, heap.maxBytes())
              + (most == heap.maxBytes() ? "" : ", whose buffers have %d at most".formatted(most)));
    }
  }

  /// The fast path: a block given back before; null if there is none or others come first.
  private @Nullable Block takeRecent(long size) {
    return attention ? null : heap.recent(size);
  }

  private @Nullable Block search(long size) {
    lock.lock();
    try {
      checkNotClosed();
      retryStuck();
      return queue.first() == null ? heap.find(size) : null;
    } finally {
      unlock();
    }
  }

  /// A block; null after `nanos`, and where `givenUp` holds.
  private @Nullable Block await(long size, long nanos, BooleanSupplier givenUp)
      throws InterruptedIOException {
    WaitQueue.Waiter waiter;
    lock.lock();
    try {
      checkNotClosed();
      retryStuck();
      boolean first = queue.first() == null;
      Block block = first ? heap.find(size) : null;
      if (block != null) {
        return block;
      }
      if (nanos <= 0) {
        refused.increment();
        return null;
      }
      waiter = new WaitQueue.Waiter(size);
      enqueue(waiter);
      if (first) {
        // A block given back just now went unnoticed if its giver saw nobody waiting.
        block = heap.find(size);
        if (block != null) {
          dequeue(waiter);
          return block;
        }
      }
    } finally {
      unlock();
    }
    // It stands in the queue: what is kept from here on was kept by somebody who saw that.
    for (Runnable keeper : keepers) {
      keeper.run();
    }
    return await(waiter, nanos, givenUp);
  }

  private @Nullable Block await(WaitQueue.Waiter waiter, long nanos, BooleanSupplier givenUp)
      throws InterruptedIOException {
    long start = System.nanoTime();
    while (waiter.outcome == null) {
      long left = nanos == Long.MAX_VALUE ? nanos : nanos - (System.nanoTime() - start);
      boolean interrupted = Thread.currentThread().isInterrupted();
      boolean over = interrupted || left <= 0 || givenUp.getAsBoolean();
      if (over && leave(waiter)) {
        refused.increment();
        if (interrupted) {
          throw new InterruptedIOException(
              "interrupted while waiting for a buffer of %d bytes: %s"
                  .formatted(waiter.bytes, this));
        }
        return null;
      }
      if (left == Long.MAX_VALUE) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, left);
      }
    }
    return outcome(waiter);
  }

  private Block outcome(WaitQueue.Waiter waiter) {
    WaitQueue.Outcome outcome = Objects.requireNonNull(waiter.outcome);
    Block block = outcome.block();
    if (block != null) {
      return block;
    }
    switch (outcome.failure()) {
      case Error error -> throw error;
      case RuntimeException exception -> throw exception;
      case null, default -> throw closedPool();
    }
  }

  /// Ends a wait early; false if it has an outcome by now.
  private boolean leave(WaitQueue.Waiter waiter) {
    lock.lock();
    try {
      if (waiter.outcome != null) {
        return false;
      }
      dequeue(waiter);
      // Those behind may want less.
      grant();
      return true;
    } finally {
      unlock();
    }
  }

  private void enqueue(WaitQueue.Waiter waiter) {
    queue.add(waiter);
    attention = true;
  }

  private void dequeue(WaitQueue.Waiter waiter) {
    queue.remove(waiter);
    attention = closed || queue.first() != null;
  }

  private void unlock() {
    lock.unlock();
    serve();
  }

  /// Does what blocks that came back allow. Never waits for the lock: its holder comes here too.
  private void serve() {
    while (unserved && lock.tryLock()) {
      try {
        unserved = false;
        if (closed) {
          reap();
        } else {
          grant();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /// Serves the queue as far as blocks and space suffice. With the lock held.
  private void grant() {
    WaitQueue.Waiter waiter = queue.first();
    while (waiter != null) {
      WaitQueue.Outcome outcome;
      try {
        Block block = heap.find(waiter.bytes);
        if (block == null) {
          return;
        }
        outcome = new WaitQueue.Outcome(block, null);
      } catch (RuntimeException | Error e) {
        // It is the waiter's failure, not that of the thread which gave a buffer back.
        outcome = new WaitQueue.Outcome(null, e);
      }
      finish(waiter, outcome);
      waiter = queue.first();
    }
  }

  private void finish(WaitQueue.Waiter waiter, WaitQueue.Outcome outcome) {
    dequeue(waiter);
    waiter.outcome = outcome;
    LockSupport.unpark(waiter.thread);
  }

  /// To the acquirer, who alone has the block now.
  private IoBuffer handOut(Block block, long size) {
    IoBuffer buffer;
    try {
      heap.inspect(block);
      if (strict) {
        Guard.raise(block);
      }
      buffer = new IoBuffer(block, block.generation(), size, tracked);
    } catch (Throwable e) {
      recycle(block); // as if it had been held, lest a full Java heap shrinks the pool
      throw e;
    }
    block.open();
    return buffer;
  }

  @Override
  public void recycle(Block block) {
    if (strict && !Guard.lower(block)) {
      MemoryLog.LOGGER.log(
          System.Logger.Level.WARNING,
          "released while a native call uses a segment of it, kept back until that ends: " + block);
      stuck.add(block);
      return;
    }
    putBack(block);
    retryStuck();
    if (attention) {
      unserved = true;
      serve();
    }
  }

  private void putBack(Block block) {
    block.site = null;
    heap.putBack(block);
  }

  private void retryStuck() {
    if (!strict) {
      return;
    }
    for (int i = stuck.size(); i > 0; i--) {
      Block block = stuck.poll();
      if (block != null) {
        if (Guard.lower(block)) {
          putBack(block);
        } else {
          stuck.add(block);
        }
      }
    }
  }

  @Override
  public long trim() {
    lock.lock();
    try {
      return closed ? 0 : heap.trim();
    } finally {
      unlock();
    }
  }

  @Override
  public boolean isWanting() {
    return attention;
  }

  @Override
  public void addKeeper(Runnable keeper) {
    keepers.add(keeper);
  }

  @Override
  public void removeKeeper(Runnable keeper) {
    keepers.remove(keeper);
  }

  @Override
  public void addSlabListener(SlabListener listener) {
    Objects.requireNonNull(listener, "listener");
    if (!contiguous()) {
      throw new UnsupportedOperationException("the pool's slabs do not lie in one range");
    }
    lock.lock();
    try {
      checkNotClosed();
      heap.addListener(listener);
    } finally {
      unlock();
    }
  }

  @Override
  public void removeSlabListener(SlabListener listener) {
    lock.lock();
    try {
      heap.removeListener(listener);
    } finally {
      unlock();
    }
  }

  @Override
  public PoolStats stats() {
    lock.lock();
    try {
      return heap.stats(queue.length(), refused.sum());
    } finally {
      unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      attention = true;
      WaitQueue.Waiter waiter = queue.first();
      while (waiter != null) {
        finish(waiter, new WaitQueue.Outcome(null, null));
        waiter = queue.first();
      }
      reap();
    } finally {
      unlock();
    }
  }

  /// Unmaps the memory of a closed pool if all blocks are back. With the lock held.
  private void reap() {
    if (unmapped || !heap.dissolveAll()) {
      return;
    }
    unmapped = true;
    try {
      heap.unmap();
    } catch (IllegalStateException inUse) {
      MemoryLog.LOGGER.log(
          System.Logger.Level.WARNING,
          "the memory of " + this + " stays mapped, since a native call uses it after its release",
          inUse);
    }
  }

  /// With the lock held.
  private void checkNotClosed() {
    if (closed) {
      throw closedPool();
    }
  }

  private IllegalStateException closedPool() {
    return new IllegalStateException("the pool is closed: " + this);
  }

  @Override
  public long maxBytes() {
    return heap.maxBytes();
  }

  @Override
  public boolean contiguous() {
    return heap.contiguous();
  }

  @Override
  public long baseAddress() {
    return heap.baseAddress();
  }

  @Override
  public long maxBufferBytes() {
    return heap.maxBufferBytes();
  }

  @Override
  public boolean isSecure() {
    return secure;
  }

  @Override
  public long reservedBytes() {
    return heap.reservedBytes();
  }

  @Override
  public int slabShift() {
    return heap.spacingShift();
  }

  @Override
  public String toString() {
    return "BufferPool[" + name + ", " + heap.maxBytes() + " bytes]";
  }
}
