package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.OpCode;
import io.ringwell.file.Durability;
import io.ringwell.file.OpenOptions;
import io.ringwell.memory.CopyCounter;
import io.ringwell.window.Commit;
import io.ringwell.window.IntClaim;
import io.ringwell.window.ManagedWriter;
import io.ringwell.window.WriteClaim;
import io.ringwell.window.WriterOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What a writer promises, on every engine, through the page cache and past it, and under faults
/// that nobody may notice.
@ParameterizedClass
@EnumSource(WriterSetup.class)
@Timeout(60)
final class WriterContractTest extends WriterCase {
  WriterContractTest(WriterSetup setup) {
    super(setup);
  }

  @Test
  void claimIsWrittenWhereItSaid() throws IOException {
    byte[] content = pattern(1, 3 * BLOCK);
    try (ManagedWriter writer = open();
        WriteClaim claim = claim(writer, BLOCK, content)) {
      assertThat(claim.position()).isEqualTo(BLOCK);
      assertThat(claim.size()).isEqualTo(3 * BLOCK);
      Commit commit = writer.commit(claim);
      commit.await();
      assertThat(commit.isDone()).isTrue();
      assertThat(commit.failure()).isNull();
      assertThat(commit.bytes()).isEqualTo(3 * BLOCK);
    }
    byte[] expected = new byte[4 * BLOCK];
    System.arraycopy(content, 0, expected, BLOCK, content.length);
    assertThat(content()).isEqualTo(expected);
  }

  @Test
  void closeOfAnUncommittedClaimWritesNothing() throws IOException {
    try (ManagedWriter writer = open()) {
      WriteClaim claim = claim(writer, 0, pattern(1, BLOCK));
      claim.close();
      claim.close();
      assertThat(claim.isOpen()).isFalse();
      assertThatIllegalStateException().isThrownBy(() -> writer.commit(claim));
      assertThat(writer.inFlightBytes()).isZero();
    }
    assertThat(path).isEmptyFile();
  }

  @Test
  void committedClaimIsStale() throws IOException {
    try (ManagedWriter writer = open()) {
      gated.hold();
      byte[] content = pattern(1, BLOCK);
      WriteClaim claim = claim(writer, 0, content);
      IntClaim ints = claim.asInts(ByteOrder.BIG_ENDIAN);
      Commit commit = writer.commit(claim);
      assertThatIllegalStateException().isThrownBy(claim::segment);
      assertThatIllegalStateException().isThrownBy(claim::byteBuffer);
      assertThatIllegalStateException().isThrownBy(() -> claim.shrink(1));
      assertThatIllegalStateException().isThrownBy(() -> ints.put(0, 1));
      assertThatIllegalStateException().isThrownBy(() -> ints.get(0));
      assertThatIllegalStateException().isThrownBy(() -> claim.asLongs(ByteOrder.BIG_ENDIAN));
      assertThatIllegalStateException().isThrownBy(() -> writer.commit(claim));
      assertThat(commit.isDone()).isFalse();
      assertThatIllegalStateException().isThrownBy(commit::failure);
      claim.close();
      gated.release();
      commit.await();
      assertThat(content()).isEqualTo(content);
    }
  }

  @Test
  void severalClaimsGoWithOneCommit() throws IOException {
    byte[] content = pattern(2, 8 * BLOCK);
    try (ManagedWriter writer = open()) {
      WriteClaim[] claims = new WriteClaim[8];
      for (int i = 0; i < claims.length; i++) {
        // From the last to the first: order in the file is not that of the commit.
        int at = (7 - i) * BLOCK;
        claims[i] = claim(writer, at, Arrays.copyOfRange(content, at, at + BLOCK));
      }
      Commit commit = writer.commit(claims);
      commit.await();
      assertThat(commit.bytes()).isEqualTo(8 * BLOCK);
      assertThat(content()).isEqualTo(content);
    }
  }

