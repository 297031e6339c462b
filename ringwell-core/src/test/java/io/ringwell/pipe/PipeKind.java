package io.ringwell.pipe;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The kinds of pipes, and of readers, that there are.
enum PipeKind {
  BYTES(1) {
    @Override
    AnyPipe open(BufferPool pool, PipeOptions options) {
      Pipe pipe = new Pipe(pool, options);
      return new AnyPipe(
          pipe, value -> put(pipe.writer(), value), offset -> pipe.reader().handle().get(offset));
    }

    private static boolean put(PipeWriter writer, long value) {
      if (writer.room() == 0 && writer.tryReserve(1) == 0) {
        return false;
      }
      writer.memory().set(JAVA_BYTE, writer.position(), (byte) value);
      writer.commit(1);
      return true;
    }
  },
  INTS(Integer.BYTES) {
    @Override
    AnyPipe open(BufferPool pool, PipeOptions options) {
      return numbers(
          TypedPipe.ofInts(pool, options),
          (writer, value) -> writer.put(0, (int) value),
          (read, index) -> read.get(index));
    }
  },
  LONGS(Long.BYTES) {
    @Override
    AnyPipe open(BufferPool pool, PipeOptions options) {
      return numbers(
          TypedPipe.ofLongs(pool, options),
          (writer, value) -> writer.put(0, value),
          (read, index) -> read.get(index));
    }
  },
  FLOATS(Float.BYTES) {
    @Override
    AnyPipe open(BufferPool pool, PipeOptions options) {
      return numbers(
          TypedPipe.ofFloats(pool, options),
          (writer, value) -> writer.put(0, (float) value),
          (read, index) -> (long) read.get(index));
    }
  },
  DOUBLES(Double.BYTES) {
    @Override
    AnyPipe open(BufferPool pool, PipeOptions options) {
      return numbers(
          TypedPipe.ofDoubles(pool, options),
          (writer, value) -> writer.put(0, (double) value),
          (read, index) -> (long) read.get(index));
    }
  },
  CHARS(Character.BYTES) {
    @Override
    AnyPipe open(BufferPool pool, PipeOptions options) {
      return numbers(
          TypedPipe.ofChars(pool, options),
          (writer, value) -> writer.put(0, (char) value),
          (read, index) -> read.get(index));
    }
  },
  SHORTS(Short.BYTES) {
    @Override
    AnyPipe open(BufferPool pool, PipeOptions options) {
      return numbers(
          TypedPipe.ofShorts(pool, options),
          (writer, value) -> writer.put(0, (short) value),
          (read, index) -> read.get(index));
    }
  },
  OBJECTS(1) {
    @Override
    AnyPipe open(BufferPool pool, PipeOptions options) {
      ObjectPipe<Long> pipe = new ObjectPipe<>(options);
      ObjectRead<Long> read = pipe.reader().handle();
      return new AnyPipe(pipe, pipe.writer()::tryWrite, read::get);
    }
  };

  /// Sets the first element of the window.
  private interface Put<W> {
    void put(W writer, long value);
  }

  /// Element `index` of the fragment at hand.
  private interface Get<R> {
    long get(R read, long index);
  }

  private final int elementBytes;

  PipeKind(int elementBytes) {
    this.elementBytes = elementBytes;
  }

  int elementBytes() {
    return elementBytes;
  }

  boolean hasMemory() {
    return this != OBJECTS;
  }

  /// So many elements, with the values that belong to their numbers from `first` on.
  Bytes elements(long first, int count) {
    ByteBuffer all = ByteBuffer.allocate(count * elementBytes).order(ByteOrder.nativeOrder());
    for (long n = first; n < first + count; n++) {
      long value = n & 127;
      switch (this) {
        case BYTES -> all.put((byte) value);
        case INTS -> all.putInt((int) value);
        case LONGS -> all.putLong(value);
        case FLOATS -> all.putFloat((float) value);
        case DOUBLES -> all.putDouble((double) value);
        case CHARS -> all.putChar((char) value);
        case SHORTS -> all.putShort((short) value);
        case OBJECTS -> throw new AssertionError("objects are no bytes");
      }
    }
    return Bytes.copyOf(all.array());
  }

  /// @param options whose sizes are bytes, or objects
  abstract AnyPipe open(BufferPool pool, PipeOptions options);

  /// A pipe whose bounds count elements; all else is as in `base`.
  final AnyPipe open(BufferPool pool, PipeOptions base, long pause, long resume, long cap) {
    return open(
        pool,
        base.withThresholds(0, 0)
            .withMaxBuffered(cap * elementBytes)
            .withThresholds(pause * elementBytes, resume * elementBytes)
            .withSegments(64, 512));
  }

  private static <W extends ElementWriter, R extends ElementRead> AnyPipe numbers(
      TypedPipe<W, R> pipe, Put<W> put, Get<R> get) {
    W writer = pipe.writer();
    R read = pipe.reader().handle();
    return new AnyPipe(
        pipe,
        value -> {
          if (writer.room() == 0 && writer.tryReserve(1) == 0) {
            return false;
          }
          put.put(writer, value);
          writer.commit(1);
          return true;
        },
        number -> {
          read.rewind();
          while (number >= read.fragmentStart() + read.length()) {
            if (!read.nextFragment()) {
              throw new AssertionError("no element " + number);
            }
          }
          return get.get(read, number - read.fragmentStart());
        });
  }
}
