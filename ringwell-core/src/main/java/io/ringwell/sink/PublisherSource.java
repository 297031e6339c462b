package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// What a publisher publishes, a few pieces ahead of whoever takes them.
final class PublisherSource implements Source, Flow.Subscriber<Bytes> {
  private static final int AHEAD = 8;

  private final Queue<Bytes> arrived = new ArrayDeque<>();
  private Flow.@Nullable Subscription subscription;
  private @Nullable CompletableFuture<@Nullable Bytes> asked;
  private @Nullable IOException error;
  private boolean ended;
  private boolean closed;

  @Override
  public synchronized void onSubscribe(Flow.Subscription given) {
    Objects.requireNonNull(given);
    if (subscription != null || closed) {
      given.cancel();
      return;
    }
    subscription = given;
    given.request(AHEAD);
  }

  @Override
  public synchronized void onNext(Bytes bytes) {
    Objects.requireNonNull(bytes);
    if (closed) {
      bytes.close();
      return;
    }
    if (bytes.size() == 0) {
      bytes.close();
      more();
    } else if (asked != null) {
      settle(bytes);
      more();
    } else {
      arrived.add(bytes);
    }
  }

  @Override
  public synchronized void onError(Throwable failure) {
    Objects.requireNonNull(failure);
    error = failure instanceof IOException io ? io : new IOException(failure);
    settle(null);
  }

  @Override
  public synchronized void onComplete() {
    ended = true;
    settle(null);
  }

  private void settle(@Nullable Bytes bytes) {
    CompletableFuture<@Nullable Bytes> waits = asked;
    asked = null;
    if (waits == null) {
      return;
    }
    // Not here: what is chained to it would run with the lock held.
    IOException failure = bytes == null ? error : null;
    Thread.ofVirtual()
        .start(
            failure == null
                ? () -> waits.complete(bytes)
                : () -> waits.completeExceptionally(failure));
  }

  private void more() {
    Flow.Subscription from = subscription;
    if (from != null) {
      from.request(1);
    }
  }

  @Override
  public synchronized @Nullable Bytes poll() throws IOException {
    Bytes bytes = arrived.poll();
    if (bytes != null) {
      more();
      return bytes;
    }
    IOException failure = error;
    if (failure != null) {
      throw failure;
    }
    return null;
  }

  @Override
  public synchronized CompletionStage<@Nullable Bytes> nextAsync() {
    if (asked != null) {
      throw new IllegalStateException("somebody waits for the next bytes already");
    }
    try {
      Bytes bytes = poll();
      if (bytes != null || ended || closed) {
        return CompletableFuture.completedFuture(bytes);
      }
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<@Nullable Bytes> waits = new CompletableFuture<>();
    asked = waits;
    return waits;
  }

  @Override
  public @Nullable Bytes next() throws IOException {
    CompletableFuture<@Nullable Bytes> waits = nextAsync().toCompletableFuture();
    try {
      return waits.get();
    } catch (InterruptedException e) {
      if (withdraw(waits)) {
        InterruptedIOException told = new InterruptedIOException("interrupted while waiting");
        told.initCause(e);
        throw told;
      }
      // It has come, or is about to.
      Thread.currentThread().interrupt();
      return waits.join();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(e.getCause());
    }
  }

  @SuppressWarnings("ReferenceEquality") // Whether it is this very one.
  private synchronized boolean withdraw(CompletableFuture<@Nullable Bytes> waits) {
    if (asked == waits) {
      asked = null;
      return true;
    }
    return false;
  }

  @Override
  public synchronized boolean isAtEnd() {
    return ended && arrived.isEmpty();
  }

  @Override
  public boolean isNonBlocking() {
    return true;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (subscription != null) {
      subscription.cancel();
    }
    arrived.forEach(Bytes::close);
    arrived.clear();
    settle(null);
  }
}
