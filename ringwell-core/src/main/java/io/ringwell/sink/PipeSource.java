package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// What a pipe's reader reads, fragment by fragment, detached: what is not asked for yet stays in
/// the pipe, whose writer it makes wait.
final class PipeSource implements Source {
  private final PipeReader reader;
  private final AtomicBoolean closed = new AtomicBoolean();
  private boolean end;

  PipeSource(PipeReader reader) {
    this.reader = reader;
  }

  @Override
  public @Nullable Bytes next() throws IOException {
    return end ? null : take(reader.read());
  }

  @Override
  public CompletionStage<@Nullable Bytes> nextAsync() {
    return reader
        .readAsync()
        .thenApply(read -> {
          try {
            return take(read);
          } catch (InterruptedIOException e) {
            throw new CompletionException(e);
          }
        });
  }

  @Override
  public @Nullable Bytes poll() throws IOException {
    PipeRead read = end ? null : reader.tryRead();
    return read == null ? null : take(read);
  }

  private @Nullable Bytes take(PipeRead read) throws InterruptedIOException {
    if (read.isCancelled()) {
      throw new CancellationException("the read of a pipe was cancelled");
    }
    if (read.isEmpty()) {
      end = true;
      read.advance(read.start());
      return null;
    }
    try (BytesChain one = read.detach(read.fragmentStart() + read.length())) {
      return one.fragments().getFirst().share();
    } catch (InterruptedIOException e) {
      read.advance(read.start()); // it comes again
      throw e;
    }
  }

  @Override
  public boolean isAtEnd() {
    return end;
  }

  @Override
  public boolean isNonBlocking() {
    return true;
  }

  /// Completes the reader; once, since a pipe that was reset meanwhile is another's.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      reader.complete();
    }
  }
}
