package io.ringwell.window;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A part of a file that is about to be written, as memory to fill. From
/// [ManagedWriter#beginWrite].
///
/// ```java
/// try (WriteClaim claim = writer.beginWrite(position, 64 << 10)) {
///   claim.asInts(ByteOrder.LITTLE_ENDIAN).put(0, 42);
///   commit = writer.commit(claim);
/// }
/// ```
///
/// | state | what may be done | left by |
/// |---|---|---|
/// | FREE | [ManagedWriter#beginWrite(WriteClaim, long, long)] | that |
/// | OPEN | fill, shrink | [ManagedWriter#commit], [#close] |
/// | COMMITTED | as FREE | as FREE |
/// | ABORTED | as FREE | as FREE |
///
/// **Filling** neither blocks nor faults: the memory is the pool's, and nobody else writes there.
/// It holds whatever its last user left, and all of it is written: fill it, or [#shrink].
///
/// **Ownership.** Whoever has the claim commits or closes it. Closing an open one aborts it:
/// nothing is written, and nothing can fail. Closing it once more, or after the commit, does
/// nothing. After either its accessors and views throw [IllegalStateException]: the kernel writes
/// from that memory, which does not change meanwhile. A raw segment or byte buffer taken before is
/// not to be used any more; with `-Dringwell.check=strict` it throws.
///
/// **Threads.** One at a time fills; commit and close may come from any, and one of them wins.
///
/// **Use again.** A claim that is not open may be begun anew, which allocates nothing. Whoever
/// still holds it then holds the new one.
public final class WriteClaim implements AutoCloseable {
  private static final int FREE = 0;
  private static final int OPEN = 1;
  private static final int COMMITTED = 2;
  private static final int ABORTED = 3;

  private int state = FREE;
  private long position;
  private long size;
  private @Nullable WriterCore core;
  private @Nullable ClaimSlot slot;
  private @Nullable MemorySegment memory;

  /// A free one, to be begun.
  public WriteClaim() {}

  // ---- The writer's side -----------------------------------------------------------------------

  void requireFree() {
    if (state == OPEN) {
      throw new IllegalStateException("commit or close it first: " + this);
    }
  }

  void begin(WriterCore writer, ClaimSlot behind) {
    core = writer;
    slot = behind;
    position = behind.position;
    size = behind.size;
    MemorySegment all = behind.memory().segment();
    memory = all.byteSize() == size ? all : all.asSlice(0, size);
    state = OPEN;
  }

  /// With the lock of `writer` held.
  ClaimSlot requireOpenOf(WriterCore writer) {
    ClaimSlot behind = slot;
    if (state != OPEN || behind == null) {
      throw stale();
    }
    if (core != writer) {
      throw new IllegalArgumentException("the claim belongs to another writer: " + this);
    }
    return behind;
  }

  boolean isOpenOf(WriterCore writer) {
    return state == OPEN && core == writer;
  }

  void committed() {
    end(COMMITTED);
  }

  void aborted() {
    end(ABORTED);
  }

  private void end(int how) {
    state = how;
    slot = null;
    memory = null;
  }

  // ---- The user's side -------------------------------------------------------------------------

  /// Whether it may be filled: it was begun, and neither committed nor closed.
  public boolean isOpen() {
    return state == OPEN;
  }

  /// Where in the file it begins, in bytes. Also after the commit.
  public long position() {
    return position;
  }

  /// How long it is, in bytes. Also after the commit.
  public long size() {
    return size;
  }

  /// The memory, [#size] bytes. The same object each time.
  public MemorySegment segment() {
    MemorySegment open = memory;
    if (open == null) {
      throw stale();
    }
    return open;
  }

  /// A new big-endian byte buffer over the memory, position 0, limit [#size].
  ///
  /// @throws IllegalStateException if the size is more than `Integer.MAX_VALUE`
  public ByteBuffer byteBuffer() {
    if (size > Integer.MAX_VALUE) {
      throw new IllegalStateException("a ByteBuffer cannot hold " + size + " bytes");
    }
    return segment().asByteBuffer();
  }

  /// Gives up the end of it: what is behind the first `bytes` is not written. A segment taken
  /// before stays as long as it was.
  ///
  /// @param bytes from 1 to [#size]; on a direct file a multiple of the granularity, unless the
  ///   file ends there
  public void shrink(long bytes) {
    MemorySegment open = segment();
    if (bytes < 1 || bytes > size) {
      throw new IllegalArgumentException("shrink to " + bytes + " bytes of " + this);
    }
    Objects.requireNonNull(core).claiming().shrink(Objects.requireNonNull(slot), bytes);
    size = bytes;
    memory = open.asSlice(0, bytes);
  }

  /// The memory as elements of four bytes. A view is as long valid as its claim is open.
  public IntClaim asInts(ByteOrder order) {
    return new IntClaim(this, order);
  }

  public LongClaim asLongs(ByteOrder order) {
    return new LongClaim(this, order);
  }

  public FloatClaim asFloats(ByteOrder order) {
    return new FloatClaim(this, order);
  }

  public DoubleClaim asDoubles(ByteOrder order) {
    return new DoubleClaim(this, order);
  }

  public ShortClaim asShorts(ByteOrder order) {
    return new ShortClaim(this, order);
  }

  public CharClaim asChars(ByteOrder order) {
    return new CharClaim(this, order);
  }

  /// Aborts it where it is open; otherwise does nothing. Never blocks.
  @Override
  public void close() {
    WriterCore writer = core;
    if (state == OPEN && writer != null) {
      writer.claiming().abort(this);
    }
  }

  private IllegalStateException stale() {
    return new IllegalStateException(
        switch (state) {
          case FREE -> "the claim was not begun";
          case COMMITTED -> "the claim was committed: " + this;
          default -> "the claim was closed: " + this;
        });
  }

  @Override
  public String toString() {
    String name =
        switch (state) {
          case FREE -> "free";
          case OPEN -> "open";
          case COMMITTED -> "committed";
          default -> "aborted";
        };
    return "WriteClaim[" + position + ", " + (position + size) + "), " + name;
  }
}