  @Test
  void commitOfOneThatIsNotOpenCommitsNone() throws IOException {
    try (ManagedWriter writer = open();
        WriteClaim open = claim(writer, 0, pattern(1, BLOCK))) {
      WriteClaim closed = writer.beginWrite(BLOCK, BLOCK);
      closed.close();
      assertThatIllegalStateException().isThrownBy(() -> writer.commit(open, closed));
      assertThatIllegalArgumentException().isThrownBy(() -> writer.commit(open, open));
      assertThat(open.isOpen()).isTrue();
    }
    assertThat(path).isEmptyFile();
  }

  @Test
  void claimOfAnotherWriterIsRefused() throws IOException {
    try (ManagedWriter writer = open();
        ManagedWriter other = open();
        WriteClaim claim = writer.beginWrite(0, BLOCK)) {
      assertThatIllegalArgumentException().isThrownBy(() -> other.commit(claim));
      assertThat(claim.isOpen()).isTrue();
    }
  }

  @Test
  void shrunkClaimWritesItsFrontAlone() throws IOException {
    byte[] content = pattern(3, 2 * BLOCK);
    try (ManagedWriter writer = open();
        WriteClaim claim = claim(writer, 0, content)) {
      claim.shrink(BLOCK);
      assertThat(claim.size()).isEqualTo(BLOCK);
      assertThat(claim.segment().byteSize()).isEqualTo(BLOCK);
      assertThatIllegalArgumentException().isThrownBy(() -> claim.shrink(BLOCK + 1));
      assertThatIllegalArgumentException().isThrownBy(() -> claim.shrink(0));
      writer.commit(claim).await();
    }
    assertThat(content()).isEqualTo(Arrays.copyOf(content, BLOCK));
  }

  @Test
  void fileEndsWhereTheLastClaimEnds() throws IOException {
    byte[] content = pattern(4, 2 * BLOCK + 777);
    try (ManagedWriter writer = open()) {
      Commit commit = writer.commit(claim(writer, 0, content));
      commit.await();
      writer.flush();
      assertThat(writer.size()).isEqualTo(content.length);
      assertThat(content()).isEqualTo(content);
      // Once more, further on, with a sync, and with the close alone.
      byte[] more = pattern(5, 10);
      writer.commit(claim(writer, 4 * BLOCK, more));
      writer.sync(Durability.FULL);
      assertThat(writer.size()).isEqualTo(4 * BLOCK + 10);
      writer.commit(claim(writer, 5 * BLOCK, more));
    }
    assertThat(Files.size(path)).isEqualTo(5 * BLOCK + 10);
    assertThat(Arrays.copyOf(content(), content.length)).isEqualTo(content);
  }

