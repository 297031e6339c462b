package io.ringwell.engine;

/// Who is told the raw result of one attempt, before short results and retries are dealt with.
///
/// A wrapper of an engine puts its own in ([EngineAccess#intercept]) to delay, alter or record
/// results.
@FunctionalInterface
public interface CompletionSink {
  /// One attempt at `op` ended with `result`: a count, or minus the error number. Called by the
  /// thread that saw it end, which must not be blocked.
  void attempted(Operation op, int result);
}
