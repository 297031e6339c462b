package io.ringwell.pipe;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.IoBuffer;
import io.ringwell.sys.SecretCopy;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns what a read has into `Bytes` that outlive it.
///
/// A segment that the writer has left becomes immutable as it is. So does the tail, which the
/// writer then does not go on with, unless it is just filling a window of it: then, and only then,
/// what was read of it is copied.
final class Detaching {
  private final PipeCore core;
  private final BufferPool pool;

  Detaching(PipeCore core, BufferPool pool) {
    this.core = core;
    this.pool = pool;
  }

  /// The bytes from `from` to `to`, which lie in `head` and those that follow.
  BytesChain take(Segment head, long from, long to) throws InterruptedIOException {
    List<Bytes> parts = new ArrayList<>();
    try {
      Segment segment = head;
      while (segment != null && segment.start < to) {
        long end = segment.end();
        long first = Math.max(from, segment.start);
        long last = Math.min(to, end);
        if (first < last) {
          parts.add(part(segment, end, first - segment.start, last - first));
        }
        segment = end < to ? segment.next : null;
      }
      return BytesChain.of(parts);
    } catch (Throwable e) {
      for (Bytes part : parts) {
        part.close();
      }
      throw e;
    }
  }

  /// The bytes from `from` to `to`, which lie in `segment`, and stay there, too.
  Bytes share(Segment segment, long from, long to) throws InterruptedIOException {
    return part(segment, segment.end(), from - segment.start, to - from);
  }

  private Bytes part(Segment segment, long end, long offset, long length)
      throws InterruptedIOException {
    Bytes slice = slice(segment, end, offset, length);
    return slice == null ? copy(segment, offset, length) : slice;
  }

  /// Null where the writer is filling a window of it.
  private @Nullable Bytes slice(Segment segment, long end, long offset, long length) {
    begin();
    Bytes slice = null;
    try {
      Bytes whole = segment.bytes;
      if (whole == null) {
        whole = freeze(segment, end);
      }
      slice = whole == null ? null : whole.slice(offset, length);
    } finally {
      end(slice);
    }
    return slice;
  }

  /// Frees everything for those who have left it to this, which may throw.
  private void end(@Nullable Bytes slice) {
    try {
      core.endPassing();
    } catch (RuntimeException | Error e) {
      if (slice != null) {
        slice.close();
      }
      throw e;
    }
  }

  /// Whoever completes the reader meanwhile leaves to it what it is about to change.
  private void begin() {
    if (!core.beginPassing()) {
      throw new IllegalStateException(ReadSide.COMPLETED);
    }
  }

  private @Nullable Bytes freeze(Segment segment, long end) {
    IoBuffer buffer = segment.buffer;
    if (buffer == null) {
      throw new AssertionError("a segment without memory has bytes");
    }
    boolean tail = end == Segment.OPEN;
    long claim = tail ? core.takeClaim() : PipeCore.IDLE;
    if (claim == PipeCore.BUSY) {
      return null;
    }
    try {
      Bytes frozen = buffer.freeze();
      segment.buffer = null;
      segment.bytes = frozen;
      segment.memory = frozen.segment();
      claim = PipeCore.LOST;
      return frozen;
    } finally {
      if (tail) {
        core.claim.publish(claim);
      }
    }
  }

  private void copy(MemorySegment from, MemorySegment to) {
    if (pool.isSecure()) {
      SecretCopy.copy(from, to);
    } else {
      MemorySegment.copy(from, 0, to, 0, from.byteSize());
    }
  }

  private Bytes copy(Segment segment, long offset, long length) throws InterruptedIOException {
    IoBuffer target = pool.acquire(length);
    try {
      begin(); // not before: the wait may be a long one
      try {
        copy(segment.memory.asSlice(offset, length), target.segment().asSlice(0, length));
      } finally {
        core.endPassing();
      }
      CopyCounter.add(length);
      return target.freeze();
    } catch (Throwable e) {
      target.close();
      throw e;
    }
  }
}
