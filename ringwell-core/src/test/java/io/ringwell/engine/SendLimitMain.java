package io.ringwell.engine;

import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/// Sends over loopback without a copy what is more than may be locked, and says what came of it.
final class SendLimitMain {
  static final int BYTES = 8 << 20;

  /// A ring sends 1 MiB at a time, and needs some itself.
  static final int LIMIT = 1 << 20;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private SendLimitMain() {}

  public static void main(String[] args) throws IOException {
    try (Engine engine = Engine.open(EngineOptions.defaults().withPoolBytes(4 * BYTES));
        IoBuffer from = engine.pool().acquire(BYTES);
        IoBuffer into = engine.pool().acquire(BYTES)) {
      System.out.println("by " + engine.info().kind());
      from.segment().fill((byte) 7);
      Operation listen =
          new Operation().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
      run(engine, listen);
      Operation accept = new Operation().accept(listen.openedSocket());
      engine.submit(accept);
      Operation connect = new Operation().connect(listen.openedSocket().localAddress());
      run(engine, connect);
      accept.await();
      Operation send = new Operation().send(connect.openedSocket(), from, 0, BYTES).zeroCopy();
      engine.submit(send);
      long received = 0;
      while (received < BYTES) {
        Operation receive = new Operation();
        receive.receive(accept.openedSocket(), into, received, BYTES - received);
        received += run(engine, receive.deadline(System.nanoTime() + PATIENCE_NANOS));
      }
      System.out.println("sent " + send.await());
      System.out.println("the same: " + (from.segment().mismatch(into.segment()) < 0));
    }
  }

  private static long run(Engine engine, Operation op) throws IOException {
    engine.submit(op);
    return op.await();
  }
}
