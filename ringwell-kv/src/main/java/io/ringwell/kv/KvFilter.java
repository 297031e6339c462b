package io.ringwell.kv;

import java.io.IOException;

/// Says which entries a view shows.
@FunctionalInterface
public interface KvFilter {
  /// Whether the entry that `at` stands on is shown. Looks only: `at` must not be moved, closed, or
  /// used after the call. The same entry may be asked for again, whenever it is come by.
  ///
  /// @throws IOException ends the step, as an error of the child does
  boolean accepts(KvIterator at) throws IOException;
}
