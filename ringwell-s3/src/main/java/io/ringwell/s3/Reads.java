package io.ringwell.s3;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/// How a store's objects come in: by which way, and how often it is tried.
final class Reads implements AutoCloseable {
  private final S3Settings settings;
  private final S3Options options;
  private final Map<String, String> environment;
  private final @Nullable Tls tls;
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
      SdkCalls calls,
      @Nullable Tls tls,
      Duration firstPause) {
    this.settings = settings;
    this.options = options;
    this.environment = environment;
    this.tls = tls;
    this.retries = new Retries(options.attempts(), firstPause);
    this.client = Clients.s3(settings, options.withAttempts(1), http, firstPause);
    this.sdk = new SdkRanges(client, calls);
  }

  Retries retries() {
    return retries;
  }

  RangeTransport transport(S3Location location, S3ReadOptions how) {
    boolean own =
        !how.sdkClient()
            && !Sockets.areBehindProxy(environment)
            && Sockets.reach(location.bucket());
    return own ? sockets() : sdk;
  }

  /// Made when it is needed: not every store is read from.
  private synchronized SocketRanges sockets() {
    if (sockets == null) {
      sockets = new SocketRanges(settings, tls, options.patience(), sdk);
    }
    return sockets;
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
