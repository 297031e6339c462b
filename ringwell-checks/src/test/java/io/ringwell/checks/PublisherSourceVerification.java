package io.ringwell.checks;

import io.ringwell.memory.Bytes;
import io.ringwell.sink.Source;
import io.ringwell.sink.Sources;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/// What a source subscribes with, while somebody takes what comes.
public final class PublisherSourceVerification extends FlowSubscriberBlackboxVerification<Bytes> {
  private static final long PATIENCE_MILLIS = 2_000;
  private static final long SILENCE_MILLIS = 50;

  public PublisherSourceVerification() {
    super(new TestEnvironment(PATIENCE_MILLIS, SILENCE_MILLIS));
  }

  @Override
  @SuppressWarnings("unchecked") // it takes bytes, whatever else
  public Flow.Subscriber<Bytes> createFlowSubscriber() {
    CompletableFuture<Flow.Subscriber<? super Bytes>> subscriber = new CompletableFuture<>();
    Source source = Sources.publisher(subscriber::complete);
    Thread.startVirtualThread(() -> takeAll(source));
    return (Flow.Subscriber<Bytes>) subscriber.join();
  }

  private static void takeAll(Source source) {
    try (source) {
      for (Bytes bytes = source.next(); bytes != null; bytes = source.next()) {
        bytes.close();
      }
    } catch (IOException e) {
      return; // the kit's publisher has failed
    }
  }

  @Override
  public Bytes createElement(int element) {
    return Bytes.copyOf(new byte[] {(byte) element});
  }
}
