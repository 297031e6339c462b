package io.ringwell.search;

/// How files are read.
public enum SearchRoute {
  /// The searcher decides file by file, and says why in [SearchResult#reasons]. Never [#MAP].
  AUTO,
  /// Mapped pieces whose pages are brought in before they are looked at. A file that is truncated
  /// meanwhile ends the process with SIGBUS: only for files that nobody changes.
  MAP,
  /// Reads on the searching threads, which wait for what the page cache has not got.
  PREAD,
  /// Several reads ahead by the engine.
  RING,
  /// The same past the page cache (O_DIRECT).
  DIRECT
}
