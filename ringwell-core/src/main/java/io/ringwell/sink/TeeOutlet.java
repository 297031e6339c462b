package io.ringwell.sink;

import io.ringwell.memory.BytesChain;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// To several sinks at once, which share the memory. The slowest sets the pace. It owns them.
final class TeeOutlet implements Outlet {
  private static final long WRITE_BYTES = 1 << 20;

  private final List<Sink> sinks;

  TeeOutlet(List<Sink> sinks) {
    this.sinks = List.copyOf(sinks);
  }

  @Override
  public Shape shape() {
    // The next is handed on when all have taken this one: what they hold is theirs to bound.
    return new Shape(WRITE_BYTES, false, 1);
  }

  @Override
  public CompletionStage<@Nullable Void> write(BytesChain bytes) {
    return Stages.send(bytes, sinks);
  }

  @Override
  public void flush() throws IOException {
    for (Sink sink : sinks) {
      sink.flush();
    }
  }

  /// One after the other: where one fails, those behind it are abandoned, and those before it are
  /// complete.
  @Override
  public void finish(long size) throws IOException {
    for (Sink sink : sinks) {
      sink.complete();
    }
  }

  @Override
  public void abandon() {
    for (Sink sink : sinks) {
      sink.fail(new IOException("another sink of the same tee failed, or the tee was abandoned"));
    }
  }

  @Override
  public void close() throws IOException {
    Closing.all(sinks);
  }
}
