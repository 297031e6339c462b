package io.ringwell.pipe;

import io.ringwell.memory.Bytes;
import java.io.InterruptedIOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Where segments have their memory from.
interface Supply {
  /// Whether a segment for `least` more is within the bound on what all of them may have. Else the
  /// reader has to get on first. The writer's thread alone calls it.
  boolean mayFill(long least);

  /// Gives `segment` memory for `size` elements, or for fewer but at least `least`; false where
  /// there is none now. Of the bound it gives less, but never less than `least`. The writer's
  /// thread alone calls it.
  boolean fill(Segment segment, long size, long least);

  /// Parks until a [#fill] that wants `least` would do, or `givenUp` holds, which is looked at when
  /// the thread is unparked.
  void await(long least, BooleanSupplier givenUp) throws InterruptedIOException;

  /// Lets go of what was waited for and not used. The writer's thread alone calls it.
  void abandon();

  /// Whether somebody else waits for what a pipe that is empty keeps. Costs a read.
  boolean isWanted();

  /// Takes the memory of a segment, if it has any. Called by the reader's thread, and by whoever
  /// has the claim.
  ///
  /// @return what was appended or detached from, for the caller to close when nobody waits for what
  ///   it holds: closing runs code of their giver's, which may throw, and may call the pipe
  @Nullable Bytes retire(Segment segment);

  /// Lets go of what is kept for later; nothing is kept from here on. Any thread.
  void end();

  /// Undoes [#end].
  void begin();
}
