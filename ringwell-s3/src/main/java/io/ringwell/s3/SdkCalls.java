package io.ringwell.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/// The calls of the SDK's that are under way in a store.
///
/// A client of the SDK's that is closed loses some of its calls for ever: the threads that would
/// tell of their ends are gone by then. So who waits is told from here.
final class SdkCalls implements AutoCloseable {
  private static final int ATTEMPTS = 5;

  private static final String CLOSED = "the store was closed";

  private final Set<SdkCall<?>> live = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /// Begins a call. Does not wait.
  <T> SdkCall<T> begin(Supplier<CompletableFuture<T>> call) {
    SdkCall<T> begun = new SdkCall<>(closed ? failed(storeClosed()) : made(call), this::told);
    live.add(begun);
    var _ = begun.result().whenComplete((value, failure) -> live.remove(begun));
    if (closed) {
      begun.end(storeClosed());
    }
    return begun;
  }

  private static <T> CompletableFuture<T> made(Supplier<CompletableFuture<T>> call) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      // The SDK throws what it cannot even ask for.
      return failed(e);
    }
  }

  private static <T> CompletableFuture<T> failed(Throwable why) {
    return CompletableFuture.failedFuture(why);
  }

  /// What a client that was closed says is of its threads; what a store has said stays.
  private Throwable told(Throwable failure) {
    Throwable why = Failures.unwrap(failure);
    boolean said = why instanceof AwsServiceException || why instanceof CancellationException;
    return closed && !said ? SdkClientException.create(CLOSED, why) : failure;
  }

  static SdkClientException storeClosed() {
    return SdkClientException.create(CLOSED);
  }

  /// What a call brings; parks. An interrupt ends it.
  <T> T await(Supplier<CompletableFuture<T>> call, S3Location location, String operation)
      throws IOException {
    SdkCall<T> begun = begin(call);
    try {
      return begun.result().get();
    } catch (InterruptedException e) {
      begun.end(new CancellationException("interrupted"));
      throw new InterruptedIOException("interrupted: " + operation + " of " + location);
    } catch (ExecutionException e) {
      throw Failures.of(location, operation, e);
    }
  }

  /// The same, asking again where the connection ended before the answer: the SDK takes a head
  /// without a body for an answer that says nothing, such as a list of nothing.
  ///
  /// @param whole whether an answer has what every whole one has
  <T> T await(
      Supplier<CompletableFuture<T>> call,
      Predicate<T> whole,
      S3Location location,
      String operation)
      throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      T answer = await(call, location, operation);
      if (whole.test(answer)) {
        return answer;
      }
    }
    throw Failures.refusal(
        location, operation, "the store's answers were cut off", 200, "", "", null);
  }

  /// Ends all calls, and those to come.
  @Override
  public void close() {
    closed = true;
    live.forEach(call -> call.end(storeClosed()));
  }
}
