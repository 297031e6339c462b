package io.ringwell.s3;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/// One request and its answer over a connection of one's own. Its thread blocks in the socket;
/// whoever ends it interrupts that thread, which closes the connection: when the end is told,
/// nobody reads or writes its memory any more.
abstract class SocketWork implements Runnable {
  /// How long the answer to a request that was handed over is waited for.
  private static final Duration GRACE = Duration.ofSeconds(10);

  /// What came of a body together with the head is copied, and is no more than this.
  private static final int HEAD_BYTES = 1024;

  final Sockets sockets;

  /// What came behind the head, from its position to its limit.
  final ByteBuffer rest = ByteBuffer.allocateDirect(HEAD_BYTES).limit(0);

  private volatile long heardNanos;

  /// Null before it runs.
  private @Nullable Thread thread;

  private boolean over;
  private boolean cancelled;
  private boolean closing;
  private boolean silent;
  private @Nullable Future<?> watch;

  SocketWork(Sockets sockets) {
    this.sockets = sockets;
  }

  /// May wait for credentials.
  abstract RequestSigner.Signed sign();

  /// Sends the request.
  ///
  /// @return the head of the answer
  abstract AnswerHead ask(Wire wire, RequestSigner.Signed request) throws IOException;

  /// Whether so much of it was sent that the store may have done it.
  abstract boolean isSent();

  /// Whether the store has all that it needs to do it, or will have in a moment: then it will,
  /// whether or not anybody listens, and who cancels waits for the answer, so that what comes
  /// behind the cancel, such as the abort of an upload, finds nothing under way.
  abstract boolean isHandedOver();

  /// Takes the answer, a good one.
  ///
  /// @return whether the connection has nothing more of it
  abstract boolean take(AnswerHead head, Wire wire) throws IOException;

  /// Told once. The bucket is where only the SDK's client finds it.
  abstract void isElsewhere();

  /// Told once, unless it is elsewhere.
  abstract void ended(@Nullable Throwable failure);

  void cancel() {
    synchronized (this) {
      cancelled = true;
      if (isHandedOver()) {
        Future<?> _ = sockets.after(GRACE.toNanos(), this::giveUp);
      } else {
        interrupt();
      }
    }
    endUnlessStarted();
  }

  private synchronized void giveUp() {
    interrupt();
  }

  synchronized boolean isCancelled() {
    return cancelled;
  }

  /// Ends it because the store does.
  final void storeCloses() {
    synchronized (this) {
      closing = true;
      interrupt();
    }
    endUnlessStarted();
  }

  private void interrupt() {
    if (thread != null && !over) {
      thread.interrupt();
    }
  }

  /// Where it still waits for its turn nobody else would tell its end.
  private void endUnlessStarted() {
    if (sockets.remove(this)) {
      RangeRead.THREADS.execute(this);
    }
  }

  @Override
  public final void run() {
    Throwable failure = null;
    try {
      begin();
      exchange();
    } catch (Throwable e) {
      // Errors, too: whoever waits for the end would wait for ever.
      failure = e;
    }
    Throwable told = failure == null && !isCancelled() ? null : told(failure);
    boolean elsewhere;
    synchronized (this) {
      over = true;
      if (watch != null) {
        watch.cancel(false);
      }
      elsewhere = told != null && !cancelled && !closing && StoreRefusal.isElsewhere(told);
    }
    sockets.ended(this);
    // It was meant for this request, and what comes now is not.
    boolean _ = Thread.interrupted();
    if (elsewhere) {
      isElsewhere();
    } else {
      ended(told);
    }
  }

  private synchronized void begin() {
    if (cancelled || closing) {
      throw new CancellationException("before it began");
    }
    thread = Thread.currentThread();
  }

  private synchronized Throwable told(@Nullable Throwable failure) {
    if (cancelled) {
      return new CancellationException("cancelled");
    }
    if (closing) {
      return SdkCalls.storeClosed();
    }
    Throwable why = Objects.requireNonNull(failure); // else it was cancelled
    if (silent) {
      why =
          new SocketTimeoutException(
              "the store was silent for " + sockets.patience().toMillis() + " ms");
    }
    // As the SDK would tell it, save what is told already.
    return why instanceof SdkException || why instanceof S3Exception
        ? why
        : SdkClientException.create(String.valueOf(why.getMessage()), why);
  }

  private void exchange() throws IOException {
    RequestSigner.Signed request = sign();
    watch();
    try {
      exchange(request);
    } catch (AwsServiceException refused) {
      // Asking once more is for the clock alone, and counts as no attempt: it is not by chance that
      // it goes well.
      if (isCancelled() || !isForTheClock(request, refused)) {
        throw refused;
      }
      heard();
      exchange(sign());
    }
  }

  private boolean isForTheClock(RequestSigner.Signed request, AwsServiceException refused) {
    int status = refused.statusCode();
    return status >= 400
        && status <= 403
        && sockets.signer().clock().corrects(request.moment(), StoreRefusal.date(refused));
  }

  private void exchange(RequestSigner.Signed request) throws IOException {
    Wire used = sockets.wires().idle(request);
    // The store may have ended it since: then another one is as good as the first.
    if (used == null || !exchange(used, request, true)) {
      exchange(sockets.wires().connect(request), request, false);
    }
  }

  /// @return false where a connection that was used before is not good any more
  private boolean exchange(Wire wire, RequestSigner.Signed request, boolean again)
      throws IOException {
    boolean keep = false;
    rest.limit(0);
    try {
      AnswerHead head;
      try {
        head = ask(wire, request);
      } catch (IOException e) {
        if (again && !isSent() && !Thread.currentThread().isInterrupted()) {
          return false;
        }
        throw e;
      }
      heard();
      if (head.status() != 200 && head.status() != 206) {
        throw StoreRefusal.read(head, wire, rest);
      }
      keep = take(head, wire) && head.keepsConnection();
      return true;
    } finally {
      if (keep) {
        sockets.wires().keep(request, wire);
      } else {
        wire.close();
      }
    }
  }

  // ---- Silence ---------------------------------------------------------------------------------

  /// The connection moves.
  final void heard() {
    heardNanos = System.nanoTime();
  }

  private void watch() {
    heard();
    synchronized (this) {
      watch = sockets.after(sockets.patience().toNanos(), this::look);
    }
  }

  private synchronized void look() {
    if (over) {
      return;
    }
    long left = sockets.patience().toNanos() - (System.nanoTime() - heardNanos);
    if (left > 0) {
      watch = sockets.after(left, this::look);
    } else {
      silent = true;
      interrupt();
    }
  }
}
