package io.ringwell.bench;

import io.ringwell.engine.Engine;
import io.ringwell.net.Address;
import io.ringwell.net.Connection;
import io.ringwell.net.ConnectionOptions;
import io.ringwell.net.ListenOptions;
import io.ringwell.net.Listener;
import io.ringwell.net.Relay;
import java.io.IOException;
import java.io.UncheckedIOException;

/// An echo server. `RingwellEcho virtual` handles each connection on a virtual thread, as the
/// example does; `RingwellEcho stages` on the ring's thread. Prints `port N` when it listens, and
/// serves until its standard input ends.
public final class RingwellEcho {
  private RingwellEcho() {}

  /// Serves at a port that is free.
  public static void main(String[] args) throws IOException {
    boolean stages = args[0].equals("stages");
    ConnectionOptions connections = ConnectionOptions.defaults();
    if (stages) {
      connections =
          connections.withPipes(
              connections.input().withReaderScheduler(Runnable::run), connections.output());
    }
    try (Engine engine = Engine.open();
        Listener listener =
            Listener.open(
                engine,
                Address.parse("127.0.0.1:0"),
                ListenOptions.defaults().withConnections(connections))) {
      Thread.ofPlatform().daemon().start(() -> serve(listener, stages));
      System.out.println("port " + listener.address().port());
      while (System.in.read() >= 0) {
        // Whoever started this holds the other end.
      }
      System.err.println(engine.stats());
      listener.abort();
    }
  }

  private static void serve(Listener listener, boolean stages) {
    try {
      if (!stages) {
        listener.serve(connection -> Relay.carry(connection.input(), connection.output()));
        return;
      }
      for (Connection next = listener.accept(); next != null; next = listener.accept()) {
        new StageEcho(next).next();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
