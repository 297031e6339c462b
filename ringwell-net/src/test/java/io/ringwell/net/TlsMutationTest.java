package io.ringwell.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Somebody between two stages changes, drops, doubles or cuts what travels: each stage ends in an
/// error or properly, none hangs, none lets a wrong byte through, and all memory comes back.
@ParameterizedClass
@EnumSource
class TlsMutationTest {
  /// More than a handshake has, so that some changes meet data.
  private static final int MOST_OFFSET = 6000;

  private static final String TEXT = "what is said ".repeat(300);

  /// For records that never become whole, since their length was changed.
  private static final Duration HANDSHAKE = Duration.ofMillis(200);

  private final TlsProvider provider;
  private final AtomicReference<Throwable> wrong = new AtomicReference<>();
  private final AtomicInteger broken = new AtomicInteger();

  TlsMutationTest(TlsProvider provider) {
    this.provider = provider;
  }

  @Test
  void changedRecordsEndInAnError() throws Exception {
    mutate(125);
  }

  @Test
  @Tag("soak")
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void aHundredThousandChangedRecordsDoTheSame() throws Exception {
    mutate(100_000);
  }

  private void mutate(int rounds) throws Exception {
    TlsRig.assumeIsThere(provider);
    long seed = Long.getLong("ringwell.seed", 1);
    System.out.println("TlsMutationTest, " + provider + ": -Dringwell.seed=" + seed);
    long end =
        System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("ringwell.soak.seconds", 3600));
    TlsOptions serving =
        TlsRig.serving(provider, "good").withTimes(HANDSHAKE, Duration.ofSeconds(60));
    TlsOptions trusting =
        TlsRig.trusting(provider, "ca").withTimes(HANDSHAKE, Duration.ofSeconds(60));
    int round = 0;
    for (; round < rounds && System.nanoTime() < end; round++) {
      Random random = new Random(seed + round);
      round(random, serving, trusting);
      assertThat(wrong.get()).as("-Dringwell.seed=" + (seed + round)).isNull();
    }
    System.out.println(broken + " ends in an error in " + round + " rounds");
    assertThat(broken.get()).isGreaterThan(round / 2);
  }

  private void round(Random random, TlsOptions serving, TlsOptions trusting) throws Exception {
    String protocol = random.nextBoolean() ? "TLSv1.3" : "TLSv1.2";
    boolean up = random.nextBoolean();
    long at = random.nextInt(MOST_OFFSET);
    Random ofUp = new Random(random.nextLong()); // each has its thread
    Random ofDown = new Random(random.nextLong());
    try (TlsRig near = new TlsRig();
        TlsRig far = new TlsRig()) {
      List<Thread> between =
          List.of(
              Thread.startVirtualThread(
                  new Mutator(near.up.reader(), far.up.writer(), up ? at : -1, ofUp)),
              Thread.startVirtualThread(
                  new Mutator(far.down.reader(), near.down.writer(), up ? -1 : at, ofDown)));
      try (Tls client =
              Tls.client(
                  near.client, "localhost", 443, near.pool, trusting.withProtocols(protocol));
          Tls server = Tls.server(far.server, far.pool, serving)) {
        Thread one = Thread.startVirtualThread(() -> speak(client));
        Thread other = Thread.startVirtualThread(() -> speak(server));
        one.join();
        other.join();
      }
      for (Thread each : between) {
        each.join();
      }
    }
  }

  private void speak(Tls tls) {
    try {
      TlsRig.write(tls, TEXT);
      tls.output().complete();
      String got = new String(TlsRig.readAll(tls), UTF_8);
      if (!got.equals(TEXT)) {
        wrong.set(new AssertionError("came to its end with " + got.length() + " characters"));
      }
    } catch (IOException e) {
      broken.incrementAndGet();
      tls.output().complete();
      if (e.getMessage() == null) {
        wrong.set(e);
      }
    } catch (RuntimeException | Error e) {
      wrong.set(e);
    }
  }
}
