package io.ringwell.s3;

import io.ringwell.memory.BytesChain;
import io.ringwell.sink.Outlet;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// To an object of S3: in parts, or in one request at the end where there is less than one part.
///
/// | state | `whole` | `multipart` | |
/// |---|---|---|---|
/// | empty | – | – | nothing came yet |
/// | small | kept | – | what came may be all there is |
/// | in parts | – | there | |
final class S3Outlet implements Outlet {
  private static final int CONFLICT_ATTEMPTS = 5;

  private final Uploads uploads;
  private final PayloadTransport transport;
  private final long partBytes;
  private @Nullable BytesChain whole;
  private @Nullable Multipart multipart;
  private boolean complete;

  S3Outlet(Uploads uploads, PayloadTransport transport) {
    this.uploads = uploads;
    this.transport = transport;
    this.partBytes = uploads.options.effectivePartBytes();
  }

  @Override
  public Shape shape() {
    return new Shape(partBytes, true, uploads.options.partsInFlight());
  }

  /// What is less than a part is the last: the first such is all there is. One that was expected to
  /// be all is sent as a part when more comes behind it.
  @Override
  public CompletionStage<@Nullable Void> write(BytesChain bytes) throws IOException {
    if (bytes.isSecure()) {
      throw new IOException(
          "secure bytes are not sent to S3: TLS and signing copy them to the heap");
    }
    boolean first = whole == null && multipart == null;
    if (first && (bytes.size() < partBytes || bytes.size() == uploads.options.expectedBytes())) {
      whole = bytes.share();
      return CompletableFuture.completedFuture(null);
    }
    Multipart to = multipart;
    if (to == null) {
      to = new Multipart(uploads, transport);
      multipart = to;
    }
    BytesChain before = whole;
    if (before == null) {
      return to.send(bytes);
    }
    whole = null;
    CompletableFuture<?> firstPart =
        to.send(before).whenComplete((nothing, failure) -> before.close()).toCompletableFuture();
    return CompletableFuture.allOf(firstPart, to.send(bytes).toCompletableFuture())
        .thenApply(nothing -> null);
  }

  @Override
  public void finish(long size) throws IOException {
    if (multipart != null) {
      multipart.complete();
    } else if (whole != null) {
      put(whole);
    } else {
      try (BytesChain nothing = BytesChain.of(List.of())) {
        put(nothing);
      }
    }
    complete = true;
  }

  private void put(BytesChain bytes) throws IOException {
    long crc = uploads.options.checksum().crc().of(bytes);
    String md5 = uploads.options.checksum() == S3Checksum.MD5 ? Md5.text(bytes) : null;
    PayloadTransport.Outgoing what =
        new PayloadTransport.Outgoing(uploads.to, null, uploads.options, crc, md5);
    for (int attempt = 1; ; attempt++) {
      try {
        await(transport.send(what, bytes));
        return;
      } catch (S3Exception e) {
        boolean conflict = e.status() == 409 && uploads.options.createOnly();
        if (!conflict || attempt == CONFLICT_ATTEMPTS) {
          requireThere(bytes, crc, e);
          return;
        }
      }
    }
  }

  /// An attempt before the last may have done it, and its answer got lost.
  private void requireThere(BytesChain bytes, long crc, S3Exception failure) throws IOException {
    boolean unsure =
        failure.status() == 412 ? Failures.attempts(failure) > 1 : Failures.mayPass(failure);
    if (!unsure || !isThere(bytes, crc, failure)) {
      throw failure;
    }
  }

  private boolean isThere(BytesChain bytes, long crc, S3Exception failure) {
    try {
      return uploads.isThere(bytes.size(), crc, HexFormat.of().formatHex(Md5.of(bytes)));
    } catch (IOException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  private static void await(PayloadTransport.Sending sending) throws IOException {
    try {
      var _ = sending.letGo().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError("nobody knows the sink's thread, to interrupt it", e);
    }
  }

  @Override
  public void abandon() {
    if (multipart != null) {
      multipart.cancel();
    }
  }

  @Override
  public void close() throws IOException {
    if (whole != null) {
      whole.close();
      whole = null;
    }
    if (multipart != null && !complete) {
      multipart.remove();
    }
  }
}
