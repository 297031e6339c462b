package io.ringwell.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
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

  static SdkAsyncHttpClient http(S3Settings settings, S3Options options, SdkEventLoopGroup loops)
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
    Path caFile = settings.caFile();
    if (caFile != null && !settings.isPlain()) {
      TrustManager[] trusted = trusting(caFile);
      http.tlsTrustManagersProvider(() -> trusted);
    }
    return http.build();
  }

  static S3AsyncClient s3(
      S3Settings settings, S3Options options, SdkAsyncHttpClient http, Duration firstPause) {
    StandardRetryStrategy retries =
        AwsRetryStrategy.standardRetryStrategy().toBuilder()
            .maxAttempts(options.attempts())
            .backoffStrategy(BackoffStrategy.exponentialDelay(firstPause, LONGEST_PAUSE))
            .throttlingBackoffStrategy(
                BackoffStrategy.exponentialDelay(firstPause.multipliedBy(10), LONGEST_PAUSE))
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

  /// What is trusted, for connections that are not the SDK's.
  static SSLContext tls(S3Settings settings) throws IOException {
    Path caFile = settings.caFile();
    try {
      if (caFile == null) {
        return SSLContext.getDefault();
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trusting(caFile), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("this JDK has no TLS: " + e.getMessage(), e);
    }
  }

  private static TrustManager[] trusting(Path caFile) throws IOException {
    try (InputStream pem = Files.newInputStream(caFile)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("ca-" + count++, certificate);
      }
      if (count == 0) {
        throw new IOException("there is no certificate in " + caFile + ": AWS_CA_BUNDLE takes PEM");
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + caFile + ", which AWS_CA_BUNDLE names", e);
    } catch (GeneralSecurityException e) {
      throw new IOException(
          caFile + " has no certificates that can be read: AWS_CA_BUNDLE takes PEM", e);
    }
  }
}
