package io.ringwell.s3.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.s3.rig.Fault.Kind;
import io.ringwell.s3.rig.S3Request.Operation;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.utils.AttributeMap;

/// The proxy does to a plain client, which tries nothing twice, what it is told to.
class FaultProxyTest {
  private static final String BUCKET = "bucket";
  private static final int BYTES = 3 << 20;

  private static LocalS3 s3;
  private static byte[] content;

  private FaultProxy proxy;
  private S3AsyncClient client;

  @BeforeAll
  static void startServer() {
    s3 = LocalS3.start();
    content = new byte[BYTES];
    new Random(1).nextBytes(content);
    try (S3AsyncClient direct = connect(s3.http())) {
      direct.createBucket(b -> b.bucket(BUCKET)).join();
      direct
          .putObject(b -> b.bucket(BUCKET).key("there"), AsyncRequestBody.fromBytes(content))
          .join();
    }
  }

  @AfterAll
  static void stopServer() {
    s3.close();
  }

  @BeforeEach
  void startProxy() {
    proxy = FaultProxy.http(s3, request -> Fault.NONE);
    client = connect(proxy.endpoint());
  }

  @AfterEach
  void stopProxy() {
    client.close();
    proxy.close();
  }

  private static S3AsyncClient connect(URI endpoint) {
    return connect(endpoint, Duration.ofMinutes(1));
  }

