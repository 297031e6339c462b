package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.Readiness;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The windows of a reader, one after the other, detached: nothing is copied unless they are
/// mapped.
final class WindowsSource implements Source {
  private final ManagedReader reader;
  private long position;
  private boolean end;

  WindowsSource(ManagedReader reader, long from) {
    this.reader = reader;
    this.position = from;
  }

  @Override
  public @Nullable Bytes next() throws IOException {
    return take(reader.await(position));
  }

  @Override
  public CompletionStage<@Nullable Bytes> nextAsync() {
    return reader.whenReady(position).thenApply(this::take);
  }

  @Override
  public @Nullable Bytes poll() throws IOException {
    return take(reader.seek(position));
  }

  private @Nullable Bytes take(Readiness readiness) {
    end = readiness == Readiness.END;
    if (readiness != Readiness.READY) {
      return null;
    }
    Bytes bytes = reader.detach(position, reader.window().end() - position);
    position += bytes.size();
    return bytes;
  }

  @Override
  public boolean isAtEnd() {
    return end;
  }

  @Override
  public boolean isNonBlocking() {
    return reader.isSourceNonBlocking();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
