package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.IoBuffer;
import io.ringwell.memory.PoolOptions;
import io.ringwell.sink.Sink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/// A server that is not in this process and not the one that the other tests have: whichever the
/// environment names as for the AWS CLI, on this machine and over http. `scripts/rgw` starts one.
/// Whoever asks for these tests without one is told so by their failure.
@Tag("server")
abstract class ServerCase {
  /// S3's smallest.
  static final int PART = 5 << 20;

  /// Of one run: the server may keep what is in it.
  static final String BUCKET = "ringwell-" + UUID.randomUUID();

  /// By the SDK's own calls, whatever the store of a test does.
  static S3Store observer;

  BufferPool pool;
  S3Location target;

  @BeforeAll
  static void makeBucket() throws IOException {
    observer = open(options());
    if (!observer.buckets().contains(BUCKET)) {
      observer.createBucket(BUCKET);
    }
  }

  @AfterAll
  static void closeObserver() {
    observer.close();
  }

  @BeforeEach
  void makePool() {
    pool = BufferPool.shared(PoolOptions.ofMaxBytes(256 << 20));
    target = new S3Location(BUCKET, UUID.randomUUID() + "/with space+plus%41~ü");
  }

  /// All memory that was lent came back, unchanged since; no upload is left.
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

  /// What the environment says of `name`.
  static String environment(String name) {
    String value = System.getenv(name);
    if (value == null || value.isEmpty()) {
      fail("there is no server to test with: " + name + " is not set; scripts/rgw sets it");
    }
    return value;
  }

  static URI endpoint() {
    return URI.create(environment("AWS_ENDPOINT_URL"));
  }

  static S3Options options() {
    return S3Options.defaults()
        .withEndpoint(endpoint())
        .withRegion(environment("AWS_REGION"))
        .withKeys(environment("AWS_ACCESS_KEY_ID"), environment("AWS_SECRET_ACCESS_KEY"));
  }

  /// The right access key with another's secret.
  static S3Options wrongSecret() {
    return options().withKeys(environment("AWS_ACCESS_KEY_ID"), "wrong");
  }

  static S3Store open(S3Options options) throws IOException {
    return S3Store.open(options, Map.of(), SinkCase.FIRST_PAUSE);
  }

  /// Over connections of one's own, or by the SDK's client.
  static PayloadTransport way(S3Store store, boolean sdkClient) {
    PayloadTransport way = sdkClient ? store.sdkTransport() : store.transport();
    assertThat(way).isInstanceOf(sdkClient ? NettyTransport.class : SocketSends.class);
    return way;
  }

  static byte[] random(long seed, int size) {
    byte[] content = new byte[size];
    new SplittableRandom(seed).nextBytes(content);
    return content;
  }

  /// Sends all of it in pieces, from memory of the pool.
  void sendAll(Sink sink, byte[] content, int pieceBytes) throws IOException {
    for (int at = 0; at < content.length; at += pieceBytes) {
      int bytes = Math.min(pieceBytes, content.length - at);
      IoBuffer buffer = pool.acquire(bytes);
      MemorySegment.copy(content, at, buffer.segment(), ValueLayout.JAVA_BYTE, 0, bytes);
      sink.send(buffer.freeze(0, bytes));
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
