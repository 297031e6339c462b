package io.ringwell.s3;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.IoBuffer;
import io.ringwell.window.WindowSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/// An object to be read: by windows, as any [WindowSource], or many ranges in one call. From
/// [S3Store#source].
///
/// ```java
/// S3Source source = store.source(S3Location.parse("s3://bucket/key"), S3ReadOptions.defaults());
/// try (ManagedReader reader = io.reader(source, ReaderOptions.defaults())) {
///   reader.await(0); // the reader closes the source
/// }
/// ```
///
/// **One version.** Every request asks for the object as it was when it was opened (`If-Match`),
/// and what is sent is compared with it: one that is replaced meanwhile is an error, and never a
/// mixture. That goes for stores that ignore the header, too.
///
/// **Connections that end** are not an error: the request is made again, for what is still to come,
/// as often in a row without progress as [S3Options#attempts] says.
///
/// **Checksum.** Where the store keeps a CRC of the whole object ([S3Checksum]), it is computed
/// from what arrives, in whatever order. Where they differ, the read that brings the last byte
/// fails, and every one after it; [#isVerified] says that they do not.
///
/// **Copies.** The SDK signs the requests; the bytes come over connections of Ringwell's own. Over
/// http the kernel writes them to where they belong, save up to 1 KiB of each request that comes
/// with the answer's head; over https TLS copies them twice. By the SDK's client
/// ([S3ReadOptions#withSdkClient]) it is two copies: its own into an array for each chunk, and that
/// array's into the pool's memory. `CopyCounter` counts all of them.
///
/// **Proxies.** Where one is set up, by system properties or in the environment, the SDK's client
/// is used, since it knows them; for directory buckets, access by ARN, and buckets in other
/// regions, too.
///
/// **Threads.** Any, for all methods. Reads do not wait: each request under way has a thread of the
/// store's, at most 64 of them.
public final class S3Source implements WindowSource {
  /// What a request to a store in the same region takes until its first byte.
  private static final long LATENCY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final S3Object object;
  private final Reading reading;
  private final S3ReadOptions options;
  private final Set<RangeGroup> live = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  S3Source(S3Object object, Reading reading, S3ReadOptions options) {
    this.object = object;
    this.reading = reading;
    this.options = options;
  }

  /// The CRC of the whole object, where the store says one.
  static @Nullable WholeChecksum checksum(HeadObjectResponse head) {
    if (head.checksumType() != null && head.checksumType() != ChecksumType.FULL_OBJECT) {
      return null;
    }
    for (Crc kind : Crc.values()) {
      Long value = kind.parse(kind.of(head));
      if (value != null) {
        return new WholeChecksum(head.contentLength(), kind, value);
      }
    }
    return null;
  }

  /// What is summed up of what arrives; null for nothing.
  @Nullable Crc sum() {
    return reading.sum();
  }

  /// What the store said of it when it was opened.
  public S3Object object() {
    return object;
  }

  /// Whether every byte was read, and all together are what was stored, by its CRC. False where the
  /// store keeps none of the whole object, or [S3ReadOptions] do not ask for it.
  public boolean isVerified() {
    return reading.checksum() != null && reading.checksum().isVerified();
  }

  @Override
  public String name() {
    return object.location().toString();
  }

  @Override
  public long size() {
    return object.size();
  }

  /// It is: see above.
  @Override
  public boolean isImmutable() {
    return true;
  }

  @Override
  public long windowBytes() {
    return options.rangeBytes();
  }

  @Override
  public long latencyNanos() {
    return LATENCY_NANOS;
  }

  @Override
  public void read(long position, IoBuffer into, long length, Completion done) {
    long bytes = Math.clamp(object.size() - position, 0, length);
    List<RangeGroup.Fetch> fetches = new ArrayList<>();
    for (long at = 0; at < bytes; at += options.rangeBytes()) {
      long some = Math.min(options.rangeBytes(), bytes - at);
      long from = position + at;
      List<Landing.Piece> piece =
          List.of(new Landing.Piece(from, into.segment().asSlice(at, some)));
      Landing landing = new Landing(from, from + some, piece, reading.sum());
      fetches.add(new RangeGroup.Fetch(from, from + some, landing));
    }
    start(
        fetches,
        failure -> {
          if (failure == null) {
            done.complete(bytes);
          } else {
            done.fail(failure);
          }
        });
  }

  /// Reads many ranges, and parks until all are there. Ranges near each other share a request,
  /// those longer than [S3ReadOptions#rangeBytes] are several, and several are under way at once.
  /// What lies beyond the object's end is left out.
  ///
  /// @param pool where the memory is from: as much as all ranges together, at once
  /// @return one chain for each range, in the same order; the caller closes them. Ranges that
  ///   overlap share memory
  /// @throws IOException where the pool has not so much memory now, or the store fails
  public List<BytesChain> read(List<S3Range> ranges, BufferPool pool) throws IOException {
    ManyRanges many = ManyRanges.of(object.location(), ranges, object.size(), options, pool);
    CompletableFuture<List<BytesChain>> result = new CompletableFuture<>();
    RangeGroup group = start(many, result);
    try {
      return result.get();
    } catch (InterruptedException e) {
      InterruptedIOException why =
          new InterruptedIOException("interrupted: read of " + object.location());
      group.cancel(why);
      // The memory must be let go of before anybody hears that it is over.
      result.handle((chains, failure) -> release(chains)).join();
      Thread.currentThread().interrupt();
      throw why;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    }
  }

  private static int release(@Nullable List<BytesChain> chains) {
    if (chains != null) {
      chains.forEach(BytesChain::close);
    }
    return 0;
  }

  /// The same without waiting.
  public CompletionStage<List<BytesChain>> readAsync(List<S3Range> ranges, BufferPool pool) {
    CompletableFuture<List<BytesChain>> result = new CompletableFuture<>();
    try {
      start(ManyRanges.of(object.location(), ranges, object.size(), options, pool), result);
    } catch (IOException e) {
      result.completeExceptionally(e);
    }
    return result;
  }

  private RangeGroup start(ManyRanges many, CompletableFuture<List<BytesChain>> result) {
    return start(
        many.fetches(reading.sum()),
        failure -> {
          if (failure == null) {
            result.complete(many.take());
          } else {
            many.abandon();
            result.completeExceptionally(failure);
          }
        });
  }

  private RangeGroup start(List<RangeGroup.Fetch> fetches, Consumer<@Nullable IOException> end) {
    RangeGroup[] self = new RangeGroup[1];
    RangeGroup group =
        new RangeGroup(
            reading,
            fetches,
            options.inFlight(),
            failure -> {
              live.remove(self[0]);
              end.accept(failure);
            });
    self[0] = group;
    live.add(group);
    IOException broken = closed ? isClosed() : reading.broken();
    if (broken != null) {
      group.cancel(broken);
    }
    group.start();
    return group;
  }

  private IOException isClosed() {
    return new IOException("read of " + object.location() + ": it is closed");
  }

  /// Ends what is under way, without waiting for it.
  @Override
  public void close() {
    closed = true;
    live.forEach(group -> group.cancel(isClosed()));
  }

  @Override
  public String toString() {
    return "S3Source[" + name() + ", " + object.size() + " bytes]";
  }
}
