package io.ringwell.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.EngineOptions;
import io.ringwell.file.AsyncFile;
import io.ringwell.file.OpenOptions;
import io.ringwell.window.Commit;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ManagedWriter;
import io.ringwell.window.Overlap;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.ReaderSet;
import io.ringwell.window.Readiness;
import io.ringwell.window.Route;
import io.ringwell.window.WriteClaim;
import io.ringwell.window.WriterOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A reader and a writer of one file in one process: what meets, and who waits for whom.
@ParameterizedClass
@EnumSource(Engines.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ReaderOverlapTest {
  private static final int PART = 64 << 10;
  private static final int FILE_BYTES = 16 * PART;

  private final Engines kind;
  private GatedEngine engine;
  private Path directory;
  private Path path;
  private final byte[] old = ContractCase.pattern(1, FILE_BYTES);
  private final byte[] fresh = ContractCase.pattern(2, FILE_BYTES);
  private ManagedWriter writer;

  ReaderOverlapTest(Engines kind) {
    this.kind = kind;
  }

  @BeforeEach
  void open() throws IOException {
    directory = TestFiles.newDirectory("overlap");
    path = Files.write(directory.resolve("file"), old);
    engine = new GatedEngine(kind.open(EngineOptions.defaults().withPoolBytes(32 << 20)));
    writer = ManagedWriter.open(engine, path, WriterOptions.defaults());
  }

  @AfterEach
  void close() throws IOException {
    writer.close();
    engine.close();
    assertThat(engine.pool().stats().inUseBytes()).as("memory in use").isZero();
    assertThat(engine.pool().stats().lentBytes()).as("memory lent").isZero();
    TestFiles.delete(directory);
  }

  private static ReaderOptions options() {
    return ReaderOptions.defaults().withWindowSize(PART);
  }

  private ManagedReader reader(ReaderOptions options) throws IOException {
    return ManagedReader.open(engine, path, options);
  }

  /// A claim on a part, filled with what is new there.
  private WriteClaim claim(int part) throws IOException {
    WriteClaim claim = writer.beginWrite((long) part * PART, PART);
    WriterCase.fill(claim, Arrays.copyOfRange(fresh, part * PART, (part + 1) * PART));
    return claim;
  }

  private static void expect(ManagedReader reader, int part, byte[] content) {
    long at = (long) part * PART;
    assertThat(reader.window().segmentAt(at).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))
        .startsWith(Arrays.copyOfRange(content, part * PART, part * PART + 4096));
  }

  @Test
  void seekWaitsUntilAClaimIsAborted() throws IOException {
    try (ManagedReader reader = reader(options())) {
      WriteClaim claim = claim(2);
      assertThat(reader.seek(2 * PART)).isEqualTo(Readiness.NOT_READY);
      assertThat(reader.seek(2 * PART)).isEqualTo(Readiness.NOT_READY);
      assertThat(reader.await(PART)).isEqualTo(Readiness.READY);
      assertThat(reader.seek(3 * PART - 1)).isEqualTo(Readiness.NOT_READY);
      claim.close();
      assertThat(reader.await(2 * PART)).isEqualTo(Readiness.READY);
      expect(reader, 2, old);
    }
  }

  @Test
  void seekReadsWhatWasInFlightWhenItWasAsked() throws IOException {
    try (ManagedReader reader = reader(options())) {
      engine.hold();
      Commit commit = writer.commit(claim(2));
      assertThat(reader.seek(2 * PART)).isEqualTo(Readiness.NOT_READY);
      engine.release();
      // Nobody waits for the commit: who waits for its range books it.
      assertThat(reader.await(2 * PART)).isEqualTo(Readiness.READY);
      expect(reader, 2, fresh);
      assertThat(commit.isDone()).isTrue();
    }
  }

  @Test
  void windowsThatAreKeptAreNotShownAfterAWrite() throws IOException {
    try (ManagedReader reader = reader(options())) {
      assertThat(reader.await(2 * PART)).isEqualTo(Readiness.READY);
      try (WriteClaim claim = claim(2)) {
        // A copied window keeps no claim away, and stays what it was.
        expect(reader, 2, old);
        writer.commit(claim).await();
        expect(reader, 2, old);
      }
      assertThat(reader.await(2 * PART)).isEqualTo(Readiness.READY);
      expect(reader, 2, fresh);
      assertThat(reader.await(5 * PART)).isEqualTo(Readiness.READY);
      assertThat(reader.await(6 * PART)).isEqualTo(Readiness.READY);
      writer.commit(claim(5)).await();
      assertThat(reader.await(5 * PART)).isEqualTo(Readiness.READY);
      expect(reader, 5, fresh);
    }
  }

  /// In flight or not when the claim comes: the claim is never refused because of it.
  @Test
  void readThatMeetsAClaimIsMadeOnceMore() throws IOException {
    try (ManagedReader reader = reader(options().withRoute(Route.RING))) {
      for (int part = 0; part < 16; part++) {
        reader.seek((long) part * PART);
        writer.commit(claim(part)).await();
        assertThat(reader.await((long) part * PART)).isEqualTo(Readiness.READY);
        expect(reader, part, fresh);
      }
    }
  }

  /// A read begins whenever another has given way; none of them is a reason to refuse a claim.
  @Test
  void busyReadersDoNotMakeAWriterRefuse() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    List<FutureTask<Long>> scans = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      FutureTask<Long> scan = new FutureTask<>(() -> readAgain(2, over));
      scans.add(scan);
      Thread.ofPlatform().daemon().start(scan);
    }
    try {
      for (int i = 0; i < 300; i++) {
        writer.commit(claim(2)).await();
      }
    } finally {
      over.set(true);
    }
    for (FutureTask<Long> scan : scans) {
      assertThat(scan.get(30, TimeUnit.SECONDS)).isPositive();
    }
  }

  /// How often the part was read anew until it was over.
  private long readAgain(int part, AtomicBoolean over) throws IOException {
    long times = 0;
    try (ManagedReader reader = reader(options())) {
      do {
        assertThat(reader.await((long) part * PART)).isEqualTo(Readiness.READY);
        assertThat(reader.await(0)).isEqualTo(Readiness.READY);
        reader.trim();
        times++;
      } while (!over.get());
    }
    return times;
  }

  @Test
  void seekIsRefusedWhereTheReaderSaysSo() throws IOException {
    try (ManagedReader reader = reader(options().withOverlap(Overlap.REFUSE));
        WriteClaim claim = claim(2)) {
      assertThat(claim.isOpen()).isTrue();
      assertThatIllegalStateException()
          .isThrownBy(() -> reader.seek(2 * PART))
          .withMessageContaining("[131072, 196608)")
          .withMessageContaining("window");
      assertThat(reader.await(PART)).isEqualTo(Readiness.READY);
    }
  }

  @Test
  void windowsEndBeforeAClaim() throws IOException {
    try (ManagedReader reader = reader(options().withWindowSize(8 * PART));
        WriteClaim claim = claim(2)) {
      assertThat(claim.isOpen()).isTrue();
      assertThat(reader.await(0)).isEqualTo(Readiness.READY);
      assertThat(reader.window().end()).isLessThanOrEqualTo(2 * PART);
    }
  }

  @Test
  void otherFilesAreNotMet() throws IOException {
    Path other = Files.write(directory.resolve("other"), old);
    try (ManagedReader reader = ManagedReader.open(engine, other, options());
        WriteClaim claim = claim(0)) {
      assertThat(claim.isOpen()).isTrue();
      assertThat(reader.await(0)).isEqualTo(Readiness.READY);
    }
  }

  @Test
  void setTellsWhenAClaimHasGone() throws IOException {
    List<ManagedReader> out = new ArrayList<>();
    try (ReaderSet set = ReaderSet.of(engine);
        ManagedReader reader = reader(options())) {
      set.add(reader);
      WriteClaim claim = claim(2);
      assertThat(reader.seek(2 * PART)).isEqualTo(Readiness.NOT_READY);
      assertThat(set.await(out, 1, Duration.ofMillis(1))).isZero();
      claim.close();
      assertThat(set.await(out, 1, Duration.ofSeconds(30))).isEqualTo(1);
      assertThat(reader.seek(2 * PART)).isEqualTo(Readiness.READY);
      expect(reader, 2, old);
    }
  }

  @Test
  void stageCompletesWhenAClaimHasGone() throws Exception {
    try (ManagedReader reader = reader(options())) {
      WriteClaim claim = claim(2);
      CompletableFuture<Readiness> stage = reader.whenReady(2 * PART).toCompletableFuture();
      assertThat(stage.isDone()).isFalse();
      claim.close();
      assertThat(stage.get(30, TimeUnit.SECONDS)).isEqualTo(Readiness.READY);
    }
  }

  @Test
  void readerThatWaitsForAClaimLeavesItsSetAndCloses() throws IOException {
    try (WriteClaim claim = claim(2)) {
      assertThat(claim.isOpen()).isTrue();
      ReaderSet set = ReaderSet.of(engine);
      ManagedReader leaving = reader(options());
      ManagedReader closing = reader(options());
      set.add(leaving);
      set.add(closing);
      assertThat(leaving.seek(2 * PART)).isEqualTo(Readiness.NOT_READY);
      assertThat(closing.seek(2 * PART)).isEqualTo(Readiness.NOT_READY);
      set.remove(leaving);
      closing.close();
      assertThat(set.size() + set.waiting()).isZero();
      assertThat(leaving.await(0)).isEqualTo(Readiness.READY);
      assertThat(leaving.seek(2 * PART)).isEqualTo(Readiness.NOT_READY);
      leaving.close();
      set.close();
    }
  }

  @Test
  void interruptEndsTheWaitForAClaim() throws Exception {
    try (ManagedReader reader = reader(options())) {
      WriteClaim claim = claim(2);
      FutureTask<Readiness> task = new FutureTask<>(() -> reader.await(2 * PART));
      Thread thread = Thread.ofPlatform().start(task);
      while (thread.getState() != Thread.State.WAITING) {
        assertThat(thread.isAlive()).isTrue();
        Thread.onSpinWait();
      }
      thread.interrupt();
      assertThatThrownBy(() -> task.get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(InterruptedIOException.class);
      thread.join();
      claim.close();
      assertThat(reader.await(2 * PART)).isEqualTo(Readiness.READY);
    }
  }

  @Test
  void mappedWindowKeepsClaimsAway() throws Exception {
    ReaderOptions mapped = options().allowMapped().withRoute(Route.MAPPED);
    WriterOptions waits = WriterOptions.defaults().withOverlap(Overlap.WAIT);
    try (ManagedReader reader = reader(mapped);
        ManagedWriter waiting = ManagedWriter.open(engine, path, waits)) {
      assertThat(reader.await(2 * PART)).isEqualTo(Readiness.READY);
      assertThatIllegalStateException()
          .isThrownBy(() -> writer.beginWrite(3 * PART - 1, 10))
          .withMessageContaining("mapped window [131072, 196608)");
      FutureTask<WriteClaim> task = new FutureTask<>(() -> waiting.beginWrite(2 * PART, PART));
      Thread thread = Thread.ofVirtual().start(task);
      while (thread.getState() != Thread.State.WAITING) {
        assertThat(thread.isAlive()).isTrue();
        Thread.onSpinWait();
      }
      assertThat(reader.await(8 * PART)).isEqualTo(Readiness.READY);
      WriteClaim claim = requireNonNull(task.get(30, TimeUnit.SECONDS));
      assertThat(reader.seek(2 * PART)).isEqualTo(Readiness.NOT_READY);
      WriterCase.fill(claim, Arrays.copyOfRange(fresh, 2 * PART, 3 * PART));
      waiting.commit(claim).await();
      assertThat(reader.await(2 * PART)).isEqualTo(Readiness.READY);
      expect(reader, 2, fresh);
    }
    writer.beginWrite(2 * PART, PART).close();
  }

  @Test
  void readerWhoseReadsFoundNoRoomClosesAfterItsEngine() throws IOException {
    AsyncFile file = AsyncFile.open(engine, path, OpenOptions.read());
    try (ReaderSet set = ReaderSet.of(engine)) {
      List<ManagedReader> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        ManagedReader reader = ManagedReader.open(file, options().withRoute(Route.RING));
        readers.add(reader);
        if (i > 0) {
          set.add(reader);
        }
      }
      engine.fill();
      for (ManagedReader each : readers) {
        assertThat(each.seek(0)).isEqualTo(Readiness.NOT_READY);
      }
      writer.close();
      engine.close();
      for (ManagedReader each : readers) {
        each.close();
      }
    }
  }
}
