package io.ringwell.kv;

import java.io.IOException;

/// Gives entries other values.
@FunctionalInterface
public interface KvMapper {
  /// Tells `result` the value that the entry under `at` is shown with; its own one if nothing is
  /// told. Looks only: `at` must not be moved, closed, or used after the call. The memory told has
  /// to stay as it is until the next call.
  ///
  /// @throws IOException ends the step, as an error of the child does
  void map(KvIterator at, KvMapped result) throws IOException;
}
