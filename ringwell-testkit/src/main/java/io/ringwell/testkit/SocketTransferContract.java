package io.ringwell.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.ringwell.engine.CompletionListener;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.engine.SocketHandle;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// What connections carry.
interface SocketTransferContract extends SocketCase {
  @Test
  default void whatIsSentIsReceivedAndAnswered() throws IOException {
    Pair pair = pair();
    send(pair.client(), "hello");
    assertThat(receiveText(pair.server(), 5)).isEqualTo("hello");
    send(pair.server(), "world!");
    assertThat(receiveText(pair.client(), 6)).isEqualTo("world!");
    assertThat(pair.client().peerAddress()).isEqualTo(pair.server().localAddress());
    close(pair);
  }

  @Test
  default void addressesOfIpv6Work() throws IOException {
    byte[] six = new byte[16];
    six[15] = 1;
    InetAddress loopback = InetAddress.getByAddress(six);
    Assumptions.assumeTrue(
        loopback instanceof Inet6Address && NetworkInterface.getByInetAddress(loopback) != null,
        "no IPv6 here");
    Pair pair = pair(new InetSocketAddress(loopback, 0));
    send(pair.client(), "six");
    assertThat(receiveText(pair.server(), 3)).isEqualTo("six");
    assertThat(((InetSocketAddress) pair.client().peerAddress()).getAddress()).isEqualTo(loopback);
    close(pair);
  }

  @Test
  default void aUnixDomainSocketCarriesToo() throws IOException {
    Pair pair = pair(UnixDomainSocketAddress.of(path("socket")));
    send(pair.client(), "local");
    assertThat(receiveText(pair.server(), 5)).isEqualTo("local");
    assertThat(pair.server().isUnix()).isTrue();
    close(pair);
  }

  @Test
  default void muchGoesBothWaysAtOnce() throws Exception {
    Pair pair = pair();
    int length = 3_000_000;
    byte[] there = ContractCase.pattern(1, length);
    byte[] back = ContractCase.pattern(2, length);
    try (Bytes out = Bytes.copyOf(there);
        Bytes in = Bytes.copyOf(back)) {
      Operation first = new Operation().send(pair.client(), out, 0, length);
      Operation second = new Operation().send(pair.server(), in, 0, length);
      engine().submit(first);
      engine().submit(second);
      assertThat(Arrays.equals(receive(pair.server(), length), there)).isTrue();
      assertThat(Arrays.equals(receive(pair.client(), length), back)).isTrue();
      assertThat(first.await()).isEqualTo(length);
      assertThat(second.await()).isEqualTo(length);
    }
    close(pair);
  }

  @Test
  default void aSendWithoutACopyLendsItsMemoryUntilThePeerHasIt() throws Exception {
    Pair pair = pair();
    int length = 1_000_000;
    byte[] content = ContractCase.pattern(3, length);
    IoBuffer buffer = buffer(length);
    MemorySegment.copy(MemorySegment.ofArray(content), 0, buffer.segment(), 0, length);
    Bytes bytes = buffer.freeze();
    Operation send = new Operation().send(pair.client(), bytes, 0, length).zeroCopy();
    engine().submit(send);
    bytes.close();
    assertThat(Arrays.equals(receive(pair.server(), length), content)).isTrue();
    assertThat(send.await()).isEqualTo(length);
    close(pair);
  }

  /// More than the sockets at both ends hold.
  int TOO_MUCH_BYTES = 16 << 20;

  @Test
  default void aSendWithoutACopyEndsAtItsDeadline() throws IOException {
    Pair pair = pair();
    try (IoBuffer much = buffer(TOO_MUCH_BYTES)) {
      Operation send = new Operation().send(pair.client(), much, 0, TOO_MUCH_BYTES).zeroCopy();
      send.deadline(System.nanoTime() + Duration.ofMillis(100).toNanos());
      assertThat(failing(ETIME, send)).isNotNull();
    }
    close(pair);
  }

  @Test
  default void aSendWithoutACopyIsCancelled() throws IOException {
    Pair pair = pair();
    try (IoBuffer much = buffer(TOO_MUCH_BYTES)) {
      Operation send = new Operation().send(pair.client(), much, 0, TOO_MUCH_BYTES).zeroCopy();
      engine().submit(send);
      assertThat(receive(pair.server(), 1)).hasSize(1); // it has begun
      engine().cancel(send);
      assertThat(ContractCase.failed(ECANCELED, send)).isNotNull();
    }
    close(pair);
  }

