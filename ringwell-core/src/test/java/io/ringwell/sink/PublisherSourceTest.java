package io.ringwell.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A source and the subscription that it has at its publisher.
@Timeout(60)
final class PublisherSourceTest {
  private final PublisherSource source = new PublisherSource();

  /// As of a publisher with one lock around all it does: a call ends when another thread, which
  /// publishes just then, has done so.
  private final class Locked implements Flow.Subscription {
    final List<Long> requests = new ArrayList<>();
    boolean cancelled;

    /// What the other thread publishes during each of the next calls.
    private final List<Bytes> pieces = new ArrayList<>();

    private boolean called;

    Locked during(Bytes... more) {
      pieces.addAll(List.of(more));
      return this;
    }

    @Override
    public void request(long n) {
      requests.add(n);
      publish();
    }

    @Override
    public void cancel() {
      cancelled = true;
      publish();
    }

    private void publish() {
      assertThat(called).as("calls overlap").isFalse();
      called = true;
      List<Bytes> now = List.copyOf(pieces);
      pieces.clear();
      try {
        elsewhere(() -> now.forEach(source::onNext));
      } finally {
        called = false;
      }
    }

    private static void elsewhere(Runnable work) {
      CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> {
            work.run();
            done.complete(null);
          });
      try {
        done.get();
      } catch (InterruptedException | ExecutionException e) {
        throw new AssertionError("the other thread was not let in", e);
      }
    }
  }

  private static Bytes piece() {
    return Bytes.copyOf(new byte[1]);
  }

  private static void close(@Nullable Bytes bytes) {
    Objects.requireNonNull(bytes).close();
  }

  /// Subscribes, and has it ask for the first pieces.
  private Locked subscribe() {
    Locked publisher = new Locked();
    source.onSubscribe(publisher);
    assertThat(publisher.requests).hasSize(1);
    publisher.requests.clear();
    return publisher;
  }

  @Test
  void publisherMayPublishElsewhereWhileItIsAskedForTheFirst() throws Exception {
    Locked publisher = new Locked().during(piece());
    source.onSubscribe(publisher);
    close(source.poll());
    assertThat(publisher.requests).hasSize(2);
  }

  @Test
  void publisherMayPublishElsewhereWhileAPollAsksForMore() throws Exception {
    Locked publisher = subscribe();
    source.onNext(piece());
    publisher.during(piece());
    close(source.poll());
    close(source.poll());
    assertThat(publisher.requests).containsExactly(1L, 1L);
  }

  @Test
  void publisherMayPublishElsewhereWhileAStageAsksForMore() throws Exception {
    Locked publisher = subscribe();
    source.onNext(piece());
    publisher.during(piece());
    close(source.nextAsync().toCompletableFuture().get());
    close(source.poll());
    assertThat(publisher.requests).containsExactly(1L, 1L);
  }

  @Test
  void publisherMayPublishElsewhereWhileWhatSomebodyWaitedForIsMadeUpFor() throws Exception {
    Locked publisher = subscribe().during(piece());
    CompletableFuture<@Nullable Bytes> next = source.nextAsync().toCompletableFuture();
    source.onNext(piece());
    close(next.get());
    close(source.poll());
    assertThat(publisher.requests).containsExactly(1L, 1L);
  }

  @Test
  void publisherMayPublishElsewhereWhileItIsCancelled() {
    Bytes late = piece();
    Locked publisher = subscribe().during(late);
    source.close();
    assertThat(publisher.cancelled).isTrue();
    assertThat(late.isClosed()).isTrue();
  }

  @Test
  void demandThatComesUpDuringACallIsToldByTheNext() {
    Locked publisher = new Locked().during(Bytes.empty(), Bytes.empty(), Bytes.empty());
    source.onSubscribe(publisher);
    assertThat(publisher.requests.removeFirst()).isPositive();
    assertThat(publisher.requests).as("one more for each that was empty").containsExactly(3L);
  }
}
