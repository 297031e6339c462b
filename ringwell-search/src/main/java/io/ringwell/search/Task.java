package io.ringwell.search;

import java.util.List;

/// Something that a thread of a search does.
sealed interface Task {
  /// Lists a directory and searches what is in it.
  ///
  /// @param name as it is told of
  /// @param absolute as ignore rules see it
  /// @param above the rules that hold in the directory above
  record Directory(FileName name, FileName absolute, IgnoreRules above) implements Task {}

  /// Searches files of one directory.
  record Files(List<FileName> names) implements Task {}

  /// Searches a file that the caller named.
  ///
  /// @param rule what a zero byte in it means
  record Named(FileName name, BinaryRule rule) implements Task {}

  /// Searches standard input.
  record Input() implements Task {}

  /// Searches what the caller opens.
  ///
  /// @param rule what a zero byte in it means
  record Other(SearchInput input, BinaryRule rule) implements Task {}

  /// Takes part in the search of a large file.
  record Help(SplitSearch search) implements Task {}
}
