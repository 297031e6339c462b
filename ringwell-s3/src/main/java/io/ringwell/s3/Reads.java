package io.ringwell.s3;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/// How a store's objects come in: by which way, and how often it is tried.
final class Reads implements AutoCloseable {
  private static final List<String> PROXY_PROPERTIES = List.of("http.proxyHost", "https.proxyHost");

  private static final List<String> PROXY_VARIABLES =
      List.of("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy");

  private final S3Settings settings;
  private final S3Options options;
  private final Map<String, String> environment;
  private final Retries retries;

  /// Tries nothing twice: who reads goes on where the connection ended.
  private final S3AsyncClient client;

  private final RangeTransport sdk;
  private @Nullable SocketRanges sockets;

  Reads(
      S3Settings settings,
      S3Options options,
      Map<String, String> environment,
      SdkAsyncHttpClient http,
      Duration firstPause) {
    this.settings = settings;
    this.options = options;
    this.environment = environment;
    this.retries = new Retries(options.attempts(), firstPause);
    this.client = Clients.s3(settings, options.withAttempts(1), http, firstPause);
    this.sdk = new SdkRanges(client);
  }

  Retries retries() {
    return retries;
  }

  RangeTransport transport(S3Location location, S3ReadOptions how) throws IOException {
    return how.sdkClient() || isBehindProxy() || isSpecial(location.bucket()) ? sdk : sockets();
  }

  /// Made when it is needed: not every store is read from.
  private synchronized SocketRanges sockets() throws IOException {
    if (sockets == null) {
      SSLContext tls = settings.isPlain() ? null : Clients.tls(settings);
      sockets = new SocketRanges(settings, tls, options.patience(), sdk);
    }
    return sockets;
  }

  /// As the SDK's client finds out.
  private boolean isBehindProxy() {
    return PROXY_PROPERTIES.stream().anyMatch(name -> System.getProperty(name) != null)
        || PROXY_VARIABLES.stream().anyMatch(name -> !environment.getOrDefault(name, "").isEmpty());
  }

  /// A directory bucket has sessions of its own, and an ARN is no bucket's name.
  private static boolean isSpecial(String bucket) {
    return bucket.endsWith("--x-s3") || bucket.startsWith("arn:");
  }

  @Override
  public void close() {
    client.close();
    synchronized (this) {
      if (sockets != null) {
        sockets.close();
      }
    }
  }
}
