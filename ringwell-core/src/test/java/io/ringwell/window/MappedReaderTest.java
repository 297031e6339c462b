package io.ringwell.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.CopyCounter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What is particular to maps. No test touches a page that was truncated away: that is what maps
/// are not safe from.
@EnabledOnOs(OS.LINUX)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MappedReaderTest {
  private static final ReaderOptions MAPPED =
      ReaderOptions.defaults().allowMapped().withRoute(Route.MAPPED).withWindowSize(64 << 10);

  private Scratch scratch;
  private byte[] all;
  private Path file;

  @BeforeEach
  void open() throws IOException {
    scratch = new Scratch();
    all = Scratch.pattern(1, 1_000_000);
    file = scratch.file("data", all);
  }

  @AfterEach
  void close() throws IOException {
    scratch.close();
  }

  private void truncate(long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  @Test
  void truncatedFileEndsEarlierAndGrownFileGoesOn() throws IOException {
    try (ManagedReader reader = ManagedReader.open(scratch.engine, file, MAPPED)) {
      assertThat(reader.await(0)).isEqualTo(Readiness.READY);
      assertThat(reader.window().residency()).isEqualTo(Residency.POPULATED);
      truncate(500_001);
      assertThat(reader.await(900_000)).isEqualTo(Readiness.END);
      assertThat(reader.await(500_000)).isEqualTo(Readiness.READY);
      assertThat(reader.window().end()).isEqualTo(500_001);
      assertThat(reader.window().at(500_000)).isEqualTo(all[500_000]);
      Files.write(file, Arrays.copyOfRange(all, 500_001, all.length), StandardOpenOption.APPEND);
      Files.write(file, all, StandardOpenOption.APPEND);
      assertThat(reader.await(1_900_000)).isEqualTo(Readiness.READY);
      assertThat(reader.window().at(1_900_000)).isEqualTo(all[900_000]);
    }
  }

  /// Sizes change while pages are faulted in: a window, the end, or an error that names the file.
  @Test
  void truncationWhilePagesAreFaultedInIsAnAnswer() throws Exception {
    long seed = Long.getLong("ringwell.seed", 1);
    System.out.println("ringwell.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 50; round++) {
      Files.write(file, all);
      try (ManagedReader reader =
          ManagedReader.open(scratch.engine, file, MAPPED.withHint(AccessHint.SEQUENTIAL))) {
        Thread cutter =
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    truncate(10_000);
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                });
        long at = random.nextLong(all.length);
        try {
          assertThat(reader.await(at)).isIn(Readiness.READY, Readiness.END);
        } catch (FileSystemException e) {
          assertThat(e).hasMessageContaining("data").hasMessageContaining("truncated");
        }
        cutter.join();
      }
    }
  }

  @Test
  void mappedIsTheFileThatWasOpened() throws IOException {
    try (ManagedReader reader = ManagedReader.open(scratch.engine, file, MAPPED)) {
      Files.delete(file);
      Files.write(file, new byte[10]);
      assertThat(reader.await(900_000)).isEqualTo(Readiness.READY);
      assertThat(reader.window().at(900_000)).isEqualTo(all[900_000]);
    }
  }

  @Test
  void detachingCopies() throws IOException {
    try (ManagedReader reader = ManagedReader.open(scratch.engine, file, MAPPED)) {
      assertThat(reader.await(100_000)).isEqualTo(Readiness.READY);
      long before = CopyCounter.bytesCopied();
      try (Bytes detached = reader.detach()) {
        assertThat(CopyCounter.bytesCopied() - before).isEqualTo(detached.size());
        assertThat(detached.get(7)).isEqualTo(reader.window().get(7));
        truncate(0);
        assertThat(detached.get(8)).isEqualTo(all[(int) reader.window().position() + 8]);
      }
    }
  }

  @Test
  void lockedWindowsSaySo() throws IOException {
    try (ManagedReader reader = ManagedReader.open(scratch.engine, file, MAPPED.lockMapped())) {
      for (long at = 0; at < all.length; at += 64 << 10) {
        assertThat(reader.await(at)).isEqualTo(Readiness.READY);
        // RLIMIT_MEMLOCK may refuse; then it is not claimed.
        assertThat(reader.window().residency()).isIn(Residency.LOCKED, Residency.POPULATED);
        assertThat(reader.window().at(at)).isEqualTo(all[(int) at]);
      }
    }
  }

  @Test
  void lockedWindowsStayWithinTheReadersBound() throws IOException {
    ReaderOptions narrow =
        MAPPED.lockMapped().withBounds(64 << 10, 192 << 10).withHint(AccessHint.RANDOM);
    long before = lockedKib();
    try (ManagedReader reader = ManagedReader.open(scratch.engine, file, narrow)) {
      for (int i = 0; i < 40; i++) {
        long at = i * 7L % 15 * (64 << 10);
        assertThat(reader.await(at)).isEqualTo(Readiness.READY);
        assertThat(reader.window().at(at)).isEqualTo(all[(int) at]);
      }
      assertThat(lockedKib() - before).isLessThanOrEqualTo(192);
    }
    assertThat(lockedKib()).isLessThanOrEqualTo(before);
  }

  /// What this process has locked in memory, as proc(5) tells.
  private static long lockedKib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmLck:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new AssertionError("no VmLck in /proc/self/status");
  }

  @Test
  void mapsAreNotTakenUnlessPermitted() throws IOException {
    try (ManagedReader reader =
        ManagedReader.open(scratch.engine, file, ReaderOptions.defaults())) {
      assertThat(reader.plan().route()).isNotEqualTo(Route.MAPPED);
      assertThat(reader.plan().why()).doesNotContain("MAPPED");
    }
    try (ManagedReader reader =
        ManagedReader.open(scratch.engine, file, ReaderOptions.defaults().allowMapped())) {
      // Whether it is taken is for its price to say.
      assertThat(reader.plan().why()).contains("MAPPED ");
    }
  }
}
