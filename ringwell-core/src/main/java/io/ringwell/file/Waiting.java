package io.ringwell.file;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Parks for a stage, and throws what it failed with as an [IOException] of the caller's own.
final class Waiting {
  private Waiting() {}

  static <T> T join(CompletableFuture<T> stage) throws IOException {
    try {
      return stage.get();
    } catch (InterruptedException e) {
      InterruptedIOException told = new InterruptedIOException("interrupted while waiting for I/O");
      told.initCause(e);
      throw told;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException io) {
        throw io;
      }
      if (cause instanceof RuntimeException runtime) {
        throw runtime;
      }
      throw new IOException(cause);
    }
  }
}
