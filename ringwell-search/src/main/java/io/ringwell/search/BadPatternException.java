package io.ringwell.search;

/// A pattern cannot be understood. The message says what is wrong and where.
public final class BadPatternException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  BadPatternException(String pattern, int position, String problem) {
    super("in the pattern '" + pattern + "' at " + position + ": " + problem);
  }

  BadPatternException(String problem) {
    super(problem);
  }
}
