package io.ringwell.cli;

/// What a bench does.
enum BenchMode {
  RANDREAD(true, false),
  RANDWRITE(true, true),
  SEQREAD(false, false),
  SEQWRITE(false, true);

  final boolean random;
  final boolean writes;

  BenchMode(boolean random, boolean writes) {
    this.random = random;
    this.writes = writes;
  }

  String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
