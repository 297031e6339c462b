package io.ringwell.s3;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncRequestBody;

/// The fragments of a chain as the body of a request, in place. Each attempt subscribes anew and
/// gets the same bytes.
final class PartBody implements AsyncRequestBody {
  /// Small enough that TLS, which encrypts a whole buffer into a new one, needs little memory, and
  /// that the timeout of a write means a connection that stands still; large enough that the
  /// client's 1 KiB of objects for each is lost in it.
  static final long SLICE_BYTES = 512 << 10;

  private final List<Bytes> fragments;
  private final long size;
  private final AtomicInteger subscriptions = new AtomicInteger();
  private volatile boolean spent;
  private volatile boolean revoked;

  PartBody(BytesChain chain) {
    this.fragments = chain.fragments();
    this.size = chain.size();
  }

  @Override
  public Optional<Long> contentLength() {
    return Optional.of(size);
  }

  /// Gives nothing more to anybody.
  void revoke() {
    revoked = true;
  }

  /// Whether it was sent once, to the end: nothing of it is with a connection that was given up.
  boolean isSentOnce() {
    return spent && subscriptions.get() == 1;
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
    subscriptions.incrementAndGet();
    subscriber.onSubscribe(new Reading(subscriber));
  }

  private final class Reading implements Subscription {
    private final Subscriber<? super ByteBuffer> subscriber;
    private final AtomicLong demand = new AtomicLong();

    /// How many calls to hand on there were since the last that did: one thread does it for all.
    private final AtomicInteger calls = new AtomicInteger();

    private volatile boolean over;
    private volatile boolean refused;
    private int fragment;
    private long offset;

    Reading(Subscriber<? super ByteBuffer> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      if (n <= 0) {
        refused = true;
      } else {
        demand.accumulateAndGet(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
      }
      handOn();
    }

    @Override
    public void cancel() {
      over = true;
    }

    private void handOn() {
      if (calls.getAndIncrement() != 0) {
        return;
      }
      int seen = 1;
      do {
        while (!over && (refused || revoked || demand.get() > 0 || isAtEnd())) {
          step();
        }
        seen = calls.addAndGet(-seen);
      } while (seen != 0);
    }

    private void step() {
      if (refused) {
        over = true;
        subscriber.onError(new IllegalArgumentException("demand is positive"));
      } else if (revoked) {
        over = true;
        subscriber.onError(new IllegalStateException("the body was called back"));
      } else if (isAtEnd()) {
        over = true;
        spent = true;
        subscriber.onComplete();
      } else {
        demand.decrementAndGet();
        subscriber.onNext(next());
      }
    }

    /// Skips what is empty.
    private boolean isAtEnd() {
      while (fragment < fragments.size() && offset == fragments.get(fragment).size()) {
        fragment++;
        offset = 0;
      }
      return fragment == fragments.size();
    }

    private ByteBuffer next() {
      MemorySegment memory = fragments.get(fragment).segment();
      long length = Math.min(SLICE_BYTES, memory.byteSize() - offset);
      ByteBuffer slice = memory.asSlice(offset, length).asByteBuffer();
      offset += length;
      return slice;
    }
  }
}