  private static S3AsyncClient connect(URI endpoint, Duration patience) {
    return S3AsyncClient.builder()
        .endpointOverride(endpoint)
        .forcePathStyle(true)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())))
        .httpClient(
            NettyNioAsyncHttpClient.builder()
                .buildWithDefaults(
                    AttributeMap.builder()
                        .put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true)
                        .put(SdkHttpConfigurationOption.READ_TIMEOUT, patience)
                        .build()))
        .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  private byte[] get() {
    return get(client);
  }

  private static byte[] get(S3AsyncClient client) {
    ResponseBytes<GetObjectResponse> bytes =
        client
            .getObject(b -> b.bucket(BUCKET).key("there"), AsyncResponseTransformer.toBytes())
            .join();
    return bytes.asByteArrayUnsafe();
  }

  private void put(String key) {
    client.putObject(b -> b.bucket(BUCKET).key(key), AsyncRequestBody.fromBytes(content)).join();
  }

  private boolean isThere(String key) {
    try (S3AsyncClient direct = connect(s3.http())) {
      direct.headObject(b -> b.bucket(BUCKET).key(key)).join();
      return true;
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(NoSuchKeyException.class);
      return false;
    }
  }

  @Test
  void whatIsNotHarmedGoesThrough() {
    put("through");
    assertThat(get()).isEqualTo(content);
    assertThat(client.listObjectsV2(b -> b.bucket(BUCKET)).join().contents()).isNotEmpty();
    assertThat(proxy.seen(Operation.PUT_OBJECT)).isOne();
    assertThat(proxy.seen(Operation.GET_OBJECT)).isOne();
    assertThat(proxy.seen(Operation.BUCKET)).isOne();
  }

  @Test
  void uploadsInPartsAreToldApart() {
    String upload =
        client.createMultipartUpload(b -> b.bucket(BUCKET).key("parts")).join().uploadId();
    String tag =
        client
            .uploadPart(
                b -> b.bucket(BUCKET).key("parts").uploadId(upload).partNumber(1),
                AsyncRequestBody.fromBytes(content))
            .join()
            .eTag();
    assertThat(client.listMultipartUploads(b -> b.bucket(BUCKET)).join().uploads()).hasSize(1);
    assertThat(client.listParts(b -> b.bucket(BUCKET).key("parts").uploadId(upload)).join().parts())
        .hasSize(1);
    CompletedPart part = CompletedPart.builder().partNumber(1).eTag(tag).build();
    client
        .completeMultipartUpload(b ->
            b.bucket(BUCKET)
                .key("parts")
                .uploadId(upload)
                .multipartUpload(m -> m.parts(List.of(part))))
        .join();
    String second =
        client.createMultipartUpload(b -> b.bucket(BUCKET).key("parts")).join().uploadId();
    client.abortMultipartUpload(b -> b.bucket(BUCKET).key("parts").uploadId(second)).join();
    client.headObject(b -> b.bucket(BUCKET).key("parts")).join();
    client.deleteObject(b -> b.bucket(BUCKET).key("parts")).join();
    for (Operation each : Operation.values()) {
      long times =
          switch (each) {
            case CREATE_UPLOAD -> 2;
            case UPLOAD_PART, LIST_UPLOADS, LIST_PARTS, COMPLETE_UPLOAD -> 1;
            case ABORT_UPLOAD, HEAD_OBJECT, DELETE_OBJECT -> 1;
            default -> 0;
          };
      assertThat(proxy.seen(each)).as(each.name()).isEqualTo(times);
    }
  }

  @Test
  void tlsGoesThrough() {
    try (FaultProxy tls = FaultProxy.https(s3, request -> Fault.NONE);
        S3AsyncClient secure = connect(tls.endpoint())) {
      byte[] got =
          secure
              .getObject(b -> b.bucket(BUCKET).key("there"), AsyncResponseTransformer.toBytes())
              .join()
              .asByteArrayUnsafe();
      assertThat(got).isEqualTo(content);
      assertThat(tls.seen(Operation.GET_OBJECT)).isOne();
    }
  }

  @Test
  void answersAreTheProxysOwnAndTheServerDoesNotHear() {
    proxy.script(request -> Fault.answer(503, "SlowDown"));
    assertThatThrownBy(() -> put("answered"))
        .cause()
        .isInstanceOfSatisfying(
            S3Exception.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(503);
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo("SlowDown");
            });
    assertThat(isThere("answered")).isFalse();
    assertThat(proxy.injected(Kind.ANSWER)).isOne();
  }

  @Test
  void requestsThatAreBrokenOffFailAndLeaveNothing() {
    for (Kind kind : List.of(Kind.CUT_REQUEST, Kind.RESET_REQUEST)) {
      proxy.script(request -> Fault.at(kind, 0.5));
      assertThatThrownBy(() -> put("broken"))
          .as(kind.name())
          .hasCauseInstanceOf(SdkClientException.class);
      assertThat(proxy.injected(kind)).isOne();
      assertThat(isThere("broken")).as(kind.name()).isFalse();
    }
  }

  @Test
  void answersThatAreBrokenOffFail() {
    for (Kind kind : List.of(Kind.CUT_ANSWER, Kind.RESET_ANSWER)) {
      proxy.script(request -> Fault.at(kind, 0.9));
      assertThatThrownBy(this::get).as(kind.name()).hasCauseInstanceOf(SdkClientException.class);
      assertThat(proxy.injected(kind)).isOne();
    }
    proxy.script(request -> Fault.NONE);
    assertThat(get()).isEqualTo(content);
  }

  @Test
  void whatStallsDoesSoUntilTheClientGivesUp() {
    try (S3AsyncClient hasty = connect(proxy.endpoint(), Duration.ofMillis(500))) {
      proxy.script(request -> Fault.at(Kind.STALL_REQUEST, 0.5));
      CompletableFuture<?> put =
          hasty.putObject(
              b -> b.bucket(BUCKET).key("stalled"), AsyncRequestBody.fromBytes(content));
      assertThatThrownBy(put::join).hasCauseInstanceOf(SdkClientException.class);
      assertThat(isThere("stalled")).isFalse();
      proxy.script(request -> Fault.at(Kind.STALL_ANSWER, 0.5));
      assertThatThrownBy(() -> get(hasty)).hasCauseInstanceOf(SdkClientException.class);
    }
  }

  @Test
  void answerThatIsLostWasCarriedOut() {
    proxy.script(request -> Fault.at(Kind.LOSE_ANSWER, 0));
    assertThatThrownBy(() -> put("lost")).hasCauseInstanceOf(SdkClientException.class);
    assertThat(isThere("lost")).isTrue();
  }

  @Test
  void corruptedContentIsRefusedByTheServer() {
    CRC32 sum = new CRC32();
    sum.update(content);
    byte[] value = ByteBuffer.allocate(4).putInt((int) sum.getValue()).array();
    proxy.script(request -> Fault.at(Kind.CORRUPT_REQUEST, 0.5));
    CompletableFuture<?> put =
        client.putObject(
            b ->
                b.bucket(BUCKET)
                    .key("corrupt")
                    .checksumCRC32(Base64.getEncoder().encodeToString(value)),
            AsyncRequestBody.fromBytes(content));
    assertThatThrownBy(put::join)
        .cause()
        .isInstanceOfSatisfying(
            S3Exception.class,
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("BadDigest"));
    assertThat(isThere("corrupt")).isFalse();
  }

  @Test
  void corruptedAnswerDiffersInOneBit() {
    proxy.script(request -> Fault.at(Kind.CORRUPT_ANSWER, 0.25));
    byte[] got =
        client
            .getObject(
                b -> b.bucket(BUCKET).key("there").range("bytes=0-999999"),
                AsyncResponseTransformer.toBytes())
            .join()
            .asByteArrayUnsafe();
    byte[] expected = Arrays.copyOf(content, 1_000_000);
    assertThat(Arrays.mismatch(got, expected)).isEqualTo(250_000);
    got[250_000] ^= 0x10;
    assertThat(got).isEqualTo(expected);
  }

  @Test
  void requestsThatAreHeldGoOnWhenTold() {
    CompletableFuture<Void> signal = new CompletableFuture<>();
    CompletableFuture<Void> held = new CompletableFuture<>();
    proxy.script(request -> {
      held.complete(null);
      return Fault.hold(signal);
    });
    var head = client.headObject(b -> b.bucket(BUCKET).key("there"));
    held.join();
    assertThat(head).isNotDone();
    signal.complete(null);
    assertThat(head.join().contentLength()).isEqualTo(BYTES);
  }

  @Test
  void sameSeedSaysTheSameToTheSameRequests() {
    List<S3Request> requests = new ArrayList<>();
    for (int part = 1; part <= 50; part++) {
      requests.add(
          new S3Request(
              part, Operation.UPLOAD_PART, "PUT", "/b/k?partNumber=" + part, null, null, BYTES));
    }
    List<Fault> first = requests.stream().map(new SeededFaults(7, 40, 2)::on).toList();
    List<Fault> second = requests.reversed().stream().map(new SeededFaults(7, 40, 2)::on).toList();
    assertThat(second.reversed()).isEqualTo(first);
    assertThat(first).contains(Fault.NONE).anyMatch(fault -> fault.kind() != Kind.NONE);
  }

  @Test
  void sameRequestFailsNoMoreOftenThanSaid() {
    SeededFaults always = new SeededFaults(3, 100, 2);
    S3Request request = new S3Request(0, Operation.GET_OBJECT, "GET", "/b/k", null, null, 0);
    assertThat(always.on(request).kind()).isNotEqualTo(Kind.NONE);
    assertThat(always.on(request).kind()).isNotEqualTo(Kind.NONE);
    assertThat(always.on(request)).isEqualTo(Fault.NONE);
    assertThat(always.on(request)).isEqualTo(Fault.NONE);
  }
}
