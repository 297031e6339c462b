package io.ringwell.search;

import java.util.List;

/// A parsed pattern. Only whether a line matches is ever asked, so that groups do not capture and
/// greediness makes no difference: both are gone.
sealed interface Node {
  /// Matches without taking anything.
  record Empty() implements Node {}

  /// One code point of a set.
  record Set(CodePoints points) implements Node {}

  record Concat(List<Node> parts) implements Node {}

  record Either(List<Node> choices) implements Node {}

  /// @param max -1 for no bound
  record Repeat(Node body, int min, int max) implements Node {}

  /// A condition on a position.
  record Look(Condition condition) implements Node {}

  enum Condition {
    LINE_START,
    LINE_END,
    WORD_EDGE,
    NOT_WORD_EDGE
  }

  /// `text` as it stands.
  static Node literal(String text, boolean ignoreCase) {
    return new Concat(
        text.codePoints()
            .<Node>mapToObj(c -> new Set(ignoreCase ? CaseFolding.close(c) : CodePoints.of(c)))
            .toList());
  }
}
