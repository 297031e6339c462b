package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Publishes what a source gives, to one subscriber. A virtual thread does, while there is demand.
final class SourcePublisher<T> implements Flow.Publisher<T> {
  private final Source source;
  private final Function<Bytes, T> form;
  private final AtomicBoolean taken = new AtomicBoolean();

  SourcePublisher(Source source, Function<Bytes, T> form) {
    this.source = source;
    this.form = form;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    Objects.requireNonNull(subscriber);
    if (taken.compareAndSet(false, true)) {
      new Stream(subscriber).begin();
      return;
    }
    subscriber.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long n) {}

          @Override
          public void cancel() {}
        });
    subscriber.onError(new IllegalStateException("the source has a subscriber already"));
  }

  private final class Stream implements Flow.Subscription {
    private final Flow.Subscriber<? super T> subscriber;
    private final ReentrantLock lock = new ReentrantLock();
    private long demand;

    /// At first by who subscribes: nothing is signalled before onSubscribe has returned.
    private boolean running = true;

    /// Why it is over before its end; the subscriber is told, unless it said so itself.
    private @Nullable Throwable refused;

    private boolean cancelled;
    private boolean over;

    /// Waits for the source, and is to be interrupted where nobody wants more.
    private @Nullable Thread asking;

    Stream(Flow.Subscriber<? super T> subscriber) {
      this.subscriber = subscriber;
    }

    /// A subscriber that throws has left: nobody else would close the source.
    void begin() {
      boolean subscribed = false;
      try {
        subscriber.onSubscribe(this);
        subscribed = true;
      } finally {
        begun(subscribed);
      }
    }

    private void begun(boolean subscribed) {
      lock.lock();
      try {
        running = false;
        cancelled |= !subscribed;
        if (demand > 0 || cancelled || refused != null) {
          wake();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void request(long n) {
      lock.lock();
      try {
        if (n <= 0) {
          refused = new IllegalArgumentException("demand is positive, not " + n);
        } else {
          demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        }
        wake();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void cancel() {
      lock.lock();
      try {
        cancelled = true;
        wake();
      } finally {
        lock.unlock();
      }
    }

    private void wake() {
      if (asking != null && (cancelled || refused != null)) {
        asking.interrupt();
      }
      if (!running && !over) {
        running = true;
        Thread.ofVirtual().name("ringwell-publisher").start(this::run);
      }
    }

    private void run() {
      while (goesOn()) {
        Bytes bytes;
        try {
          bytes = ask();
        } catch (Throwable e) {
          end(e);
          return;
        }
        if (bytes == null) {
          end(null);
          return;
        }
        if (isUnwanted()) {
          discard(bytes);
          return;
        }
        publish(bytes);
      }
    }

    /// An interrupt that comes is this publisher's own, and ends with the wait.
    private @Nullable Bytes ask() throws IOException {
      try {
        return source.next();
      } finally {
        lock.lock();
        try {
          asking = null;
        } finally {
          lock.unlock();
        }
        Thread.interrupted();
      }
    }

    private boolean isUnwanted() {
      lock.lock();
      try {
        return cancelled || refused != null;
      } finally {
        lock.unlock();
      }
    }

    /// It came when nobody wanted it any more. What closing it throws goes to the thread's handler.
    private void discard(Bytes bytes) {
      try {
        bytes.close();
      } finally {
        end(null);
      }
    }

    /// A subscriber that throws is not called again; what it threw goes to the thread's handler.
    private void publish(Bytes bytes) {
      T value;
      try {
        value = form.apply(bytes);
      } catch (Throwable e) { // secure bytes are not copied to the heap, and that may be full
        end(e);
        return;
      }
      boolean taken = false;
      try {
        subscriber.onNext(value);
        taken = true;
      } finally {
        if (!taken) {
          cancel();
          end(null);
        }
      }
    }

    /// Whether one more is wanted.
    private boolean goesOn() {
      lock.lock();
      try {
        if (over) {
          return false;
        }
        if (!cancelled && refused == null) {
          if (demand == 0) {
            running = false;
            return false;
          }
          demand -= demand == Long.MAX_VALUE ? 0 : 1;
          asking = Thread.currentThread();
          return true;
        }
      } finally {
        lock.unlock();
      }
      end(null);
      return false;
    }

    private void end(@Nullable Throwable failure) {
      boolean tell;
      Throwable told;
      lock.lock();
      try {
        over = true;
        tell = !cancelled;
        told = refused == null ? failure : refused;
      } finally {
        lock.unlock();
      }
      try {
        source.close();
      } catch (Throwable e) {
        if (told == null) {
          told = e;
        } else if (told != e) { // a source that is broken may say so by every call
          told.addSuppressed(e);
        }
      }
      if (!tell) {
        return;
      }
      if (told == null) {
        subscriber.onComplete();
      } else {
        subscriber.onError(told);
      }
    }
  }
}
