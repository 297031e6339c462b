package io.ringwell.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.ringwell.engine.Engine;
import io.ringwell.file.Durability;
import io.ringwell.s3.S3Location;
import io.ringwell.s3.S3Options;
import io.ringwell.s3.S3ReadOptions;
import io.ringwell.s3.S3SinkOptions;
import io.ringwell.s3.S3Store;
import io.ringwell.sink.FileSinkOptions;
import io.ringwell.sink.Sink;
import io.ringwell.sink.Sinks;
import io.ringwell.sink.Source;
import io.ringwell.sink.Sources;
import io.ringwell.window.AccessHint;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;
import software.amazon.awssdk.services.s3.multipart.ParallelConfiguration;
import software.amazon.awssdk.transfer.s3.S3TransferManager;

/// Moves a file to a store and back in a JVM of its own, whose figures are one contender's alone.
///
/// Arguments: `ringwell|sdk up|down ENDPOINT CA FILE WARMUP-FILE`. Prints milliseconds,
/// milliseconds of processor time, the KiB by which resident memory grew at the most, and bytes
/// allocated.
public final class S3Transfer {
  static final String BUCKET = "bench";
  private static final long PART_BYTES = 8 << 20;
  private static final int IN_FLIGHT = 4;
  private static final int WARM_UP = 2;

  private interface Mover extends AutoCloseable {
    void up(Path file, String key) throws Exception;

    void down(String key, Path file) throws Exception;

    @Override
    void close() throws IOException;
  }

  private S3Transfer() {}

  /// Twice with a smaller file, which is not counted, then once.
  public static void main(String[] arguments) throws Exception {
    boolean up = arguments[1].equals("up");
    URI endpoint = URI.create(arguments[2]);
    Path authority = Path.of(arguments[3]);
    long resident = Beside.resident("VmRSS");
    try (Mover mover =
        arguments[0].equals("sdk") ? new Sdk(endpoint) : new Ours(endpoint, authority)) {
      for (int i = 0; i < WARM_UP; i++) {
        move(mover, up, Path.of(arguments[5]));
      }
      measure(mover, up, Path.of(arguments[4]), resident);
    }
  }

  private static void move(Mover mover, boolean up, Path file) throws Exception {
    String key = String.valueOf(file.getFileName());
    if (up) {
      mover.up(file, key);
    } else {
      Path copy = Path.of(file + ".back");
      Files.deleteIfExists(copy);
      mover.down(key, copy);
    }
  }

  /// @param resident memory before there was a client, in KiB
  private static void measure(Mover mover, boolean up, Path file, long resident) throws Exception {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = threads.getTotalThreadAllocatedBytes();
    long cpu = system.getProcessCpuTime();
    long start = System.nanoTime();
    move(mover, up, file);
    long nanos = System.nanoTime() - start;
    System.out.printf(
        Locale.ROOT,
        "%d %d %d %d%n",
        nanos / 1_000_000,
        (system.getProcessCpuTime() - cpu) / 1_000_000,
        Beside.resident("VmHWM") - resident,
        threads.getTotalThreadAllocatedBytes() - allocated);
  }

  /// From windows to the parts, and from windows to the file.
  private static final class Ours implements Mover {
    private final Engine engine = Engine.open();
    private final S3Store store;

    Ours(URI endpoint, Path authority) throws IOException {
      store =
          S3Store.open(
              S3Options.defaults()
                  .withEndpoint(endpoint)
                  .withRegion("us-east-1")
                  .withCaFile(authority)
                  .withKeys(S3Server.ACCESS_KEY, S3Server.SECRET_KEY));
    }

    @Override
    public void up(Path file, String key) throws IOException {
      S3SinkOptions options =
          S3SinkOptions.defaults()
              .withPartBytes(PART_BYTES)
              .withPartsInFlight(IN_FLIGHT)
              .withExpectedBytes(Files.size(file));
      ReaderOptions reading = ReaderOptions.defaults().withHint(AccessHint.SEQUENTIAL);
      try (Source source = Sources.windows(ManagedReader.open(engine, file, reading), 0);
          Sink sink = store.sink(new S3Location(BUCKET, key), options)) {
        Sources.drain(source, sink);
      }
    }

    @Override
    public void down(String key, Path file) throws IOException {
      S3ReadOptions options = S3ReadOptions.defaults();
      ReaderOptions reading =
          ReaderOptions.defaults()
              .withHint(AccessHint.SEQUENTIAL)
              .withBounds(PART_BYTES, (IN_FLIGHT + 2) * PART_BYTES)
              .withWindowSize(PART_BYTES);
      FileSinkOptions writing = FileSinkOptions.defaults().withDurability(Durability.NONE);
      try (Source source =
              Sources.windows(
                  ManagedReader.open(
                      engine, store.source(new S3Location(BUCKET, key), options), reading),
                  0);
          Sink sink = Sinks.file(engine, file, writing)) {
        Sources.drain(source, sink);
      }
    }

    @Override
    public void close() {
      store.close();
      engine.close();
    }
  }

  /// As its users have it: the client of Java alone, parts of the same size, as many in flight. The
  /// store of this bench cannot give parts of an object, so what comes down is one stream.
  private static final class Sdk implements Mover {
    private final S3AsyncClient parts;
    private final S3AsyncClient whole;
    private final S3TransferManager uploads;
    private final S3TransferManager downloads;

    Sdk(URI endpoint) {
      parts =
          client(endpoint)
              .multipartEnabled(true)
              .multipartConfiguration(c ->
                  c.minimumPartSizeInBytes(PART_BYTES)
                      .thresholdInBytes(PART_BYTES)
                      .apiCallBufferSizeInBytes(IN_FLIGHT * PART_BYTES)
                      .parallelConfiguration(
                          ParallelConfiguration.builder().maxInFlightParts(IN_FLIGHT).build()))
              .build();
      whole = client(endpoint).build();
      uploads = S3TransferManager.builder().s3Client(parts).build();
      downloads = S3TransferManager.builder().s3Client(whole).build();
    }

    private static S3AsyncClientBuilder client(URI endpoint) {
      return S3AsyncClient.builder()
          .endpointOverride(endpoint)
          .region(Region.US_EAST_1)
          .forcePathStyle(true)
          .credentialsProvider(
              StaticCredentialsProvider.create(
                  AwsBasicCredentials.create(S3Server.ACCESS_KEY, S3Server.SECRET_KEY)))
          .httpClientBuilder(NettyNioAsyncHttpClient.builder());
    }

    @Override
    public void up(Path file, String key) {
      uploads
          .uploadFile(u -> u.source(file).putObjectRequest(r -> r.bucket(BUCKET).key(key)))
          .completionFuture()
          .join();
    }

    @Override
    public void down(String key, Path file) {
      downloads
          .downloadFile(d -> d.destination(file).getObjectRequest(r -> r.bucket(BUCKET).key(key)))
          .completionFuture()
          .join();
    }

    @Override
    public void close() {
      uploads.close();
      downloads.close();
      parts.close();
      whole.close();
    }
  }
}
