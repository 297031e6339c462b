package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.Operation;
import io.ringwell.memory.IoBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;

/// A cancel meets operations that are under way, alone and in a chain.
final class CancelRaces {
  private final Engine engine;
  private final Path directory;
  private final FileHandle file;
  private final byte[] content;

  CancelRaces(RaceGround ground) {
    this.engine = ground.engine;
    this.directory = ground.directory;
    this.file = ground.file;
    this.content = ground.content;
  }

  List<Race> all() {
    return List.of(
        new Race("cancel of a timeout", this::cancelTimeout),
        new Race("cancel of transfers", this::cancelTransfers),
        new Race("cancel in a chain", this::cancelInAChain),
        new Race("cancel of reads of files", this::cancelReadsOfFiles));
  }

  private void cancelTimeout(SplittableRandom random) throws Exception {
    Operation op = new Operation().timeout(Duration.ofNanos(random.nextInt(100_000)));
    engine.submit(op);
    SplittableRandom theirs = random.split();
    FutureTask<Void> canceller =
        TwoSides.task(() -> {
          TwoSides.pause(theirs);
          engine.cancel(op);
        });
    TwoSides.start(random, canceller);
    RaceGround.outcome(op, ContractCase.ECANCELED);
    TwoSides.join(canceller);
  }

  private void cancelTransfers(SplittableRandom random) throws Exception {
    Operation[] ops = new Operation[8];
    IoBuffer[] buffers = new IoBuffer[ops.length];
    for (int i = 0; i < ops.length; i++) {
      buffers[i] = engine.pool().acquire(64 << 10);
      ops[i] = new Operation().read(file, buffers[i], 0, 64 << 10, i * 1000L);
      engine.submit(ops[i]);
    }
    SplittableRandom theirs = random.split();
    FutureTask<Void> canceller =
        TwoSides.task(() -> {
          TwoSides.pause(theirs);
          for (Operation op : ops) {
            engine.cancel(op);
          }
        });
    TwoSides.start(random, canceller);
    for (int i = 0; i < ops.length; i++) {
      if (RaceGround.outcome(ops[i], ContractCase.ECANCELED) == 0) {
        assertThat(ContractCase.content(buffers[i], 64 << 10))
            .isEqualTo(Arrays.copyOfRange(content, i * 1000, i * 1000 + (64 << 10)));
      }
    }
    TwoSides.join(canceller);
    for (IoBuffer buffer : buffers) {
      buffer.close();
    }
  }

  private void cancelInAChain(SplittableRandom random) throws Exception {
    IoBuffer buffer = engine.pool().acquire(4096);
    Operation[] chain = new Operation[random.nextInt(2, 7)];
    for (int i = 0; i < chain.length; i++) {
      chain[i] =
          switch (random.nextInt(4)) {
            case 0 -> new Operation().timeout(Duration.ofNanos(random.nextInt(50_000)));
            case 1 -> new Operation().read(file, buffer, 0, 4096, 0);
            case 2 -> new Operation().fdatasync(file);
            default -> new Operation().nop();
          };
      if (i > 0) {
        chain[i - 1].linkTo(chain[i]);
      }
    }
    engine.submit(chain[0]);
    Operation victim = chain[random.nextInt(chain.length)];
    SplittableRandom theirs = random.split();
    FutureTask<Void> canceller =
        TwoSides.task(() -> {
          TwoSides.pause(theirs);
          engine.cancel(victim);
        });
    TwoSides.start(random, canceller);
    boolean cancelled = false;
    for (Operation op : chain) {
      int errno = RaceGround.outcome(op, ContractCase.ECANCELED);
      assertThat(cancelled && errno == 0).as("%s after one that was cancelled", op).isFalse();
      cancelled |= errno != 0;
    }
    TwoSides.join(canceller);
    buffer.close();
  }

  /// Some of the files are not there, and some of the buffers are closed meanwhile.
  private void cancelReadsOfFiles(SplittableRandom random) throws Exception {
    Operation[] ops = new Operation[12];
    IoBuffer[] buffers = new IoBuffer[ops.length];
    for (int i = 0; i < ops.length; i++) {
      int room = random.nextInt(1, 4) * (128 << 10);
      buffers[i] = engine.pool().acquire(room);
      Path path = random.nextInt(4) == 0 ? directory.resolve("none") : file.path();
      ops[i] = new Operation().readFile(path, buffers[i], 0, room);
      engine.submit(ops[i]);
    }
    SplittableRandom theirs = random.split();
    FutureTask<Void> canceller =
        TwoSides.task(() -> {
          TwoSides.pause(theirs);
          for (Operation op : ops) {
            if (theirs.nextBoolean()) {
              engine.cancel(op);
            }
          }
        });
    TwoSides.start(random, canceller);
    for (int i = 0; i < ops.length; i++) {
      boolean kept = random.nextInt(3) != 0;
      if (!kept) {
        buffers[i].close();
      }
      int room = (int) buffers[i].capacity();
      if (RaceGround.outcome(ops[i], ContractCase.ECANCELED, ContractCase.ENOENT) == 0) {
        int expected = Math.min(room, RaceGround.FILE_BYTES);
        assertThat(ops[i].result()).isEqualTo(expected);
        if (kept) {
          assertThat(ContractCase.content(buffers[i], expected))
              .isEqualTo(Arrays.copyOf(content, expected));
        }
      }
      if (kept) {
        buffers[i].close();
      }
    }
    TwoSides.join(canceller);
  }
}
