package io.ringwell.memory;

/// The package's logger, looked up when something goes wrong for the first time.
final class MemoryLog {
  static final System.Logger LOGGER = System.getLogger("io.ringwell.memory");

  private MemoryLog() {}
}
