package io.ringwell.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.net.Mutator.Place;
import io.ringwell.pipe.FlushResult;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeRead;
import java.io.IOException;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Stages that are broken off while both directions are busy with memory of their pipes: what has
/// come is right, up to where it ends, nobody reads memory that is not the pipe's any more (which
/// would end the process), and nothing is left.
@ParameterizedClass
@EnumSource
class TlsAbortTest {
  private static final int BLOCK = 20_000;
  private static final int MOST_DELAY_NANOS = 400_000;

  private static final int HANDSHAKE_BYTES = 10_000;
  private static final int MOST_BYTES = 300_000;

  private final TlsProvider provider;
  private final AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();

  TlsAbortTest(TlsProvider provider) {
    this.provider = provider;
  }

  @Test
  void stagesThatAreBrokenOffAtAnyTimeLeaveNothing() throws Exception {
    breakOff(60);
  }

  @Test
  @Tag("soak")
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void twentyThousandStagesDoTheSame() throws Exception {
    breakOff(20_000);
  }

  private void breakOff(int rounds) throws Exception {
    TlsRig.assumeIsThere(provider);
    long seed = Long.getLong("ringwell.seed", 1);
    System.out.println("TlsAbortTest, " + provider + ": -Dringwell.seed=" + seed);
    TlsOptions serving = TlsRig.serving(provider, "good");
    TlsOptions trusting = TlsRig.trusting(provider, "ca");
    long start = System.nanoTime();
    long most = TimeUnit.SECONDS.toNanos(Long.getLong("ringwell.soak.seconds", 3600));
    for (int i = 0; i < rounds && System.nanoTime() - start < most; i++) {
      round(new Random(new SplittableRandom(seed + i).nextLong()), serving, trusting);
      assertThat(wrong.get()).as("-Dringwell.seed=" + (seed + i)).isNull();
    }
  }

  private void round(Random random, TlsOptions serving, TlsOptions trusting) throws Exception {
    boolean byRecord = random.nextBoolean(); // the stage that gets it breaks itself off
    Place place = byRecord ? Place.BYTE : Place.NONE;
    boolean isUp = random.nextBoolean();
    int at = HANDSHAKE_BYTES + random.nextInt(MOST_BYTES);
    try (TlsRig near = new TlsRig();
        TlsRig far = new TlsRig()) {
      Mutator up = mutator(near.up, far.up, isUp ? place : Place.NONE, at, random);
      Mutator down = mutator(far.down, near.down, isUp ? Place.NONE : place, at, random);
      Thread upwards = Thread.startVirtualThread(up);
      Thread downwards = Thread.startVirtualThread(down);
      try (Tls server = Tls.server(far.server, far.pool, serving);
          Tls client = Tls.client(near.client, "localhost", 443, near.pool, trusting)) {
        client.handshake();
        server.handshake();
        Thread[] threads = {
          Thread.startVirtualThread(() -> write(client)),
          Thread.startVirtualThread(() -> write(server)),
          Thread.startVirtualThread(() -> read(client)),
          Thread.startVirtualThread(() -> read(server))
        };
        if (!byRecord) {
          long end = System.nanoTime() + random.nextInt(MOST_DELAY_NANOS);
          while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
          }
          (isUp ? client : server).abort();
        }
        for (Thread each : threads) {
          each.join();
        }
      }
      upwards.join();
      downwards.join();
    }
  }

  private static Mutator mutator(Pipe from, Pipe to, Place place, int at, Random random) {
    return new Mutator(from.reader(), to.writer(), place, at, Mutation.BIT, random, () -> {});
  }

  /// Until it fails. The byte at an offset is known.
  private void write(Tls to) {
    byte[] block = new byte[BLOCK];
    try {
      long at = 0;
      FlushResult result = FlushResult.OPEN;
      while (result != FlushResult.COMPLETED) {
        for (int i = 0; i < BLOCK; i++) {
          block[i] = (byte) (((at + i) * 31) >>> 3);
        }
        at += BLOCK;
        to.output().write(block, 0, BLOCK);
        result = to.output().flush();
      }
    } catch (IOException e) {
      to.output().complete();
    } catch (RuntimeException | Error e) {
      wrong.set(e);
    }
  }

  private void read(Tls from) {
    try {
      while (true) {
        PipeRead read = from.input().read();
        long at = read.start();
        for (byte each : read.toArray()) {
          if (each != (byte) ((at * 31) >>> 3)) {
            throw new AssertionError("wrong at " + at);
          }
          at++;
        }
        boolean last = read.isCompleted();
        read.advance(read.end());
        if (last) {
          return;
        }
      }
    } catch (IOException e) {
      from.input().complete();
    } catch (RuntimeException | Error e) {
      wrong.set(e);
    }
  }
}
