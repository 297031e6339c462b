package io.ringwell.bench.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringFixedBufferRingAllocator;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// An echo server on Netty's io_uring transport with one event loop, as its own example has it.
/// `NettyEcho plain` receives into memory of the channel's own, `NettyEcho buffer-ring` into a ring
/// of buffers that the kernel takes from. Prints `port N` when it listens, and serves until its
/// standard input ends.
public final class NettyEcho {
  private static final short GROUP = 1;
  private static final short BUFFERS = 256;
  private static final int BUFFER_BYTES = 2048;
  private static final int BACKLOG = 1024;

  private NettyEcho() {}

  /// Serves at a port that is free.
  public static void main(String[] args) throws Exception {
    boolean ring = args[0].equals("buffer-ring");
    IoUringIoHandlerConfig config = new IoUringIoHandlerConfig();
    if (ring) {
      config.setBufferRingConfig(
          IoUringBufferRingConfig.builder()
              .bufferGroupId(GROUP)
              .bufferRingSize(BUFFERS)
              .batchSize(BUFFERS)
              .allocator(new IoUringFixedBufferRingAllocator(BUFFER_BYTES))
              .build());
    }
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, IoUringIoHandler.newFactory(config));
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(IoUringServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Initializer());
    if (ring) {
      bootstrap.childOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, GROUP);
    }
    Channel server =
        bootstrap.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).sync().channel();
    System.out.println("port " + ((InetSocketAddress) server.localAddress()).getPort());
    while (System.in.read() >= 0) {
      // Whoever started this holds the other end.
    }
    server.close().sync();
    group.shutdownGracefully().sync();
  }

  private static final class Initializer extends ChannelInitializer<SocketChannel> {
    @Override
    protected void initChannel(SocketChannel channel) {
      channel.pipeline().addLast(new Echo());
    }
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a void promise tells exceptionCaught
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.write(message, context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
