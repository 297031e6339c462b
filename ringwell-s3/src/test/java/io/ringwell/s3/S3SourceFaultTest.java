package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.Ringwell;
import io.ringwell.memory.BufferPool;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.PoolOptions;
import io.ringwell.s3.rig.Fault;
import io.ringwell.s3.rig.Fault.Kind;
import io.ringwell.s3.rig.S3Request.Operation;
import io.ringwell.s3.rig.SeededFaults;
import io.ringwell.window.AccessHint;
import io.ringwell.window.ReaderOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Objects are read right, whatever happens to the connections: random objects, ranges and faults.
/// A failure names its seed; `-Dringwell.seed=N` runs that round alone, and has the long test begin
/// with it.
class S3SourceFaultTest {
  private static final int ROUNDS = 4;
  private static final int SOAK_ROUNDS = 300;
  private static final int MOST_BYTES = 2 << 20;

  /// Rarely: each takes as long as the client's patience.
  private static final int PERCENT_STALLED = 3;

  @Test
  void whatIsReadIsRightUnderFaults() throws IOException {
    if (System.getProperty("ringwell.seed") != null) {
      run(Long.getLong("ringwell.seed"), 1, Long.MAX_VALUE);
    } else {
      run(1, ROUNDS, Long.MAX_VALUE);
    }
  }

  @Test
  @Tag("soak")
  void whatIsReadIsRightUnderFaultsForLong() throws IOException {
    long seconds = Long.getLong("ringwell.soak.seconds", 24 * 3600);
    run(
        Long.getLong("ringwell.seed", 1000),
        SOAK_ROUNDS,
        System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds));
  }

  private static void run(long firstSeed, int rounds, long end) throws IOException {
    try (Ringwell io = Ringwell.open();
        BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(32 << 20));
        ReadRig plain = new ReadRig(false);
        ReadRig secure = new ReadRig(true)) {
      int done = 0;
      long faults = 0;
      while (done < rounds && end - System.nanoTime() > 0) {
        long seed = firstSeed + done;
        ReadRig rig = (seed & 1) == 0 ? plain : secure;
        try {
          new Round(io, pool, rig, seed).run();
        } catch (IOException | AssertionError e) {
          throw new AssertionError("-Dringwell.seed=" + seed, e);
        }
        done++;
      }
      for (Kind kind : Kind.values()) {
        faults += kind == Kind.NONE ? 0 : plain.proxy.injected(kind) + secure.proxy.injected(kind);
      }
      System.out.println("S3 reads under faults: " + done + " rounds, " + faults + " faults");
      assertThat(faults).isGreaterThan(done);
    }
  }

  private static final class Round {
    private final Ringwell io;
    private final BufferPool pool;
    private final ReadRig rig;
    private final SplittableRandom random;
    private final byte[] content;
    private final S3Location location;
    private final S3ReadOptions options;

    Round(Ringwell io, BufferPool pool, ReadRig rig, long seed) {
      this.io = io;
      this.pool = pool;
      this.rig = rig;
      random = new SplittableRandom(seed);
      content = ReadRig.random(seed, random.nextInt(1, MOST_BYTES));
      location = rig.put("object", content);
      int range = 4096 << random.nextInt(8);
      options =
          S3ReadOptions.defaults()
              .withRangeBytes(range)
              .withGapBytes(random.nextInt(range))
              .withInFlight(random.nextInt(1, 9))
              .withSdkClient((seed & 2) == 0);
      SeededFaults faults = new SeededFaults(seed, 30, 3);
      SeededFaults stalls =
          new SeededFaults(
              ~seed,
              PERCENT_STALLED,
              1,
              request -> request.operation() == Operation.GET_OBJECT,
              List.of(Kind.STALL_ANSWER, Kind.STALL_REQUEST));
      rig.proxy.script(request -> {
        Fault stall = stalls.on(request);
        return stall.kind() == Kind.NONE ? faults.on(request) : stall;
      });
    }

    void run() throws IOException {
      try (S3Store store =
          ReadRig.open(
              rig.options(rig.proxy.endpoint())
                  .withPatience(Duration.ofMillis(700))
                  .withAttempts(20))) {
        ranges(store);
        windows(store);
      }
      assertThat(pool.stats().inUseBytes()).isZero();
      assertThat(io.pool().stats().lentBytes()).isZero();
    }

    private void ranges(S3Store store) throws IOException {
      List<S3Range> ranges = new ArrayList<>();
      int count = random.nextInt(1, 8);
      for (int i = 0; i < count; i++) {
        ranges.add(new S3Range(random.nextInt(content.length), random.nextInt(300_000)));
      }
      try (S3Source source = store.source(location, options)) {
        List<BytesChain> read = source.read(ranges, pool);
        for (int i = 0; i < count; i++) {
          int from = (int) ranges.get(i).position();
          int to = (int) Math.min(content.length, ranges.get(i).end());
          assertThat(
                  Arrays.equals(ReadRig.bytes(read.get(i)), Arrays.copyOfRange(content, from, to)))
              .as(ranges.get(i).toString())
              .isTrue();
        }
      }
    }

    private void windows(S3Store store) throws IOException {
      S3Source source = store.source(location, options);
      AccessHint hint = random.nextBoolean() ? AccessHint.SEQUENTIAL : AccessHint.AUTOMATIC;
      byte[] read = ReadRig.drain(io.reader(source, ReaderOptions.defaults().withHint(hint)));
      assertThat(Arrays.equals(read, content)).isTrue();
      assertThat(source.isVerified()).isTrue();
    }
  }
}
