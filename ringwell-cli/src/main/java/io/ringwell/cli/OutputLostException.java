package io.ringwell.cli;

import java.io.IOException;

/// Standard output cannot be written to: there is no sense in going on.
final class OutputLostException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean readerGone;

  OutputLostException(IOException cause) {
    super("standard output: " + Failure.describe(cause), cause);
    readerGone = TextOutput.isBrokenPipe(cause);
  }

  /// Whether it is a pipe that nobody reads any more, as behind `| head`.
  boolean readerGone() {
    return readerGone;
  }
}
