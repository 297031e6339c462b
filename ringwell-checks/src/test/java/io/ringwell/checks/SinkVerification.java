package io.ringwell.checks;

import io.ringwell.memory.Bytes;
import io.ringwell.sink.Sinks;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/// What a sink subscribes with.
public final class SinkVerification extends FlowSubscriberBlackboxVerification<Bytes> {
  private static final long PATIENCE_MILLIS = 2_000;
  private static final long SILENCE_MILLIS = 50;
  private static final long SINK_BYTES = 1 << 20;

  public SinkVerification() {
    super(new TestEnvironment(PATIENCE_MILLIS, SILENCE_MILLIS));
  }

  @Override
  public Flow.Subscriber<Bytes> createFlowSubscriber() {
    return Sinks.subscriber(Sinks.memory(SINK_BYTES));
  }

  @Override
  public Bytes createElement(int element) {
    return Bytes.copyOf(new byte[] {(byte) element});
  }
}
