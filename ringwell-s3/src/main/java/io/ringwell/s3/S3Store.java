package io.ringwell.s3;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/// A store that speaks S3: Amazon's, or any other. Open one and share it: it holds the connections.
///
/// **Threads.** All methods may be called from any thread. They park until the store has answered;
/// a virtual thread unmounts. An interrupt ends the wait with [java.io.InterruptedIOException].
///
/// **Errors.** What the store refuses, and what does not reach it, is an [S3Exception], after as
/// many attempts as [S3Options] say.
///
/// ```java
/// try (S3Store store = S3Store.open(S3Options.defaults())) {
///   S3Object object = store.head(S3Location.parse("s3://bucket/key"));
/// }
/// ```
public final class S3Store implements AutoCloseable {
  /// Two are enough for what two cores can encrypt, and no more than there are processors.
  private static final int LOOPS = Math.min(4, Runtime.getRuntime().availableProcessors());

  private static final List<String> PROXIES =
      List.of("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy");

  private final S3Settings settings;
  private final SdkEventLoopGroup loops;
  private final SdkAsyncHttpClient http;
  private final S3AsyncClient client;

  /// Tries nothing twice: who reads goes on where the connection ended.
  private final S3AsyncClient reads;

  private final Retries retries;
  private final S3Options options;
  private final Map<String, String> environment;
  private @Nullable SocketRanges sockets;

  private S3Store(
      S3Settings settings,
      SdkEventLoopGroup loops,
      SdkAsyncHttpClient http,
      S3AsyncClient client,
      S3AsyncClient reads,
      Retries retries,
      S3Options options,
      Map<String, String> environment) {
    this.settings = settings;
    this.loops = loops;
    this.http = http;
    this.client = client;
    this.reads = reads;
    this.retries = retries;
    this.options = options;
    this.environment = environment;
  }

  /// Finds out what the options leave open. The store is not asked yet, nor for credentials.
  ///
  /// @throws IOException where a profile or a file of certificates was named that cannot be had
  public static S3Store open(S3Options options) throws IOException {
    return open(options, System.getenv(), Clients.FIRST_PAUSE);
  }

  /// @param firstPause before a call is tried again
  static S3Store open(S3Options options, Map<String, String> environment, Duration firstPause)
      throws IOException {
    S3Settings settings = S3Settings.find(options, environment);
    SdkEventLoopGroup loops = SdkEventLoopGroup.builder().numberOfThreads(LOOPS).build();
    boolean made = false;
    try {
      SdkAsyncHttpClient http = Clients.http(settings, options, loops);
      S3AsyncClient client = Clients.s3(settings, options, http, firstPause);
      S3AsyncClient reads = Clients.s3(settings, options.withAttempts(1), http, firstPause);
      made = true;
      Retries retries = new Retries(options.attempts(), firstPause);
      return new S3Store(settings, loops, http, client, reads, retries, options, environment);
    } finally {
      if (!made) {
        shutDown(loops);
      }
    }
  }

  /// What is known of an object.
  ///
  /// @throws S3Exception where there is none, which [S3Exception#isMissing] says, or it may not be
  ///   seen
  public S3Object head(S3Location location) throws IOException {
    location.requireKey();
    HeadObjectResponse found =
        Waiting.await(
            client.headObject(r -> r.bucket(location.bucket()).key(location.key())),
            location,
            "HeadObject");
    return object(location, found);
  }

  private static S3Object object(S3Location location, HeadObjectResponse found) {
    return new S3Object(
        location,
        found.contentLength() == null ? 0 : found.contentLength(),
        orEmpty(found.eTag()),
        orEpoch(found.lastModified()),
        orEmpty(found.contentType()),
        found.metadata());
  }

  /// Opens an object to be read: asks the store what there is, once.
  ///
  /// @return to be closed, or given to a reader, which closes it
  /// @throws S3Exception where there is no such object, or it may not be seen
  public S3Source source(S3Location location, S3ReadOptions options) throws IOException {
    RangeTransport sdk = new SdkRanges(reads);
    boolean plain = !options.sdkClient() && !isBehindProxy() && !isSpecial(location.bucket());
    return source(location, options, plain ? sockets(sdk) : sdk);
  }

  /// Made when it is needed: not every store is read from.
  private synchronized SocketRanges sockets(RangeTransport sdk) throws IOException {
    if (sockets == null) {
      sockets = new SocketRanges(settings, Clients.tls(settings), options.patience(), sdk);
    }
    return sockets;
  }

