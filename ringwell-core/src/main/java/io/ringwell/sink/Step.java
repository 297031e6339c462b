package io.ringwell.sink;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The next call to a sink's outlet.
///
/// @param write what to write, for a write
/// @param flushed who is to be told, for a flush
record Step(Kind kind, @Nullable Write write, List<Ask> flushed) {
  /// What is to be done with the outlet.
  enum Kind {
    NONE,
    WRITE,
    FLUSH,
    FINISH,
    ABANDON,
    CLOSE
  }

  Write toWrite() {
    return Objects.requireNonNull(write);
  }
}
