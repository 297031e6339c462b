package io.ringwell.examples;

import io.ringwell.engine.Engine;
import io.ringwell.net.Address;
import io.ringwell.net.Connection;
import io.ringwell.net.Listener;
import io.ringwell.net.Relay;
import java.io.IOException;

/// Sends back what comes: `EchoServer 127.0.0.1:7000`, and elsewhere `nc 127.0.0.1 7000`.
public final class EchoServer {
  private EchoServer() {}

  /// Serves at the address in `args[0]` until the process ends.
  public static void main(String[] args) throws IOException {
    Address at = Address.parse(args.length == 1 ? args[0] : "127.0.0.1:7000");
    try (Engine engine = Engine.open();
        Listener listener = Listener.open(engine, at)) {
      System.out.println("echo at " + listener.address());
      listener.serve(EchoServer::echo);
    }
  }

  /// One connection, on a virtual thread of its own. Its input is carried to its output; where the
  /// peer takes no more, it is heard no more.
  static void echo(Connection connection) throws IOException {
    Relay.carry(connection.input(), connection.output());
  }
}
