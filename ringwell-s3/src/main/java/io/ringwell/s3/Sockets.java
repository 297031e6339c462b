package io.ringwell.s3;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A store's own connections one way, the threads that block in them, who signs, and a clock.
final class Sockets implements AutoCloseable {
  private static final List<String> PROXY_PROPERTIES = List.of("http.proxyHost", "https.proxyHost");

  private static final List<String> PROXY_VARIABLES =
      List.of("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy");

  private final RequestSigner signer;
  private final Wires wires;
  private final SocketThreads threads = new SocketThreads();
  private final Duration patience;
  private final Set<SocketWork> live = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("ringwell-s3-clock").factory());

  /// @param tls null where the store is spoken to without
  /// @param patience how long a store may be silent
  Sockets(S3Settings settings, @Nullable Tls tls, Duration patience) {
    this.signer = new RequestSigner(settings);
    this.wires = new Wires(tls);
    this.patience = patience;
    clock.setRemoveOnCancelPolicy(true);
  }

  /// Whether there is a proxy to be asked, as the SDK's client finds out and then does.
  static boolean areBehindProxy(Map<String, String> environment) {
    return PROXY_PROPERTIES.stream().anyMatch(name -> System.getProperty(name) != null)
        || PROXY_VARIABLES.stream().anyMatch(name -> !environment.getOrDefault(name, "").isEmpty());
  }

  /// Not a directory bucket, which has sessions of its own, nor an ARN, which is no bucket's name.
  static boolean reach(String bucket) {
    return !bucket.endsWith("--x-s3") && !bucket.startsWith("arn:");
  }

  /// Runs `work` now, or when one of those before it has ended. Does not wait.
  ///
  /// @throws RejectedExecutionException when it is closed
  void execute(SocketWork work) {
    live.add(work);
    try {
      threads.execute(work);
    } catch (RejectedExecutionException e) {
      live.remove(work);
      throw e;
    }
    if (closed) {
      work.storeCloses();
    }
  }

  /// @return whether it was still waiting: then it is not going to run
  boolean remove(SocketWork work) {
    return threads.remove(work);
  }

  void ended(SocketWork work) {
    live.remove(work);
  }

  RequestSigner signer() {
    return signer;
  }

  Wires wires() {
    return wires;
  }

  Duration patience() {
    return patience;
  }

  /// @throws IllegalStateException when it is closed
  Future<?> after(long nanos, Runnable look) {
    Future<?> later = tryAfter(nanos, look);
    if (later == null) {
      throw new IllegalStateException("the store is closed");
    }
    return later;
  }

  /// @return null when it is closed
  @Nullable Future<?> tryAfter(long nanos, Runnable work) {
    try {
      return clock.schedule(work, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return null;
    }
  }

  /// Ends all connections. What is under way fails.
  @Override
  public void close() {
    closed = true;
    live.forEach(SocketWork::storeCloses);
    threads.close();
    clock.shutdownNow();
    wires.close();
    signer.close();
  }
}
