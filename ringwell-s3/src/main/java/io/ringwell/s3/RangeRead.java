package io.ringwell.s3;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Brings one range of an object into memory, however often the connection ends on the way: an
/// attempt goes on behind the last byte that came.
///
/// | state | left by |
/// |---|---|
/// | ASKED | the transport, which tells the end of an attempt |
/// | PAUSED | the next attempt, or a cancel |
/// | ENDED | never: whoever wanted it has been told, and the memory is his |
final class RangeRead implements RangeTransport.Receiver {
  private enum State {
    ASKED,
    PAUSED,
    ENDED
  }

  /// A request is marshalled and signed by the thread that makes it, which may have to wait for
  /// credentials: that thread is nobody's.
  static final Executor THREADS = work -> Thread.ofVirtual().name("ringwell-s3").start(work);

  private final Reading object;
  private final Landing landing;
  private final long to;
  private final Consumer<@Nullable IOException> end;

  private State state = State.PAUSED;
  private RangeTransport.@Nullable Call call;
  private @Nullable IOException cancelled;

  /// Where the attempt under way began.
  private long from;

  private int failures;
  private long attempts;

  /// @param end told once: null, or why not all is there
  RangeRead(Reading object, Landing landing, long to, Consumer<@Nullable IOException> end) {
    this.object = object;
    this.landing = landing;
    this.to = to;
    this.end = end;
  }

  void start() {
    THREADS.execute(this::attempt);
  }

  private void attempt() {
    long mine;
    synchronized (this) {
      if (state != State.PAUSED) {
        return;
      }
      state = State.ASKED;
      from = landing.position();
      mine = ++attempts;
    }
    RangeTransport.Call made;
    try {
      made =
          object
              .transport()
              .fetch(new RangeTransport.Ask(object.location(), object.etag(), from, to), this);
    } catch (RuntimeException e) {
      // The SDK throws what it cannot even ask for.
      ended(e);
      return;
    }
    synchronized (this) {
      if (mine != attempts || state != State.ASKED) {
        return; // it has ended already
      }
      call = made;
      if (cancelled == null) {
        return;
      }
    }
    made.cancel();
  }

  /// Ends it; the end is told when the memory is not touched any more.
  void cancel(IOException why) {
    RangeTransport.Call running = null;
    synchronized (this) {
      if (state == State.ENDED || cancelled != null) {
        return;
      }
      cancelled = why;
      if (state == State.ASKED) {
        if (call == null) {
          return; // whoever is making the call will see it
        }
        running = call;
      } else {
        state = State.ENDED;
      }
    }
    if (running == null) {
      end.accept(why);
    } else {
      running.cancel();
    }
  }

  @Override
  public void begins(String etag, @Nullable String contentRange, long length) throws IOException {
    object.requireSame(etag, from);
    boolean whole = from == 0 && to == object.size();
    String wanted = "bytes " + from + "-" + (to - 1) + "/" + object.size();
    if (length != to - from || (contentRange == null ? !whole : !contentRange.equals(wanted))) {
      throw object.failure(
          "was asked for '" + wanted + "' and sends '" + contentRange + "', " + length + " bytes",
          null);
    }
  }

  @Override
  public ByteBuffer room() {
    return landing.room();
  }

  @Override
  public void arrived(int bytes) {
    landing.arrived(bytes);
  }

  @Override
  public void ended(@Nullable Throwable failure) {
    // Whatever became of the connection once all was there.
    boolean done = landing.position() == to;
    Throwable why = done ? null : failure == null ? tooFew() : failure;
    IOException told = null;
    long pause = -1;
    synchronized (this) {
      call = null;
      boolean again = false;
      if (cancelled != null) {
        told = cancelled;
      } else if (why != null) {
        failures = landing.position() > from ? 1 : failures + 1;
        again = failures < object.retries().attempts() && Retries.mayHelp(why);
        if (again) {
          pause = object.retries().pauseMillis(failures, why);
        } else {
          told = object.failed(why, landing.position());
        }
      }
      state = again ? State.PAUSED : State.ENDED;
    }
    if (pause >= 0) {
      CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS, THREADS)
          .execute(this::attempt);
    } else {
      end.accept(told);
    }
  }

  private IOException tooFew() {
    return new EOFException("the answer ended at " + landing.position() + " of " + to);
  }
}
