package io.ringwell.bench;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Echo over loopback: 64 connections with one message of 64 bytes each under way. Servers are
/// processes of their own, on the first processor; this one, which has the client, is to run on the
/// second. They take turns; median of seven, `-Drounds=N` changes that. Besides messages a second
/// it prints the processor time that a message costs the server.
public final class EchoComparison {
  private static final int CONNECTIONS = 64;
  private static final int MESSAGE_BYTES = 64;
  private static final long TURN_NANOS = 2_000_000_000;
  private static final long WARM_NANOS = 200_000_000;

  private EchoComparison() {}

  /// Runs; the argument is the class path of Netty's server.
  public static void main(String[] arguments) throws Exception {
    String ours = System.getProperty("java.class.path");
    String netty = arguments[0];
    String nettyMain = "io.ringwell.bench.netty.NettyEcho";
    try (EchoServer plain = new EchoServer(netty, nettyMain, "plain");
        EchoServer bufferRing = new EchoServer(netty, nettyMain, "buffer-ring");
        EchoServer stages = new EchoServer(ours, RingwellEcho.class.getName(), "stages");
        EchoServer virtual = new EchoServer(ours, RingwellEcho.class.getName(), "virtual")) {
      Contest contest = new Contest("messages/s");
      Map<String, String> costs = new TreeMap<>();
      add(contest, costs, "Netty, io_uring", plain);
      add(contest, costs, "Netty, io_uring, buffer ring", bufferRing);
      add(contest, costs, "ringwell-net, stages", stages);
      add(contest, costs, "ringwell-net, virtual threads", virtual);
      contest.run();
      costs.forEach((name, cost) -> System.out.printf("%-36s %s%n", name, cost));
    }
  }

  private static void add(
      Contest contest, Map<String, String> costs, String name, EchoServer server) {
    contest.add(
        name,
        () -> {
          try (EchoClient client = new EchoClient(server.port(), CONNECTIONS, MESSAGE_BYTES)) {
            client.run(WARM_NANOS);
            double before = server.cpuMicros();
            double rate = client.run(TURN_NANOS);
            double micros = (server.cpuMicros() - before) / (rate * TURN_NANOS / 1e9);
            costs.put(
                name, String.format(Locale.ROOT, "%.2f us of the server's a message", micros));
            return rate;
          }
        });
  }
}
