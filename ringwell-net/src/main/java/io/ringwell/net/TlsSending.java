package io.ringwell.net;

import io.ringwell.pipe.FlushResult;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeReader;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Plain text into records, from a pipe to the transport's; and whatever the engine itself has to
/// say: handshakes, new keys, alerts.
///
/// The transport is written with the lock held. The receiving direction never waits for it, since
/// its holder may wait for the peer: it leaves word in [#owed], and the holder looks there after
/// unlocking.
///
/// What the plain text lies in is freed when its pipe's reader is complete. So it is this
/// direction's own thread that completes it, which may be sealing what lies there: others say why
/// ([#failure]) and then cancel its read.
final class TlsSending {
  private final TlsEngine engine;
  private final PipeReader from;
  private final PipeWriter to;
  private final ReentrantLock lock = new ReentrantLock();

  /// Whether the engine has something to say.
  private volatile boolean owed;

  private volatile @Nullable IOException failure;

  TlsSending(TlsEngine engine, PipeReader from, PipeWriter to) {
    this.engine = engine;
    this.from = from;
    this.to = to;
  }

  /// Sends until the plain text ends, once hands are shaken.
  void run(CompletableFuture<TlsSession> handshake) {
    try {
      handshake.get();
      boolean more = true;
      while (more) {
        more = sendNext();
        sayWhatIsOwed();
      }
    } catch (ExecutionException e) {
      // Who drove the handshake tells the peer.
      from.complete(noHandshake(e));
    } catch (InterruptedException e) {
      fail(new SSLException("interrupted", e));
    } catch (IOException | RuntimeException | Error e) {
      IOException known = failure;
      fail(known != null ? known : e);
    }
  }

  static SSLException noHandshake(ExecutionException e) {
    Throwable cause = e.getCause();
    return new SSLException("no handshake: " + (cause == null ? e : cause).getMessage(), cause);
  }

  /// @return whether there may be more
  private boolean sendNext() throws IOException {
    PipeRead read = from.read();
    if (read.isEmpty() && read.isCompleted()) {
      end();
      return false;
    }
    lock.lock();
    try {
      checkFailure();
      engine.seal(read, to);
      read.advance(read.end());
      if (to.flush() == FlushResult.COMPLETED) {
        throw new SSLException("the transport takes no more");
      }
      checkFailure();
    } finally {
      lock.unlock();
    }
    return true;
  }

  private void checkFailure() throws IOException {
    IOException known = failure;
    if (known != null) {
      throw known;
    }
  }

  /// Has the engine say what it has to, soon. Does not wait for the peer.
  void say() {
    owed = true;
    sayWhatIsOwed();
  }

  private void sayWhatIsOwed() {
    while (owed && lock.tryLock()) {
      try {
        owed = false;
        engine.say(to);
        to.tryFlush();
      } catch (IOException | RuntimeException e) {
        stop(e instanceof IOException io ? io : new SSLException("cannot answer the peer", e));
      } finally {
        lock.unlock();
      }
    }
  }

  /// For the handshake, which one thread drives: says all, and waits until it has gone.
  void sayAndWait() throws IOException {
    lock.lock();
    try {
      engine.say(to);
      to.flush();
    } finally {
      lock.unlock();
    }
  }

  /// close_notify, and the end of the transport's direction.
  private void end() throws IOException {
    lock.lock();
    try {
      checkFailure();
      engine.end(to);
      to.complete();
      from.complete();
    } finally {
      lock.unlock();
    }
  }

  /// The receiving direction has met `why`. If the engine has an alert for the peer, that is told,
  /// as far as it can be without waiting; without one the transport ends with the error, so that
  /// the peer cannot take what it got for all there was.
  void breakOff(IOException why) {
    failure = why;
    if (!lock.tryLock()) {
      stop(why); // who holds it ends it
      return;
    }
    try {
      if (!to.isComplete()) {
        boolean alert = engine.hasToSay();
        engine.say(to);
        to.complete(alert ? null : why);
      }
    } catch (IOException | RuntimeException e) {
      if (e != why) { // TLS that has failed says the same again
        why.addSuppressed(e);
      }
      to.complete(why);
    } finally {
      lock.unlock();
    }
    from.cancelPending();
  }

  /// Nothing more is sent, and the peer is not told. From any thread.
  void stop(IOException why) {
    failure = why;
    from.cancelPending();
    to.cancelPending();
  }

  private void fail(Throwable why) {
    from.complete(why);
    lock.lock();
    try {
      to.complete(why);
    } finally {
      lock.unlock();
    }
  }
}
