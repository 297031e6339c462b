package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Gives bytes, in order, until it ends. From [Sources], or written by whoever has them.
///
/// **Ownership.** What it gives is the caller's, who closes it; a [Sink] that it is sent to does.
///
/// **Waiting.** Park: [#next]. Stage: [#nextAsync]. Poll: [#poll]. The latter two never block where
/// [#isNonBlocking]; elsewhere the stage has a virtual thread that parks, and poll answers only
/// what is there already.
///
/// **Threads.** One call at a time. An interrupt ends the wait with
/// [java.io.InterruptedIOException]; the source goes on.
public interface Source extends AutoCloseable {
  /// The next bytes, never empty; parks until there are some.
  ///
  /// @return null at the end
  /// @throws IOException where they cannot be had; the same again by further calls
  @Nullable Bytes next() throws IOException;

  /// The next bytes, or null at the end.
  CompletionStage<@Nullable Bytes> nextAsync();

  /// The next bytes if they are there, else null. Never blocks.
  @Nullable Bytes poll() throws IOException;

  /// Whether the end was met.
  boolean isAtEnd();

  /// Whether [#poll] and [#nextAsync] bring bytes on without a thread that waits for them.
  boolean isNonBlocking();

  /// Lets go of what was not given.
  @Override
  void close() throws IOException;
}
