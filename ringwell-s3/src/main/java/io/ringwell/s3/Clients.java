package io.ringwell.s3;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Duration;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;

/// Sets the SDK up: one Netty client, and the S3 client on it.
final class Clients {
  /// Payloads wait for their turn before ([NettyTransport]): these are for them, and for the short
  /// calls beside them.
  private static final int MOST_CONNECTIONS = 4 * NettyTransport.MOST_AT_ONCE;

  private static final Duration MOST_CONNECTING = Duration.ofSeconds(10);

  /// For a connection, its TLS, and a turn of the short calls. The pool may lose a request for one,
  /// which ends only by this.
  private static final Duration MOST_ACQUIRING = Duration.ofSeconds(30);

  /// The SDK's own figures: a first pause of up to 100 ms, of up to 1 s where the store says that
  /// it has too much to do, doubled each time.
  static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);

  private Clients() {}

  /// @param tls null where the store is spoken to without
  static SdkAsyncHttpClient http(S3Options options, SdkEventLoopGroup loops, @Nullable Tls tls)
      throws IOException {
    NettyNioAsyncHttpClient.Builder http =
        NettyNioAsyncHttpClient.builder()
            .eventLoopGroup(loops)
            .maxConcurrency(MOST_CONNECTIONS)
            .maxPendingConnectionAcquires(Integer.MAX_VALUE)
            .connectionAcquisitionTimeout(MOST_ACQUIRING)
            .connectionTimeout(MOST_CONNECTING)
            .readTimeout(options.patience())
            .writeTimeout(options.patience());
    if (tls != null) {
      http.sslProvider(tls.provider());
      TrustManager[] trusted = tls.trustManagers();
      if (trusted != null) {
        http.tlsTrustManagersProvider(() -> trusted);
      }
    }
    return http.build();
  }

  /// Whether a connection broke, however deep the SDK and Netty have wrapped that: they themselves
  /// look one cause deep. A record that was damaged on the way is as good as a connection that was
  /// cut. A certificate stays what it is.
  private static boolean isBroken(Throwable failure) {
    boolean broken = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return false;
      }
      broken |= cause instanceof IOException;
    }
    return broken;
  }

  static S3AsyncClient s3(
      S3Settings settings, S3Options options, SdkAsyncHttpClient http, Duration firstPause) {
    StandardRetryStrategy retries =
        AwsRetryStrategy.standardRetryStrategy().toBuilder()
            .maxAttempts(options.attempts())
            .backoffStrategy(BackoffStrategy.exponentialDelay(firstPause, LONGEST_PAUSE))
            .throttlingBackoffStrategy(
                BackoffStrategy.exponentialDelay(firstPause.multipliedBy(10), LONGEST_PAUSE))
            .retryOnException(Clients::isBroken)
            .retryOnException(e -> Retries.SAID_TO_BE_DAMAGED.contains(Failures.code(e)))
            // A bucket of tokens that all calls share would fail one for the sake of others.
            .circuitBreakerEnabled(false)
            .build();
    S3AsyncClientBuilder s3 =
        S3AsyncClient.builder()
            .httpClient(http)
            .region(Region.of(settings.region()))
            .credentialsProvider(settings.credentials())
            .forcePathStyle(settings.pathStyle())
            // Checksums are Ringwell's to compute: the SDK's own copy the body.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .overrideConfiguration(
                c -> c.retryStrategy(retries).addExecutionInterceptor(new Attempts()));
    if (settings.endpoint() != null) {
      s3.endpointOverride(settings.endpoint());
    } else {
      s3.crossRegionAccessEnabled(true);
    }
    return s3.build();
  }
}
