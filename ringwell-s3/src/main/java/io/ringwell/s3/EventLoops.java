package io.ringwell.s3;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;

/// The threads that move a store's bytes.
final class EventLoops implements AutoCloseable {
  /// Two are enough for what two cores can encrypt; more than there are processors are of no use.
  private static final int MOST = 4;

  /// Five times what the loops are given to end.
  private static final int MOST_ENDING_SECONDS = 5;

  private final SdkEventLoopGroup group =
      SdkEventLoopGroup.builder()
          .numberOfThreads(Math.min(MOST, Runtime.getRuntime().availableProcessors()))
          .build();

  SdkEventLoopGroup group() {
    return group;
  }

  /// Completes when every thread has done what it was asked to before.
  ///
  /// The SDK tells of a failed attempt in the same task in which the connection's thread closes the
  /// connection, or before it asks that thread to: the memory that the connection still held is
  /// free when that thread has come by here.
  CompletableFuture<@Nullable Void> passed() {
    CompletableFuture<?>[] each =
        StreamSupport.stream(group.eventLoopGroup().spliterator(), false)
            .map(EventLoops::passed)
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(each).thenApply(nothing -> null);
  }

  private static CompletableFuture<@Nullable Void> passed(EventExecutor loop) {
    CompletableFuture<@Nullable Void> passed = new CompletableFuture<>();
    try {
      loop.execute(() -> passed.complete(null));
    } catch (RejectedExecutionException e) {
      // The store is being closed: the thread closes its connections and ends.
      loop.terminationFuture().addListener(ended -> passed.complete(null));
    }
    return passed;
  }

  @Override
  public void close() {
    // Bounded: Netty tells of the end by a thread that all pools share, and one that closes a
    // connection of a loop that is gone keeps it for good.
    group
        .eventLoopGroup()
        .shutdownGracefully(0, 1, TimeUnit.SECONDS)
        .awaitUninterruptibly(MOST_ENDING_SECONDS, TimeUnit.SECONDS);
  }
}
