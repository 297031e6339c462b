package io.ringwell.pipe;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.concurrent.CancellationException;

/// Brings all that a reader reads to somewhere else. Whatever ends it, what has arrived there is
/// consumed, and nothing else.
abstract class Copying {
  /// A byte buffer has no more.
  private static final long MOST_BYTES = 1 << 30;

  private static final int ARRAY_BYTES = 8 << 10;

  /// The offset in the stream up to where it has arrived.
  long arrived;

  /// Brings the fragment at hand there.
  ///
  /// @return false where no more is wanted
  abstract boolean write(PipeRead read) throws IOException;

  /// Whether more is wanted.
  boolean isOpen() throws IOException {
    return true;
  }

  /// @return how many bytes it were
  final long all(PipeReader reader) throws IOException {
    long first = reader.consumed();
    boolean open = true;
    boolean last = false;
    while (open && !last) {
      PipeRead read = reader.read();
      if (read.isCancelled()) {
        if (isOpen()) {
          throw new CancellationException("a copy from a pipe was cancelled");
        }
        open = false;
      } else {
        last = read.isCompleted();
        open = one(read);
      }
    }
    return reader.consumed() - first;
  }

  private boolean one(PipeRead read) throws IOException {
    arrived = read.start();
    boolean open = true;
    try {
      while (open && arrived < read.end()) {
        open = write(read);
        read.nextFragment();
      }
    } finally {
      read.advance(arrived);
    }
    return open;
  }

  static Copying to(PipeWriter target) {
    return new ToPipe(target);
  }

  static Copying to(WritableByteChannel target) {
    return new ToChannel(target);
  }

  static Copying to(OutputStream target) {
    return new ToStream(target);
  }

  /// A window is a buffer of at most so many bytes.
  static ByteBuffer buffer(MemorySegment memory, long from, long length) {
    return memory.asSlice(from, Math.min(length, MOST_BYTES)).asByteBuffer();
  }

  /// @throws IllegalBlockingModeException else whoever waits for it would spin
  static void requireBlocking(Object channel) {
    if (channel instanceof SelectableChannel selectable && !selectable.isBlocking()) {
      throw new IllegalBlockingModeException();
    }
  }

  private static final class ToPipe extends Copying {
    private final PipeWriter target;

    ToPipe(PipeWriter target) {
      this.target = Objects.requireNonNull(target, "target");
    }

    @Override
    boolean isOpen() throws IOException {
      return target.tryFlush() != FlushResult.COMPLETED;
    }

    @Override
    boolean write(PipeRead read) throws IOException {
      Bytes shared = read.share();
      long before = target.committed() - arrived;
      FlushResult result;
      try {
        result = target.give(shared);
      } finally {
        arrived = target.committed() - before;
      }
      if (result == FlushResult.CANCELLED) {
        throw new CancellationException("the flush of a pipe was cancelled");
      }
      return result != FlushResult.COMPLETED;
    }
  }

  private static final class ToChannel extends Copying {
    private final WritableByteChannel target;

    ToChannel(WritableByteChannel target) {
      requireBlocking(target);
      this.target = Objects.requireNonNull(target, "target");
    }

    @Override
    boolean write(PipeRead read) throws IOException {
      long end = read.fragmentStart() + read.length();
      while (arrived < end) {
        long from = read.position() + arrived - read.fragmentStart();
        ByteBuffer piece = buffer(read.memory(), from, end - arrived);
        while (piece.hasRemaining()) {
          arrived += target.write(piece);
        }
      }
      return true;
    }
  }

  private static final class ToStream extends Copying {
    private final OutputStream target;
    private final byte[] array = new byte[ARRAY_BYTES];

    ToStream(OutputStream target) {
      this.target = Objects.requireNonNull(target, "target");
    }

    @Override
    boolean write(PipeRead read) throws IOException {
      read.refuseHeap();
      long end = read.fragmentStart() + read.length();
      while (arrived < end) {
        int count = (int) Math.min(array.length, end - arrived);
        read.copyTo(arrived, MemorySegment.ofArray(array), 0, count);
        target.write(array, 0, count);
        arrived += count;
      }
      return true;
    }
  }
}
