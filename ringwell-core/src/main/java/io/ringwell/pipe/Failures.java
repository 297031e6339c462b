package io.ringwell.pipe;

import org.jspecify.annotations.Nullable;

/// What goes wrong on the way through what has to be gone through all the same: the first is thrown
/// at the end, with the rest suppressed.
final class Failures {
  private Failures() {}

  /// The first, which has the next one by it.
  ///
  /// @param next a `RuntimeException` or an `Error`
  static Throwable add(@Nullable Throwable first, Throwable next) {
    if (first == null) {
      return next;
    }
    if (first != next) {
      first.addSuppressed(next);
    }
    return first;
  }

  /// Throws the first, if there is one.
  static void rethrow(@Nullable Throwable first) {
    if (first instanceof Error e) {
      throw e;
    }
    if (first instanceof RuntimeException e) {
      throw e;
    }
  }
}
