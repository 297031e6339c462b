package io.ringwell.s3;

import io.ringwell.memory.BytesChain;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/// One payload, however often it has to be sent until it has arrived.
///
/// | state | `attempt` | `pause` | `instead` | left by |
/// |---|---|---|---|---|
/// | on its way, or in line for a thread | there | – | – | the end of the attempt |
/// | paused | – | there | – | the next attempt, a cancel, the store's end |
/// | elsewhere | – | – | there | the end of what the SDK does |
/// | settled | – | – | – | never: `letGo` says how |
final class SocketPayload implements PayloadTransport.Sending {
  private final SocketSends way;
  private final Sockets sockets;
  private final PayloadTransport.Outgoing what;
  private final BytesChain body;
  private final CompletableFuture<String> letGo = new CompletableFuture<>();

  private int attempts;
  private boolean cancelled;
  private boolean closing;
  private @Nullable SocketSend attempt;
  private @Nullable Future<?> pause;
  private PayloadTransport.@Nullable Sending instead;

  SocketPayload(SocketSends way, Sockets sockets, PayloadTransport.Outgoing what, BytesChain body) {
    this.way = way;
    this.sockets = sockets;
    this.what = what;
    this.body = body;
  }

  PayloadTransport.Outgoing what() {
    return what;
  }

  /// Makes an attempt, unless it is not wanted any more.
  void send() {
    SocketSend next = new SocketSend(way, sockets, this, body);
    boolean wanted;
    synchronized (this) {
      pause = null;
      wanted = !cancelled && !closing;
      if (wanted) {
        attempts++;
        attempt = next;
      }
    }
    if (!wanted) {
      unwanted();
      return;
    }
    try {
      sockets.execute(next);
    } catch (RejectedExecutionException e) {
      settle(null, SdkClientException.create("the store was closed", e));
    }
  }

  /// An attempt has ended; nobody reads the memory.
  void ended(@Nullable String etag, @Nullable Throwable failure) {
    Throwable why = failure;
    synchronized (this) {
      attempt = null;
      Retries retries = way.retries();
      if (why != null
          && !cancelled
          && !closing
          && attempts < retries.attempts()
          && Retries.mayHelp(why)) {
        long nanos = TimeUnit.MILLISECONDS.toNanos(retries.pauseMillis(attempts, why));
        pause = sockets.tryAfter(nanos, this::send);
        if (pause != null) {
          return;
        }
      }
      if (why instanceof SdkException told) {
        why = told.toBuilder().numAttempts(attempts).build();
      }
    }
    settle(etag, why);
  }

  void isElsewhere() {
    PayloadTransport.Sending other = way.sendElsewhere(what, body);
    boolean wanted;
    synchronized (this) {
      attempt = null;
      instead = other;
      wanted = !cancelled;
    }
    if (!wanted) {
      other.cancel();
    }
    var _ =
        other
            .letGo()
            .whenComplete(
                (etag, failure) -> settle(etag, failure == null ? null : Failures.unwrap(failure)));
  }

  @Override
  public void cancel() {
    SocketSend running;
    PayloadTransport.Sending other;
    synchronized (this) {
      cancelled = true;
      running = attempt;
      other = instead;
    }
    if (running != null) {
      running.cancel();
    } else if (other != null) {
      other.cancel();
    } else {
      endPause();
    }
  }

  /// The store ends. An attempt that is made hears of that by itself.
  void storeCloses() {
    synchronized (this) {
      closing = true;
    }
    endPause();
  }

  private void endPause() {
    boolean paused;
    synchronized (this) {
      paused = pause != null && pause.cancel(false);
    }
    // Else the next attempt is being made, and sees for itself.
    if (paused) {
      unwanted();
    }
  }

  private void unwanted() {
    boolean byStore;
    synchronized (this) {
      byStore = !cancelled;
    }
    settle(null, byStore ? SdkCalls.storeClosed() : new CancellationException("cancelled"));
  }

  private void settle(@Nullable String etag, @Nullable Throwable failure) {
    way.ended(this);
    if (failure != null) {
      letGo.completeExceptionally(Failures.of(what.to(), what.operation(), failure));
    } else if (etag == null) {
      letGo.completeExceptionally(what.lacksTag());
    } else {
      letGo.complete(etag);
    }
  }

  @Override
  public CompletionStage<String> letGo() {
    return letGo;
  }
}
