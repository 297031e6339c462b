package io.ringwell.checks;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import io.ringwell.pipe.Pipe;
import io.ringwell.sink.Sinks;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/// What fills a pipe with the content of buffers.
public final class PipeBufferVerification extends FlowSubscriberBlackboxVerification<ByteBuffer> {
  private static final long PATIENCE_MILLIS = 2_000;
  private static final long SILENCE_MILLIS = 50;

  private final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(4 << 20));

  public PipeBufferVerification() {
    super(new TestEnvironment(PATIENCE_MILLIS, SILENCE_MILLIS));
  }

  @Override
  public Flow.Subscriber<ByteBuffer> createFlowSubscriber() {
    return Sinks.bufferSubscriber(Sinks.pipe(new Pipe(pool).writer()));
  }

  @Override
  public ByteBuffer createElement(int element) {
    return ByteBuffer.wrap(new byte[] {(byte) element});
  }
}
