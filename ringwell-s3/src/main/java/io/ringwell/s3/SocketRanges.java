package io.ringwell.s3;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;

/// Ranges over connections of one's own: the SDK signs, and the kernel writes to where the bytes
/// belong.
///
/// **Copies.** Over http none in user memory, save what came in one piece with an answer's head, at
/// most 1 KiB a request; over https the JDK's own. All are counted.
///
/// A bucket in another region than the store was opened for is left to the SDK's client, which
/// follows there.
final class SocketRanges implements RangeTransport, AutoCloseable {
  private final RangeSigner signer;
  private final Wires wires;
  private final SocketThreads threads = new SocketThreads();
  private final Duration patience;
  private final RangeTransport otherwise;
  private final Set<String> elsewhere = ConcurrentHashMap.newKeySet();
  private final Set<SocketCall> live = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("ringwell-s3-clock").factory());

  /// @param tls null where the store is spoken to without
  /// @param patience how long a store may be silent
  /// @param otherwise for buckets that are elsewhere
  SocketRanges(
      S3Settings settings, @Nullable SSLContext tls, Duration patience, RangeTransport otherwise) {
    this.signer = new RangeSigner(settings);
    this.wires = new Wires(tls);
    this.patience = patience;
    this.otherwise = otherwise;
    clock.setRemoveOnCancelPolicy(true);
  }

  @Override
  public Call fetch(Ask what, Receiver into) {
    if (elsewhere.contains(what.location().bucket())) {
      return otherwise.fetch(what, into);
    }
    SocketCall call = new SocketCall(this, what, into);
    live.add(call);
    try {
      threads.execute(call);
    } catch (RejectedExecutionException e) {
      live.remove(call);
      throw SdkClientException.create("the store was closed", e);
    }
    if (closed) {
      call.storeCloses();
    }
    return call;
  }

  Call fetchElsewhere(Ask what, Receiver into) {
    elsewhere.add(what.location().bucket());
    return otherwise.fetch(what, into);
  }

  void ended(SocketCall call) {
    live.remove(call);
  }

  RangeSigner signer() {
    return signer;
  }

  Wires wires() {
    return wires;
  }

  SocketThreads threads() {
    return threads;
  }

  Duration patience() {
    return patience;
  }

  Future<?> after(long nanos, Runnable look) {
    try {
      return clock.schedule(look, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException("the store is closed", e);
    }
  }

  /// Ends all connections. Calls under way fail.
  @Override
  public void close() {
    closed = true;
    live.forEach(SocketCall::storeCloses);
    threads.close();
    clock.shutdownNow();
    wires.close();
    signer.close();
  }
}