  @Test
  void directClaimsLieOnTheGrid() throws IOException {
    assumeTrue(setup.direct);
    Files.write(path, new byte[3 * BLOCK]);
    try (ManagedWriter writer = open()) {
      assertThat(writer.granularity()).isGreaterThan(1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> writer.beginWrite(1, BLOCK))
          .withMessageContaining("multiples of " + writer.granularity());
      assertThatIllegalArgumentException().isThrownBy(() -> writer.beginWrite(0, BLOCK + 1));
      try (WriteClaim claim = writer.beginWrite(0, BLOCK)) {
        assertThatIllegalArgumentException().isThrownBy(() -> claim.shrink(1));
      }
      // Behind the end, anything goes.
      writer.beginWrite(2 * BLOCK, BLOCK + 1).close();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> open(options().withMaxClaim(writer.granularity() + 1)));
    }
  }

  @Test
  void sizesAreBounded() throws IOException {
    try (ManagedWriter writer = open(options().withMaxClaim(2 * BLOCK))) {
      assertThat(writer.maxClaim()).isEqualTo(2 * BLOCK);
      assertThatIllegalArgumentException().isThrownBy(() -> writer.beginWrite(0, 0));
      assertThatIllegalArgumentException().isThrownBy(() -> writer.beginWrite(0, 2 * BLOCK + 1));
      assertThatIllegalArgumentException().isThrownBy(() -> writer.beginWrite(-BLOCK, BLOCK));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> writer.beginWrite(Long.MAX_VALUE / BLOCK * BLOCK, BLOCK));
    }
    long tooMuch = 2 * engine.pool().maxBytes();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> open(options().withMaxInFlightBytes(tooMuch).withMaxClaim(tooMuch)))
        .withMessageContaining("pool");
    assertThatIllegalArgumentException().isThrownBy(() -> options().withMaxInFlightBytes(BLOCK));
    assertThatIllegalArgumentException().isThrownBy(() -> WriterOptions.of(OpenOptions.read()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WriterOptions.of(OpenOptions.write().append()));
  }

  @Test
  void offsetsGoBeyondFourGibibytes() throws IOException {
    long position = (5L << 30) + BLOCK;
    byte[] content = pattern(6, 2 * BLOCK);
    try (ManagedWriter writer = open()) {
      writer.commit(claim(writer, position, content)).await();
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      assertThat(file.length()).isEqualTo(position + content.length);
      byte[] read = new byte[content.length];
      file.seek(position);
      file.readFully(read);
      assertThat(read).isEqualTo(content);
    }
  }

  @Test
  void claimLargerThanOneAttemptIsWrittenWhole() throws IOException {
    byte[] content = pattern(7, 5 << 20);
    WriterOptions large = options().withMaxClaim(8 << 20);
    try (ManagedWriter writer = open(large)) {
      writer.commit(claim(writer, 0, content)).await();
    }
    assertThat(content()).isEqualTo(content);
  }

  @Test
  void everyWayToWaitTells() throws Exception {
    byte[] content = pattern(8, BLOCK);
    try (ManagedWriter writer = open()) {
      WriteClaim claim =
          writer.beginWriteAsync(0, BLOCK).toCompletableFuture().get(30, TimeUnit.SECONDS);
      fill(claim, content);
      Commit commit = writer.commit(claim);
      commit.stage().toCompletableFuture().get(30, TimeUnit.SECONDS);
      assertThat(commit.isDone()).isTrue();
      commit.stage().toCompletableFuture().get(30, TimeUnit.SECONDS);
      WriteClaim polled = Objects.requireNonNull(writer.tryBeginWrite(BLOCK, BLOCK));
      fill(polled, content);
      Commit second = writer.commit(polled);
      while (!second.isDone()) {
        Thread.onSpinWait();
      }
      writer.syncAsync(Durability.DATA).toCompletableFuture().get(30, TimeUnit.SECONDS);
      assertThat(content()).hasSize(2 * BLOCK);
    }
  }

  @Test
  void syncWaitsForWhatWasCommittedBefore() throws IOException {
    try (ManagedWriter writer = open()) {
      for (Durability durability : Durability.values()) {
        Commit[] commits = new Commit[8];
        for (int i = 0; i < commits.length; i++) {
          commits[i] = writer.commit(claim(writer, (long) i * BLOCK, pattern(i, BLOCK)));
        }
        writer.sync(durability);
        assertThat(commits).allMatch(Commit::isDone);
        assertThat(writer.inFlightBytes()).isZero();
      }
    }
  }

  @Test
  void claimAndCommitAreUsedAgain() throws IOException {
    WriteClaim claim = new WriteClaim();
    Commit commit = new Commit();
    assertThatIllegalStateException().isThrownBy(claim::segment);
    assertThatIllegalStateException().isThrownBy(commit::isDone);
    byte[] content = pattern(9, 4 * BLOCK);
    try (ManagedWriter writer = open()) {
      for (int i = 0; i < 4; i++) {
        writer.beginWrite(claim, (long) i * BLOCK, BLOCK);
        assertThatIllegalStateException().isThrownBy(() -> writer.beginWrite(claim, 0, BLOCK));
        assertThatIllegalStateException().isThrownBy(() -> writer.tryBeginWrite(claim, 0, BLOCK));
        fill(claim, Arrays.copyOfRange(content, i * BLOCK, (i + 1) * BLOCK));
        writer.commit(commit, claim);
        commit.await();
      }
      assertThat(content()).isEqualTo(content);
    }
  }

  @Test
  void closeWaitsForWhatIsInFlight() throws IOException {
    byte[] content = pattern(10, 16 * BLOCK);
    ManagedWriter writer = open();
    for (int i = 0; i < 16; i++) {
      byte[] part = Arrays.copyOfRange(content, i * BLOCK, (i + 1) * BLOCK);
      writer.commit(claim(writer, (long) i * BLOCK, part));
    }
    writer.close();
    writer.close();
    assertThat(content()).isEqualTo(content);
    assertThatIllegalStateException().isThrownBy(() -> writer.beginWrite(0, BLOCK));
    assertThatIllegalStateException().isThrownBy(() -> writer.tryBeginWrite(0, BLOCK));
    assertThatIllegalStateException().isThrownBy(() -> writer.sync(Durability.NONE));
  }

  @Test
  void openClaimOutlivesItsWriterButIsNotCommitted() throws IOException {
    ManagedWriter writer = open();
    WriteClaim claim = writer.beginWrite(0, BLOCK);
    writer.close();
    MemorySegment memory = claim.segment();
    memory.fill((byte) 1);
    assertThatIllegalStateException().isThrownBy(() -> writer.commit(claim));
    try (ManagedWriter next = open();
        WriteClaim same = next.beginWrite(0, BLOCK)) {
      assertThat(same.segment().address()).isNotEqualTo(memory.address());
    }
    claim.close();
    assertThat(path).isEmptyFile();
  }

  @Test
  void interruptedThreadClosesAllTheSame() throws IOException {
    byte[] content = pattern(11, 4 * BLOCK + 1);
    ManagedWriter writer = open();
    writer.commit(claim(writer, 0, content));
    Thread.currentThread().interrupt();
    writer.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(content()).isEqualTo(content);
  }

  @Test
  void fileIsCutWhereAskedUnlessSomebodyHasAClaim() throws IOException {
    Files.write(path, new byte[10]);
    WriterOptions cutting =
        options()
            .withFile(
                new OpenOptions(options().file().flags(), 0644, OpenOptions.HandOff.AUTO)
                    .truncate());
    try (ManagedWriter writer = open();
        WriteClaim claim = writer.beginWrite(0, BLOCK)) {
      assertThat(claim.isOpen()).isTrue();
      assertThatIllegalStateException().isThrownBy(() -> open(cutting));
      assertThat(Files.size(path)).isEqualTo(10);
    }
    open(cutting).close();
    assertThat(path).isEmptyFile();
  }

  @Test
  void lockedFileIsLockedForOthers() throws IOException {
    assumeTrue(engine.supports(OpCode.LOCK), "FileChannel has no locks of open files");
    try (ManagedWriter writer = open(options().locked())) {
      assertThatThrownBy(() -> open(options().locked()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("EAGAIN");
      assertThat(writer.size()).isZero();
    }
    open(options().locked()).close();
  }

  @Test
  void kernelGetsTheClaimsOwnMemory() throws IOException {
    Engine inner = setup.kind.open(EngineOptions.defaults());
    try (RecordingEngine recording = new RecordingEngine(inner);
        ManagedWriter writer = ManagedWriter.open(recording, path, options())) {
      long copied = CopyCounter.bytesCopied();
      for (int i = 0; i < 20; i++) {
        recording.clear();
        try (WriteClaim claim = writer.beginWrite((long) i * 16 * BLOCK, 16 * BLOCK)) {
          long address = claim.segment().address();
          claim.segment().fill((byte) i);
          writer.commit(claim).await();
          List<RecordingEngine.Span> spans = recording.spans();
          assertThat(spans).isNotEmpty();
          assertThat(spans)
              .allMatch(span -> span.code() == OpCode.WRITE && span.isWithin(address, 16 * BLOCK));
        }
      }
      assertThat(CopyCounter.bytesCopied()).isEqualTo(copied);
    }
  }
}
