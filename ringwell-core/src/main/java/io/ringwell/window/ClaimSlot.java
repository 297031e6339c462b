package io.ringwell.window;

import io.ringwell.engine.FileHandle;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What is behind a claim, from its begin to its completion: operation, memory, range. Used again
/// for the next one. With the writer's lock held, save where said otherwise.
///
/// | state | whose memory |
/// |---|---|
/// | free | none |
/// | open | the claim's: its user fills it |
/// | in flight | the kernel's |
final class ClaimSlot extends Pending {
  private final WriterCore core;
  final FileRange range;

  /// Null while free, and in flight where the memory goes back to the pool by itself.
  @Nullable IoBuffer buffer;

  /// Strict mode: what the buffer has become.
  private @Nullable Bytes frozen;

  long position;
  long size;

  /// What is written of the file: `size`, in whole blocks.
  long wide;

  /// As many bytes were taken from the backlog; 0 where none.
  long counted;

  /// Where the file ended when this was claimed.
  long endThen;

  /// Whether the memory is kept when it comes back.
  boolean kept;

  boolean open;
  boolean marked;
  @Nullable Commit commit;

  // In the list of those in flight.
  long sequence;
  @Nullable ClaimSlot before;
  @Nullable ClaimSlot after;

  ClaimSlot(WriterCore core, int index) {
    this.core = core;
    this.range = new FileRange("claim", core);
    op.tag(index);
  }

  IoBuffer memory() {
    return Objects.requireNonNull(buffer);
  }

  /// Makes the operation. What is written behind the end is zeros.
  void prepare(FileHandle file) {
    IoBuffer from = memory();
    if (wide > size) {
      from.segment().asSlice(size, wide - size).fill((byte) 0);
    }
    if (ClaimMemory.STRICT) {
      Bytes bytes = from.freeze();
      frozen = bytes;
      buffer = null;
      op.write(file, bytes, 0, wide, position);
    } else {
      op.write(file, from, 0, wide, position);
    }
    op.notifying(core.queue());
  }

  /// The kernel has the memory now, and it goes back to the pool when the kernel is done.
  void letGo() {
    Bytes bytes = frozen;
    if (bytes != null) {
      bytes.close();
      frozen = null;
    }
    IoBuffer lent = buffer;
    if (lent != null) {
      lent.close();
      buffer = null;
    }
  }

  @Override
  void completed() {
    core.written(this);
  }
}