  /// What breaks the connection off for one of them drops the bytes of the others, too.
  @Test
  default void aSendWithoutACopyBehindOneThatIsLateIsNotToldAsSent() throws IOException {
    Assumptions.assumeTrue(engine().info().features().contains("send_zc"));
    Pair pair = pair();
    // All is taken by this socket, and little by that one.
    pair.client().set(StandardSocketOptions.SO_SNDBUF, 1 << 20);
    pair.server().set(StandardSocketOptions.SO_RCVBUF, 4096);
    int length = 64 << 10;
    try (IoBuffer piece = buffer(length)) {
      Operation before = new Operation().send(pair.client(), piece, 0, length).zeroCopy();
      Operation late = new Operation().send(pair.client(), piece, 0, length).zeroCopy();
      Operation behind = new Operation().send(pair.client(), piece, 0, length).zeroCopy();
      engine().submit(before);
      engine().submit(late.deadline(System.nanoTime() + Duration.ofMillis(200).toNanos()));
      engine().submit(behind);
      ContractCase.failed(ETIME, late);
      ContractCase.failed(ETIME, late);
      ContractCase.failed(ECONNRESET, behind);
      Throwable told = catchThrowable(before::await); // of this one some has arrived, or all
      assertThat(told == null || told instanceof OperationException).isTrue();
    }
    close(pair);
  }

  @Test
  default void aChainIsSentInOrder() throws IOException {
    Pair pair = pair();
    try (BytesChain chain =
        BytesChain.of(
            Bytes.copyOf("one ".getBytes(UTF_8)),
            Bytes.empty(),
            Bytes.copyOf("two ".getBytes(UTF_8)),
            Bytes.copyOf("three".getBytes(UTF_8)))) {
      assertThat(run(new Operation().send(pair.client(), chain))).isEqualTo(13);
    }
    assertThat(receiveText(pair.server(), 13)).isEqualTo("one two three");
    close(pair);
  }

  @Test
  default void piecesOfMemoryLongerThanTheSocketsBuffersAreSentInOrder() throws Exception {
    Pair pair = pair();
    pair.client().set(StandardSocketOptions.SO_SNDBUF, 4096);
    byte[] content = ContractCase.pattern(4, 1_200_000);
    IoBuffer buffer = buffer(content.length);
    MemorySegment.copy(MemorySegment.ofArray(content), 0, buffer.segment(), 0, content.length);
    MemorySegment[] parts = new MemorySegment[12];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = buffer.segment().asSlice(i * 100_000L, 100_000);
    }
    Operation send = new Operation().send(pair.client(), parts, parts.length);
    engine().submit(send);
    assertThat(Arrays.equals(receive(pair.server(), content.length), content)).isTrue();
    assertThat(send.await()).isEqualTo(content.length);
    close(pair);
  }

  @Test
  default void oneDirectionEndsAndTheOtherGoesOn() throws IOException {
    Pair pair = pair();
    send(pair.client(), "last");
    run(new Operation().endOutput(pair.client()));
    assertThat(receiveText(pair.server(), 100)).isEqualTo("last");
    assertThat(run(new Operation().receive(pair.server(), buffer(10), 0, 10))).isZero();
    send(pair.server(), "more");
    assertThat(receiveText(pair.client(), 4)).isEqualTo("more");
    close(pair);
  }

  @Test
  default void aListenerIsToldOnTheEnginesThreadAndGoesOnFromThere() throws Exception {
    Pair pair = pair();
    IoBuffer ping = buffer(64);
    IoBuffer pong = buffer(64);
    CompletableFuture<Void> failed = new CompletableFuture<>();
    // Each end sends back what it received, all on the engine's own thread.
    PingPong server = new PingPong(this, pair.server(), pong, 500, failed);
    PingPong client = new PingPong(this, pair.client(), ping, 500, failed);
    server.receive();
    client.send();
    CompletableFuture.anyOf(failed, CompletableFuture.allOf(client.done, server.done)).get();
    close(pair);
  }

  /// One end of a game: it answers what it received until it has had enough.
  final class PingPong implements CompletionListener {
    private final SocketCase test;
    private final SocketHandle socket;
    private final IoBuffer buffer;
    private final Operation op = new Operation();
    private final CompletableFuture<Void> failed;
    final CompletableFuture<Void> done = new CompletableFuture<>();
    private int left;
    private boolean sending;

    PingPong(
        SocketCase test,
        SocketHandle socket,
        IoBuffer buffer,
        int rounds,
        CompletableFuture<Void> failed) {
      this.test = test;
      this.socket = socket;
      this.buffer = buffer;
      this.left = rounds;
      this.failed = failed;
    }

    void receive() {
      sending = false;
      submit(op.receive(socket, buffer, 0, 64));
    }

    void send() {
      sending = true;
      submit(op.send(socket, buffer.segment()));
    }

    private void submit(Operation prepared) {
      if (!test.engine().trySubmit(prepared.listener(this))) {
        failed.completeExceptionally(new AssertionError("the queue is full"));
      }
    }

    @Override
    public void completed(Operation op) {
      if (op.errno() != 0) {
        failed.completeExceptionally(new AssertionError(op + " failed with " + op.errno()));
      } else if (sending && --left == 0) {
        done.complete(null);
      } else if (sending) {
        receive();
      } else {
        send();
      }
    }
  }
}
