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
///
/// The publisher is called without the lock held ([#tell]): it may have a lock of its own, which it
/// takes when it is asked for more, and holds while it calls this.
final class PublisherSource implements Source, Flow.Subscriber<Bytes> {
  private static final int AHEAD = 8;

  private final Queue<Bytes> arrived = new ArrayDeque<>();
  private Flow.@Nullable Subscription subscription;
  private @Nullable CompletableFuture<@Nullable Bytes> asked;
  private @Nullable IOException error;
  private boolean ended;
  private boolean closed;

  /// What the publisher is to be told: how many more are wanted, or that no more are.
  private long wanted;

  private boolean leaving;

  /// Whether somebody tells it: calls of a subscription do not overlap.
  private boolean telling;

  @Override
  public void onSubscribe(Flow.Subscription given) {
    Objects.requireNonNull(given);
    if (!accept(given)) {
      given.cancel();
      return;
    }
    tell();
  }

  private synchronized boolean accept(Flow.Subscription given) {
    if (subscription != null || closed) {
      return false;
    }
    subscription = given;
    wanted = AHEAD;
    return true;
  }

  /// Tells the publisher what it has to know. Where somebody does so already, perhaps further up on
  /// this very stack, that one goes on with it.
  private void tell() {
    while (true) {
      Flow.Subscription to;
      long more;
      boolean leaves;
      synchronized (this) {
        to = subscription;
        if (to == null || telling || (wanted == 0 && !leaving)) {
          return;
        }
        telling = true;
        more = wanted;
        leaves = leaving;
        wanted = 0;
        leaving = false;
      }
      try {
        if (leaves) {
          to.cancel();
        } else {
          to.request(more);
        }
      } finally {
        synchronized (this) {
          telling = false;
        }
      }
    }
  }

  @Override
  public void onNext(Bytes bytes) {
    Objects.requireNonNull(bytes);
    take(bytes);
    tell();
  }

  private synchronized void take(Bytes bytes) {
    if (closed) {
      bytes.close();
      return;
    }
    if (bytes.size() == 0) {
      bytes.close();
      wanted++;
    } else if (asked != null) {
      settle(bytes);
      wanted++;
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

  @Override
  public @Nullable Bytes poll() throws IOException {
    Bytes bytes = give();
    tell();
    return bytes;
  }

  private synchronized @Nullable Bytes give() throws IOException {
    Bytes bytes = arrived.poll();
    if (bytes != null) {
      wanted++;
      return bytes;
    }
    IOException failure = error;
    if (failure != null) {
      throw failure;
    }
    return null;
  }

  @Override
  public CompletionStage<@Nullable Bytes> nextAsync() {
    CompletionStage<@Nullable Bytes> next = giveOrAsk();
    tell();
    return next;
  }

  private synchronized CompletionStage<@Nullable Bytes> giveOrAsk() {
    if (asked != null) {
      throw new IllegalStateException("somebody waits for the next bytes already");
    }
    try {
      Bytes bytes = give();
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
  public void close() {
    synchronized (this) {
      closed = true;
      leaving = true;
    }
    tell();
    letGo();
  }

  private synchronized void letGo() {
    arrived.forEach(Bytes::close);
    arrived.clear();
    settle(null);
  }
}
