package io.ringwell.pipe;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// A piece of the stream, and the memory that it lies in.
///
/// | state    | `end`    | whose it is |
/// |----------|----------|-------------|
/// | tail     | `OPEN`   | the writer's behind what was flushed; the reader reads what was |
/// | sealed   | known    | the reader's as soon as all of it was flushed |
/// | passed   | known    | the writer's again, without memory: it is linked anew |
///
/// All fields but `end` are written before the offset that makes them visible is published.
final class Segment {
  /// The end of a segment that the writer may still add to.
  static final long OPEN = Long.MAX_VALUE;

  private static final VarHandle END;

  static {
    try {
      END = MethodHandles.lookup().findVarHandle(Segment.class, "end", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// Of what is given away whole, a segment of its own; of the pipe's own memory the other.
  @Nullable Bytes bytes;

  @Nullable IoBuffer buffer;

  /// In a pipe of objects, what takes the place of memory.
  @Nullable Object @Nullable [] objects;

  MemorySegment memory = MemorySegment.NULL;

  /// Where in the stream it begins; that byte is the first of `memory`.
  long start;

  /// How much fits.
  long capacity;

  /// Memory that counts for [PipeOptions#maxMemoryBytes]; 0 for what was appended.
  long counted;

  @SuppressWarnings("UnusedVariable") // through END
  private long end = OPEN;

  @Nullable Segment next;

  /// Where in the stream it ends; what is seen beyond was not flushed yet.
  long end() {
    return (long) END.getAcquire(this);
  }

  /// Ends it; `follower` comes next.
  void seal(long at, Segment follower) {
    next = follower;
    END.setRelease(this, at);
  }

  /// Makes a passed one new.
  void renew(long from) {
    next = null;
    start = from;
    capacity = 0;
    counted = 0;
    END.set(this, OPEN);
  }

  /// What it has, to whoever frees it.
  void forget() {
    bytes = null;
    buffer = null;
    objects = null;
    memory = MemorySegment.NULL;
  }
}
