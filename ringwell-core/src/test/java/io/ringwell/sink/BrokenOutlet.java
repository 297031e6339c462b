package io.ringwell.sink;

import io.ringwell.memory.BytesChain;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Takes all, and then says by every call what is wrong with it.
final class BrokenOutlet implements Outlet {
  private final IOException error;

  BrokenOutlet(IOException error) {
    this.error = error;
  }

  static Sink sink(IOException error) {
    return Sinks.to("a sink", new BrokenOutlet(error), 1000);
  }

  @Override
  public Shape shape() {
    return new Shape(1000, false, 1);
  }

  @Override
  public CompletionStage<@Nullable Void> write(BytesChain bytes) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void finish(long size) throws IOException {
    throw error;
  }

  @Override
  public void close() throws IOException {
    throw error;
  }
}
