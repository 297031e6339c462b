package io.ringwell.s3;

import io.ringwell.memory.CopyCounter;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/// One request for a range over a connection of one's own. Its thread blocks in the socket; whoever
/// ends it interrupts that thread, which closes the connection.
final class SocketCall implements RangeTransport.Call, Runnable {
  /// What came of the body together with the head is copied, and is no more than this.
  private static final int HEAD_BYTES = 1024;

  private final SocketRanges ranges;
  private final RangeTransport.Ask what;
  private final RangeTransport.Receiver into;
  private final ByteBuffer rest = ByteBuffer.allocateDirect(HEAD_BYTES).limit(0);

  private volatile long heardNanos;

  /// Null before it runs.
  private @Nullable Thread thread;

  private boolean over;
  private boolean cancelled;
  private boolean closing;
  private boolean silent;
  private @Nullable Future<?> watch;
  private RangeTransport.@Nullable Call instead;

  SocketCall(SocketRanges ranges, RangeTransport.Ask what, RangeTransport.Receiver into) {
    this.ranges = ranges;
    this.what = what;
    this.into = into;
  }

  @Override
  public void cancel() {
    RangeTransport.Call other;
    synchronized (this) {
      cancelled = true;
      other = instead;
      interrupt();
    }
    if (other != null) {
      other.cancel();
    }
    endUnlessStarted();
  }

  /// Ends it because the store does.
  void storeCloses() {
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
    if (ranges.threads().remove(this)) {
      RangeRead.THREADS.execute(this);
    }
  }

  @Override
  public void run() {
    Throwable failure = null;
    try {
      begin();
      exchange();
    } catch (Throwable e) {
      // Errors, too: whoever waits for the end would wait for ever.
      failure = e;
    }
    Throwable told = failure == null ? null : told(failure);
    boolean elsewhere = false;
    synchronized (this) {
      over = true;
      if (watch != null) {
        watch.cancel(false);
      }
      elsewhere = told != null && !cancelled && !closing && StoreRefusal.isElsewhere(told);
    }
    ranges.ended(this);
    // It was meant for this call, and what comes now is not.
    boolean _ = Thread.interrupted();
    if (elsewhere) {
      handOver();
    } else {
      into.ended(told);
    }
  }

  private synchronized void begin() {
    if (cancelled || closing) {
      throw new CancellationException("before it began");
    }
    thread = Thread.currentThread();
  }

  /// The bucket is where only the SDK's client finds it.
  private void handOver() {
    RangeTransport.Call other = ranges.fetchElsewhere(what, into);
    boolean unwanted;
    synchronized (this) {
      instead = other;
      unwanted = cancelled;
    }
    if (unwanted) {
      other.cancel();
    }
  }

  private synchronized Throwable told(Throwable failure) {
    if (cancelled) {
      return new CancellationException("cancelled");
    }
    if (closing) {
      return SdkClientException.create("the store was closed");
    }
    Throwable why = failure;
    if (silent) {
      why =
          new SocketTimeoutException(
              "the store was silent for " + ranges.patience().toMillis() + " ms");
    }
    // As the SDK would tell it, save what is told already.
    return why instanceof SdkException || why instanceof S3Exception
        ? why
        : SdkClientException.create(String.valueOf(why.getMessage()), why);
  }

  private void exchange() throws IOException {
    RangeSigner.Signed request = ranges.signer().sign(what);
    watch();
    Wire used = ranges.wires().idle(request);
    // The store may have ended it since: then another one is as good as the first.
    if (used == null || !exchange(used, request, true)) {
      exchange(ranges.wires().connect(request), request, false);
    }
  }

  /// @return false where a connection that was used before is not good any more
  private boolean exchange(Wire wire, RangeSigner.Signed request, boolean again)
      throws IOException {
    boolean keep = false;
    try {
      AnswerHead head;
      try {
        wire.write(request.text().rewind());
        head = AnswerHead.read(wire, rest);
      } catch (IOException e) {
        if (again && !Thread.currentThread().isInterrupted()) {
          return false;
        }
        throw e;
      }
      heard();
      if (head.status() != 200 && head.status() != 206) {
        throw StoreRefusal.read(head, wire, rest);
      }
      take(head, wire);
      keep = head.keepsConnection();
      return true;
    } finally {
      if (keep) {
        ranges.wires().keep(request, wire);
      } else {
        wire.close();
      }
    }
  }

  private void take(AnswerHead head, Wire wire) throws IOException {
    long length = head.length();
    String etag = head.header("etag");
    into.begins(etag == null ? "" : etag, head.header("content-range"), length);
    for (long left = length; left > 0; ) {
      ByteBuffer room = into.room();
      int bytes;
      if (rest.hasRemaining()) {
        bytes = Math.min(rest.remaining(), room.remaining());
        room.put(room.position(), rest, rest.position(), bytes);
        room.position(room.position() + bytes);
        rest.position(rest.position() + bytes);
        CopyCounter.add(bytes);
      } else {
        bytes = wire.read(room);
      }
      if (bytes < 0) {
        throw new EOFException("the store ended the connection with " + left + " bytes to come");
      }
      heard();
      into.arrived(bytes);
      left -= bytes;
    }
  }

  // ---- Silence ---------------------------------------------------------------------------------

  private void heard() {
    heardNanos = System.nanoTime();
  }

  private void watch() {
    heard();
    synchronized (this) {
      watch = ranges.after(ranges.patience().toNanos(), this::look);
    }
  }

  private synchronized void look() {
    if (over) {
      return;
    }
    long left = ranges.patience().toNanos() - (System.nanoTime() - heardNanos);
    if (left > 0) {
      watch = ranges.after(left, this::look);
    } else {
      silent = true;
      interrupt();
    }
  }
}
