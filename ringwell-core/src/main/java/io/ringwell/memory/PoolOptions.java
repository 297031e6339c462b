package io.ringwell.memory;

import java.util.Objects;

/// How a [BufferPool] is made. Immutable; each `with` method returns a changed copy.
///
/// The three checks cost time and are off by default. Their defaults come from system properties,
/// read once when the class is first used: `-Dringwell.check=strict,poison` (either or both) and
/// `-Dringwell.leaks=track`.
///
/// @param name in reports and messages
/// @param maxBytes the bound on the pool's memory, in bytes. The pool rounds it down to whole
///   slabs; [BufferPool#maxBytes] tells the outcome
/// @param slabBytes the unit in which memory is committed, a power of two in bytes; 0 lets the pool
///   choose: a sixteenth of the bound, at most 4 MiB, so that rounding loses little and a ring that
///   registers slabs needs few entries; in a secure pool a quarter, since no buffer is larger
/// @param alignment every buffer's address is a multiple of this power of two, in bytes; also the
///   smallest unit that a buffer takes. At least 512
/// @param strict raw segments and byte buffers throw `IllegalStateException` once their buffer was
///   released, at the price of an arena per buffer, whose closing stops every thread for a moment
/// @param poison released memory is filled with `0xDB` and looked at before it is handed out again;
///   [PoolStats#damaged] counts buffers that were written to after their release
/// @param trackLeaks the place of every acquire is kept, and a buffer that became unreachable
///   without being closed is reported by [LeakReports] and taken back. A raw segment does not keep
///   its buffer reachable: hold the handle as long as the segment
public record PoolOptions(
    String name,
    long maxBytes,
    long slabBytes,
    long alignment,
    boolean strict,
    boolean poison,
    boolean trackLeaks) {

  /// 256 MiB: enough for 64 buffers of 4 MiB, and small beside the heap of a server.
  private static final long DEFAULT_MAX_BYTES = 256L << 20;

  /// The smallest block, in bytes: the smallest sector that direct I/O knows.
  static final long MIN_ALIGNMENT = 512;

  /// @throws IllegalArgumentException if a value is out of its range
  public PoolOptions {
    Objects.requireNonNull(name, "name");
    if (maxBytes < 1) {
      throw new IllegalArgumentException("maxBytes must be positive: " + maxBytes);
    }
    if (slabBytes != 0 && (slabBytes < MIN_ALIGNMENT || Long.bitCount(slabBytes) != 1)) {
      throw new IllegalArgumentException(
          "slabBytes must be 0 or a power of two of at least " + MIN_ALIGNMENT + ": " + slabBytes);
    }
    if (alignment < MIN_ALIGNMENT || Long.bitCount(alignment) != 1) {
      throw new IllegalArgumentException(
          "alignment must be a power of two of at least " + MIN_ALIGNMENT + ": " + alignment);
    }
  }

  /// 256 MiB, slab size chosen by the pool, aligned to 512 bytes, checks as the system properties
  /// say.
  public static PoolOptions defaults() {
    return new PoolOptions(
        "pool",
        DEFAULT_MAX_BYTES,
        0,
        MIN_ALIGNMENT,
        SystemChecks.STRICT,
        SystemChecks.POISON,
        SystemChecks.TRACK_LEAKS);
  }

  /// The [#defaults] with a bound of `maxBytes` bytes.
  public static PoolOptions ofMaxBytes(long maxBytes) {
    return defaults().withMaxBytes(maxBytes);
  }

  public PoolOptions withName(String newName) {
    return new PoolOptions(newName, maxBytes, slabBytes, alignment, strict, poison, trackLeaks);
  }

  public PoolOptions withMaxBytes(long bytes) {
    return new PoolOptions(name, bytes, slabBytes, alignment, strict, poison, trackLeaks);
  }

  public PoolOptions withSlabBytes(long bytes) {
    return new PoolOptions(name, maxBytes, bytes, alignment, strict, poison, trackLeaks);
  }

  public PoolOptions withAlignment(long bytes) {
    return new PoolOptions(name, maxBytes, slabBytes, bytes, strict, poison, trackLeaks);
  }

  public PoolOptions withStrict(boolean on) {
    return new PoolOptions(name, maxBytes, slabBytes, alignment, on, poison, trackLeaks);
  }

  public PoolOptions withPoison(boolean on) {
    return new PoolOptions(name, maxBytes, slabBytes, alignment, strict, on, trackLeaks);
  }

  public PoolOptions withTrackLeaks(boolean on) {
    return new PoolOptions(name, maxBytes, slabBytes, alignment, strict, poison, on);
  }
}
