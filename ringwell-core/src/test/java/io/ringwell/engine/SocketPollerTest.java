package io.ringwell.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.sys.Errno;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of waits where the system has no selector to give.
@Timeout(30)
final class SocketPollerTest {
  private final ThreadEngine engine = new ThreadEngine(EngineOptions.defaults(), true, "tested");
  private final Workers carrier = new Workers(engine, true, 1, 16);
  private @Nullable IOException refusal = new IOException("Too many open files");
  private final SocketPoller poller = new SocketPoller(carrier::run, this::open);

  @AfterEach
  void close() {
    poller.end();
    engine.close();
  }

  private Selector open() throws IOException {
    if (refusal != null) {
      throw refusal;
    }
    return Selector.open();
  }

  private Operation awaited() throws IOException {
    Operation listen =
        new Operation().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    engine.submit(listen);
    listen.await();
    Operation accept = new Operation().accept(listen.openedSocket());
    SelectableChannel channel = accept.handle().socketChannel();
    accept.begin(engine);
    accept.carrier = carrier;
    poller.await(accept, channel);
    return accept;
  }

  private static void failed(int errno, Operation op) {
    assertThatThrownBy(op::await)
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  @Test
  void waitEndsWithTheError() throws IOException {
    Operation op = awaited();
    failed(Errno.EMFILE, op);
    assertThatThrownBy(op::result).hasCause(refusal);
  }

  @Test
  void nextWaitTriesAgain() throws IOException {
    failed(Errno.EMFILE, awaited());
    refusal = null;
    Operation op = awaited();
    assertThat(op.isDone()).isFalse();
    poller.cancel(op);
    failed(Errno.ECANCELED, op);
  }

  @Test
  void channelIsClosedAllTheSame() throws IOException {
    SocketChannel channel = SocketChannel.open();
    CompletableFuture<@Nullable IOException> told = new CompletableFuture<>();
    poller.close(channel, told::complete);
    assertThat(told).isCompletedWithValue(null);
    assertThat(channel.isOpen()).isFalse();
  }

  /// The selector fails, or what it was given does.
  @Test
  void whatComesAfterTheThreadFailedIsTold() throws Exception {
    refusal = null;
    Selector selector = Selector.open();
    SocketPoller failing = new SocketPoller(carrier::run, () -> selector);
    selector.close();
    SocketChannel channel = SocketChannel.open();
    CompletableFuture<@Nullable IOException> told = new CompletableFuture<>();
    failing.close(channel, told::complete);
    assertThat(told.get()).isNull();
    assertThat(channel.isOpen()).isFalse();
    failing.end();
  }
}
