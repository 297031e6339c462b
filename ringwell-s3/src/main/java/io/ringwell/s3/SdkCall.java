package io.ringwell.s3;

import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// One call of the SDK's, which may be ended.
///
/// The SDK tells whoever waits for a call that was ended before it has told the connection's
/// thread. Here that thread is told first.
///
/// @param <T> what it brings
final class SdkCall<T> {
  private final CompletableFuture<T> call;
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final UnaryOperator<Throwable> told;
  private boolean ending;

  /// @param newTold what is told of a failure
  SdkCall(CompletableFuture<T> newCall, UnaryOperator<Throwable> newTold) {
    call = newCall;
    told = newTold;
    var _ = newCall.whenComplete(this::ended);
  }

  private void ended(@Nullable T value, @Nullable Throwable failure) {
    synchronized (this) {
      if (ending) {
        return; // whoever ends it goes on
      }
    }
    settle(value, failure);
  }

  private void settle(@Nullable T value, @Nullable Throwable failure) {
    if (failure == null) {
      result.complete(value);
    } else {
      result.completeExceptionally(told.apply(failure));
    }
  }

  /// What it brought, or why it brought nothing.
  CompletableFuture<T> result() {
    return result;
  }

  /// Ends it, unless it has ended. When this returns, or the result is there, the connection's
  /// thread has been told.
  void end(Throwable why) {
    synchronized (this) {
      ending = true;
    }
    call.completeExceptionally(why);
    var _ = call.whenComplete(this::settle);
  }
}
