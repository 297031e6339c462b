package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.engine.Engine;
import io.ringwell.engine.OpCode;
import io.ringwell.engine.OperationException;
import io.ringwell.file.Durability;
import io.ringwell.window.Appender;
import io.ringwell.window.Commit;
import io.ringwell.window.ManagedWriter;
import io.ringwell.window.WriteClaim;
import io.ringwell.window.WriterOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What goes wrong is told, once: by the commit that asked, or by whatever the writer is called for
/// next.
@ParameterizedClass
@EnumSource(WriterSetup.class)
@Timeout(60)
final class WriterErrorsTest extends WriterCase {
  private static final int EIO = 5;
  private static final int ENOSPC = 28;

  WriterErrorsTest(WriterSetup setup) {
    super(setup);
  }

  private static OperationException failing(int errno, ThrowingCallable call) {
    OperationException e = catchThrowableOfType(OperationException.class, call);
    assertThat(e).as("failure").isNotNull();
    assertThat(e.errno()).isEqualTo(errno);
    return e;
  }

  /// Commits a claim that fails.
  private Commit fail(ManagedWriter writer, long position, int errno) throws IOException {
    WriteClaim claim = claim(writer, position, pattern(1, BLOCK));
    gated.fail(OpCode.WRITE, errno);
    try {
      return writer.commit(claim);
    } finally {
      gated.heal();
    }
  }

  @Test
  void commitTellsItsFailureAndNobodyElseDoes() throws IOException {
    try (ManagedWriter writer = open()) {
      Commit commit = fail(writer, BLOCK, EIO);
      OperationException e = failing(EIO, commit::await);
      assertThat(e).hasMessageContaining(path.toString()).hasMessageContaining("EIO");
      assertThat(e.offset()).isEqualTo(BLOCK);
      writer.commit(claim(writer, 0, pattern(2, BLOCK))).await();
      writer.sync(Durability.DATA);
    }
    assertThat(content()).isEqualTo(pattern(2, BLOCK));
  }

  @Test
  void failureIsAValueForThoseWhoPoll() throws IOException {
    try (ManagedWriter writer = open()) {
      Commit commit = fail(writer, 0, ENOSPC);
      assertThat(commit.isDone()).isTrue();
      assertThat(commit.failure()).isInstanceOf(OperationException.class);
      writer.flush();
    }
  }

