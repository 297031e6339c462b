package io.ringwell.net;

import io.ringwell.net.TlsEngine.Need;
import io.ringwell.pipe.FlushResult;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeReader;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// Records into plain text, from the transport's pipe to one; drives the handshake before that.
///
/// What records lie in is freed when the transport's reader is complete. So it is this direction's
/// own thread that completes it, which may be opening what lies there: see [#letGo].
final class TlsReceiving {
  /// Plain text that is shown to its reader before more records are opened.
  private static final int SHOWN_BYTES = 64 << 10;

  private final TlsEngine engine;
  private final PipeReader from;
  private final PipeWriter to;
  private final TlsSending sending;
  private boolean shaken;
  private boolean ended;
  private volatile boolean discarding;

  /// That nothing more of the transport is wanted. Changed with this as lock held, as is `running`.
  private volatile boolean unwanted;

  private boolean running = true;
  private volatile @Nullable IOException failure;

  TlsReceiving(TlsEngine engine, PipeReader from, PipeWriter to, TlsSending sending) {
    this.engine = engine;
    this.from = from;
    this.to = to;
    this.sending = sending;
  }

  void run(CompletableFuture<TlsSession> handshake) {
    try {
      shake();
      shaken = true;
      handshake.complete(engine.session());
      while (!ended && !discarding && !unwanted) {
        receive();
      }
      if (!ended) {
        checkFailure();
      }
      to.complete();
      discardRest();
    } catch (IOException | RuntimeException | Error e) {
      IOException known = failure;
      IOException why = known != null ? known : asIo(e);
      handshake.completeExceptionally(why);
      if (!to.isComplete()) {
        to.complete(why);
      }
      // Without a reader this is but the end of it.
      if (!discarding || !shaken) {
        sending.breakOff(why);
        from.complete(why);
      }
    } finally {
      leave();
    }
  }

  private void leave() {
    synchronized (this) {
      running = false;
      if (!unwanted) {
        return;
      }
    }
    from.complete(failure);
  }

  private static IOException asIo(Throwable e) {
    return e instanceof IOException io ? io : new SSLException("broken record", e);
  }

  // ---- The handshake ---------------------------------------------------------------------------

  private void shake() throws IOException {
    while (true) {
      switch (engine.shake()) {
        case SAY -> sending.sayAndWait();
        case HEAR -> receive();
        case NOTHING -> {
          return;
        }
      }
      if (ended) {
        throw new SSLHandshakeException("the peer ended the connection while shaking hands");
      }
    }
  }

  // ---- Records ---------------------------------------------------------------------------------

  /// Opens the records that are there; parks for the first.
  private void receive() throws IOException {
    PipeRead read = from.read();
    checkFailure();
    long at = read.start();
    long end = read.end();
    boolean goesOn = true;
    boolean later = false; // stopped for what this side has to do first, not for want of bytes
    while (goesOn && at < end) {
      long opened = engine.open(read, at, to);
      at += opened;
      ended = engine.isEnded();
      if (!shaken) {
        later = engine.shake() != Need.HEAR;
      } else if (engine.isOwing()) {
        sending.say();
      }
      goesOn = opened > 0 && !ended && !later;
      if (to.unflushed() >= SHOWN_BYTES) {
        show();
      }
    }
    boolean last = read.isCompleted();
    read.advance(at, later ? at : end);
    show();
    if (last && !ended && !later) {
      throw cut(end - at);
    }
  }

  private SSLException cut(long left) {
    return shaken
        ? new SSLException(
            "truncated: the transport ended without close_notify"
                + (left > 0 ? ", in the middle of a record" : ""))
        : new SSLHandshakeException("the transport ended while shaking hands");
  }

  private void show() throws IOException {
    if (to.unflushed() == 0) {
      return;
    }
    FlushResult result = to.flush();
    checkFailure();
    if (result == FlushResult.COMPLETED) {
      discarding = true;
    }
  }

  private void checkFailure() throws IOException {
    IOException known = failure;
    if (known != null) {
      throw known;
    }
  }

  // ---- The end ---------------------------------------------------------------------------------

  /// Nobody reads any more. What still comes is let go while this side sends, lest it resets.
  void discard() {
    discarding = true;
  }

  private void discardRest() {
    try {
      boolean more = !ended;
      while (more && !unwanted) {
        PipeRead read = from.read();
        more = !read.isEmpty() || !read.isCompleted();
        read.advance(read.end());
      }
      from.complete();
    } catch (IOException | IllegalStateException e) {
      from.complete(); // it broke, or the sending direction has ended it: nobody wants to know
    }
  }

  /// Ends with `why`. From any thread.
  void stop(IOException why) {
    failure = why;
    to.cancelPending();
    letGo();
  }

  /// Nothing more of the transport is wanted: whatever comes is let go, at once where nobody waits
  /// for it. From any thread.
  void letGo() {
    synchronized (this) {
      unwanted = true;
      if (running) {
        from.cancelPending();
        return;
      }
    }
    from.complete(failure);
  }
}
