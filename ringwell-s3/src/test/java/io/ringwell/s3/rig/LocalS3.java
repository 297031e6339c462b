package io.ringwell.s3.rig;

import io.ringwell.testkit.TestCertificates;
import java.net.URI;
import java.nio.file.Path;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;

/// A real S3 server in this process (s3proxy), on loopback, over http and https, that verifies
/// signatures and checksums. Starts in about a second; each has a store of its own.
///
/// ```java
/// try (LocalS3 s3 = LocalS3.start()) {
///   connect(s3.http(), s3.accessKey(), s3.secretKey());
/// }
/// ```
///
/// It has path-style addresses (`http://127.0.0.1:PORT/bucket/key`) and takes any region.
public final class LocalS3 implements AutoCloseable {
  private final S3Proxy server;
  private final URI http;
  private final URI https;

  private LocalS3(S3Proxy server) {
    this.server = server;
    this.http = URI.create("http://127.0.0.1:" + server.getPort());
    this.https = URI.create("https://127.0.0.1:" + server.getSecurePort());
  }

  /// With objects in memory.
  public static LocalS3 start() {
    return start("transient", new Properties());
  }

  /// With objects as files in `folder`.
  public static LocalS3 start(Path folder) {
    Properties properties = new Properties();
    properties.setProperty("jclouds.filesystem.basedir", folder.toString());
    return start("filesystem", properties);
  }

  private static LocalS3 start(String provider, Properties properties) {
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(BlobStores.create(provider, properties))
            .endpoint(URI.create("http://127.0.0.1:0"))
            .secureEndpoint(URI.create("https://127.0.0.1:0"))
            .sslContext(TestCertificates.server())
            .awsAuthentication(AuthenticationType.AWS_V4, "ringwell-access", "ringwell-secret")
            .ignoreUnknownHeaders(true)
            .stopTimeout(0)
            .build();
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("the S3 server does not start: " + e.getMessage(), e);
    }
    return new LocalS3(server);
  }

  public URI http() {
    return http;
  }

  /// Whose certificate [#authority] has signed.
  public URI https() {
    return https;
  }

  /// What to trust for [#https]: a file, in PEM.
  public Path authority() {
    return TestCertificates.certificate("ca");
  }

  public String accessKey() {
    return "ringwell-access";
  }

  public String secretKey() {
    return "ringwell-secret";
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the S3 server does not stop: " + e.getMessage(), e);
    }
  }
}
