package io.ringwell.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ringwell.net.Mutator.Place;
import io.ringwell.pipe.PipeRead;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One connection between two stages, with somebody in between who does one thing to it. What he
/// does follows from the seed alone; where records end is up to keys and threads.
final class MutationRound {
  /// When the mutation met its record.
  enum Met {
    NEVER,
    IN_HANDSHAKE,
    IN_DATA
  }

  private static final List<Mutation> MUTATIONS = List.of(Mutation.values());

  /// A handshake has not as many bytes, so that some changes meet data.
  private static final int MOST_OFFSET = 4000;

  /// Nor as many records in one direction.
  private static final int MOST_RECORD = 6;

  /// Data, close_notify, and tickets of the server.
  private static final int MOST_ARMED = 3;

  /// Servers whose sessions are resumed are few, so that most rounds begin anew.
  private static final int RESUMED_PORT = 443;

  private static final int SMALL = 4000;

  /// Some records.
  private static final int LARGE = 40_000;

  final long seed;
  private final Runnable onIdle;
  private final AtomicBoolean idle = new AtomicBoolean();
  private final TlsOptions serving;
  private final TlsOptions trusting;

  /// By TLS 1.2 who hears of the end ends the other direction, and what was to go may be lost.
  private final boolean endsBoth;

  private final Place place;
  private final byte[] up;
  private final byte[] down;
  private final AtomicInteger shaken = new AtomicInteger();
  private final CountDownLatch bothShaken = new CountDownLatch(2);
  private final AtomicInteger broken = new AtomicInteger();
  private final AtomicReference<Met> met = new AtomicReference<>(Met.NEVER);
  private final AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();
  private final AtomicReference<@Nullable IOException> why = new AtomicReference<>();
  private final Random random;
  private volatile String what = "";
  private volatile List<Thread> threads = List.of();

  /// @param serving how the server's stage is made
  /// @param trusting how the client's is, but for the version
  /// @param onIdle is called once, when the round may have but time to wait for, or at its end
  MutationRound(long seed, TlsOptions serving, TlsOptions trusting, Runnable onIdle) {
    this.seed = seed;
    this.onIdle = onIdle;
    this.random = new Random(new SplittableRandom(seed).nextLong()); // seeds are neighbours
    this.serving = serving;
    this.endsBoth = random.nextBoolean();
    this.trusting = trusting.withProtocols(endsBoth ? "TLSv1.2" : "TLSv1.3");
    // Half of them meet data for sure.
    this.place =
        random.nextBoolean() ? Place.ARMED : random.nextBoolean() ? Place.BYTE : Place.RECORD;
    this.up = text();
    this.down = text();
  }

