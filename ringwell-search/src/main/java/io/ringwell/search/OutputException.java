package io.ringwell.search;

import java.io.IOException;

/// What was found cannot be written. Not an [IOException], which is a file's that is searched.
final class OutputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient IOException problem;

  OutputException(IOException cause) {
    super(cause);
    this.problem = cause;
  }

  IOException problem() {
    return problem;
  }
}
