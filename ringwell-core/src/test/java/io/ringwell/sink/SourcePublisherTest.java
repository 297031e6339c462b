package io.ringwell.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What ends the publisher of a source.
@Timeout(60)
final class SourcePublisherTest {
  private final IOException dead = new IOException("the line is dead");

  /// Gives one byte after the other, without end, or says by every call what is wrong.
  private static class Endless implements Source {
    final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
    private final @Nullable Throwable nextError;
    private final @Nullable Throwable closeError;

    Endless(@Nullable Throwable nextError, @Nullable Throwable closeError) {
      this.nextError = nextError;
      this.closeError = closeError;
    }

    @Override
    public Bytes next() throws IOException {
      raise(nextError);
      return Bytes.copyOf(new byte[1]);
    }

    @Override
    public void close() throws IOException {
      closed.complete(null);
      raise(closeError);
    }

    private static void raise(@Nullable Throwable error) throws IOException {
      switch (error) {
        case null -> {}
        case IOException e -> throw e;
        case Error e -> throw e;
        default -> throw new AssertionError(error);
      }
    }

    @Override
    public CompletionStage<@Nullable Bytes> nextAsync() {
      throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Bytes poll() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isAtEnd() {
      return false;
    }

    @Override
    public boolean isNonBlocking() {
      return false;
    }
  }

  /// Asks for one, and keeps how it ends: with an error, or null.
  private static class Listener<T> implements Flow.Subscriber<T> {
    final CompletableFuture<@Nullable Throwable> end = new CompletableFuture<>();

    @Override
    public void onSubscribe(Flow.Subscription given) {
      given.request(1);
    }

    @Override
    public void onNext(T item) {}

    @Override
    public void onError(Throwable failure) {
      end.complete(failure);
    }

    @Override
    public void onComplete() {
      end.complete(null);
    }
  }

  @Test
  void oneErrorOfTheSourceAndOfClosingItIsToldOnce() throws Exception {
    Listener<Bytes> listener = new Listener<>();
    Sources.toPublisher(new Endless(dead, dead)).subscribe(listener);
    assertThat(listener.end.get()).isSameAs(dead);
  }

  @Test
  void errorOfWhatFormsItemsClosesTheSourceAndIsTold() throws Exception {
    Error none = new Error("no heap");
    Endless source = new Endless(null, null);
    Listener<String> listener = new Listener<>();
    new SourcePublisher<String>(
            source,
            bytes -> {
              bytes.close();
              throw none;
            })
        .subscribe(listener);
    assertThat(listener.end.get()).isSameAs(none);
    assertThat(source.closed).isDone();
  }

  @Test
  void errorOfClosingTheSourceIsTold() throws Exception {
    AssertionError wrong = new AssertionError("closed twice");
    Listener<Bytes> listener = new Listener<>();
    Sources.toPublisher(new Endless(dead, wrong)).subscribe(listener);
    assertThat(listener.end.get()).isSameAs(dead).hasSuppressedException(wrong);
  }

  @Test
  void pieceThatNobodyWantsAnyMoreAndThatFailsToCloseLeavesNoSourceOpen() throws Exception {
    CompletableFuture<Flow.@Nullable Subscription> subscription = new CompletableFuture<>();
    Endless source =
        new Endless(null, null) {
          @Override
          public Bytes next() {
            subscription.join().cancel();
            return Bytes.adopt(
                Arena.global().allocate(1),
                () -> {
                  throw new IllegalStateException("the owner has gone");
                });
          }
        };
    Sources.toPublisher(source)
        .subscribe(
            new Listener<>() {
              @Override
              public void onSubscribe(Flow.Subscription given) {
                super.onSubscribe(given);
                subscription.complete(given);
              }
            });
    source.closed.get();
  }

  @Test
  void subscriberThatThrowsWhenItSubscribesIsLeftAloneAndTheSourceClosed() throws Exception {
    Error wrong = new Error("no room for one more");
    Endless source = new Endless(null, null);
    Listener<Bytes> listener =
        new Listener<>() {
          @Override
          public void onSubscribe(Flow.Subscription given) {
            super.onSubscribe(given);
            throw wrong;
          }

          @Override
          public void onNext(Bytes item) {
            end.complete(new AssertionError("called after it threw"));
          }
        };
    assertThatThrownBy(() -> Sources.toPublisher(source).subscribe(listener)).isSameAs(wrong);
    source.closed.get();
    assertThat(listener.end).isNotDone();
  }
}
