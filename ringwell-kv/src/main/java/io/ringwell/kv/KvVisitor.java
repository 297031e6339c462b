package io.ringwell.kv;

import java.io.IOException;

/// Is shown the entries of a [KvScan].
@FunctionalInterface
public interface KvVisitor {
  /// Looks at the entry that `at` stands on, or retains it. `at` must not be moved, or used after
  /// the call. Runs on the scan's executor; how long it takes is how long that thread is held.
  ///
  /// @return whether to go on
  /// @throws IOException ends the scan with it
  boolean visit(KvIterator at) throws IOException;
}
