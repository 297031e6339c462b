package io.ringwell.s3;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
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

  private final Loops loops = new Loops(Math.min(MOST, Runtime.getRuntime().availableProcessors()));
  private final SdkEventLoopGroup group = SdkEventLoopGroup.create(loops, loops::channel);

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
        StreamSupport.stream(loops.spliterator(), false)
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
    loops
        .shutdownGracefully(0, 1, TimeUnit.SECONDS)
        .awaitUninterruptibly(MOST_ENDING_SECONDS, TimeUnit.SECONDS);
  }

  /// Puts a connection on the loop that asks for it, until one has come about.
  ///
  /// While the SDK's pool does not know yet which protocol a store speaks, a request for a
  /// connection that fails is lost for ever where another thread tells of the failure before the
  /// pool's has begun to listen for it, which happened for one refused connection in four. The same
  /// thread cannot be that early. Afterwards all loops take turns.
  private static final class Loops extends NioEventLoopGroup {
    private volatile boolean connected;

    Loops(int threads) {
      super(threads, new DefaultThreadFactory("ringwell-s3", true));
    }

    @Override
    public ChannelFuture register(Channel channel) {
      if (!connected) {
        for (EventExecutor each : this) {
          if (each.inEventLoop() && each instanceof EventLoop loop) {
            return loop.register(channel);
          }
        }
      }
      return super.register(channel);
    }

    Channel channel() {
      return new NioSocketChannel() {
        @Override
        protected void doFinishConnect() throws Exception {
          super.doFinishConnect();
          connected = true;
        }
      };
    }
  }
}
