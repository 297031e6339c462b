package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import io.ringwell.memory.PoolOptions;
import io.ringwell.s3.rig.LocalS3;
import io.ringwell.sink.Sink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/// A server, a bucket in it, and a pool whose memory is all back in the end.
abstract class SinkCase {
  static final String BUCKET = "bucket";

  /// S3's smallest.
  static final int PART = 5 << 20;

  static final Duration FIRST_PAUSE = Duration.ofMillis(1);

  private static final AtomicInteger COUNT = new AtomicInteger();

  static LocalS3 server;

  /// To the server itself, over http: what is there, whatever the store of a test says.
  private static S3Store observer;

  BufferPool pool;
  S3Location target;

  @BeforeAll
  static void startServer() throws IOException {
    server = LocalS3.start();
    observer = direct();
    observer.createBucket(BUCKET);
  }

  @AfterAll
  static void stopServer() {
    observer.close();
    server.close();
  }

  @BeforeEach
  void makePool(TestInfo test) {
    pool = BufferPool.shared(PoolOptions.ofMaxBytes(256 << 20));
    String name = test.getDisplayName().replaceAll("[^a-zA-Z0-9]", "-");
    target = new S3Location(BUCKET, name + "/" + COUNT.incrementAndGet());
  }

  /// All that was lent came back, unchanged since; no upload is left.
  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(pool.stats().inUseBytes()).isZero();
    assertThat(pool.stats().damaged()).isZero();
    pool.close();
    assertThat(uploads()).isEmpty();
  }

  static List<MultipartUpload> uploads() throws IOException {
    return Waiting.await(
            observer.client().listMultipartUploads(r -> r.bucket(BUCKET)),
            new S3Location(BUCKET, ""),
            "ListMultipartUploads")
        .uploads();
  }

  static S3Options options() {
    return S3Options.defaults().withKeys(server.accessKey(), server.secretKey());
  }

  static S3Store open(S3Options options) throws IOException {
    return S3Store.open(options, Map.of(), FIRST_PAUSE);
  }

  /// @param whoseTls `jdk` or `boringssl`
  static S3Store open(S3Options options, String whoseTls) throws IOException {
    return S3Store.open(options, Map.of(), FIRST_PAUSE, whoseTls);
  }

  /// To the server itself, over http.
  static S3Store direct() throws IOException {
    return open(options().withEndpoint(server.http()));
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
  static byte[] content(S3Location location) throws IOException {
    return Waiting.await(
            observer
                .client()
                .getObject(
                    r -> r.bucket(location.bucket()).key(location.key()),
                    AsyncResponseTransformer.toBytes()),
            location,
            "GetObject")
        .asByteArrayUnsafe();
  }

  static boolean isThere(S3Location location) throws IOException {
    try {
      observer.head(location);
      return true;
    } catch (S3Exception e) {
      assertThat(e.isMissing()).isTrue();
      return false;
    }
  }
}
