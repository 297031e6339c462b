package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The sink in front of an [Outlet]: the ways to wait for what [SinkState] decides.
final class QueuedSink implements Sink {
  private final SinkState state;

  private QueuedSink(SinkState state) {
    this.state = state;
  }

  static QueuedSink of(String name, Outlet outlet, long maxBytes) {
    try {
      return new QueuedSink(new SinkState(name, outlet, maxBytes, null));
    } catch (IOException e) {
      throw new AssertionError("there is no budget to be short of", e);
    }
  }

  static QueuedSink of(String name, Outlet outlet, long maxBytes, SinkBudget budget)
      throws IOException {
    return new QueuedSink(new SinkState(name, outlet, maxBytes, budget));
  }

  @Override
  public boolean offer(Bytes bytes) throws IOException {
    return state.offer(bytes);
  }

  @Override
  public void send(Bytes bytes) throws IOException {
    Ask ask = state.send(bytes, true);
    if (ask == null) {
      return;
    }
    if (!ask.await()) {
      if (state.withdraw(ask)) {
        throw Ask.interrupted();
      }
      // It was settled in the same moment: the interrupt is for the next call.
      Thread.currentThread().interrupt();
    }
    ask.throwError();
  }

  @Override
  public CompletionStage<@Nullable Void> sendAsync(Bytes bytes) {
    try {
      Ask ask = state.send(bytes, false);
      return stage(ask);
    } catch (IOException | IllegalStateException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public CompletionStage<@Nullable Void> whenReady() {
    return stage(state.askReady());
  }

  @Override
  public void flush() throws IOException {
    park(state.flush(true));
  }

  @Override
  public CompletionStage<@Nullable Void> flushAsync() {
    try {
      return stage(state.flush(false));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public long complete() throws IOException {
    park(state.complete(true));
    return state.taken();
  }

  @Override
  public CompletionStage<Long> completeAsync() {
    try {
      return stage(state.complete(false)).thenApply(nothing -> state.taken());
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static CompletionStage<@Nullable Void> stage(@Nullable Ask ask) {
    return ask == null ? CompletableFuture.completedFuture(null) : ask.stage();
  }

  /// What is waited for goes on through an interrupt.
  private static void park(@Nullable Ask ask) throws IOException {
    if (ask == null) {
      return;
    }
    if (!ask.await()) {
      throw Ask.interrupted();
    }
    ask.throwError();
  }

  @Override
  public void fail(Throwable cause) {
    state.fail(cause);
  }

  @Override
  public void close() throws IOException {
    Ask ask = state.close();
    if (ask != null) {
      ask.awaitThroughInterrupts();
    }
  }

  @Override
  public long maxBytes() {
    return state.maxBytes();
  }

  @Override
  public long taken() {
    return state.taken();
  }

  @Override
  public String toString() {
    return state.toString();
  }
}
