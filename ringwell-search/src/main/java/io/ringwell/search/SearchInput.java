package io.ringwell.search;

import io.ringwell.engine.Engine;
import io.ringwell.window.ManagedReader;
import java.io.IOException;

/// Something else than a file that is searched: an object in a store, an entry of an archive.
///
/// **Threads.** Opened and read by one thread of the search, which parks.
public interface SearchInput {
  /// As it is told of.
  String name();

  /// Opens it; the search closes the reader, also before its end where it has seen enough.
  ///
  /// @param engine of the search, whose pool windows come from
  /// @throws IOException where that fails: told of, and the search goes on
  ManagedReader open(Engine engine) throws IOException;
}
