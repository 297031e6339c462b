package io.ringwell.s3;

import io.ringwell.sink.Outlet;
import io.ringwell.sink.Sink;
import io.ringwell.sink.Sinks;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
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
  private final S3Settings settings;
  private final EventLoops loops;
  private final SdkAsyncHttpClient http;
  private final S3AsyncClient client;
  private final SdkCalls calls;
  private final PayloadTransport sdkTransport;

  /// Null where only the SDK gets there.
  private final @Nullable SocketSends sends;

  private final Reads reads;
  private final @Nullable Tls tls;

  private S3Store(
      S3Settings settings,
      EventLoops loops,
      SdkAsyncHttpClient http,
      S3AsyncClient client,
      SdkCalls calls,
      Reads reads,
      PayloadTransport sdkTransport,
      @Nullable SocketSends sends,
      @Nullable Tls tls) {
    this.settings = settings;
    this.loops = loops;
    this.http = http;
    this.client = client;
    this.calls = calls;
    this.sdkTransport = sdkTransport;
    this.sends = sends;
    this.reads = reads;
    this.tls = tls;
  }

  /// Finds out what the options leave open. The store is not asked yet, nor for credentials.
  ///
  /// @throws IOException where a profile or a file of certificates was named that cannot be had
  public static S3Store open(S3Options options) throws IOException {
    return open(options, System.getenv(), Clients.FIRST_PAUSE);
  }

  static S3Store open(S3Options options, Map<String, String> environment, Duration firstPause)
      throws IOException {
    return open(options, environment, firstPause, System.getProperty(Tls.PROPERTY, ""));
  }

  /// @param firstPause before a call is tried again
  /// @param whoseTls as the property says it
  static S3Store open(
      S3Options options, Map<String, String> environment, Duration firstPause, String whoseTls)
      throws IOException {
    S3Settings settings = S3Settings.find(options, environment);
    EventLoops loops = new EventLoops();
    boolean made = false;
    try {
      Tls tls = settings.isPlain() ? null : Tls.find(whoseTls, settings.caFile());
      SdkAsyncHttpClient http = Clients.http(options, loops.group(), tls);
      S3AsyncClient client = Clients.s3(settings, options, http, firstPause);
      SdkCalls calls = new SdkCalls();
      Reads reads = new Reads(settings, options, environment, http, calls, tls, firstPause);
      PayloadTransport sdkTransport = new NettyTransport(client, calls, loops);
      SocketSends sends =
          Sockets.areBehindProxy(environment)
              ? null
              : new SocketSends(settings, tls, options.patience(), reads.retries(), sdkTransport);
      made = true;
      return new S3Store(settings, loops, http, client, calls, reads, sdkTransport, sends, tls);
    } finally {
      if (!made) {
        loops.close();
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
        calls.await(
            () -> client.headObject(r -> r.bucket(location.bucket()).key(location.key())),
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
    return source(location, options, rangeTransport(location, options));
  }

  RangeTransport rangeTransport(S3Location location, S3ReadOptions options) {
    return reads.transport(location, options);
  }

  S3Source source(S3Location location, S3ReadOptions options, RangeTransport transport)
      throws IOException {
    location.requireKey();
    HeadObjectResponse found =
        calls.await(
            () ->
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
        new Reading(location, object.etag(), object.size(), transport, reads.retries(), checksum);
    return new S3Source(object, reading, options);
  }

  /// One page of the objects whose keys begin as `from` does.
  ///
  /// @param delimiter keys that have it behind that beginning are told as one folder; usually `/`.
  ///   Empty for every object, however deep
  /// @param next what the page before gave; null for the first
  public S3Page list(S3Location from, String delimiter, @Nullable String next) throws IOException {
    ListObjectsV2Response page =
        calls.await(
            () ->
                client.listObjectsV2(r ->
                    r.bucket(from.bucket())
                        .prefix(from.key())
                        .delimiter(delimiter.isEmpty() ? null : delimiter)
                        .continuationToken(next)),
            answer -> answer.name() != null,
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
    return calls
        .await(() -> client.listBuckets(), new S3Location("*", ""), "ListBuckets")
        .buckets()
        .stream()
        .map(bucket -> bucket.name())
        .toList();
  }

  /// A sink to an object, which takes its place when the sink is complete: until then, and where it
  /// never is, what was there before stays. Does not ask the store yet.
  ///
  /// Parts are sent from where the bytes lie, several at a time; nothing is copied on the way to
  /// the connection, where TLS encrypts into memory of its own. What is less than a part goes in
  /// one request at the end. What was not completed is removed by [Sink#close]; a process that is
  /// killed leaves an upload, which a rule of the bucket should end after some days.
  ///
  /// A write counts as one only when the store has confirmed it, with a checksum that was computed
  /// here; where its last answer is lost, what is there is looked at.
  ///
  /// @throws IOException where the options' budget has no room for one more sink
  public Sink sink(S3Location location, S3SinkOptions options) throws IOException {
    return sink(location, options, transport());
  }

  Sink sink(S3Location location, S3SinkOptions options, PayloadTransport way) throws IOException {
    location.requireKey();
    Outlet outlet = new S3Outlet(new Uploads(client, calls, location, options), way);
    long bytes = options.effectivePartBytes() * (options.partsInFlight() + 1L);
    return Sinks.to("the sink to " + location, outlet, bytes, options.budget());
  }

  PayloadTransport transport() {
    return sends == null ? sdkTransport : sends;
  }

  /// The SDK's own client alone.
  PayloadTransport sdkTransport() {
    return sdkTransport;
  }

  /// Deletes an object. One that is not there is as good as deleted: that is how S3 has it.
  public void delete(S3Location location) throws IOException {
    location.requireKey();
    calls.await(
        () -> client.deleteObject(r -> r.bucket(location.bucket()).key(location.key())),
        location,
        "DeleteObject");
  }

  /// Makes a bucket.
  ///
  /// @throws S3Exception where there is one of this name, yours or another's
  public void createBucket(String bucket) throws IOException {
    // Amazon wants to be told the region in the body, save the one that does not take it.
    boolean named = settings.endpoint() == null && !settings.region().equals("us-east-1");
    calls.await(
        () ->
            client.createBucket(r -> {
              r.bucket(bucket);
              if (named) {
                r.createBucketConfiguration(c -> c.locationConstraint(settings.region()));
              }
            }),
        new S3Location(bucket, ""),
        "CreateBucket");
  }

  /// Who encrypts: `BoringSSL`, where netty-tcnative is there, else `JDK`; `none` over http.
  public String tls() {
    return tls == null ? "none" : tls.toString();
  }

  S3AsyncClient client() {
    return client;
  }

  SdkCalls calls() {
    return calls;
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
    calls.close();
    client.close();
    if (sends != null) {
      sends.close();
    }
    reads.close();
    http.close();
    loops.close();
  }

  @Override
  public String toString() {
    return "S3Store["
        + (settings.endpoint() == null ? "Amazon's" : settings.endpoint())
        + ", "
        + settings.region()
        + ", TLS: "
        + tls()
        + "]";
  }
}
