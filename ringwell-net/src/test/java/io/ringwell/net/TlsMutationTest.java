package io.ringwell.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.net.MutationRound.Met;
import io.ringwell.net.openssl.OpenSsl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Somebody between two stages changes, drops, doubles, swaps or cuts what travels: each stage ends
/// in an error or properly, none hangs, none lets a wrong byte through or overlooks that one is
/// missing, and all memory comes back.
@ParameterizedClass
@EnumSource
class TlsMutationTest {
  /// Those that wait for [#HANDSHAKE] to be over need no processor, the others do.
  private static final int AT_ONCE = 256;

  private static final int BUSY_AT_ONCE = 8;

  /// For records that never become whole, since their length was changed. So long that one that
  /// shares the processors with all the others ends before.
  private static final Duration HANDSHAKE = Duration.ofSeconds(2);

  /// A close that has to give up would hide a hang.
  private static final Duration CLOSE = Duration.ofMinutes(10);

  private static final Duration LONGEST_ROUND = Duration.ofSeconds(60);

  private final TlsProvider provider;
  private final Semaphore room = new Semaphore(AT_ONCE);
  private final Semaphore busy = new Semaphore(BUSY_AT_ONCE);
  private final Map<MutationRound, Long> running = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();
  private final LongAdder never = new LongAdder();
  private final LongAdder inHandshake = new LongAdder();
  private final LongAdder inData = new LongAdder();
  private final LongAdder untouched = new LongAdder();
  private final LongAdder broken = new LongAdder();

  TlsMutationTest(TlsProvider provider) {
    this.provider = provider;
  }

  @Test
  void changedRecordsEndInAnError() throws Exception {
    mutate(400);
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
    long most = TimeUnit.SECONDS.toNanos(Long.getLong("ringwell.soak.seconds", 3600));
    TlsOptions serving = TlsRig.serving(provider, "good").withTimes(HANDSHAKE, CLOSE);
    TlsOptions trusting = TlsRig.trusting(provider, "ca").withTimes(HANDSHAKE, CLOSE);
    long connections = connections();
    long start = System.nanoTime();
    int round = 0;
    while (round < rounds && wrong.get() == null && System.nanoTime() - start < most) {
      // Each look at the semaphores finds those that hang.
      while (!acquired(busy, 1)) {}
      while (!acquired(room, 1)) {}
      start(new MutationRound(seed + round, serving, trusting, busy::release));
      round++;
    }
    while (!acquired(room, AT_ONCE)) {}
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "%d rounds in %.0f s: %d met in the handshake, %d in data, %d never; %d sides broken, %d"
            + " rounds untouched%n",
        round,
        seconds,
        inHandshake.sum(),
        inData.sum(),
        never.sum(),
        broken.sum(),
        untouched.sum());
    Throwable seen = wrong.get();
    if (seen != null) {
      throw new AssertionError(seen.getMessage(), seen);
    }
    assertThat(connections()).as("of OpenSSL").isEqualTo(connections);
    assertThat(inHandshake.sum()).isGreaterThan(round / 8);
    assertThat(inData.sum()).isGreaterThan(round / 3);
    assertThat(broken.sum()).isGreaterThan(round);
    assertThat(untouched.sum()).as("failed with nothing done to them").isLessThan(2 + round / 100);
  }

  private static long connections() {
    return TlsProvider.OPENSSL.isAvailable() ? OpenSsl.connections() : 0;
  }

  private void start(MutationRound round) {
    running.put(round, System.nanoTime());
    Thread.ofVirtual()
        .name("round " + round.seed)
        .start(() -> {
          try {
            round.run();
          } catch (Exception | Error e) {
            wrong.compareAndSet(null, new AssertionError(round.toString(), e));
          } finally {
            count(round);
            running.remove(round);
            room.release();
          }
        });
  }

  private void count(MutationRound round) {
    LongAdder met =
        switch (round.met()) {
          case NEVER -> never;
          case IN_HANDSHAKE -> inHandshake;
          case IN_DATA -> inData;
        };
    met.increment();
    broken.add(round.broken());
    if (round.met() == Met.NEVER && round.broken() > 0) {
      untouched.increment();
      System.out.println("failed untouched: " + round + ": " + round.why());
    }
  }

  private boolean acquired(Semaphore some, int count) throws Exception {
    boolean there = some.tryAcquire(count, 1, TimeUnit.SECONDS);
    MutationRound hung = oldest();
    if (hung == null) {
      return there;
    }
    // So that a dump has not much else in it.
    long end = System.nanoTime() + LONGEST_ROUND.toNanos();
    while (running.size() > 1 && System.nanoTime() - end < 0) {
      Thread.yield();
    }
    throw new AssertionError(
        hung + " has not ended; its threads:\n" + hung.stacks() + "\nall threads:\n" + dump());
  }

  private @Nullable MutationRound oldest() {
    long now = System.nanoTime();
    for (Map.Entry<MutationRound, Long> each : running.entrySet()) {
      if (now - each.getValue() > LONGEST_ROUND.toNanos()) {
        return each.getKey();
      }
    }
    return null;
  }

  /// With virtual threads, which nothing else tells of.
  private static String dump() throws IOException, InterruptedException {
    Path file = Path.of(System.getProperty("java.io.tmpdir"), "TlsMutationTest-threads.txt");
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String pid = Long.toString(ProcessHandle.current().pid());
    Process process =
        new ProcessBuilder(jcmd, pid, "Thread.dump_to_file", "-overwrite", file.toString())
            .redirectErrorStream(true)
            .start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return process.waitFor() == 0 ? Files.readString(file) : said;
  }
}
