package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInfo;

/// A server that is not in this process and not the one that the other tests have: whichever the
/// environment names as for the AWS CLI, on this machine and over http. `scripts/rgw` starts one.
/// Whoever asks for these tests without one is told so by their failure.
@Tag("server")
abstract class ServerCase extends StoreCase {
  /// Of one run: the server may keep what is in it.
  static final String BUCKET = "ringwell-" + UUID.randomUUID();

  static S3Store observer;

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

  @Override
  S3Store observer() {
    return observer;
  }

  @Override
  S3Location newTarget(TestInfo test) {
    return new S3Location(BUCKET, UUID.randomUUID() + "/with space+plus%41~ü");
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
}
