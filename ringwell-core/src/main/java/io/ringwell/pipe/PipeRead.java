package io.ringwell.pipe;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.IoBuffer;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a read of a [PipeReader] has given: the bytes of the stream from [#start] to [#end].
///
/// Offsets are those of the stream, from the pipe's first byte on, and stay the same from read to
/// read. The bytes lie in one fragment, mostly, or in several: [#window] is the first, and
/// [#nextFragment] goes to the next. [#sequence] parses them as if they were one.
///
/// Valid until it is advanced, detached, or its reader is complete; afterwards its methods throw
/// `IllegalStateException`, and memory taken from it shows something else. For the reader's thread.
public final class PipeRead {
  private final ReadSide side;
  private final Detaching detaching;
  private final SequenceReader sequence;

  // The fragment at hand, and what of it belongs to this read.
  private Segment fragment;
  private long fragmentStart;
  private long fragmentEnd;

  PipeRead(ReadSide side, Detaching detaching) {
    this.side = side;
    this.detaching = detaching;
    this.sequence = new SequenceReader(side);
    this.fragment = side.head();
  }

  PipeRead begin() {
    sequence.end();
    go(side.head());
    return this;
  }

  // ---- What it is ------------------------------------------------------------------------------

  /// Offset of the first byte: what was consumed before.
  public long start() {
    return side.start();
  }

  /// Offset behind the last byte.
  public long end() {
    return side.end();
  }

  /// How many bytes.
  public long size() {
    return side.end() - side.start();
  }

  public boolean isEmpty() {
    return size() == 0;
  }

  /// Whether the writer is complete: nothing comes after [#end].
  public boolean isCompleted() {
    return side.isCompleted();
  }

  /// Whether [PipeReader#cancelPending] brought it.
  public boolean isCancelled() {
    return side.isCancelled();
  }

  /// Whether nothing more can come until some of this is consumed: the writer wants room that
  /// [PipeOptions#maxBuffered] does not leave. Who gets that and still needs more has a message
  /// that is too large.
  public boolean isFull() {
    return side.wasFull();
  }

  // ---- Fragments -------------------------------------------------------------------------------

  /// Whether all bytes lie in one fragment.
  public boolean isContiguous() {
    side.checkReading();
    return isEmpty() || side.head().end() >= side.end();
  }

  /// The bytes of the fragment at hand; at first, from [#start] on.
  public MemorySegment window() {
    side.checkReading();
    return length() == 0 ? MemorySegment.NULL : memory().asSlice(position(), length());
  }

  /// Memory in which the fragment at hand lies, for those who want no new object: from [#position]
  /// on, [#length] bytes. More may be there, which is not for this read.
  public MemorySegment memory() {
    return fragment.memory;
  }

  /// Where in [#memory] the fragment at hand begins.
  public long position() {
    return fragmentStart - fragment.start;
  }

  /// Length of the fragment at hand, in bytes. 0 only where the read is empty.
  public long length() {
    return fragmentEnd - fragmentStart;
  }

  /// Offset in the stream of the fragment at hand.
  public long fragmentStart() {
    return fragmentStart;
  }

  /// Goes on to the next fragment; false where there is none, and the last one stays at hand.
  public boolean nextFragment() {
    side.checkReading();
    if (fragmentEnd >= side.end()) {
      return false;
    }
    go(following(fragment));
    return true;
  }

  /// Goes back to the first fragment.
  public void rewind() {
    side.checkReading();
    go(side.head());
  }

  private void go(Segment segment) {
    fragment = segment;
    fragmentStart = Math.max(segment.start, side.start());
    fragmentEnd = Math.max(fragmentStart, Math.min(segment.end(), side.end()));
  }

  private static Segment following(Segment segment) {
    Segment next = segment.next;
    if (next == null) {
      throw new AssertionError("a sealed segment has a next one");
    }
    return next;
  }

  /// The buffer in which the fragment at hand lies, at [#position], to be given to the kernel: lend
  /// it as long as that reads from it. Null where the writer has appended it: then it is [#bytes].
  public @Nullable IoBuffer buffer() {
    side.checkReading();
    return fragment.buffer;
  }

  /// The bytes in which the fragment at hand lies, at [#position], if they were appended or
  /// detached from. They stay the pipe's.
  public @Nullable Bytes bytes() {
    side.checkReading();
    return fragment.bytes;
  }

  // ---- Bytes -----------------------------------------------------------------------------------

  /// A parser for all bytes, at [#start]. The same object each time.
  public SequenceReader sequence() {
    return sequence.begin();
  }

  /// The byte at `offset` of the stream. Fast where it lies in the fragment at hand or behind.
  ///
  /// @throws IndexOutOfBoundsException where the read does not have it
  public byte get(long offset) {
    side.checkReading();
    find(offset);
    return fragment.memory.get(JAVA_BYTE, offset - fragment.start);
  }

  /// Has the fragment with that offset at hand.
  private void find(long offset) {
    if (offset < fragmentStart) {
      rewind();
    }
    while (offset >= fragmentEnd) {
      if (offset >= side.end() || !nextFragment()) {
        throw new IndexOutOfBoundsException(
            "offset %d of a read from %d to %d".formatted(offset, start(), end()));
      }
    }
    if (offset < fragmentStart) {
      throw new IndexOutOfBoundsException(
          "offset %d of a read from %d to %d".formatted(offset, start(), end()));
    }
  }

  /// Copies `length` bytes from `offset` of the stream on to `target`; counted.
  ///
  /// @throws IndexOutOfBoundsException where the read or `target` does not have them
  public void copyTo(long offset, MemorySegment target, long targetOffset, long length) {
    side.checkReading();
    Objects.checkFromIndexSize(targetOffset, length, target.byteSize());
    if (length > 0) {
      find(Math.min(offset, Long.MAX_VALUE - length) + length - 1);
    }
    long done = 0;
    while (done < length) {
      find(offset + done);
      long count = Math.min(length - done, fragmentEnd - (offset + done));
      MemorySegment.copy(
          fragment.memory, offset + done - fragment.start, target, targetOffset + done, count);
      done += count;
    }
    CopyCounter.add(done);
  }

  /// Whether some of it lies in memory of a secure pool.
  public boolean isSecure() {
    rewind();
    boolean secure = false;
    do {
      secure |= isFragmentSecure();
    } while (!secure && nextFragment());
    rewind();
    return secure;
  }

  /// A copy of all bytes on the heap; counted.
  ///
  /// @throws IllegalStateException where an array cannot hold them, or some are secure: an array
  ///   can be neither locked nor reliably zeroed
  public byte[] toArray() {
    if (isSecure()) {
      throw secureOnHeap();
    }
    if (size() > Integer.MAX_VALUE) {
      throw new IllegalStateException("an array cannot hold " + size() + " bytes");
    }
    byte[] copy = new byte[(int) size()];
    copyTo(start(), MemorySegment.ofArray(copy), 0, copy.length);
    return copy;
  }

  private static IllegalStateException secureOnHeap() {
    return new IllegalStateException("secure bytes are not copied to the heap; use copyTo");
  }

  /// @throws IllegalStateException where the fragment at hand lies in secure memory
  void refuseHeap() {
    if (isFragmentSecure()) {
      throw secureOnHeap();
    }
  }

  private boolean isFragmentSecure() {
    IoBuffer buffer = buffer();
    Bytes bytes = bytes();
    return (buffer != null && buffer.isSecure()) || (bytes != null && bytes.isSecure());
  }

  // ---- The end of it ---------------------------------------------------------------------------

  /// Ends the read: bytes before `consumed` are used, and their memory may be used again; those
  /// after it come again with the next read, which is there at once. The same as `advance(consumed,
  /// consumed)`.
  public void advance(long consumed) {
    side.advance(consumed, consumed);
  }

  /// Ends the read: bytes before `consumed` are used; those before `examined` were looked at, and
  /// do for nothing: the next read waits for what comes behind them. Offsets beyond [#end] mean
  /// that, and no byte becomes unexamined.
  ///
  /// @throws IllegalArgumentException where `examined` is before `consumed`, or `consumed` before
  ///   [#start]; the read goes on
  /// @throws IllegalStateException where the read was advanced, or the reader is complete
  public void advance(long consumed, long examined) {
    side.advance(consumed, examined);
  }

  /// Ends the read as [#advance(long)] does, with the bytes before `consumed` for the caller, who
  /// closes them when it likes. They are not copied, but for those that lie in the memory of which
  /// the writer has a window at that moment: these are, into memory of the same pool, which is
  /// waited for, and counted. Costs a handle or two for each segment.
  ///
  /// @throws IllegalArgumentException where `consumed` is before [#start]; the read goes on
  public BytesChain detach(long consumed) throws InterruptedIOException {
    return side.detach(consumed, detaching);
  }

  /// The fragment at hand as bytes of the caller's, which outlive the read; copied where [#detach]
  /// would. The read goes on.
  Bytes share() throws InterruptedIOException {
    side.checkReading();
    return detaching.share(fragment, fragmentStart, fragmentEnd);
  }

  @Override
  public String toString() {
    return "PipeRead[%d to %d%s%s%s]"
        .formatted(
            start(),
            end(),
            isCompleted() ? ", completed" : "",
            isCancelled() ? ", cancelled" : "",
            isFull() ? ", full" : "");
  }
}
