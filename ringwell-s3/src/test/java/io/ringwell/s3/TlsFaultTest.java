package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.Ringwell;
import io.ringwell.s3.rig.ByteProxy;
import io.ringwell.s3.rig.ByteProxy.Harm;
import io.ringwell.s3.rig.ByteProxy.Plan;
import io.ringwell.sink.Sink;
import io.ringwell.window.AccessHint;
import io.ringwell.window.ReaderOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// TLS from end to end, and connections that are cut, reset, stopped or changed by a bit anywhere
/// in its records: what is written is there, what is read is right, nothing is left behind. A
/// failure names its seed; `-Dringwell.seed=N` begins with it. JDK and BoringSSL take turns.
@Timeout(120)
final class TlsFaultTest extends SinkCase {
  private static final List<S3Checksum> CHECKSUMS = List.of(S3Checksum.values());
  private static final int ROUNDS = 3;
  private static final int SOAK_ROUNDS = 300;

  /// Each may cost a call one attempt.
  private static final int MOST_HARMED = 5;

  private static final int ATTEMPTS = 20;

  /// What a handshake and the head of a request take at the most: a bit of a certificate changed is
  /// a wrong certificate, and not a reason to try again.
  private static final int HANDSHAKE_BYTES = 8 << 10;

  /// Rarely: each takes as long as the client's patience.
  private static final int PERCENT_STALLED = 5;

  @Test
  void objectsComeAndGoWholeOverConnectionsThatBreak() throws IOException {
    rounds(Long.getLong("ringwell.seed", 1), ROUNDS, Long.MAX_VALUE);
  }

  @Test
  @Tag("soak")
  @Timeout(3600)
  void objectsComeAndGoWholeOverManyConnectionsThatBreak() throws IOException {
    long seconds = Long.getLong("ringwell.soak.seconds", 24 * 3600);
    rounds(
        Long.getLong("ringwell.seed", 1000),
        SOAK_ROUNDS,
        System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds));
  }

  private void rounds(long firstSeed, int count, long end) throws IOException {
    System.out.println("TlsFaultTest: -Dringwell.seed=" + firstSeed);
    long harmed;
    int done = 0;
    try (Ringwell io = Ringwell.open();
        ByteProxy proxy = new ByteProxy(server.https().getPort())) {
      while (done < count && end - System.nanoTime() > 0) {
        long seed = firstSeed + done;
        try {
          round(io, proxy, seed);
        } catch (IOException | AssertionError e) {
          throw new AssertionError("-Dringwell.seed=" + seed, e);
        }
        done++;
      }
      harmed = proxy.harmed();
    }
    System.out.println("TlsFaultTest: " + done + " rounds, " + harmed + " connections harmed");
    assertThat(harmed).isGreaterThanOrEqualTo(done);
  }

  private void round(Ringwell io, ByteProxy proxy, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int size = random.nextInt(3) == 0 ? random.nextInt(PART) : random.nextInt(3 * PART);
    byte[] content = random(seed, size);
    S3Checksum checksum = CHECKSUMS.get(random.nextInt(CHECKSUMS.size()));
    S3Location to = target.withKey(target.key() + "/" + seed);
    S3Options options =
        options()
            .withEndpoint(URI.create("https://127.0.0.1:" + proxy.port()))
            .withCaFile(server.authority())
            .withPatience(Duration.ofMillis(700))
            .withAttempts(ATTEMPTS);
    try (S3Store store = open(options, (seed & 1) == 0 ? "jdk" : "boringssl")) {
      proxy.plan(plans(random.split()));
      PayloadTransport way = (seed & 2) == 0 ? store.transport() : store.sdkTransport();
      try (Sink sink = store.sink(to, parts(checksum), way)) {
        sendAll(sink, content, 1 + random.nextInt(2 * PART));
        sink.complete();
      }
      assertThat(uploads()).isEmpty();
      proxy.plan(plans(random.split()));
      S3Source source =
          store.source(to, S3ReadOptions.defaults().withRangeBytes(64 << 10 << random.nextInt(6)));
      AccessHint hint = random.nextBoolean() ? AccessHint.SEQUENTIAL : AccessHint.AUTOMATIC;
      byte[] read = ReadRig.drain(io.reader(source, ReaderOptions.defaults().withHint(hint)));
      assertThat(Arrays.equals(read, content)).isTrue();
      assertThat(source.isVerified()).isTrue();
    }
  }

  private static S3SinkOptions parts(S3Checksum checksum) {
    return S3SinkOptions.defaults().withPartBytes(PART).withChecksum(checksum);
  }

  /// The first few connections come to harm, most of them, the others pass.
  private static IntFunction<Plan> plans(SplittableRandom random) {
    return number -> {
      if (number >= MOST_HARMED || random.nextInt(4) == 0) {
        return Plan.NONE;
      }
      boolean stall = random.nextInt(100) < PERCENT_STALLED;
      Harm harm = stall ? Harm.STALL : random.nextBoolean() ? Harm.CUT : Harm.RESET;
      long after = random.nextInt(1 << random.nextInt(22));
      if (!stall && random.nextInt(3) == 0) {
        harm = Harm.FLIP;
        after += HANDSHAKE_BYTES;
      }
      return new Plan(harm, random.nextBoolean(), after);
    };
  }
}
