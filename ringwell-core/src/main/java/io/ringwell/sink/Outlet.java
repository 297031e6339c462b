package io.ringwell.sink;

import io.ringwell.memory.BytesChain;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Where a sink's bytes go: what is particular to a destination. [Sinks#to] makes a [Sink] of it,
/// which does the rest: ownership, order, bounds, waiting, errors.
///
/// **Threads.** Its methods are called one at a time, by a virtual thread of the sink's; the stages
/// that it returns may complete anywhere.
///
/// **Order of calls.** Any number of `write` and `flush`; then `finish`, or `abandon` after the
/// first error; last, when no write is in flight, `close`, in every case.
public interface Outlet extends AutoCloseable {
  /// How a destination wants its bytes.
  ///
  /// @param bytes what one write has at the most, in bytes
  /// @param exact whether every write but the last has exactly that
  /// @param inFlight writes that may be in flight at once
  record Shape(long bytes, boolean exact, int inFlight) {
    public Shape {
      if (bytes < 1 || inFlight < 1) {
        throw new IllegalArgumentException("bytes and writes in flight are at least 1");
      }
    }
  }

  /// How the destination wants its bytes; asked once.
  Shape shape();

  /// Begins to write `bytes` behind those of the calls before. May park. The memory stays as it is
  /// until the stage completes; then the sink closes it.
  CompletionStage<@Nullable Void> write(BytesChain bytes) throws IOException;

  /// Somebody waits for what was written so far: hands on what this outlet itself still holds.
  /// Parks. Writes may be in flight, of what came later.
  default void flush() throws IOException {}

  /// All was written, `size` bytes of it: makes it durable and puts it in its place. Parks.
  void finish(long size) throws IOException;

  /// It will not be finished: may cut writes in flight short. Does not park.
  default void abandon() {}

  /// The same, for those who pass on why. This is what is called.
  default void abandon(IOException cause) {
    abandon();
  }

  /// Lets go of everything, and removes what was not finished. Parks.
  @Override
  void close() throws IOException;
}
