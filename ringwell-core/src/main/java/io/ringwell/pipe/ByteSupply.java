package io.ringwell.pipe;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/// Memory of a pool.
final class ByteSupply implements Supply {
  private final BufferPool pool;
  private final Spares spares;

  /// Waited for, and not used yet. The writer's alone, as long as there is one.
  private @Nullable IoBuffer waitedFor;

  ByteSupply(BufferPool pool, long keepBytes) {
    this.pool = pool;
    this.spares = new Spares(pool, keepBytes);
  }

  @Override
  public boolean fill(Segment segment, long size, long least) {
    IoBuffer buffer = take(Math.min(size, pool.maxBufferBytes()), least);
    if (buffer == null) {
      return false;
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
  public void await(long least) throws InterruptedIOException {
    if (waitedFor == null) {
      waitedFor = pool.acquire(least);
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
  public void retire(Segment segment) {
    IoBuffer buffer = segment.buffer;
    Bytes bytes = segment.bytes;
    segment.forget();
    if (bytes != null) {
      bytes.close();
    }
    if (buffer != null) {
      spares.put(buffer);
    }
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
