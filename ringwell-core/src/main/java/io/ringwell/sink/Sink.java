package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Takes bytes, in order, to where they are to go.
///
/// **Ownership.** What is given is the sink's from the call on, whether the call returns or throws:
/// the sink closes it when the kernel, or whoever it hands it to, has let go. Only what [#offer]
/// answered false to stays the caller's. Nothing is copied in user memory unless the sink's maker
/// says so.
///
/// **Back-pressure.** A sink holds at most [#maxBytes] that it has taken and not yet got rid of;
/// what does not fit waits or is refused. One piece that is larger than that is taken when nothing
/// else is held. Those who wait are served in the order in which they came, and while anybody waits
/// newcomers queue behind.
///
/// **Waiting.** Park: [#send], [#flush], [#complete]. Stage: the methods named `…Async`, and
/// [#whenReady]; they complete on the common pool. Poll: [#offer].
///
/// **End.** [#complete] says that all has been given, and returns when all of it is where it
/// belongs. [#fail], an error on the way, or a [#close] without `complete` abandon it: what is
/// unfinished is removed where the destination can. The first error is kept, and every later call
/// throws it.
///
/// **Threads.** All methods may be called from any thread; what several threads give comes in the
/// order of their calls. An interrupt ends the wait with [java.io.InterruptedIOException]; what had
/// not been taken is closed, and the sink goes on.
///
/// ```java
/// try (Sink sink = io.sink(path, FileSinkOptions.defaults())) {
///   for (Bytes part : parts) {
///     sink.send(part);
///   }
///   sink.complete(); // without it the file stays what it was
/// }
/// ```
public interface Sink extends AutoCloseable {
  /// Takes `bytes` if there is room for them now. Never blocks.
  ///
  /// @return false where there is none: they stay the caller's
  /// @throws IOException the error that the sink failed with
  /// @throws IllegalStateException where the sink is complete or closed
  boolean offer(Bytes bytes) throws IOException;

  /// Takes `bytes`; parks until there is room for them.
  ///
  /// @throws IOException the error that the sink failed with
  /// @throws IllegalStateException where the sink is complete or closed
  void send(Bytes bytes) throws IOException;

  /// Takes `bytes`; the stage completes when there is room for them. Until then they are not
  /// bounded: who does not wait for the stage has no back-pressure.
  CompletionStage<@Nullable Void> sendAsync(Bytes bytes);

  /// Takes the fragments of `chain`, in order; parks until there was room for each.
  default void send(BytesChain chain) throws IOException {
    try (chain) {
      for (Bytes fragment : chain.fragments()) {
        send(fragment.share());
      }
    }
  }

  /// A stage that completes when something can be given, or the sink has ended: for those who poll.
  CompletionStage<@Nullable Void> whenReady();

  /// Hands on all that was given so far, and parks until it has arrived, as far as the destination
  /// takes parts of that size. It is not on a device yet, nor under its name.
  void flush() throws IOException;

  /// As [#flush()].
  CompletionStage<@Nullable Void> flushAsync();

  /// Says that all has been given, what still waits for room included; parks until it has arrived,
  /// is as durable as was asked for, and is to be seen. Again: waits for the same.
  ///
  /// @return how many bytes it were
  /// @throws IOException what went wrong: then the destination is as if nothing had been sent, or
  ///   as the sink's maker says
  long complete() throws IOException;

  /// As [#complete()].
  CompletionStage<Long> completeAsync();

  /// Abandons what was given. Does not wait: [#close] does. Without effect where the sink has
  /// ended, or where all has arrived and is being put in its place.
  ///
  /// @param cause told to every later call
  void fail(Throwable cause);

  /// What the sink holds at the most, in bytes.
  long maxBytes();

  /// What it has taken so far, in bytes.
  long taken();

  /// Abandons what was not completed, and parks until all memory has been let go and nothing is
  /// left open. An interrupt is kept for later. Closing again does nothing.
  ///
  /// @throws IOException where what is unfinished could not be removed
  @Override
  void close() throws IOException;
}