  private byte[] text() {
    byte[] text = new byte[1 + random.nextInt(random.nextInt(4) == 0 ? LARGE : SMALL)];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) ('a' + i % 23);
    }
    return text;
  }

  Met met() {
    return met.get();
  }

  /// How many of the two sides ended in an error.
  int broken() {
    return broken.get();
  }

  /// What the first of them was told.
  @Nullable IOException why() {
    return why.get();
  }

  /// What its own threads are at.
  String stacks() {
    StringBuilder all = new StringBuilder();
    for (Thread each : threads) {
      all.append(each).append(System.lineSeparator());
      for (StackTraceElement frame : each.getStackTrace()) {
        all.append("    at ").append(frame).append(System.lineSeparator());
      }
    }
    return all.toString();
  }

  @Override
  public String toString() {
    return "-Dringwell.seed=%d (%s, met %s, %d sides broken, the first by %s)"
        .formatted(seed, what, met, broken.get(), why);
  }

  /// @throws AssertionError what is wrong with the stages
  void run() throws Exception {
    try {
      connect();
    } finally {
      idle();
    }
    Throwable seen = wrong.get();
    if (seen != null) {
      throw new AssertionError(toString(), seen);
    }
  }

  private void connect() throws Exception {
    boolean isUp = random.nextBoolean();
    int port = random.nextInt(4) == 0 ? RESUMED_PORT : 1 + (int) (seed & Short.MAX_VALUE);
    Mutation mutation = MUTATIONS.get(random.nextInt(MUTATIONS.size()));
    int number = number();
    Random choices = new Random(random.nextLong());
    what =
        "%s of %s %d, %s, %s, port %d"
            .formatted(mutation, place, number, isUp ? "up" : "down", trusting.protocols(), port);
    try (TlsRig near = new TlsRig();
        TlsRig far = new TlsRig()) {
      Place none = Place.NONE;
      Mutator upwards =
          new Mutator(
              near.up.reader(),
              far.up.writer(),
              isUp ? place : none,
              number,
              mutation,
              choices,
              this::meet);
      Mutator downwards =
          new Mutator(
              far.down.reader(),
              near.down.writer(),
              isUp ? none : place,
              number,
              mutation,
              choices,
              this::meet);
      Runnable arm =
          () -> {
            upwards.arm();
            downwards.arm();
          };
      List<Thread> between =
          List.of(Thread.startVirtualThread(upwards), Thread.startVirtualThread(downwards));
      AtomicInteger ended = new AtomicInteger();
      try (Tls client = Tls.client(near.client, "localhost", port, near.pool, trusting);
          Tls server = Tls.server(far.server, far.pool, serving)) {
        client.handshakeAsync().thenRun(shaken::incrementAndGet);
        server.handshakeAsync().thenRun(shaken::incrementAndGet);
        Thread one = Thread.startVirtualThread(() -> speak(client, up, down, arm, ended, 1));
        Thread other = Thread.startVirtualThread(() -> speak(server, down, up, arm, ended, 2));
        threads = List.of(Thread.currentThread(), one, other, between.get(0), between.get(1));
        one.join();
        other.join();
      }
      for (Thread each : between) {
        each.join();
      }
      boolean overlooked =
          isUp
              ? upwards.breaks() && (ended.get() & 2) != 0
              : downwards.breaks() && (ended.get() & 1) != 0;
      if (place == Place.ARMED && overlooked) {
        fail(new AssertionError("the change was overlooked"));
      }
    }
  }

  private int number() {
    return switch (place) {
      case NONE -> 0;
      case BYTE -> random.nextInt(MOST_OFFSET);
      case RECORD -> random.nextInt(MOST_RECORD);
      case ARMED -> random.nextInt(MOST_ARMED);
    };
  }

  private void meet() {
    met.set(shaken.get() == 2 ? Met.IN_DATA : Met.IN_HANDSHAKE);
    if (met() == Met.IN_HANDSHAKE) {
      idle();
    }
  }

  private void idle() {
    if (idle.compareAndSet(false, true)) {
      onIdle.run();
    }
  }

  private void fail(Throwable failure) {
    wrong.compareAndSet(null, failure);
  }

  /// @param bit of `ended`, which is set where all came, and the peer's close_notify
  private void speak(
      Tls tls, byte[] said, byte[] expected, Runnable arm, AtomicInteger ended, int bit) {
    try {
      if (place == Place.ARMED) {
        awaitBoth(tls);
        arm.run();
      }
      int half = said.length / 2;
      tls.output().write(said, 0, half);
      tls.output().flush();
      tls.output().write(said, half, said.length - half);
      tls.output().flush();
      if (!endsBoth) {
        tls.output().complete();
      }
      read(tls, expected);
      ended.getAndUpdate(bits -> bits | bit);
    } catch (IOException e) {
      broken.incrementAndGet();
      why.compareAndSet(null, e);
      tls.output().complete();
      if (e.getMessage() == null) {
        fail(e);
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      fail(e);
    }
  }

  private void awaitBoth(Tls tls) throws IOException, InterruptedException {
    try {
      tls.handshake();
    } finally {
      bothShaken.countDown();
    }
    bothShaken.await();
  }

  /// Up to the end, and ends the other direction when all came. What comes before an error has to
  /// be right, too.
  private static void read(Duplex from, byte[] expected) throws IOException {
    int at = 0;
    boolean last = false;
    while (!last) {
      PipeRead read = from.input().read();
      byte[] some = read.toArray();
      for (byte each : some) {
        if (at == expected.length || each != expected[at]) {
          throw new AssertionError("wrong from byte " + at + ": " + new String(some, US_ASCII));
        }
        at++;
      }
      last = read.isCompleted();
      read.advance(read.end());
      if (at == expected.length) {
        from.output().complete();
      }
    }
    if (at < expected.length) {
      throw new AssertionError("came to its end after " + at + " bytes of " + expected.length);
    }
  }
}
