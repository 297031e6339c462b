package io.ringwell.search;

/// What a zero byte in a file means, as ripgrep has it.
enum BinaryRule {
  /// A file of the command line that ripgrep maps: it is binary where its first 64 KiB have a zero,
  /// or a line that matches; then it is told of and its lines are not.
  WHOLE,
  /// Another file of the command line, or any with `-uuu`: the same with any zero, which ends a
  /// line.
  CONVERT,
  /// A file of a tree: it ends there.
  QUIT
}
