package io.ringwell.engine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// Native memory of one operation, for what the kernel reads beside the payload: paths, vectors, a
/// time, and for what it answers beside the result.
///
/// It lives as long as the operation is reachable, and an engine holds the operations that it has
/// in flight: so the kernel never sees it freed.
final class Scratch {
  private static final int VECTOR_BYTES = 16;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final MemorySegment memory;

  /// Bytes taken from the front of the vector in which the next byte lies.
  private long taken;

  Scratch(long bytes) {
    memory = Arena.ofAuto().allocate(Math.max(bytes, 64), 64);
  }

  long byteSize() {
    return memory.byteSize();
  }

  MemorySegment memory() {
    return memory;
  }

  long address() {
    return memory.address();
  }

  static long vectorBytes(int count) {
    return (long) count * VECTOR_BYTES;
  }

  /// `struct iovec` number `index`.
  void vector(int index, long address, long length) {
    long at = (long) index * VECTOR_BYTES;
    memory.set(JAVA_LONG, at, address);
    memory.set(JAVA_LONG, at + 8, length);
  }

  /// The fragments of `chain`, from vector 0 on.
  void vectors(BytesChain chain) {
    int index = 0;
    for (Bytes fragment : chain.fragments()) {
      vector(index++, fragment.address(), fragment.size());
    }
  }

  long vectorAddress(int index) {
    return memory.get(JAVA_LONG, (long) index * VECTOR_BYTES);
  }

  long vectorLength(int index) {
    return memory.get(JAVA_LONG, (long) index * VECTOR_BYTES + 8);
  }

  /// Starts an operation on `count` new vectors.
  ///
  /// @return the first vector that has bytes, or `count`
  int begin(int count) {
    taken = 0;
    return move(0, count, 0);
  }

  /// Goes `moved` bytes on from where vectors `first` on stand, or back where it is negative. Only
  /// the vector in which the next byte lies is changed: those before and behind it are whole, so
  /// that the way back needs nobody who may have closed his handle by then.
  ///
  /// @return the first vector that still has bytes, or `count`
  int move(int first, int count, long moved) {
    int index = first;
    long left = moved + taken;
    if (index < count) {
      take(index, -taken);
    }
    while (left < 0) {
      index--;
      left += vectorLength(index);
    }
    while (index < count && left >= vectorLength(index)) {
      left -= vectorLength(index);
      index++;
    }
    taken = left;
    if (index < count) {
      take(index, left);
    }
    return index;
  }

  private void take(int index, long bytes) {
    vector(index, vectorAddress(index) + bytes, vectorLength(index) - bytes);
  }

  /// `struct __kernel_timespec` at `at`.
  long timespec(long at, long nanos) {
    memory.set(JAVA_LONG, at, nanos / NANOS_PER_SECOND);
    memory.set(JAVA_LONG, at + 8, nanos % NANOS_PER_SECOND);
    return memory.address() + at;
  }

  /// A path as the kernel reads it, ended by a zero byte.
  static byte[] encode(String path) {
    return path.getBytes(StandardCharsets.UTF_8);
  }

  /// Writes an encoded path at `at`.
  long string(long at, byte[] text) {
    MemorySegment.copy(text, 0, memory, JAVA_BYTE, at, text.length);
    memory.set(JAVA_BYTE, at + text.length, (byte) 0);
    return memory.address() + at;
  }
}
