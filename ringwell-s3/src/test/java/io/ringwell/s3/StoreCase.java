package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import io.ringwell.memory.PoolOptions;
import io.ringwell.sink.Sink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/// What tests against any server have: a pool whose memory is all back in the end, a place for an
/// object, and a look at what is there.
abstract class StoreCase {
  /// S3's smallest.
  static final int PART = 5 << 20;

  BufferPool pool;

  /// Each test's own.
  S3Location target;

  /// By the SDK's own calls: what is there, whatever the store of a test says or does.
  abstract S3Store observer();

  abstract S3Location newTarget(TestInfo test);

  @BeforeEach
  void makePoolAndTarget(TestInfo test) {
    pool = BufferPool.shared(PoolOptions.ofMaxBytes(256 << 20));
    target = newTarget(test);
  }

  /// All that was lent came back, unchanged since; no upload is left.
  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(pool.stats().inUseBytes()).isZero();
    assertThat(pool.stats().damaged()).isZero();
    pool.close();
    assertThat(uploads()).isEmpty();
  }

  List<MultipartUpload> uploads() throws IOException {
    return observer()
        .calls()
        .await(
            () -> observer().client().listMultipartUploads(r -> r.bucket(target.bucket())),
            new S3Location(target.bucket(), ""),
            "ListMultipartUploads")
        .uploads();
  }

  static byte[] random(long seed, int size) {
    byte[] content = new byte[size];
    new SplittableRandom(seed).nextBytes(content);
    return content;
  }

  /// In memory of the pool.
  Bytes bytes(byte[] content, int from, int size) throws IOException {
    IoBuffer buffer = pool.acquire(Math.max(1, size));
    MemorySegment.copy(content, from, buffer.segment(), ValueLayout.JAVA_BYTE, 0, size);
    return buffer.freeze(0, size);
  }

  Bytes bytes(byte[] content) throws IOException {
    return bytes(content, 0, content.length);
  }

  /// Sends all of it in pieces.
  void sendAll(Sink sink, byte[] content, int pieceBytes) throws IOException {
    for (int at = 0; at < content.length; at += pieceBytes) {
      sink.send(bytes(content, at, Math.min(pieceBytes, content.length - at)));
    }
  }

  /// What is there, by the SDK's own way.
  byte[] content(S3Location location) throws IOException {
    return observer()
        .calls()
        .await(
            () ->
                observer()
                    .client()
                    .getObject(
                        r -> r.bucket(location.bucket()).key(location.key()),
                        AsyncResponseTransformer.toBytes()),
            location,
            "GetObject")
        .asByteArrayUnsafe();
  }

  boolean isThere(S3Location location) throws IOException {
    try {
      observer().head(location);
      return true;
    } catch (S3Exception e) {
      assertThat(e.isMissing()).isTrue();
      return false;
    }
  }
}
