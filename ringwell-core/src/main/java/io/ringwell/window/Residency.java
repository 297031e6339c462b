package io.ringwell.window;

/// What a window's memory promises, the strongest first.
public enum Residency {
  /// A copy in memory of the pool, which is touched already: nothing that happens to the file
  /// reaches it.
  COPIED,
  /// Memory that the caller gave to read from: as resident, and as constant, as that is.
  GIVEN,
  /// Pages of the file, mapped and locked: they are not reclaimed, but a truncated file takes them
  /// away all the same.
  LOCKED,
  /// Pages of the file, mapped and faulted in: the kernel may reclaim them under memory pressure,
  /// and a truncated file takes them away.
  POPULATED
}
