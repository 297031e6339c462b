package io.ringwell.s3;

import io.ringwell.s3.rig.LocalS3;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInfo;

/// A server in this process, and a bucket in it.
abstract class SinkCase extends StoreCase {
  static final String BUCKET = "bucket";

  static final Duration FIRST_PAUSE = Duration.ofMillis(1);

  private static final AtomicInteger COUNT = new AtomicInteger();

  static LocalS3 server;

  /// To the server itself, over http.
  private static S3Store observer;

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

  @Override
  S3Store observer() {
    return observer;
  }

  @Override
  S3Location newTarget(TestInfo test) {
    String name = test.getDisplayName().replaceAll("[^a-zA-Z0-9]", "-");
    return new S3Location(BUCKET, name + "/" + COUNT.incrementAndGet());
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
}
