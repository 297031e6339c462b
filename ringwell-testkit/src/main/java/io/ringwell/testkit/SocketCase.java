package io.ringwell.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.engine.SocketHandle;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;

/// Short words for what every test of sockets does.
interface SocketCase {
  int ENOENT = 2;
  int EINVAL = 22;
  int ETIME = 62;
  int EADDRINUSE = 98;
  int ECONNRESET = 104;
  int ENOBUFS = 105;
  int ECONNREFUSED = 111;
  int ECANCELED = 125;

  Engine engine();

  Engine another(EngineOptions options);

  /// A path in a directory of this test's own; short enough for a socket.
  Path path(String name);

  IoBuffer buffer(long size);

  /// The two ends of one connection.
  record Pair(SocketHandle client, SocketHandle server) {}

  static SocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  default long run(Operation op) throws IOException {
    engine().submit(op);
    return op.await();
  }

  default OperationException failing(int errno, Operation op) throws IOException {
    engine().submit(op);
    return ContractCase.failed(errno, op);
  }

  default SocketHandle listen(SocketAddress address) throws IOException {
    Operation op = new Operation().listen(address, 128);
    run(op);
    return op.openedSocket();
  }

  default SocketHandle connect(SocketAddress address) throws IOException {
    Operation op = new Operation().connect(address);
    run(op);
    return op.openedSocket();
  }

  default Pair pair() throws IOException {
    return pair(loopback());
  }

  default Pair pair(SocketAddress at) throws IOException {
    SocketHandle listener = listen(at);
    Operation accept = new Operation().accept(listener);
    engine().submit(accept);
    SocketHandle client = connect(listener.localAddress());
    accept.await();
    engine().close(listener);
    return new Pair(client, accept.openedSocket());
  }

  default void send(SocketHandle socket, String text) throws IOException {
    try (Bytes bytes = Bytes.copyOf(text.getBytes(UTF_8))) {
      assertThat(run(new Operation().send(socket, bytes, 0, bytes.size()))).isEqualTo(bytes.size());
    }
  }

  /// Receives until `length` bytes have come, or the peer has ended.
  default byte[] receive(SocketHandle socket, int length) throws IOException {
    IoBuffer buffer = buffer(length);
    long received = 0;
    while (received < length) {
      long more = run(new Operation().receive(socket, buffer, received, length - received));
      if (more == 0) {
        break;
      }
      received += more;
    }
    byte[] content = new byte[(int) received];
    MemorySegment.copy(buffer.segment(), 0, MemorySegment.ofArray(content), 0, content.length);
    buffer.close();
    return content;
  }

  default String receiveText(SocketHandle socket, int length) throws IOException {
    return new String(receive(socket, length), UTF_8);
  }

  default void close(Pair pair) throws IOException {
    engine().close(pair.client());
    engine().close(pair.server());
  }
}
