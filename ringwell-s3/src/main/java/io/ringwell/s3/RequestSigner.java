package io.ringwell.s3;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.presigner.PresignedRequest;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/// Requests that carry payload, one way or the other, signed by the SDK, as text. The payload
/// itself is not signed: its checksum is a header, which is.
final class RequestSigner implements AutoCloseable {
  /// Of a signature, which is used at once: room for clocks that differ.
  private static final Duration GOOD_FOR = Duration.ofMinutes(15);

  private static final String SIGNED_HEADERS = "X-Amz-SignedHeaders";

  /// What it adds to the query.
  private static final List<String> OF_A_SIGNATURE =
      List.of(
          "X-Amz-Algorithm",
          "X-Amz-Credential",
          "X-Amz-Date",
          "X-Amz-Expires",
          "X-Amz-Security-Token",
          "X-Amz-Signature",
          SIGNED_HEADERS);

  private final S3Presigner signer;
  private final AwsV4HttpSigner byAnyClock = AwsV4HttpSigner.create();
  private final AwsCredentialsProvider credentials;
  private final String region;
  private final StoreClock clock = new StoreClock();

  RequestSigner(S3Settings settings) {
    credentials = settings.credentials();
    region = settings.region();
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
  /// @param moment of the signature, by the clock that it was made by
  record Signed(URI to, ByteBuffer text, Instant moment) {
    int port() {
      return to.getPort() >= 0 ? to.getPort() : isSecure() ? 443 : 80;
    }

    boolean isSecure() {
      return "https".equalsIgnoreCase(to.getScheme());
    }
  }

  /// By which it signs.
  StoreClock clock() {
    return clock;
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
  private Signed text(PresignedRequest signed, String more) {
    Duration ahead = clock.ahead();
    Instant moment = Instant.now().plus(ahead);
    SdkHttpRequest request = signed.httpRequest();
    Set<String> names = signed.signedHeaders().keySet();
    if (!ahead.isZero()) {
      request = signAnew(request, moment);
      names =
          Set.of(request.firstMatchingRawQueryParameter(SIGNED_HEADERS).orElseThrow().split(";"));
    }
    URI uri = request.getUri();
    StringBuilder head = new StringBuilder(1024);
    head.append(request.method()).append(' ');
    head.append(uri.getRawPath()).append('?').append(uri.getRawQuery());
    head.append(" HTTP/1.1\r\n");
    for (String name : names) {
      for (String value : request.matchingHeaders(name)) {
        head.append(name).append(": ").append(value).append("\r\n");
      }
    }
    head.append(more).append("User-Agent: ringwell\r\n\r\n");
    return new Signed(
        uri, ByteBuffer.wrap(head.toString().getBytes(StandardCharsets.ISO_8859_1)), moment);
  }

  /// The presigner knows no clock but this machine's. What it has signed is signed once more, just
  /// as it does, by another one.
  private SdkHttpRequest signAnew(SdkHttpRequest signed, Instant moment) {
    SdkHttpRequest.Builder bare = signed.toBuilder();
    OF_A_SIGNATURE.forEach(bare::removeQueryParameter);
    return byAnyClock
        .sign(r ->
            r.identity(credentials.resolveCredentials())
                .request(bare.build())
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, GOOD_FOR)
                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(moment, ZoneOffset.UTC)))
        .request();
  }

  @Override
  public void close() {
    signer.close();
  }
}
