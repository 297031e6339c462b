package io.ringwell.pipe;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.io.InterruptedIOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Memory of a pool.
final class ByteSupply implements Supply {
  private final BufferPool pool;
  private final Spares spares;
  private final long maxBytes;

  /// What segments have, as [#maxBytes] counts it: the writer adds, whoever retires takes away.
  private final AtomicLong counted = new AtomicLong();

  /// Waited for, and not used yet. The writer's alone, as long as there is one.
  private @Nullable IoBuffer waitedFor;

  /// @param maxBytes the bound on what segments have; 0 for none
  ByteSupply(BufferPool pool, long keepBytes, long maxBytes) {
    this.pool = pool;
    this.maxBytes = maxBytes;
    this.spares = new Spares(pool, keepBytes);
  }

  /// The pipe that has this memory.
  void belongTo(PipeCore pipe) {
    spares.belongTo(pipe);
  }

  @Override
  public boolean mayFill(long least) {
    return maxBytes == 0 || counted.get() + least <= maxBytes;
  }

  @Override
  public boolean fill(Segment segment, long size, long least) {
    long most = Math.min(size, pool.maxBufferBytes());
    if (maxBytes > 0) {
      most = Math.max(least, Math.min(most, maxBytes - counted.get()));
    }
    IoBuffer buffer = take(most, least);
    if (buffer == null) {
      return false;
    }
    spares.register();
    if (maxBytes > 0) {
      segment.counted = buffer.capacity();
      counted.addAndGet(segment.counted);
    }
    segment.buffer = buffer;
    segment.memory = buffer.segment();
    segment.capacity = buffer.capacity();
    return true;
  }

  private @Nullable IoBuffer take(long size, long least) {
    IoBuffer held = waitedFor;
    if (held != null) {
      waitedFor = null;
      if (held.capacity() >= least) {
        return held;
      }
      held.close();
    }
    IoBuffer kept = spares.take(Math.max(size, least));
    if (kept != null) {
      return kept;
    }
    IoBuffer fresh = pool.tryAcquire(Math.max(size, least));
    return fresh == null && size > least ? pool.tryAcquire(least) : fresh;
  }

  @Override
  public void await(long least, BooleanSupplier givenUp) throws InterruptedIOException {
    if (waitedFor == null) {
      waitedFor = pool.acquire(least, givenUp);
    }
  }

  @Override
  public void abandon() {
    IoBuffer held = waitedFor;
    if (held != null) {
      waitedFor = null;
      held.close();
    }
  }

  @Override
  public boolean isWanted() {
    return pool.isWanting();
  }

  @Override
  public @Nullable Bytes retire(Segment segment) {
    IoBuffer buffer = segment.buffer;
    Bytes bytes = segment.bytes;
    long gone = segment.counted;
    segment.counted = 0;
    segment.forget();
    if (buffer != null) {
      spares.put(buffer);
    }
    // Last: from here on the writer may take as much.
    if (gone > 0) {
      counted.addAndGet(-gone);
    }
    return bytes;
  }

  @Override
  public void end() {
    spares.end();
  }

  @Override
  public void begin() {
    spares.begin();
  }
}
