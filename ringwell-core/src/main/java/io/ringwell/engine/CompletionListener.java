package io.ringwell.engine;

/// Who is told of completed operations on the thread that completed them: what takes part in an
/// engine's work, such as the two ends of a connection, and costs no hand-off.
///
/// **It must not block**, and should be done in microseconds: it runs on a ring's own thread, which
/// does nothing else meanwhile. It may prepare and [Engine#trySubmit] operations; it must not call
/// what parks, and [Engine#submit] throws there instead of that. What it throws is logged, and ends
/// nothing.
@FunctionalInterface
public interface CompletionListener {
  /// `op` is DONE, and the caller's.
  void completed(Operation op);
}
