package io.ringwell.checks;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.PoolOptions;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeWriter;
import io.ringwell.sink.Sources;
import java.io.IOException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/// What is published of a pipe.
public final class PipePublisherVerification extends FlowPublisherVerification<Bytes> {
  private static final long PATIENCE_MILLIS = 2_000;

  /// The kit waits that long to see that nothing more comes.
  private static final long SILENCE_MILLIS = 20;

  private final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(4 << 20));

  public PipePublisherVerification() {
    super(new TestEnvironment(PATIENCE_MILLIS, SILENCE_MILLIS));
  }

  /// Each element is a fragment of a pipe that is written to as long as somebody reads.
  @Override
  public Flow.Publisher<Bytes> createFlowPublisher(long elements) {
    Pipe pipe = new Pipe(pool);
    Thread.startVirtualThread(() -> write(pipe.writer(), elements));
    return Sources.toPublisher(Sources.pipe(pipe.reader()));
  }

  private static void write(PipeWriter writer, long elements) {
    try {
      for (long i = 0; i < elements; i++) {
        writer.send(Bytes.copyOf(new byte[1]));
      }
    } catch (IOException e) {
      return; // nobody reads any more
    }
    writer.complete();
  }

  /// There is none: a pipe fails when it is read.
  @Override
  public Flow.@Nullable Publisher<Bytes> createFailedFlowPublisher() {
    return null;
  }
}
