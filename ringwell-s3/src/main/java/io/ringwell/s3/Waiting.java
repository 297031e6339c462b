package io.ringwell.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Waits for the SDK.
final class Waiting {
  private Waiting() {}

  /// What `call` brings; parks. An interrupt cancels it.
  static <T> T await(CompletableFuture<T> call, S3Location location, String operation)
      throws IOException {
    try {
      return call.get();
    } catch (InterruptedException e) {
      call.cancel(true);
      throw new InterruptedIOException("interrupted: " + operation + " of " + location);
    } catch (ExecutionException e) {
      throw Failures.of(location, operation, e);
    }
  }
}
