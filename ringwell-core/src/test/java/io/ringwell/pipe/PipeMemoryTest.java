package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The bound on the memory of a pipe, which holds however little the writer puts into its windows.
class PipeMemoryTest {
  private static final int SEGMENT = 16 << 10;
  private static final int BOUND = 2 * SEGMENT;

  private static PipeOptions options() {
    return Rig.options()
        .withThresholds(0, 0)
        .withSegments(SEGMENT, SEGMENT)
        .withKeepBytes(0)
        .withMaxMemory(BOUND);
  }

  private static void writeOneOf(Rig rig, int window) throws IOException {
    rig.writer.reserve(window);
    rig.writer.memory().set(ValueLayout.JAVA_BYTE, rig.writer.position(), (byte) 1);
    rig.writer.commit(1);
    rig.writer.tryFlush();
  }

  private static void readUpTo(Rig rig, long offset) throws IOException {
    rig.reader.read().advance(offset);
  }

  @Test
  void aByteInEachWindowDoesNotTakeMoreThanTheBound() throws IOException {
    try (Rig rig = new Rig(options())) {
      writeOneOf(rig, SEGMENT);
      writeOneOf(rig, SEGMENT);
      assertThat(rig.writer.tryReserve(SEGMENT)).isZero();
      assertThat(rig.held()).isEqualTo(BOUND);
      assertThat(rig.writer.tryReserve(SEGMENT - 1)).as("the tail's rest").isPositive();
      rig.writer.tryFlush();
      readUpTo(rig, 1);
      assertThat(rig.writer.tryReserve(SEGMENT)).isEqualTo(SEGMENT);
      assertThat(rig.held()).isEqualTo(BOUND);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWriterThatIsParkedGoesOnWhenASegmentWasRead(boolean virtual) throws Exception {
    try (Rig rig = new Rig(options())) {
      writeOneOf(rig, SEGMENT);
      writeOneOf(rig, SEGMENT);
      Parked<Long> parked = Parked.of(virtual, () -> rig.writer.reserve(SEGMENT));
      readUpTo(rig, 1);
      assertThat(parked.end()).isEqualTo(SEGMENT);
    }
  }

  @Test
  void aReaderThatWantsMoreThanFitsIsTold() throws Exception {
    try (Rig rig = new Rig(options())) {
      writeOneOf(rig, SEGMENT);
      writeOneOf(rig, SEGMENT);
      Parked<PipeRead> parked = Parked.of(() -> rig.reader.readAtLeast(3));
      assertThat(rig.writer.tryReserve(SEGMENT)).isZero();
      PipeRead read = parked.end();
      assertThat(read.isFull()).isTrue();
      assertThat(read.size()).isEqualTo(2);
      read.advance(1, 2);
      writeOneOf(rig, SEGMENT);
      assertThat(rig.reader.readAtLeast(2).isFull()).isFalse();
    }
  }

  /// The reader has found the tail claimed and could not give it back.
  @Test
  void whoHasReadAllIsNotWaitedFor() throws IOException {
    try (Rig rig = new Rig(options().withSegments(SEGMENT, BOUND).withKeepBytes(BOUND))) {
      writeOneOf(rig, BOUND);
      PipeRead read = rig.reader.read();
      rig.writer.reserve(1); // claims the tail
      read.advance(read.end());
      assertThat(rig.writer.reserve(BOUND)).isEqualTo(BOUND);
      rig.writer.commit(1);
      rig.writer.tryFlush();
      assertThat(rig.held()).isLessThanOrEqualTo(2 * BOUND); // one is kept
    }
  }

  @Test
  void aSegmentThatWasReadCountsNoMoreWhenTheWriterLeavesIt() throws IOException {
    try (Rig rig = new Rig(options().withKeepBytes(4 * BOUND))) {
      writeOneOf(rig, SEGMENT);
      readUpTo(rig, 1);
      writeOneOf(rig, SEGMENT);
      assertThat(rig.writer.tryReserve(SEGMENT)).isEqualTo(SEGMENT);
    }
  }

  /// The reader has read all of the segment that counts, before the writer left it by an append.
  @Test
  void aReaderThatWantsMoreIsNotToldOfAFullPipeWhereWhatCountsWasRead() throws Exception {
    try (Rig rig = new Rig(options().withKeepBytes(4 * BOUND))) {
      writeOneOf(rig, SEGMENT);
      readUpTo(rig, 1);
      assertThat(rig.writer.tryAppend(Bytes.copyOf(new byte[] {1}))).isTrue();
      rig.writer.tryFlush();
      CompletableFuture<PipeRead> read = rig.reader.readAtLeastAsync(2).toCompletableFuture();
      assertThat(rig.writer.tryReserve(BOUND)).isEqualTo(BOUND);
      assertThat(read).isNotDone();
      rig.writer.commit(1);
      rig.writer.tryFlush();
      assertThat(read.join().isFull()).isFalse();
      assertThat(read.join().size()).isEqualTo(2);
      read.join().advance(3);
    }
  }

  /// The segment that the writer has is freed by nobody else, when the reader is complete.
  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whoWritesForNobodyHasRoom() throws Exception {
    try (Rig rig = new Rig(options())) {
      for (int i = 0; i < 2; i++) {
        rig.writer.reserve(SEGMENT);
        rig.writer.commit(SEGMENT);
      }
      rig.reader.complete();
      assertThat(rig.writer.reserve(1)).isPositive();
      assertThat(rig.writer.tryFlush()).isEqualTo(FlushResult.COMPLETED);
    }
  }

  @Test
  void aLargerWindowIsRefused() {
    try (Rig rig = new Rig(options())) {
      assertThatThrownBy(() -> rig.writer.reserve(BOUND + 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("withMaxMemory");
      assertThatThrownBy(() -> options().withMaxMemory(SEGMENT - 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("maxMemoryBytes");
    }
  }

  /// What is appended lies between, and does not count.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void randomWindowsArriveWithinTheBound(boolean appends) throws Exception {
    long seed = Long.getLong("ringwell.seed", 1);
    System.out.println("PipeMemoryTest: -Dringwell.seed=" + seed);
    int total = 50_000;
    try (Rig rig = new Rig(options())) {
      FutureTask<Void> writing =
          new FutureTask<>(() -> {
            writeAll(rig, new Random(seed), total, appends);
            return null;
          });
      Thread.ofPlatform().start(writing);
      Random random = new Random(seed + 1);
      long seen = 0;
      while (seen < total) {
        PipeRead read = rig.reader.read();
        long some = read.start() + random.nextLong(read.size() + 1);
        for (long at = read.start(); at < some; at++) {
          assertThat(read.get(at)).isEqualTo((byte) at);
        }
        assertThat(heldInRest(rig)).isLessThanOrEqualTo(BOUND);
        seen = some;
        read.advance(some, random.nextBoolean() ? some : read.end());
      }
      writing.get();
      PipeRead rest = rig.reader.read();
      assertThat(rest.isEmpty() && rest.isCompleted()).isTrue();
      rest.advance(rest.end());
    }
  }

  /// The pool counts block by block: one that goes back meanwhile and the one that comes for it may
  /// both be counted. What is held beyond the bound stays so while nobody reads.
  private static long heldInRest(Rig rig) {
    long held = rig.held();
    for (int i = 0; held > BOUND && i < 1000; i++) {
      held = rig.held();
    }
    return held;
  }

  private static void writeAll(Rig rig, Random random, int total, boolean appends)
      throws IOException {
    PipeWriter writer = rig.writer;
    while (writer.committed() < total) {
      if (appends && random.nextInt(4) == 0) {
        writer.append(Bytes.copyOf(new byte[] {(byte) writer.committed()}));
      } else {
        writer.reserve(1 + random.nextInt(SEGMENT));
        long most = Math.min(writer.room(), total - writer.committed());
        long count = 1 + random.nextLong(Math.min(most, 1 + random.nextInt(20)));
        for (int i = 0; i < count; i++) {
          writer.memory().set(ValueLayout.JAVA_BYTE, writer.position(), (byte) writer.committed());
          writer.commit(1);
        }
      }
      if (random.nextBoolean()) {
        writer.flush();
      }
    }
    writer.flush();
    writer.complete();
  }

  /// A cap of all numbers is none that an offset can be added to.
  @Test
  void aReaderIsToldThoughThereIsNoCap() throws Exception {
    try (Rig rig = new Rig(options().withMaxBuffered(Long.MAX_VALUE))) {
      writeOneOf(rig, SEGMENT);
      writeOneOf(rig, SEGMENT);
      Parked<PipeRead> parked = Parked.of(() -> rig.reader.readAtLeast(1L << 40));
      assertThat(rig.writer.tryReserve(SEGMENT)).isZero();
      PipeRead read = parked.end();
      assertThat(read.isFull()).isTrue();
      read.advance(2);
    }
  }

  @Test
  void whatLiesInOneWindowIsReadInOne() throws IOException {
    try (Rig rig = new Rig()) {
      rig.writer.reserve(3000);
      for (int i = 0; i < 30; i++) {
        rig.writeBytes(100);
        rig.writer.flush();
        PipeRead read = rig.reader.read();
        assertThat(read.isContiguous()).isTrue();
        assertThat(read.window().byteSize()).isEqualTo(read.size()).isEqualTo((i + 1) * 100L);
        assertThat(read.nextFragment()).isFalse();
        read.advance(0, read.end());
      }
    }
  }
}
