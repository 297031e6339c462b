package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Into a pipe: a write is done when its reader lets more come.
final class PipeOutlet implements Outlet {
  private static final long WRITE_BYTES = 1 << 20;

  private final PipeWriter writer;

  /// Whether the writer was completed: once the pipe is reset, the writer is somebody else's.
  private boolean finished;

  /// Told to the reader.
  private IOException why =
      new IOException("the sink into a pipe was closed before it was complete");

  PipeOutlet(PipeWriter writer) {
    this.writer = writer;
  }

  @Override
  public Shape shape() {
    // Not as large as the pipe may hold: there may be something in it that its reader keeps.
    long most = Math.max(1, writer.options().maxBuffered() >> 2);
    return new Shape(Math.min(most, WRITE_BYTES), false, 1);
  }

  /// On a thread of its own, since it parks, and has to be called off from here.
  @Override
  public CompletionStage<@Nullable Void> write(BytesChain bytes) {
    CompletableFuture<@Nullable Void> taken = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("ringwell-sink-pipe")
        .start(() -> {
          try {
            for (Bytes fragment : bytes.fragments()) {
              writer.send(fragment.share());
            }
            taken.complete(null);
          } catch (Throwable e) {
            taken.completeExceptionally(e);
          }
        });
    return taken;
  }

  @Override
  public void finish(long size) {
    writer.complete();
    finished = true;
  }

  @Override
  public void abandon(IOException cause) {
    why = cause;
    writer.cancelPending();
  }

  @Override
  public void close() {
    if (!finished) {
      writer.complete(why); // where it is not
    }
  }
}
