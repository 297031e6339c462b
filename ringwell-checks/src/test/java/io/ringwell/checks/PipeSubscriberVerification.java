package io.ringwell.checks;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.PoolOptions;
import io.ringwell.pipe.Pipe;
import io.ringwell.sink.Sinks;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/// What fills a pipe.
public final class PipeSubscriberVerification extends FlowSubscriberBlackboxVerification<Bytes> {
  private static final long PATIENCE_MILLIS = 2_000;
  private static final long SILENCE_MILLIS = 50;

  private final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(4 << 20));

  public PipeSubscriberVerification() {
    super(new TestEnvironment(PATIENCE_MILLIS, SILENCE_MILLIS));
  }

  @Override
  public Flow.Subscriber<Bytes> createFlowSubscriber() {
    return Sinks.subscriber(Sinks.pipe(new Pipe(pool).writer()));
  }

  @Override
  public Bytes createElement(int element) {
    return Bytes.copyOf(new byte[] {(byte) element});
  }
}
