package io.ringwell.s3;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedGetObjectRequest;

/// Requests for ranges, signed by the SDK, as text.
final class RangeSigner implements AutoCloseable {
  /// Of a signature, which is used at once: room for clocks that differ.
  private static final Duration GOOD_FOR = Duration.ofMinutes(15);

  private final S3Presigner signer;

  RangeSigner(S3Settings settings) {
    S3Presigner.Builder builder =
        S3Presigner.builder()
            .region(Region.of(settings.region()))
            .credentialsProvider(settings.credentials())
            .serviceConfiguration(
                S3Configuration.builder().pathStyleAccessEnabled(settings.pathStyle()).build());
    if (settings.endpoint() != null) {
      builder.endpointOverride(settings.endpoint());
    }
    signer = builder.build();
  }

  /// @param to scheme, host and port
  /// @param text the head, of which the empty line is the end
  record Signed(URI to, ByteBuffer text) {
    int port() {
      return to.getPort() >= 0 ? to.getPort() : isSecure() ? 443 : 80;
    }

    boolean isSecure() {
      return "https".equalsIgnoreCase(to.getScheme());
    }
  }

  /// May wait for credentials.
  Signed sign(RangeTransport.Ask what) {
    PresignedGetObjectRequest signed =
        signer.presignGetObject(p ->
            p.signatureDuration(GOOD_FOR)
                .getObjectRequest(r ->
                    r.bucket(what.location().bucket())
                        .key(what.location().key())
                        .range(what.header())
                        .ifMatch(what.etag().isEmpty() ? null : what.etag())));
    URI uri = signed.httpRequest().getUri();
    StringBuilder head = new StringBuilder(1024);
    head.append("GET ").append(uri.getRawPath()).append('?').append(uri.getRawQuery());
    head.append(" HTTP/1.1\r\n");
    for (Map.Entry<String, List<String>> header : signed.signedHeaders().entrySet()) {
      for (String value : header.getValue()) {
        head.append(header.getKey()).append(": ").append(value).append("\r\n");
      }
    }
    head.append("Accept-Encoding: identity\r\nUser-Agent: ringwell\r\n\r\n");
    return new Signed(uri, ByteBuffer.wrap(head.toString().getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Override
  public void close() {
    signer.close();
  }
}
