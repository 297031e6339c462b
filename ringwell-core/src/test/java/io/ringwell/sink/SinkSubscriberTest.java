package io.ringwell.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What ends a subscriber in front of a sink.
@Timeout(60)
final class SinkSubscriberTest {
  private final IOException dead = new IOException("the line is dead");

  private static final class Asked implements Flow.Subscription {
    long demand;
    boolean cancelled;

    @Override
    public void request(long n) {
      demand += n;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  private static void assertEndsWith(SinkSubscriber<?> subscriber, Throwable failure) {
    assertThatThrownBy(() -> subscriber.done().toCompletableFuture().get())
        .cause()
        .isSameAs(failure);
  }

  @Test
  void oneErrorOfThePublisherAndOfClosingIsToldOnce() {
    SinkSubscriber<?> subscriber = Sinks.subscriber(BrokenOutlet.sink(dead));
    subscriber.onSubscribe(new Asked());
    subscriber.onError(dead);
    assertEndsWith(subscriber, dead);
  }

  @Test
  void oneErrorOfCompletingAndOfClosingIsToldOnce() {
    SinkSubscriber<?> subscriber = Sinks.subscriber(BrokenOutlet.sink(dead));
    subscriber.onSubscribe(new Asked());
    subscriber.onComplete();
    assertEndsWith(subscriber, dead);
  }

  @Test
  void errorOfWhatFormsItemsCancelsThePublisherAndFailsTheSink() {
    Error none = new Error("no direct memory");
    MemorySink sink = Sinks.memory(1000);
    SinkSubscriber<String> subscriber =
        new SinkSubscriber<>(
            sink,
            item -> {
              throw none;
            });
    Asked asked = new Asked();
    subscriber.onSubscribe(asked);
    subscriber.onNext("any");
    assertThat(asked.cancelled).isTrue();
    assertThat(asked.demand).isEqualTo(1);
    assertEndsWith(subscriber, none);
    assertThatThrownBy(sink::complete).hasCause(none);
  }
}
