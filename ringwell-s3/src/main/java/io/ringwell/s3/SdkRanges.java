package io.ringwell.s3;

import io.ringwell.memory.CopyCounter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// Ranges by the SDK's client.
///
/// **Copies.** Two in user memory: the SDK copies each chunk that Netty received into an array of
/// its own, and that is copied to where it belongs. Both are counted.
final class SdkRanges implements RangeTransport {
  private static final int COPIES = 2;

  private final S3AsyncClient client;
  private final SdkCalls calls;

  /// @param client one that tries nothing twice
  SdkRanges(S3AsyncClient client, SdkCalls calls) {
    this.client = client;
    this.calls = calls;
  }

  @Override
  public Call fetch(Ask what, Receiver into) {
    Answer answer = new Answer(into);
    SdkCall<Void> call =
        calls.begin(() ->
            client.getObject(
                r ->
                    r.bucket(what.location().bucket())
                        .key(what.location().key())
                        .range(what.header())
                        .ifMatch(what.etag().isEmpty() ? null : what.etag()),
                answer));
    var _ = call.result().whenComplete((nothing, failure) -> answer.end(failure));
    return () -> call.end(new CancellationException("cancelled"));
  }

  /// One answer. What arrives after its end, as it may of a call that was cancelled, is left alone.
  private static final class Answer
      implements AsyncResponseTransformer<GetObjectResponse, Void>, Subscriber<ByteBuffer> {
    private final Receiver into;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private @Nullable Subscription subscription;
    private boolean ended;

    Answer(Receiver into) {
      this.into = into;
    }

    /// The first to tell it is right.
    synchronized void end(@Nullable Throwable failure) {
      if (!ended) {
        ended = true;
        into.ended(failure);
      }
    }

    @Override
    public CompletableFuture<Void> prepare() {
      return done;
    }

    @Override
    public synchronized void onResponse(GetObjectResponse response) {
      if (ended) {
        return;
      }
      try {
        Long length = response.contentLength();
        into.begins(
            response.eTag() == null ? "" : response.eTag(),
            response.contentRange(),
            length == null ? 0 : length);
      } catch (IOException e) {
        refuse(e);
      }
    }

    @Override
    public void onStream(SdkPublisher<ByteBuffer> publisher) {
      publisher.subscribe(this);
    }

    @Override
    public synchronized void onSubscribe(Subscription newSubscription) {
      subscription = newSubscription;
      if (ended) {
        newSubscription.cancel();
      } else {
        // Each chunk is put away as it comes, so there is nothing to hold back.
        newSubscription.request(Long.MAX_VALUE);
      }
    }

    @Override
    public synchronized void onNext(ByteBuffer chunk) {
      while (!ended && chunk.hasRemaining()) {
        ByteBuffer room = into.room();
        int bytes = Math.min(room.remaining(), chunk.remaining());
        if (bytes == 0) {
          refuse(new IOException("the store sent more than it was asked for"));
          return;
        }
        room.put(room.position(), chunk, chunk.position(), bytes);
        room.position(room.position() + bytes);
        chunk.position(chunk.position() + bytes);
        CopyCounter.add((long) COPIES * bytes);
        into.arrived(bytes);
      }
    }

    /// Ends it, and the connection with it.
    private void refuse(IOException why) {
      end(why);
      done.completeExceptionally(why);
      if (subscription != null) {
        subscription.cancel();
      }
    }

    @Override
    public void onError(Throwable failure) {
      done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      done.complete(null);
    }

    @Override
    public void exceptionOccurred(Throwable failure) {
      done.completeExceptionally(failure);
    }
  }
}
