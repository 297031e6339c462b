package io.ringwell.cli;

import io.ringwell.s3local.LocalS3;
import io.ringwell.s3local.LocalS3Options;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A server of S3 in this JVM, and runs of the command that use it. Closed it is gone, and with it
/// the keys that the command found.
final class Bucket implements AutoCloseable {
  static final String ACCESS_KEY = "an-id";
  static final String SECRET_KEY = "a-secret";

  private static final String ACCESS_PROPERTY = "aws.accessKeyId";
  private static final String SECRET_PROPERTY = "aws.secretAccessKey";

  private final LocalS3 server;

  private Bucket(LocalS3 server) {
    this.server = server;
  }

  /// Serves `s3://bucket`, which is empty.
  static Bucket open() throws IOException {
    // The SDK looks at these first: what the environment has is for somebody else.
    System.setProperty(ACCESS_PROPERTY, ACCESS_KEY);
    System.setProperty(SECRET_PROPERTY, SECRET_KEY);
    Bucket bucket = new Bucket(LocalS3.start(LocalS3Options.inMemory(ACCESS_KEY, SECRET_KEY)));
    bucket.run("mb", "s3://bucket").succeeds();
    return bucket;
  }

  URI endpoint() {
    return server.endpoint();
  }

  Run run(Object... args) {
    return withInput(new byte[0], args);
  }

  Run withInput(byte[] input, Object... args) {
    List<Object> all = new ArrayList<>(Arrays.asList(args));
    all.add(1, "--endpoint-url");
    all.add(2, endpoint());
    return Run.withInput(input, all.toArray());
  }

  @Override
  public void close() {
    System.clearProperty(ACCESS_PROPERTY);
    System.clearProperty(SECRET_PROPERTY);
    server.close();
  }
}
