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

  /// Takes `moved` bytes from the front of vectors `first` on.
  ///
  /// @return the first vector that still has bytes, or `count`
  int skip(int first, int count, long moved) {
    int index = first;
    long left = moved;
    while (index < count) {
      long at = (long) index * VECTOR_BYTES;
      long length = memory.get(JAVA_LONG, at + 8);
      if (left < length || (left == 0 && length > 0)) {
        memory.set(JAVA_LONG, at, memory.get(JAVA_LONG, at) + left);
        memory.set(JAVA_LONG, at + 8, length - left);
        return index;
      }
      left -= length;
      index++;
    }
    return index;
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
