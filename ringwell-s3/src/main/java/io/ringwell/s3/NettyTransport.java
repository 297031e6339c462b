package io.ringwell.s3;

import io.ringwell.memory.BytesChain;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// The payload through the SDK's Netty client. With the checksum on the request the SDK neither
/// computes one nor cuts the body into chunks, which it would copy.
///
/// It retries as its [S3AsyncClient] was told to, from the same memory. An attempt that failed may
/// leave a connection behind that still holds a part of it; the memory is let go of when the
/// connections' threads have closed that ([EventLoops#passed]).
///
/// So many go out at once; the others wait here, as long as it takes. The SDK's own queue would
/// have to have a time limit, since it may lose who stands in it.
final class NettyTransport implements PayloadTransport {
  /// More only queue up at the store; the SDK's default is 50.
  static final int MOST_AT_ONCE = 64;

  private final S3AsyncClient client;
  private final SdkCalls calls;
  private final EventLoops loops;
  private final Line line = new Line(MOST_AT_ONCE);

  NettyTransport(S3AsyncClient client, SdkCalls calls, EventLoops loops) {
    this.client = client;
    this.calls = calls;
    this.loops = loops;
  }

  @Override
  public Sending send(Outgoing what, BytesChain chain) {
    Call call = new Call(what, chain);
    line.enter(call);
    return call;
  }

  /// One payload on its way, or in line.
  private final class Call implements Sending, Runnable {
    private final Outgoing what;
    private final long size;
    private final PartBody body;
    private final CompletableFuture<String> letGo = new CompletableFuture<>();

    // With the lock of this call held.
    private @Nullable SdkCall<?> call;
    private boolean isGivenUp;

    Call(Outgoing what, BytesChain chain) {
      this.what = what;
      this.size = chain.size();
      this.body = new PartBody(chain);
    }

    /// It is its turn.
    @Override
    public void run() {
      if (isGivenUp(null)) {
        settle(null, new CancellationException("cancelled in line"));
        return;
      }
      Part part = what.part();
      if (part == null) {
        SdkCall<PutObjectResponse> begun =
            calls.begin(() -> client.putObject(what.asObject(size), body));
        begun(begun, begun.result().thenApply(PutObjectResponse::eTag));
      } else {
        SdkCall<UploadPartResponse> begun =
            calls.begin(() -> client.uploadPart(what.asPart(part, size), body));
        begun(begun, begun.result().thenApply(UploadPartResponse::eTag));
      }
    }

    private void begun(SdkCall<?> begun, CompletableFuture<String> etag) {
      var _ = etag.whenComplete(this::ended);
      if (isGivenUp(begun)) {
        cancel(begun);
      }
    }

    private synchronized boolean isGivenUp(@Nullable SdkCall<?> begun) {
      call = begun;
      return isGivenUp;
    }

    private static void cancel(SdkCall<?> begun) {
      begun.end(new CancellationException("cancelled"));
    }

    private void ended(@Nullable String etag, @Nullable Throwable failure) {
      if (failure == null && body.isSentOnce()) {
        settle(etag, null);
        return;
      }
      body.revoke();
      var _ = loops.passed().whenComplete((nothing, none) -> settle(etag, failure));
    }

    private void settle(@Nullable String etag, @Nullable Throwable failure) {
      line.leave();
      tell(etag, failure);
    }

    private void tell(@Nullable String etag, @Nullable Throwable failure) {
      if (failure != null) {
        letGo.completeExceptionally(Failures.of(what.to(), what.operation(), failure));
      } else if (etag == null) {
        letGo.completeExceptionally(what.lacksTag());
      } else {
        letGo.complete(etag);
      }
    }

    @Override
    public CompletionStage<String> letGo() {
      return letGo;
    }

    @Override
    public void cancel() {
      SdkCall<?> begun;
      synchronized (this) {
        isGivenUp = true;
        begun = call;
      }
      if (begun != null) {
        cancel(begun);
      } else if (line.withdraw(this)) {
        tell(null, new CancellationException("cancelled in line"));
      }
    }
  }
}
