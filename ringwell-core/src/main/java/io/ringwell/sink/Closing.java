package io.ringwell.sink;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Closes several things, whatever becomes of each.
final class Closing {
  private Closing() {}

  /// @throws IOException the first failure, with the others suppressed
  static void all(List<Sink> sinks) throws IOException {
    @Nullable IOException first = null;
    for (Sink sink : sinks) {
      try {
        sink.close();
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else if (first != e) { // one error may end several
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
