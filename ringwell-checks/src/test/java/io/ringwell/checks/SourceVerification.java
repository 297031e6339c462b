package io.ringwell.checks;

import io.ringwell.memory.Bytes;
import io.ringwell.sink.Source;
import io.ringwell.sink.Sources;
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

  /// There is none: a source fails when it is asked for something.
  @Override
  public Flow.@Nullable Publisher<Bytes> createFailedFlowPublisher() {
    return null;
  }

  /// So many pieces of one byte.
  private static final class Counted implements Source {
    private long left;

    Counted(long count) {
      left = count;
    }

    @Override
    public @Nullable Bytes next() {
      return left-- == 0 ? null : Bytes.copyOf(new byte[1]);
    }

    @Override
    public CompletionStage<@Nullable Bytes> nextAsync() {
      return CompletableFuture.completedFuture(next());
    }

    @Override
    public @Nullable Bytes poll() {
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
