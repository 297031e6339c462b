package io.ringwell.window;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Something that windows can be read from: an object in a store, a decompressor, a test.
///
/// ```java
/// final class Zeros implements WindowSource {
///   public String name() { return "zeros"; }
///   public long size() { return 1 << 20; }
///   public void read(long position, IoBuffer into, long length, Completion done) {
///     long bytes = Math.clamp(size() - position, 0, length);
///     into.segment().asSlice(0, bytes).fill((byte) 0);
///     done.complete(bytes);
///   }
/// }
/// ```
///
/// **Threads.** [#read] is called by whoever uses the reader, and may be called again before an
/// earlier read has completed: a reader that reads ahead has several in flight. Completions come
/// from any thread, also from within [#read].
///
/// **Memory.** `into` is the source's to write until it completes the read, and not after. The
/// reader may be closed meanwhile; the memory stays lent until the completion.
public interface WindowSource extends AutoCloseable {
  /// What messages call it.
  String name();

  /// Its size in bytes, or -1 where only reading tells. Asked when a reader is opened; must not
  /// wait.
  long size();

  /// Windows begin and end on multiples of this power of two, in bytes, save at the end. At least
  /// 8.
  default int granularity() {
    return 4096;
  }

  /// Whether its bytes, and its size where that is known, stay as they are for as long as it is
  /// open: then nothing is read to find out whether it goes on behind its end.
  default boolean isImmutable() {
    return false;
  }

  /// How large windows ought to be where they are read in order, in bytes; 0 leaves it to the
  /// reader. The reader's own bounds come first.
  default long windowBytes() {
    return 0;
  }

  /// How long a read takes until its first byte, in nanoseconds, about: the longer, the more is
  /// read ahead. 0 where nobody knows.
  default long latencyNanos() {
    return 0;
  }

  /// Whether [#read] returns without waiting. One that says no is called from threads of its own,
  /// so that a seek does not wait for it.
  default boolean isNonBlocking() {
    return true;
  }

  /// Reads up to `length` bytes at `position` into the start of `into`, and tells `done` once. What
  /// it throws fails the read; where `done` has been told already, it changes nothing, and goes to
  /// the thread's handler of uncaught exceptions.
  void read(long position, IoBuffer into, long length, Completion done) throws IOException;

  /// Ends the source. Called by its reader, after its last read completed or was given up, or where
  /// none could be opened.
  @Override
  default void close() throws IOException {}

  /// Hears the end of one read. Whoever tells it twice gets an `IllegalStateException`.
  interface Completion {
    /// The read moved `bytes` bytes; fewer than asked for mean that the source ends there.
    void complete(long bytes);

    /// The read failed.
    void fail(IOException failure);
  }

  /// Bytes in memory: windows are slices of them, and nothing is copied. The source has a handle of
  /// its own, which it closes.
  static WindowSource of(Bytes bytes) {
    return new MemorySource(bytes.share());
  }

  /// Memory of any kind, which must stay alive until the reader is closed. Windows are slices of
  /// it; detaching one copies, since nobody says for how long the memory lives.
  static WindowSource of(MemorySegment segment) {
    return new MemorySource(segment);
  }
}
