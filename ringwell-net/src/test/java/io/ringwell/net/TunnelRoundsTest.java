package io.ringwell.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.pipe.PipeRead;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Plain text to TLS to plain text, whose ends close, end, break off or send garbage at any point:
/// each round comes to its end, with no other failure than an [IOException], and nothing is left.
@ParameterizedClass
@EnumSource(
    value = TestEngines.class,
    names = {"URING", "THREADS"})
final class TunnelRoundsTest extends ConnectionCase {
  /// More than fits into pipes and sockets, at times.
  private static final int MOST_BYTES = 300_000;

  private static final int LISTENERS = 3;

  private final AtomicReference<Throwable> wrong = new AtomicReference<>();
  private final AtomicInteger broken = new AtomicInteger();

  TunnelRoundsTest(TestEngines kind) {
    super(kind);
  }

  @Test
  void earlyClosesLeaveNothing() throws Exception {
    rounds(60);
  }

  @Test
  @Tag("soak")
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void aHundredThousandEarlyClosesLeaveNothing() throws Exception {
    rounds(100_000);
  }

  private void rounds(int count) throws Exception {
    long seed = Long.getLong("ringwell.seed", 1);
    System.out.println("TunnelRoundsTest: -Dringwell.seed=" + seed);
    long end =
        System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("ringwell.soak.seconds", 3600));
    TlsOptions serving = TlsRig.serving(TlsProvider.best(), "good");
    TlsOptions trusting = TlsRig.trusting(TlsProvider.best(), "ca");
    ListenOptions watched =
        ListenOptions.defaults().withOnFailure((peer, failure) -> seeFailure(failure));
    long sockets = openSockets();
    try (RoundWatch watch = new RoundWatch();
        Listener behind = Listener.open(engine(), ANY_PORT, watched);
        Listener middle = Listener.open(engine(), ANY_PORT, watched);
        Listener before = Listener.open(engine(), ANY_PORT, watched)) {
      serve(behind, connection -> act(connection, new Random(connectionSeed(connection))));
      Thread.startVirtualThread(() -> serveTls(middle, serving, behind.address()));
      serve(
          before,
          incoming -> {
            try (Tls out = Tls.connect(engine(), middle.address(), trusting)) {
              relay(incoming, out, out::abort);
            }
          });
      int round = 0;
      for (; round < count && System.nanoTime() - end < 0; round++) {
        watch.next();
        Random random = new Random(seed + round);
        Address to = random.nextInt(5) == 0 ? middle.address() : before.address();
        try (Connection client = Connection.connect(engine(), to)) {
          act(client, random);
        } catch (IOException e) {
          seeFailure(e);
        }
        assertThat(wrong.get()).as("-Dringwell.seed=" + (seed + round)).isNull();
      }
      System.out.println(broken + " failures in " + round + " rounds");
      watch.next();
      awaitNone(before);
      awaitNone(middle);
      awaitNone(behind);
      // The far sides of relays may still wait for their peers' ends.
      while (openSockets() > sockets + LISTENERS) {
        goOn();
      }
    }
    assertThat(wrong.get()).isNull();
  }

  private static long connectionSeed(Connection connection) throws IOException {
    return connection.peerAddress().port();
  }

  private void serveTls(Listener listener, TlsOptions options, Address to) {
    try {
      listener.serve(
          options,
          tls -> {
            try (Connection out = Connection.connect(engine(), to)) {
              relay(tls, out, out::abort);
            }
          });
    } catch (IOException | RuntimeException e) {
      wrong.set(e);
    }
  }

  private static void relay(Duplex in, Duplex out, Runnable abort) throws IOException {
    try {
      Relay.between(in, out);
    } catch (IOException e) {
      abort.run();
      throw e;
    }
  }

  private void seeFailure(Throwable failure) {
    broken.incrementAndGet();
    if (!(failure instanceof IOException) || failure.getMessage() == null) {
      wrong.set(failure);
    }
  }

  private static void awaitNone(Listener listener) throws InterruptedException {
    while (listener.connections() > 0) {
      goOn();
    }
  }

  private static void goOn() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("what was to end does not");
    }
    Thread.onSpinWait();
  }

  /// Some steps, and then one of the ways to end.
  private static void act(Connection connection, Random random) throws IOException {
    for (int steps = random.nextInt(4); steps > 0; steps--) {
      if (random.nextBoolean()) {
        byte[] bytes = new byte[1 + random.nextInt(random.nextInt(4) == 0 ? MOST_BYTES : 100)];
        random.nextBytes(bytes);
        connection.output().write(bytes, 0, bytes.length);
        connection.output().tryFlush();
      } else {
        PipeRead read = connection.input().tryRead();
        if (read != null) {
          read.advance(read.end());
        }
      }
    }
    switch (random.nextInt(4)) {
      case 0 -> connection.abort();
      case 1 -> connection.output().complete();
      case 2 -> connection.output().complete(new IOException("of its own accord"));
      default -> {} // a close
    }
  }
}
