package io.ringwell.window;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.IoBuffer;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Bytes that are in memory. A reader shows slices of them; only [#read], which no reader of
/// Ringwell calls, copies.
final class MemorySource implements WindowSource {
  /// Smaller than any file's: nothing is gained by coarse windows.
  private static final int GRANULARITY = 512;

  final @Nullable Bytes bytes;
  final MemorySegment segment;

  /// Takes over the handle.
  MemorySource(Bytes bytes) {
    this.bytes = bytes;
    this.segment = bytes.segment();
  }

  MemorySource(MemorySegment segment) {
    this.bytes = null;
    this.segment = Objects.requireNonNull(segment, "segment").asReadOnly();
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public long size() {
    return segment.byteSize();
  }

  @Override
  public int granularity() {
    return GRANULARITY;
  }

  @Override
  public void read(long position, IoBuffer into, long length, Completion done) {
    long count = Math.clamp(size() - position, 0, length);
    MemorySegment.copy(segment, Math.min(position, size()), into.segment(), 0, count);
    CopyCounter.add(count);
    done.complete(count);
  }

  /// A part as owned bytes: a slice of bytes, a counted copy of a segment.
  Bytes part(long position, long length) {
    return bytes != null
        ? bytes.slice(position, length)
        : Bytes.copyOf(segment.asSlice(position, length));
  }

  @Override
  public void close() {
    if (bytes != null) {
      bytes.close();
    }
  }
}
