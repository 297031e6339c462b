package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Sends what a publisher publishes to a sink, which it owns: completed when the publisher is,
/// failed when that fails, closed in either case. From [Sinks#subscriber] and
/// [Sinks#bufferSubscriber].
///
/// One item is asked for at a time: the next when the sink has room for this one. Where the sink
/// fails, the subscription is cancelled. A second subscription is cancelled at once.
///
/// @param <T> what is published
public final class SinkSubscriber<T> implements Flow.Subscriber<T> {
  private final Sink sink;
  private final Function<T, Bytes> form;
  private final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private final CompletableFuture<Long> done = new CompletableFuture<>();

  SinkSubscriber(Sink sink, Function<T, Bytes> form) {
    this.sink = sink;
    this.form = form;
  }

  /// Completes when the sink has, with how many bytes it were; fails with what went wrong first.
  public CompletionStage<Long> done() {
    return done.minimalCompletionStage();
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    Objects.requireNonNull(given);
    if (!subscription.compareAndSet(null, given)) {
      given.cancel();
      return;
    }
    given.request(1);
  }

  @Override
  public void onNext(T item) {
    Objects.requireNonNull(item);
    Flow.Subscription from = Objects.requireNonNull(subscription.get(), "no subscription");
    CompletionStage<@Nullable Void> taken;
    try {
      taken = sink.sendAsync(form.apply(item));
    } catch (Throwable e) { // such as no memory for a copy: a publisher is not told by a throw
      from.cancel();
      end(e);
      return;
    }
    taken.whenComplete((nothing, failure) -> {
      if (failure == null) {
        from.request(1);
      } else {
        from.cancel();
        end(unwrapped(failure));
      }
    });
  }

  private static Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  @Override
  public void onError(Throwable failure) {
    Objects.requireNonNull(failure);
    end(failure);
  }

  /// The last item may still wait for room: it is completed with the others.
  @Override
  public void onComplete() {
    end(null);
  }

  private void end(@Nullable Throwable failure) {
    if (!over.compareAndSet(false, true)) {
      return;
    }
    if (failure != null) {
      sink.fail(failure);
    }
    // Completing and closing park.
    Thread.ofVirtual().name("ringwell-subscriber").start(() -> finish(failure));
  }

  /// One error may end the publisher and the sink, and be what closing fails with too.
  private void finish(@Nullable Throwable failure) {
    Throwable first = failure;
    long bytes = 0;
    try {
      if (first == null) {
        bytes = sink.complete();
      }
    } catch (Throwable e) {
      first = e;
    }
    try {
      sink.close();
    } catch (Throwable e) {
      if (first == null) {
        first = e;
      } else if (first != e) {
        first.addSuppressed(e);
      }
    }
    if (first == null) {
      done.complete(bytes);
    } else {
      done.completeExceptionally(first);
    }
  }
}