  @Test
  void stageFailsWithWhatItsCommitFailedWith() throws IOException {
    try (ManagedWriter writer = open()) {
      Commit commit = fail(writer, 0, EIO);
      assertThatThrownBy(() -> commit.stage().toCompletableFuture().get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(OperationException.class);
      writer.flush();
    }
  }

  @Test
  void nextCommitTellsWhatNobodyAskedForAndCommitsNothing() throws IOException {
    try (ManagedWriter writer = open()) {
      fail(writer, 0, EIO);
      WriteClaim claim = claim(writer, BLOCK, pattern(2, BLOCK));
      failing(EIO, () -> writer.commit(claim));
      assertThat(claim.isOpen()).isTrue();
      writer.commit(claim).await();
      writer.flush();
    }
    assertThat(Files.size(path)).isEqualTo(2 * BLOCK);
  }

  @Test
  void syncTellsWhatNobodyAskedFor() throws IOException {
    try (ManagedWriter writer = open()) {
      fail(writer, 0, EIO);
      failing(EIO, () -> writer.sync(Durability.NONE));
      writer.sync(Durability.FULL);
    }
  }

  @Test
  void closeTellsWhatNobodyAskedForAndClosesAllTheSame() throws IOException {
    ManagedWriter writer = open();
    gated.hold();
    writer.commit(claim(writer, 0, pattern(1, BLOCK)));
    writer.commit(claim(writer, BLOCK, pattern(1, BLOCK)));
    gated.failHeld(EIO);
    OperationException e = failing(EIO, writer::close);
    assertThat(e.offset()).isZero();
    assertThat(e.getSuppressed()).singleElement().isInstanceOf(OperationException.class);
    assertThat(writer.handle().isOpen()).isFalse();
    writer.close();
  }

  @Test
  void firstFailureOfSeveralClaimsWins() throws IOException {
    try (ManagedWriter writer = open()) {
      WriteClaim[] claims = new WriteClaim[40];
      for (int i = 0; i < claims.length; i++) {
        claims[i] = claim(writer, (long) i * BLOCK, pattern(i, BLOCK));
      }
      gated.fail(OpCode.WRITE, EIO);
      Commit commit = writer.commit(claims);
      gated.heal();
      OperationException e = failing(EIO, commit::await);
      assertThat(e.offset()).isZero();
      assertThat(e.getSuppressed()).hasSize(16);
      writer.flush();
    }
  }

  @Test
  void commitThatIsUsedAgainLosesNoFailure() throws IOException {
    try (ManagedWriter writer = open()) {
      Commit commit = fail(writer, 0, EIO);
      WriteClaim claim = claim(writer, 0, pattern(2, BLOCK));
      failing(EIO, () -> writer.commit(commit, claim));
      writer.commit(commit, claim);
      commit.await();
    }
    assertThat(content()).isEqualTo(pattern(2, BLOCK));
  }

  @Test
  void memoryAndRangeOfAFailedClaimAreFree() throws IOException {
    try (ManagedWriter writer = open(options().withMaxInFlightBytes(1 << 20))) {
      for (int i = 0; i < 600; i++) {
        failing(EIO, fail(writer, 0, EIO)::await);
      }
      assertThat(writer.inFlightBytes()).isZero();
    }
  }

  /// What was handed over goes on, the one that was refused is aborted, the rest stays open.
  @Test
  void engineThatBreaksInTheMiddleOfACommitLosesNothing() throws IOException {
    try (ManagedWriter writer = open()) {
      WriteClaim[] claims = new WriteClaim[4];
      for (int i = 0; i < claims.length; i++) {
        claims[i] = claim(writer, (long) i * BLOCK, pattern(i, BLOCK));
      }
      gated.breakAfter(2);
      Commit commit = new Commit();
      assertThatThrownBy(() -> writer.commit(commit, claims))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("broken");
      assertThat(claims).extracting(WriteClaim::isOpen).containsExactly(false, false, false, true);
      commit.await();
      assertThat(commit.bytes()).isEqualTo(2 * BLOCK);
      assertThat(writer.inFlightBytes()).isEqualTo(BLOCK);
      writer.commit(claims[3]).await();
      writer.commit(claim(writer, 2 * BLOCK, pattern(2, BLOCK))).await();
      writer.sync(Durability.DATA);
    }
    byte[] all = content();
    for (int i = 0; i < 4; i++) {
      assertThat(Arrays.copyOfRange(all, i * BLOCK, (i + 1) * BLOCK)).isEqualTo(pattern(i, BLOCK));
    }
  }

  @Test
  void writerClosesAfterItsEngine() throws IOException {
    ManagedWriter writer = open();
    WriteClaim open = claim(writer, 0, pattern(1, BLOCK));
    writer.commit(claim(writer, BLOCK, pattern(2, 100)));
    engine.close();
    // Its file was closed by the engine, and cannot be cut or closed again; all else is given back.
    assertThatThrownBy(writer::close).isInstanceOf(IllegalStateException.class);
    open.close();
    writer.close();
    Engine other = setup.open(Seeds.first());
    try (other;
        ManagedWriter next = ManagedWriter.open(other, path, options())) {
      next.beginWrite(0, BLOCK).close();
    }
  }

  @Test
  void claimsAtTheEdgesOfLongAreRefused() throws IOException {
    try (ManagedWriter writer = open()) {
      for (long at :
          new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, -BLOCK, Long.MAX_VALUE - BLOCK + 1}) {
        assertThatThrownBy(() -> writer.beginWrite(at, BLOCK))
            .isInstanceOf(IllegalArgumentException.class);
      }
      for (long size : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, writer.maxClaim() + 1}) {
        assertThatThrownBy(() -> writer.beginWrite(0, size))
            .isInstanceOf(IllegalArgumentException.class);
      }
      // No file reaches so far: the kernel says so, and the writer goes on.
      Commit far = writer.commit(claim(writer, 1L << 61, pattern(1, BLOCK)));
      assertThatThrownBy(far::await).isInstanceOf(IOException.class);
      assertThat(writer.inFlightBytes()).isZero();
      writer.commit(claim(writer, 0, pattern(2, BLOCK))).await();
    }
    assertThat(content()).isEqualTo(pattern(2, BLOCK));
  }

  @Test
  void afterASyncFailedNoLaterOneSucceeds() throws IOException {
    try (ManagedWriter writer = open()) {
      writer.commit(claim(writer, 0, pattern(1, BLOCK))).await();
      gated.fail(OpCode.FDATASYNC, EIO);
      OperationException first = failing(EIO, () -> writer.sync(Durability.DATA));
      gated.heal();
      assertThatThrownBy(() -> writer.sync(Durability.FULL))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("may be lost")
          .hasCause(first);
      writer.flush();
    }
  }

  @Test
  void cutThatFailsIsTriedAgain() throws IOException {
    assumeTrue(setup.direct);
    try (ManagedWriter writer = open()) {
      writer.commit(claim(writer, 0, pattern(1, 10))).await();
      gated.fail(OpCode.TRUNCATE, EIO);
      failing(EIO, writer::flush);
      gated.heal();
      assertThat(Files.size(path)).isGreaterThan(10);
    }
    assertThat(content()).isEqualTo(pattern(1, 10));
  }

  @Test
  void failedLastBlockLeavesTheFileAsLongAsItWas() throws IOException {
    try (ManagedWriter writer = open()) {
      writer.commit(claim(writer, 0, pattern(1, BLOCK))).await();
      WriteClaim claim = claim(writer, BLOCK, pattern(2, 100));
      gated.fail(OpCode.WRITE, EIO);
      Commit commit = writer.commit(claim);
      gated.heal();
      failing(EIO, commit::await);
    }
    assertThat(content()).isEqualTo(pattern(1, BLOCK));
  }

  @Test
  void appenderTellsWithItsNextCall() throws IOException {
    byte[] content = pattern(1, 64 << 10);
    try (ManagedWriter writer = open()) {
      Appender appender = writer.appender();
      gated.fail(OpCode.WRITE, EIO);
      appender.append(MemorySegment.ofArray(content));
      gated.heal();
      failing(EIO, appender::flush);
      appender.append(MemorySegment.ofArray(content));
      appender.flush();
      assertThat(appender.position()).isEqualTo(2L * content.length);
      appender.close();
    }
    assertThat(content()).hasSize(2 * content.length).endsWith(content);
  }

  @Test
  void openThatFailsLeavesNothingBehind() throws IOException {
    gated.fail(OpCode.STATX, EIO);
    failing(EIO, this::open);
    gated.heal();
    open().close();
    assertThatThrownBy(() -> ManagedWriter.open(engine, directory, options()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void failureOfASyncWhoseWaiterWasInterruptedIsKept() throws Exception {
    assumeTrue(setup == WriterSetup.URING || setup == WriterSetup.URING_DIRECT);
    try (ManagedWriter writer = open()) {
      gated.holdSyncs();
      FutureTask<Void> task =
          new FutureTask<>(() -> {
            writer.sync(Durability.FULL);
            return null;
          });
      Thread thread = Thread.ofVirtual().start(task);
      while (gated.held() == 0 || thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      thread.interrupt();
      assertThatThrownBy(task::get).hasCauseInstanceOf(InterruptedIOException.class);
      gated.failHeld(EIO);
      failing(EIO, writer::flush);
      assertThatThrownBy(() -> writer.sync(Durability.DATA)).hasMessageContaining("may be lost");
    }
  }

  @Test
  void fullDiskIsToldAndEndsWhenThereIsRoom() throws Exception {
    Path small = Files.createDirectory(directory.resolve("small"));
    try (Mounted mount = Mounted.tmpfs(small, "size=1m")) {
      assertThat(mount).isNotNull();
      Path full = small.resolve("full");
      Path ballast = Files.write(small.resolve("ballast"), new byte[512 << 10]);
      Engine own = setup.open(Seeds.first());
      try (own;
          ManagedWriter writer = ManagedWriter.open(own, full, WriterOptions.defaults())) {
        byte[] content = pattern(1, 256 << 10);
        WriteClaim[] claims = new WriteClaim[4];
        for (int i = 0; i < 4; i++) {
          claims[i] = claim(writer, (long) i * content.length, content);
        }
        assertThat(failing(ENOSPC, writer.commit(claims)::await)).hasMessageContaining("full");
        Files.delete(ballast);
        for (int i = 0; i < 3; i++) {
          writer.commit(claim(writer, (long) i * content.length, content)).await();
        }
        writer.sync(Durability.FULL);
        byte[] read = Files.readAllBytes(full);
        for (int i = 0; i < 3; i++) {
          assertThat(read).containsSequence(content);
        }
      }
      Files.delete(full);
    }
  }
}