  /// As the SDK's client finds out.
  private boolean isBehindProxy() {
    for (String property : List.of("http.proxyHost", "https.proxyHost")) {
      if (System.getProperty(property) != null) {
        return true;
      }
    }
    return PROXIES.stream().anyMatch(name -> !environment.getOrDefault(name, "").isEmpty());
  }

  /// A directory bucket has sessions of its own, and an ARN is no bucket's name.
  private static boolean isSpecial(String bucket) {
    return bucket.endsWith("--x-s3") || bucket.startsWith("arn:");
  }

  S3Source source(S3Location location, S3ReadOptions options, RangeTransport transport)
      throws IOException {
    location.requireKey();
    HeadObjectResponse found =
        Waiting.await(
            client.headObject(r -> {
              r.bucket(location.bucket()).key(location.key());
              if (options.verify()) {
                r.checksumMode(ChecksumMode.ENABLED);
              }
            }),
            location,
            "HeadObject");
    S3Object object = object(location, found);
    WholeChecksum checksum = options.verify() ? S3Source.checksum(found) : null;
    Reading reading =
        new Reading(location, object.etag(), object.size(), transport, retries, checksum);
    return new S3Source(object, reading, options);
  }

  /// One page of the objects whose keys begin as `from` does.
  ///
  /// @param delimiter keys that have it behind that beginning are told as one folder; usually `/`.
  ///   Empty for every object, however deep
  /// @param next what the page before gave; null for the first
  public S3Page list(S3Location from, String delimiter, @Nullable String next) throws IOException {
    ListObjectsV2Response page =
        Waiting.await(
            client.listObjectsV2(r ->
                r.bucket(from.bucket())
                    .prefix(from.key())
                    .delimiter(delimiter.isEmpty() ? null : delimiter)
                    .continuationToken(next)),
            from,
            "ListObjectsV2");
    List<S3Object> objects =
        page.contents().stream()
            .map(found ->
                new S3Object(
                    from.withKey(found.key()),
                    found.size(),
                    orEmpty(found.eTag()),
                    orEpoch(found.lastModified()),
                    "",
                    Map.of()))
            .toList();
    List<S3Location> folders =
        page.commonPrefixes().stream().map(prefix -> from.withKey(prefix.prefix())).toList();
    boolean more = Boolean.TRUE.equals(page.isTruncated());
    return new S3Page(objects, folders, more ? page.nextContinuationToken() : null);
  }

  /// The names of the buckets that these credentials have.
  public List<String> buckets() throws IOException {
    return Waiting.await(client.listBuckets(), new S3Location("*", ""), "ListBuckets")
        .buckets()
        .stream()
        .map(bucket -> bucket.name())
        .toList();
  }

  /// Deletes an object. One that is not there is as good as deleted: that is how S3 has it.
  public void delete(S3Location location) throws IOException {
    location.requireKey();
    Waiting.await(
        client.deleteObject(r -> r.bucket(location.bucket()).key(location.key())),
        location,
        "DeleteObject");
  }

  /// Makes a bucket.
  ///
  /// @throws S3Exception where there is one of this name, yours or another's
  public void createBucket(String bucket) throws IOException {
    // Amazon wants to be told the region in the body, save the one that does not take it.
    boolean named = settings.endpoint() == null && !settings.region().equals("us-east-1");
    Waiting.await(
        client.createBucket(r -> {
          r.bucket(bucket);
          if (named) {
            r.createBucketConfiguration(c -> c.locationConstraint(settings.region()));
          }
        }),
        new S3Location(bucket, ""),
        "CreateBucket");
  }

  S3AsyncClient client() {
    return client;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static Instant orEpoch(@Nullable Instant moment) {
    return moment == null ? Instant.EPOCH : moment;
  }

  /// Closes the connections. What is under way fails.
  @Override
  public void close() {
    client.close();
    reads.close();
    synchronized (this) {
      if (sockets != null) {
        sockets.close();
      }
    }
    http.close();
    shutDown(loops);
  }

  private static void shutDown(SdkEventLoopGroup loops) {
    loops.eventLoopGroup().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Override
  public String toString() {
    return "S3Store["
        + (settings.endpoint() == null ? "Amazon's" : settings.endpoint())
        + ", "
        + settings.region()
        + "]";
  }
}
