package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Keeps what is sent, uncopied. From [Sinks#memory].
///
/// **Ownership.** After [#complete] the bytes are got with [#take], once; before that, and where
/// nobody takes them, they go with [#close].
public final class MemorySink implements Sink {
  private final Kept kept;
  private final Sink sink;

  MemorySink(long mostBytes) {
    if (mostBytes < 1) {
      throw new IllegalArgumentException("mostBytes is at least 1, not " + mostBytes);
    }
    this.kept = new Kept(mostBytes);
    this.sink = QueuedSink.of("a sink to memory", kept, mostBytes);
  }

  /// All that was sent, in the pieces in which it came.
  ///
  /// @throws IllegalStateException where the sink is not complete, or they were taken
  public BytesChain take() {
    return kept.take();
  }

  @Override
  public boolean offer(Bytes bytes) throws IOException {
    return sink.offer(bytes);
  }

  @Override
  public void send(Bytes bytes) throws IOException {
    sink.send(bytes);
  }

  @Override
  public CompletionStage<@Nullable Void> sendAsync(Bytes bytes) {
    return sink.sendAsync(bytes);
  }

  @Override
  public CompletionStage<@Nullable Void> whenReady() {
    return sink.whenReady();
  }

  @Override
  public void flush() throws IOException {
    sink.flush();
  }

  @Override
  public CompletionStage<@Nullable Void> flushAsync() {
    return sink.flushAsync();
  }

  @Override
  public long complete() throws IOException {
    return sink.complete();
  }

  @Override
  public CompletionStage<Long> completeAsync() {
    return sink.completeAsync();
  }

  @Override
  public void fail(Throwable cause) {
    sink.fail(cause);
  }

  @Override
  public long maxBytes() {
    return sink.maxBytes();
  }

  @Override
  public long taken() {
    return sink.taken();
  }

  /// Closes what was not taken.
  @Override
  public void close() throws IOException {
    sink.close();
    kept.drop();
  }

  @Override
  public String toString() {
    return sink.toString();
  }

  /// The pieces.
  private static final class Kept implements Outlet {
    private final long most;
    private final List<Bytes> pieces = new ArrayList<>();
    private long size;
    private boolean finished;

    Kept(long most) {
      this.most = most;
    }

    @Override
    public Shape shape() {
      return new Shape(Long.MAX_VALUE, false, 1);
    }

    @Override
    public synchronized CompletionStage<@Nullable Void> write(BytesChain bytes) throws IOException {
      size += bytes.size();
      if (size > most) {
        throw new IOException(
            "more than the " + most + " bytes that this sink to memory may keep were sent");
      }
      for (Bytes piece : bytes.fragments()) {
        pieces.add(piece.share());
      }
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized void finish(long sent) {
      finished = true;
    }

    synchronized BytesChain take() {
      if (!finished) {
        throw new IllegalStateException("the sink is not complete, or its bytes were taken");
      }
      finished = false;
      BytesChain all = BytesChain.of(pieces);
      pieces.clear();
      return all;
    }

    synchronized void drop() {
      finished = false;
      for (Bytes piece : pieces) {
        piece.close();
      }
      pieces.clear();
    }

    /// What was finished waits to be taken.
    @Override
    public synchronized void close() {
      if (!finished) {
        drop();
      }
    }
  }
}
