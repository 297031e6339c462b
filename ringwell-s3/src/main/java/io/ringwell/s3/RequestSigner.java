package io.ringwell.s3;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.awscore.presigner.PresignedRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/// Requests that carry payload, one way or the other, signed by the SDK, as text. The payload
/// itself is not signed: its checksum is a header, which is.
final class RequestSigner implements AutoCloseable {
  /// Of a signature, which is used at once: room for clocks that differ.
  private static final Duration GOOD_FOR = Duration.ofMinutes(15);

  private final S3Presigner signer;

  RequestSigner(S3Settings settings) {
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

  /// For a range. May wait for credentials.
  Signed sign(RangeTransport.Ask what) {
    return text(
        signer.presignGetObject(p ->
            p.signatureDuration(GOOD_FOR)
                .getObjectRequest(r ->
                    r.bucket(what.location().bucket())
                        .key(what.location().key())
                        .range(what.header())
                        .ifMatch(what.etag().isEmpty() ? null : what.etag()))),
        "Accept-Encoding: identity\r\n");
  }

  /// For a part, or for the whole object. May wait for credentials.
  ///
  /// @param size of the body, in bytes
  /// @param expecting whether the store is to say that it wants the body before it is sent
  Signed sign(PayloadTransport.Outgoing what, long size, boolean expecting) {
    PayloadTransport.Part part = what.part();
    PresignedRequest signed =
        part == null
            ? signer.presignPutObject(
                p -> p.signatureDuration(GOOD_FOR).putObjectRequest(what.asObject(size)))
            : signer.presignUploadPart(
                p -> p.signatureDuration(GOOD_FOR).uploadPartRequest(what.asPart(part, size)));
    return text(signed, expecting ? "Expect: 100-continue\r\n" : "");
  }

  /// @param more headers that need no signature
  private static Signed text(PresignedRequest signed, String more) {
    URI uri = signed.httpRequest().getUri();
    StringBuilder head = new StringBuilder(1024);
    head.append(signed.httpRequest().method()).append(' ');
    head.append(uri.getRawPath()).append('?').append(uri.getRawQuery());
    head.append(" HTTP/1.1\r\n");
    for (Map.Entry<String, List<String>> header : signed.signedHeaders().entrySet()) {
      for (String value : header.getValue()) {
        head.append(header.getKey()).append(": ").append(value).append("\r\n");
      }
    }
    head.append(more).append("User-Agent: ringwell\r\n\r\n");
    return new Signed(uri, ByteBuffer.wrap(head.toString().getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Override
  public void close() {
    signer.close();
  }
}
