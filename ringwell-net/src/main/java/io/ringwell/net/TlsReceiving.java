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
      while (!ended && !discarding) {
        receive();
      }
      to.complete();
      discardRest();
    } catch (IOException | RuntimeException e) {
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
    }
  }

  private static IOException asIo(Exception e) {
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
    IOException known = failure;
    if (known != null) {
      throw known;
    }
    if (result == FlushResult.COMPLETED) {
      discarding = true;
    }
  }

  // ---- The end ---------------------------------------------------------------------------------

  /// Nobody reads any more. What still comes is let go while this side sends, lest it resets.
  void discard() {
    discarding = true;
  }

  private void discardRest() {
    if (ended) {
      from.complete();
      return;
    }
    try {
      while (true) {
        PipeRead read = from.read();
        if (read.isEmpty() && read.isCompleted()) {
          from.complete();
          return;
        }
        read.advance(read.end());
      }
    } catch (IOException | IllegalStateException e) {
      from.complete(); // it broke, or the sending direction has ended it: nobody wants to know
    }
  }

  /// From any thread.
  void stop(IOException why) {
    failure = why;
    to.cancelPending();
  }
}
