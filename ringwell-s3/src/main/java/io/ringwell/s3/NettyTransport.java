package io.ringwell.s3;

import io.ringwell.memory.BytesChain;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// The payload through the SDK's Netty client. With the checksum on the request the SDK neither
/// computes one nor cuts the body into chunks, which it would copy.
///
/// It retries as its [S3AsyncClient] was told to, from the same memory. An attempt that failed may
/// leave a connection behind that still holds a part of it; the memory is let go of when the
/// connections' threads have closed that ([EventLoops#passed]).
final class NettyTransport implements PayloadTransport {
  private final S3AsyncClient client;
  private final EventLoops loops;

  NettyTransport(S3AsyncClient client, EventLoops loops) {
    this.client = client;
    this.loops = loops;
  }

  @Override
  public Sending send(Outgoing what, BytesChain chain) {
    PartBody body = new PartBody(chain);
    Part part = what.part();
    if (part == null) {
      CompletableFuture<PutObjectResponse> call =
          client.putObject(object(what, chain.size()), body);
      return new Call(what, body, call, call.thenApply(PutObjectResponse::eTag));
    }
    CompletableFuture<UploadPartResponse> call =
        client.uploadPart(part(what, part, chain.size()), body);
    return new Call(what, body, call, call.thenApply(UploadPartResponse::eTag));
  }

  private static PutObjectRequest object(Outgoing what, long size) {
    S3SinkOptions options = what.options();
    return PutObjectRequest.builder()
        .bucket(what.to().bucket())
        .key(what.to().key())
        .contentLength(size)
        .checksumCRC32(Crc32.text(what.crc()))
        .contentMD5(what.md5())
        .contentType(options.contentType())
        .metadata(options.metadata())
        .serverSideEncryption(options.encryption())
        .ssekmsKeyId(options.encryptionKey())
        .ifNoneMatch(options.createOnly() ? "*" : null)
        .build();
  }

  private static UploadPartRequest part(Outgoing what, Part part, long size) {
    return UploadPartRequest.builder()
        .bucket(what.to().bucket())
        .key(what.to().key())
        .uploadId(part.uploadId())
        .partNumber(part.number())
        .contentLength(size)
        .checksumCRC32(Crc32.text(what.crc()))
        .contentMD5(what.md5())
        .build();
  }

  private final class Call implements Sending {
    private final PartBody body;
    private final CompletableFuture<?> call;
    private final CompletableFuture<String> letGo = new CompletableFuture<>();

    /// Whoever cancels is told of the end before the SDK has told the connection's thread.
    private final CompletableFuture<@Nullable Void> cancelled = new CompletableFuture<>();

    Call(Outgoing what, PartBody body, CompletableFuture<?> call, CompletableFuture<String> etag) {
      this.body = body;
      this.call = call;
      var _ = etag.whenComplete((tag, failure) -> ended(what, tag, failure));
    }

    private void ended(Outgoing what, @Nullable String etag, @Nullable Throwable failure) {
      if (failure == null && body.isSentOnce()) {
        settle(what, etag, null);
        return;
      }
      body.revoke();
      CompletableFuture<@Nullable Void> told =
          failure != null && Failures.unwrap(failure) instanceof CancellationException
              ? cancelled
              : CompletableFuture.completedFuture(null);
      var _ =
          told.thenCompose(nothing -> loops.passed())
              .whenComplete((nothing, none) -> settle(what, etag, failure));
    }

    private void settle(Outgoing what, @Nullable String etag, @Nullable Throwable failure) {
      if (failure != null) {
        letGo.completeExceptionally(Failures.of(what.to(), what.operation(), failure));
      } else if (etag == null) {
        letGo.completeExceptionally(
            Failures.refusal(
                what.to(),
                what.operation(),
                "the store's answer names no entity tag",
                200,
                "",
                "",
                null));
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
      call.cancel(true);
      cancelled.complete(null);
    }
  }
}
