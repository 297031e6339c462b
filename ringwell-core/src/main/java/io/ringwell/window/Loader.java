package io.ringwell.window;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Brings bytes into slots. Used by the one thread that uses the reader.
abstract sealed class Loader permits FileLoader, SourceLoader, MemoryLoader, MapLoader {
  /// What [#start] answers where a claim is in the way.
  static final long BLOCKED = -2;

  /// What messages call the thing that is read.
  abstract String name();

  /// Its size in bytes when it was opened; -1 where only reading tells.
  abstract long size();

  abstract int granularity();

  /// Whether slots need buffers.
  boolean isBuffered() {
    return true;
  }

  /// How much of the part from `from` to `to` lies in the page cache, from 0 to 1; -1 where nobody
  /// knows.
  double cachedShare(long from, long to) {
    return -1;
  }

  /// Whether it is known, without a look, that there will never be a byte at `position`.
  boolean endsBefore(long position) {
    return false;
  }

  /// Whether [#start] never waits.
  boolean isNonBlocking() {
    return true;
  }

  /// Loads the slot's range: at once, or in flight.
  ///
  /// @param tryFirst whether to look into the page cache on this thread
  /// @return how many bytes there are; -1 where the read is in flight, and arrives; [#BLOCKED]
  abstract long start(Slot slot, Arrivals arrivals, boolean tryFirst) throws IOException;

  /// A window that shows the file itself goes out to the user, until [#letGo].
  ///
  /// @return false where a claim is in the way
  boolean hold(Slot slot) {
    return true;
  }

  /// No window is out.
  void letGo() {}

  /// Who knows of claims; null where there cannot be any.
  @Nullable FileReads reads() {
    return null;
  }

  /// Whether the window ended with the file, and does so still, or was read just now.
  final boolean stillEnds(Slot slot) {
    return slot.atEnd && (slot.fresh || !mayHaveGrown(slot.end));
  }

  /// Whether there may be more by now than there was when it ended at `end`. Never waits.
  boolean mayHaveGrown(long end) {
    return true;
  }

  /// What a read that has arrived answered, in bytes.
  abstract long finish(Slot slot) throws IOException;

  /// Takes back a read that was started and that nobody has begun yet; false where there is none.
  boolean withdraw(Slot slot, Arrivals arrivals) {
    return false;
  }

  /// Asks that a read in flight be given up. True where it will not arrive.
  abstract boolean giveUp(Slot slot, Arrivals arrivals);

  /// A part of a window as owned bytes.
  Bytes detach(Slot slot, long from, long length) {
    return slot.detach(from, length);
  }

  /// The route of what is started from now on, where there is a choice.
  void route(Route route) {
    Objects.requireNonNull(route, "route");
  }

  /// Ends it; nothing is in flight any more.
  abstract void close() throws IOException;
}
