package io.ringwell.testkit;

import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ringwell.window.AccessHint;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.Readiness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Files that are not there, are something else, or change while they are read.
interface ReaderChangeContract extends ReaderCase {
  @Test
  default void missingFileIsNamed() {
    assumeThat(seesChanges()).isTrue();
    assertThatThrownBy(() -> open(path("missing"), options()))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("missing");
  }

  @Test
  default void directoryIsNamed() throws IOException {
    assumeThat(seesChanges()).isTrue();
    Files.createDirectory(path("folder"));
    assertThatThrownBy(() -> open(path("folder"), options()))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("folder");
  }

  @Test
  default void truncatedFileEndsEarlier() throws IOException {
    assumeChangesAreSeen();
    byte[] all = ContractCase.pattern(30, 1_000_000);
    Path file = file("cut", all);
    ManagedReader reader = open(file, options().withBounds(64 << 10, 256 << 10));
    assertThat(reader.await(0)).isEqualTo(Readiness.READY);
    truncate(file, 700_001);
    assertThat(reader.await(900_000)).isEqualTo(Readiness.END);
    assertThat(reader.await(700_000)).isEqualTo(Readiness.READY);
    assertThat(reader.window().end()).isEqualTo(700_001);
    assertThat(ReaderCase.readUp(reader, 300_000))
        .isEqualTo(Arrays.copyOfRange(all, 300_000, 700_001));
  }

  @Test
  default void grownFileGoesOn() throws IOException {
    assumeChangesAreSeen();
    byte[] all = ContractCase.pattern(31, 300_000);
    Path file = file("grown", Arrays.copyOf(all, 1000));
    ManagedReader reader = open(file, options());
    assertThat(ReaderCase.readUp(reader, 0)).isEqualTo(Arrays.copyOf(all, 1000));
    assertThat(reader.await(1000)).isEqualTo(Readiness.END);
    long end = 1000;
    for (int part : new int[] {1, 5000, 100_000, 193_999}) {
      Files.write(
          file, Arrays.copyOfRange(all, (int) end, (int) end + part), StandardOpenOption.APPEND);
      assertThat(ReaderCase.readUp(reader, end))
          .isEqualTo(Arrays.copyOfRange(all, (int) end, (int) end + part));
      end += part;
      assertThat(reader.await(end)).isEqualTo(Readiness.END);
      // Insisting on more than the old end had finds it.
      assertThat(reader.await(end - 1, 4096)).isEqualTo(Readiness.READY);
    }
    assertThat(ReaderCase.readUp(reader, 0)).isEqualTo(all);
  }

  /// The window at hand ended with the file, and has less than is asked for now.
  @Test
  default void insistingOnMoreLooksForTheEndAgain() throws IOException {
    assumeChangesAreSeen();
    byte[] all = ContractCase.pattern(34, 200_000);
    Path file = file("growing", Arrays.copyOf(all, 1000));
    ManagedReader reader = open(file, options());
    int end = 1000;
    for (int part : new int[] {1, 100, 5000, 60_000, 100_000}) {
      assertThat(reader.await(end - 10, 5000)).isEqualTo(Readiness.READY);
      assertThat(reader.window().end()).isEqualTo(end);
      assertThat(reader.await(end - 10, 5000)).isEqualTo(Readiness.READY);
      ReaderCase.expect(reader, end - 10, all);
      Files.write(file, Arrays.copyOfRange(all, end, end + part), StandardOpenOption.APPEND);
      assertThat(reader.await(end - 10, 5000)).isEqualTo(Readiness.READY);
      assertThat(reader.window().end())
          .isGreaterThanOrEqualTo(Math.min(end - 10 + 5000, end + part));
      ReaderCase.expect(reader, end - 10, all);
      end += part;
    }
  }

  @Test
  default void replacedFileIsTheOneThatWasOpened() throws IOException {
    assumeChangesAreSeen();
    byte[] all = ContractCase.pattern(32, 400_000);
    Path file = file("replaced", all);
    ManagedReader reader = open(file, options().withBounds(64 << 10, 128 << 10));
    assertThat(reader.await(0)).isEqualTo(Readiness.READY);
    Path other = file("other", new byte[10]);
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(ReaderCase.readUp(reader, 0)).isEqualTo(all);
    Files.delete(file);
    assertThat(ReaderCase.readUp(reader, 1)).isEqualTo(Arrays.copyOfRange(all, 1, all.length));
  }

  /// The file is only ever a prefix of one long pattern, so every byte that a window shows can be
  /// checked, whatever has happened meanwhile. What was read ahead while the file was cut may have
  /// zeros behind its end of then: the kernel clears the page before it tells the new size.
  @Test
  default void filesThatChangeGiveTheirBytesOrTheirEnd() throws IOException {
    assumeChangesAreSeen();
    long seed = Long.getLong("ringwell.seed", 33);
    System.out.println("ringwell.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    byte[] all = ContractCase.pattern(33, 600_000);
    List<AccessHint> hints = List.of(AccessHint.values());
    for (int round = 0; round < 10; round++) {
      int size = random.nextInt(1, all.length);
      int least = size;
      Path file = file("changing" + round, Arrays.copyOf(all, size));
      AccessHint hint = hints.get(random.nextInt(hints.size()));
      ManagedReader reader = open(file, options().withBounds(64 << 10, 512 << 10).withHint(hint));
      for (int step = 0; step < 30; step++) {
        if (random.nextInt(4) == 0) {
          size = resize(file, all, size, random.nextInt(0, all.length));
          least = Math.min(least, size);
        }
        long position = random.nextLong(all.length);
        Readiness answer = reader.await(position);
        if (answer == Readiness.READY) {
          ReaderCase.expectOrCut(reader, position, all, least);
        } else {
          assertThat(position).isGreaterThanOrEqualTo(size);
        }
      }
      reader.close();
    }
  }

  private static int resize(Path file, byte[] all, int from, int to) throws IOException {
    try (FileChannel channel = FileChannel.open(file, WRITE)) {
      if (to <= from) {
        channel.truncate(to);
      } else {
        ByteBuffer more = ByteBuffer.wrap(all, from, to - from);
        long at = from;
        while (more.hasRemaining()) {
          at += channel.write(more, at);
        }
      }
    }
    return to;
  }

  private static void truncate(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, WRITE)) {
      channel.truncate(size);
    }
  }

  @Test
  default void positionsBeyondFourGiBAreReached() throws IOException {
    assumeChangesAreSeen();
    byte[] mark = ContractCase.pattern(34, 10_000);
    long at = (5L << 30) + 1234;
    Path file = path("sparse");
    try (FileChannel channel =
        FileChannel.open(file, WRITE, StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE)) {
      channel.write(ByteBuffer.wrap(mark), at);
    }
    ManagedReader reader = open(file, options());
    assertThat(reader.await(at, 10_000)).isEqualTo(Readiness.READY);
    assertThat(reader.window().segmentAt(at).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))
        .isEqualTo(mark);
    assertThat(reader.window().isLast()).isTrue();
    assertThat(reader.await(3L << 30)).isEqualTo(Readiness.READY);
    assertThat(reader.window().at(3L << 30)).isZero();
    assertThat(reader.await(at + 10_000)).isEqualTo(Readiness.END);
  }
}
