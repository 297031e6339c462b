package io.ringwell.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Waits for the SDK.
final class Waiting {
  private static final int ATTEMPTS = 5;

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

  /// The same, asking again where the connection ended before the answer: the SDK takes a head
  /// without a body for an answer that says nothing, such as a list of nothing.
  ///
  /// @param whole whether an answer has what every whole one has
  static <T> T await(
      Supplier<CompletableFuture<T>> call,
      Predicate<T> whole,
      S3Location location,
      String operation)
      throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      T answer = await(call.get(), location, operation);
      if (whole.test(answer)) {
        return answer;
      }
    }
    throw Failures.refusal(
        location, operation, "the store's answers were cut off", 200, "", "", null);
  }
}
