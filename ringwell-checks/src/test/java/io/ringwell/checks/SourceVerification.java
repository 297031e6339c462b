package io.ringwell.checks;

import io.ringwell.memory.Bytes;
import io.ringwell.sink.Source;
import io.ringwell.sink.Sources;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/// What a source publishes.
public final class SourceVerification extends FlowPublisherVerification<Bytes> {
  private static final long PATIENCE_MILLIS = 2_000;

  /// The kit waits that long to see that nothing more comes.
  private static final long SILENCE_MILLIS = 50;

  public SourceVerification() {
    super(new TestEnvironment(PATIENCE_MILLIS, SILENCE_MILLIS));
  }

  @Override
  public Flow.Publisher<Bytes> createFlowPublisher(long elements) {
    return Sources.toPublisher(new Counted(elements));
  }

  @Override
  public Flow.Publisher<Bytes> createFailedFlowPublisher() {
    return Sources.toPublisher(new Counted(-1));
  }

  /// So many pieces of one byte; fewer than none is an error.
  private static final class Counted implements Source {
    private long left;

    Counted(long count) {
      left = count;
    }

    @Override
    public @Nullable Bytes next() throws IOException {
      if (left < 0) {
        throw new IOException("nothing can be had");
      }
      return left-- == 0 ? null : Bytes.copyOf(new byte[1]);
    }

    @Override
    public CompletionStage<@Nullable Bytes> nextAsync() {
      try {
        return CompletableFuture.completedFuture(next());
      } catch (IOException e) {
        return CompletableFuture.failedFuture(e);
      }
    }

    @Override
    public @Nullable Bytes poll() throws IOException {
      return next();
    }

    @Override
    public boolean isAtEnd() {
      return left == 0;
    }

    @Override
    public boolean isNonBlocking() {
      return true;
    }

    @Override
    public void close() {}
  }
}
