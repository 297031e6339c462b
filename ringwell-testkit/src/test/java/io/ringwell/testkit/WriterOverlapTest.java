package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.memory.IoBuffer;
import io.ringwell.memory.PoolOptions;
import io.ringwell.window.Commit;
import io.ringwell.window.ManagedWriter;
import io.ringwell.window.Overlap;
import io.ringwell.window.WriteClaim;
import io.ringwell.window.WriterOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Claims that meet: on one file in this process there are no two of one place. And claims that are
/// too many: who waits for room, and until when.
@ParameterizedClass
@EnumSource(WriterSetup.class)
@Timeout(60)
final class WriterOverlapTest extends WriterCase {
  WriterOverlapTest(WriterSetup setup) {
    super(setup);
  }

  private WriterOptions waiting() {
    return options().withOverlap(Overlap.WAIT);
  }

  private static Thread start(FutureTask<?> task) {
    return Thread.ofVirtual().start(task);
  }

  /// Until the thread has nothing to do but wait.
  private static void awaitParked(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      assertThat(thread.isAlive()).as("%s waits", thread).isTrue();
      Thread.onSpinWait();
    }
  }

  private static <T> T get(FutureTask<T> task) throws Exception {
    return task.get(30, TimeUnit.SECONDS);
  }

  @Test
  void overlapIsRefusedAndBothRangesNamed() throws IOException {
    try (ManagedWriter writer = open();
        WriteClaim claim = writer.beginWrite(BLOCK, 2 * BLOCK)) {
      assertThat(claim.isOpen()).isTrue();
      assertThatIllegalStateException()
          .isThrownBy(() -> writer.beginWrite(2 * BLOCK, BLOCK))
          .withMessageContaining("[8192, 12288)")
          .withMessageContaining("[4096, 12288)");
      assertThatIllegalStateException().isThrownBy(() -> writer.tryBeginWrite(0, 2 * BLOCK));
      writer.beginWrite(0, BLOCK).close();
      writer.beginWrite(3 * BLOCK, BLOCK).close();
      assertThat(writer.inFlightBytes()).isEqualTo(2 * BLOCK);
    }
  }

  @Test
  void otherWritersOfTheSameFileAreMetByWhateverName() throws IOException {
    try (ManagedWriter writer = open();
        Engine foreign = Engine.channels(EngineOptions.defaults(), "tested")) {
      Path link = directory.resolve("link");
      Files.createLink(link, path);
      try (ManagedWriter other = ManagedWriter.open(engine, link, options());
          ManagedWriter alien = ManagedWriter.open(foreign, link, WriterOptions.defaults())) {
        WriteClaim claim = other.beginWrite(0, BLOCK);
        assertThatIllegalStateException().isThrownBy(() -> writer.beginWrite(0, BLOCK));
        assertThatIllegalStateException().isThrownBy(() -> alien.beginWrite(0, BLOCK));
        claim.close();
        writer.beginWrite(0, BLOCK).close();
        alien.beginWrite(0, BLOCK).close();
      }
    }
  }

  @Test
  void otherFilesAreNotMet() throws IOException {
    try (ManagedWriter writer = open();
        ManagedWriter other = ManagedWriter.open(engine, directory.resolve("other"), options());
        WriteClaim claim = writer.beginWrite(0, BLOCK);
        WriteClaim same = other.beginWrite(0, BLOCK)) {
      assertThat(claim.isOpen() && same.isOpen()).isTrue();
    }
  }

  @Test
  void rangeIsFreeWhenItWasWrittenThoughNobodyLooked() throws IOException {
    try (ManagedWriter writer = open();
        ManagedWriter other = open()) {
      gated.hold();
      Commit commit = writer.commit(claim(writer, 0, pattern(1, BLOCK)));
      assertThatIllegalStateException().isThrownBy(() -> other.beginWrite(0, BLOCK));
      gated.release();
      while (engine.stats().inFlight() > 0 || engine.stats().operations() == 0) {
        Thread.onSpinWait();
      }
      WriteClaim next = null;
      // The engine's count falls a moment before the completion is announced.
      while (next == null) {
        try {
          next = other.beginWrite(0, BLOCK);
        } catch (IllegalStateException e) {
          Thread.onSpinWait();
        }
      }
      next.close();
      assertThat(commit.isDone()).isTrue();
    }
  }

  @Test
  void claimWaitsUntilTheOtherIsAborted() throws Exception {
    try (ManagedWriter writer = open(waiting());
        ManagedWriter other = open(waiting())) {
      WriteClaim claim = writer.beginWrite(0, BLOCK);
      assertThat(other.tryBeginWrite(0, BLOCK)).isNull();
      FutureTask<WriteClaim> task = new FutureTask<>(() -> other.beginWrite(0, BLOCK));
      awaitParked(start(task));
      claim.close();
      get(task).close();
    }
  }

  @Test
  void claimWaitsUntilTheOtherIsWritten() throws Exception {
    try (ManagedWriter writer = open(waiting());
        ManagedWriter other = open(waiting())) {
      gated.hold();
      WriteClaim claim = claim(writer, 0, pattern(1, 2 * BLOCK));
      FutureTask<WriteClaim> task = new FutureTask<>(() -> other.beginWrite(BLOCK, BLOCK));
      Thread thread = start(task);
      awaitParked(thread);
      Commit commit = writer.commit(claim);
      // Nobody waits for the commit: who waits for its range books it.
      awaitParked(thread);
      assertThat(other.tryBeginWrite(0, BLOCK)).isNull();
      gated.release();
      try (WriteClaim next = get(task)) {
        assertThat(commit.isDone()).isTrue();
        fill(next, pattern(2, BLOCK));
        other.commit(next).await();
      }
      byte[] expected = pattern(1, 2 * BLOCK);
      System.arraycopy(pattern(2, BLOCK), 0, expected, BLOCK, BLOCK);
      assertThat(content()).isEqualTo(expected);
    }
  }

  @Test
  void whatAClaimGaveUpIsFreeAtOnce() throws Exception {
    try (ManagedWriter writer = open(waiting());
        WriteClaim claim = writer.beginWrite(0, 3 * BLOCK)) {
      FutureTask<WriteClaim> task = new FutureTask<>(() -> writer.beginWrite(2 * BLOCK, BLOCK));
      awaitParked(start(task));
      claim.shrink(2 * BLOCK);
      get(task).close();
      assertThat(writer.tryBeginWrite(BLOCK, BLOCK)).isNull();
    }
  }

  @Test
  void interruptEndsTheWaitForARange() throws Exception {
    try (ManagedWriter writer = open(waiting());
        WriteClaim claim = writer.beginWrite(0, BLOCK)) {
      FutureTask<WriteClaim> task = new FutureTask<>(() -> writer.beginWrite(0, BLOCK));
      Thread thread = start(task);
      awaitParked(thread);
      thread.interrupt();
      assertThatThrownBy(() -> get(task)).hasCauseInstanceOf(InterruptedIOException.class);
      assertThat(claim.isOpen()).isTrue();
      assertThat(writer.inFlightBytes()).isEqualTo(BLOCK);
    }
  }

  @Test
  void closeEndsTheWaitForARangeOfAnyWriter() throws Exception {
    try (ManagedWriter other = open(waiting());
        WriteClaim theirs = other.beginWrite(0, BLOCK)) {
      ManagedWriter writer = open(waiting());
      WriteClaim mine = writer.beginWrite(BLOCK, BLOCK);
      FutureTask<WriteClaim> forTheirs = new FutureTask<>(() -> writer.beginWrite(0, BLOCK));
      FutureTask<WriteClaim> forMine = new FutureTask<>(() -> writer.beginWrite(BLOCK, BLOCK));
      awaitParked(start(forTheirs));
      awaitParked(start(forMine));
      writer.close();
      for (FutureTask<WriteClaim> task : List.of(forTheirs, forMine)) {
        assertThatThrownBy(() -> get(task))
            .hasCauseInstanceOf(IllegalStateException.class)
            .hasMessageContaining("closed");
      }
      mine.close();
      assertThat(theirs.isOpen()).isTrue();
    }
  }

  // ---- Back-pressure ---------------------------------------------------------------------------

  private WriterOptions narrow() {
    return options().withMaxClaim(2 * BLOCK).withMaxInFlightBytes(4 * BLOCK);
  }

  @Test
  void bytesClaimedAndInFlightAreBounded() throws IOException {
    try (ManagedWriter writer = open(narrow())) {
      gated.hold();
      Commit first = writer.commit(claim(writer, 0, pattern(1, 2 * BLOCK)));
      WriteClaim open = claim(writer, 2 * BLOCK, pattern(2, 2 * BLOCK));
      assertThat(writer.inFlightBytes()).isEqualTo(4 * BLOCK);
      assertThat(writer.tryBeginWrite(4 * BLOCK, BLOCK)).isNull();
      gated.release();
      first.await();
      WriteClaim next = writer.tryBeginWrite(4 * BLOCK, 2 * BLOCK);
      assertThat(next).isNotNull();
      assertThat(writer.tryBeginWrite(6 * BLOCK, BLOCK)).isNull();
      open.close();
      assertThat(writer.inFlightBytes()).isEqualTo(2 * BLOCK);
      next.close();
    }
  }

  @Test
  void smallClaimsCountAsPages() throws IOException {
    try (ManagedWriter writer = open(narrow())) {
      WriteClaim[] claims = new WriteClaim[4];
      for (int i = 0; i < claims.length; i++) {
        claims[i] = writer.beginWrite((long) i * BLOCK, 1);
      }
      assertThat(writer.tryBeginWrite(4 * BLOCK, 1)).isNull();
      for (WriteClaim claim : claims) {
        claim.close();
      }
    }
  }

  @Test
  void whoFindsNoRoomWaitsForACompletion() throws Exception {
    try (ManagedWriter writer = open(narrow())) {
      gated.hold();
      writer.commit(claim(writer, 0, pattern(1, 2 * BLOCK)));
      writer.commit(claim(writer, 2 * BLOCK, pattern(2, 2 * BLOCK)));
      FutureTask<WriteClaim> first = new FutureTask<>(() -> writer.beginWrite(4 * BLOCK, BLOCK));
      awaitParked(start(first));
      CompletableFuture<WriteClaim> second =
          writer.beginWriteAsync(5 * BLOCK, BLOCK).toCompletableFuture();
      assertThat(second).isNotDone();
      gated.release();
      get(first).close();
      second.get(30, TimeUnit.SECONDS).close();
    }
  }

  @Test
  void whoFindsNoRoomWaitsForAnAbort() throws Exception {
    try (ManagedWriter writer = open(narrow())) {
      WriteClaim one = writer.beginWrite(0, 2 * BLOCK);
      WriteClaim two = writer.beginWrite(2 * BLOCK, 2 * BLOCK);
      FutureTask<WriteClaim> task = new FutureTask<>(() -> writer.beginWrite(4 * BLOCK, BLOCK));
      awaitParked(start(task));
      one.close();
      get(task).close();
      two.close();
    }
  }

  @Test
  void largeClaimIsNotOvertakenForEver() throws Exception {
    try (ManagedWriter writer = open(narrow())) {
      WriteClaim one = writer.beginWrite(0, 2 * BLOCK);
      WriteClaim two = writer.beginWrite(2 * BLOCK, BLOCK);
      FutureTask<WriteClaim> large =
          new FutureTask<>(() -> writer.beginWrite(4 * BLOCK, 2 * BLOCK));
      awaitParked(start(large));
      // There is room for it, but not before the one that waits.
      assertThat(writer.tryBeginWrite(6 * BLOCK, BLOCK)).isNull();
      one.close();
      get(large).close();
      two.close();
    }
  }

  @Test
  void interruptOrCloseEndsTheWaitForRoom() throws Exception {
    ManagedWriter writer = open(narrow());
    WriteClaim all = writer.beginWrite(0, 2 * BLOCK);
    WriteClaim rest = writer.beginWrite(2 * BLOCK, 2 * BLOCK);
    FutureTask<WriteClaim> task = new FutureTask<>(() -> writer.beginWrite(4 * BLOCK, BLOCK));
    Thread thread = start(task);
    awaitParked(thread);
    thread.interrupt();
    assertThatThrownBy(() -> get(task)).hasCauseInstanceOf(InterruptedIOException.class);
    FutureTask<WriteClaim> other = new FutureTask<>(() -> writer.beginWrite(4 * BLOCK, BLOCK));
    awaitParked(start(other));
    writer.close();
    assertThatThrownBy(() -> get(other)).hasCauseInstanceOf(IllegalStateException.class);
    all.close();
    rest.close();
  }

  @Test
  void interruptEndsTheWaitForACommitWhichGoesOn() throws Exception {
    try (ManagedWriter writer = open()) {
      gated.hold();
      Commit commit = writer.commit(claim(writer, 0, pattern(1, BLOCK)));
      FutureTask<Void> leads =
          new FutureTask<>(() -> {
            commit.await();
            return null;
          });
      FutureTask<Void> follows =
          new FutureTask<>(() -> {
            commit.await();
            return null;
          });
      Thread leader = start(leads);
      awaitParked(leader);
      awaitParked(start(follows));
      leader.interrupt();
      assertThatThrownBy(() -> get(leads)).hasCauseInstanceOf(InterruptedIOException.class);
      gated.release();
      get(follows);
      assertThat(content()).isEqualTo(pattern(1, BLOCK));
    }
  }

  @Test
  void cancelledStageGivesItsClaimUp() throws Exception {
    try (ManagedWriter writer = open(narrow())) {
      WriteClaim one = writer.beginWrite(0, 2 * BLOCK);
      WriteClaim two = writer.beginWrite(2 * BLOCK, 2 * BLOCK);
      CompletableFuture<WriteClaim> stage =
          writer.beginWriteAsync(4 * BLOCK, BLOCK).toCompletableFuture();
      stage.cancel(false);
      one.close();
      two.close();
      // Its turn comes, and goes: then all of the room is free again, and the range, too.
      FutureTask<WriteClaim> next = new FutureTask<>(() -> writer.beginWrite(0, 2 * BLOCK));
      start(next);
      get(next).close();
      while (writer.inFlightBytes() > 0) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void writerGivesKeptMemoryUpWhereThePoolIsExhausted() throws Exception {
    long all = engine.pool().maxBytes();
    WriterOptions large =
        options().withMaxClaim(all / 4).withMaxInFlightBytes(all).withKeepBytes(all);
    try (ManagedWriter writer = open(large)) {
      int size = Math.toIntExact(all / 4);
      WriteClaim[] claims = new WriteClaim[4];
      for (int i = 0; i < 4; i++) {
        claims[i] = writer.beginWrite((long) i * size, size);
      }
      writer.commit(claims).await();
      // Nothing is kept where segments are checked: each claim has a buffer of its own.
      long kept = PoolOptions.defaults().strict() ? 0 : all;
      assertThat(engine.pool().stats().inUseBytes()).isEqualTo(kept);
      // Of another size: what is kept does not fit.
      writer.beginWrite(0, size / 2).close();
      writer.trim();
      assertThat(engine.pool().stats().inUseBytes()).isZero();
    }
  }

  /// All of the pool in four claims of a writer that would keep it all.
  private WriteClaim[] claimAll(ManagedWriter writer) throws IOException {
    int size = Math.toIntExact(writer.maxClaim());
    WriteClaim[] claims = new WriteClaim[4];
    for (int i = 0; i < claims.length; i++) {
      claims[i] = claim(writer, (long) i * size, pattern(i, size));
    }
    return claims;
  }

  private WriterOptions keepingAll() {
    long all = engine.pool().maxBytes();
    return options().withMaxClaim(all / 4).withMaxInFlightBytes(all).withKeepBytes(all);
  }

  @Test
  void whatIsKeptGoesToWhoeverWaitsForThePool() throws Exception {
    try (ManagedWriter writer = open(keepingAll())) {
      writer.commit(claimAll(writer)).await();
      engine.pool().acquire(engine.pool().maxBytes()).close();
      assertThat(engine.pool().stats().inUseBytes()).isZero();
    }
  }

  @Test
  void nothingIsKeptWhileAnybodyWaitsForThePool() throws Exception {
    try (ManagedWriter writer = open(keepingAll())) {
      WriteClaim[] claims = claimAll(writer);
      FutureTask<IoBuffer> task =
          new FutureTask<>(() -> engine.pool().acquire(engine.pool().maxBytes()));
      start(task);
      while (engine.pool().stats().waiting() == 0) {
        Thread.onSpinWait();
      }
      claims[0].close();
      writer.commit(claims[1]).await();
      gated.hold();
      Commit rest = writer.commit(claims[2], claims[3]);
      gated.release();
      rest.await();
      get(task).close();
    }
  }
}
