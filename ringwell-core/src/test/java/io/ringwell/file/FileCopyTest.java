package io.ringwell.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.OperationException;
import io.ringwell.memory.CopyCounter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class FileCopyTest {
  private static final int MIB = 1 << 20;
  private static final CopyOptions RING = CopyOptions.defaults().withRoute(CopyOptions.Route.RING);

  @TempDir Path dir;
  private Engine engine = Engine.open();

  @AfterEach
  void close() {
    engine.close();
  }

  private void use(EngineOptions.Choice choice) {
    engine.close();
    engine = Engine.open(EngineOptions.defaults().withChoice(choice));
  }

  private Path source(int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return Files.write(dir.resolve("source"), content);
  }

  private Path target() {
    return dir.resolve("target");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void assertSame(Path from, Path to) throws IOException {
    assertThat(Files.mismatch(from, to)).isEqualTo(-1);
    assertThat(names()).noneMatch(name -> name.endsWith(".tmp"));
  }

  static Stream<Arguments> enginesAndRoutes() {
    return Stream.of(EngineOptions.Choice.values())
        .flatMap(choice ->
            Stream.of(CopyOptions.Route.AUTO, CopyOptions.Route.RING)
                .map(route -> Arguments.of(choice, route)));
  }

  @ParameterizedTest
  @MethodSource("enginesAndRoutes")
  void copiesFilesOfEverySize(EngineOptions.Choice choice, CopyOptions.Route route)
      throws IOException {
    use(choice);
    for (int size : new int[] {0, 1, 4095, 4096, MIB, MIB + 1, 9 * MIB + 123}) {
      Path source = source(size);
      AtomicLong told = new AtomicLong();
      CopyResult result =
          FileCopy.copy(
              engine,
              source,
              target(),
              CopyOptions.defaults().withRoute(route).withVerify(true),
              told::addAndGet);
      assertSame(source, target());
      assertThat(result.size()).isEqualTo(size);
      assertThat(result.verified()).isTrue();
      assertThat(result.route()).isNotEqualTo(CopyOptions.Route.AUTO);
      if (result.route() != CopyOptions.Route.REFLINK) {
        assertThat(result.dataBytes()).isEqualTo(size);
        assertThat(told.get()).isEqualTo(size);
      }
    }
  }

  @Test
  void directCopiesHaveTheirTail() throws IOException {
    for (int size : new int[] {0, 1, 511, 4096, MIB + 513, 9 * MIB + 4097}) {
      Path source = source(size);
      try {
        FileCopy.copy(
            engine, source, target(), CopyOptions.defaults().withDirect(true).withVerify(true));
      } catch (OperationException e) {
        assumeTrue(!e.errnoName().equals("EINVAL"), "no direct I/O here: " + e.getMessage());
        throw e;
      }
      assertSame(source, target());
      assertThat(Files.size(target())).isEqualTo(size);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = CopyOptions.Route.class,
      names = {"AUTO", "RING"})
  void holesStayHoles(CopyOptions.Route route) throws IOException {
    Path source = dir.resolve("source");
    try (RandomAccessFile file = new RandomAccessFile(source.toFile(), "rw")) {
      file.setLength(5L << 30);
      file.seek((4L << 30) + 12_345);
      file.write(new byte[] {1, 2, 3});
    }
    CopyResult result =
        FileCopy.copy(
            engine, source, target(), CopyOptions.defaults().withRoute(route).withVerify(true));
    assertThat(result.size()).isEqualTo(5L << 30);
    assertThat(result.dataBytes()).isLessThan(MIB);
    try (AsyncFile copy = AsyncFile.open(engine, target(), OpenOptions.read())) {
      assertThat(copy.size()).isEqualTo(5L << 30);
      assertThat(copy.info().allocatedBytes()).isLessThan(MIB);
      try (var bytes = copy.read((4L << 30) + 12_345, 3)) {
        assertThat(bytes.toArray()).containsExactly(1, 2, 3);
      }
    }
  }

  @Test
  void copiesNothingInUserMemory() throws IOException {
    Path source = source(5 * MIB + 7);
    long before = CopyCounter.bytesCopied();
    FileCopy.copy(engine, source, target(), RING);
    assertThat(CopyCounter.bytesCopied()).isEqualTo(before);
    assertSame(source, target());
  }

  @Test
  void newFileHasTheModeOfTheSourceAndPreserveItsTimesToo() throws IOException {
    Path source = source(10);
    Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rwxr-----"));
    FileTime time = FileTime.from(Instant.ofEpochSecond(1_000_000_000, 123_456_789));
    Files.setLastModifiedTime(source, time);
    FileCopy.copy(engine, source, target(), CopyOptions.defaults());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target())))
        .isEqualTo("rwxr-----");
    assertThat(Files.getLastModifiedTime(target())).isNotEqualTo(time);
    FileCopy.copy(engine, source, target(), CopyOptions.defaults().withPreserve(true));
    assertThat(Files.getLastModifiedTime(target())).isEqualTo(time);
  }

  @Test
  void replacedFileKeepsItsMode() throws IOException {
    Path source = source(10);
    Files.writeString(target(), "old");
    Files.setPosixFilePermissions(target(), PosixFilePermissions.fromString("rw-------"));
    FileCopy.copy(engine, source, target(), CopyOptions.defaults());
    assertSame(source, target());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target())))
        .isEqualTo("rw-------");
  }

  @Test
  void symbolicLinkStaysAndItsFileIsReplaced() throws IOException {
    Path source = source(10);
    Path link = Files.createSymbolicLink(dir.resolve("link"), Path.of("target"));
    assertThatThrownBy(() -> FileCopy.copy(engine, source, link, CopyOptions.defaults()))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("link to nothing");
    Files.writeString(target(), "old");
    FileCopy.copy(engine, source, link, CopyOptions.defaults());
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertSame(source, target());
  }

  @Test
  void refusesDirectoriesAndTheSameFile() throws IOException {
    Path source = source(10);
    Path link = Files.createLink(dir.resolve("hard"), source);
    CopyOptions options = CopyOptions.defaults();
    assertThatThrownBy(() -> FileCopy.copy(engine, dir, target(), options))
        .hasMessageContaining(dir.toString())
        .hasMessageContaining("is a directory");
    assertThatThrownBy(() -> FileCopy.copy(engine, source, dir, options))
        .hasMessageContaining(dir.toString())
        .hasMessageContaining("is a directory");
    assertThatThrownBy(() -> FileCopy.copy(engine, source, link, options))
        .hasMessageContaining("is the same file as " + source);
    assertThat(names()).containsExactly("hard", "source");
  }

  @Test
  void missingSourceLeavesTheTargetAlone() throws IOException {
    Files.writeString(target(), "old");
    assertThatThrownBy(
            () -> FileCopy.copy(engine, dir.resolve("no"), target(), CopyOptions.defaults()))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("ENOENT");
    assertThat(target()).hasContent("old");
    assertThat(names()).containsExactly("target");
  }

  @ParameterizedTest
  @EnumSource(
      value = CopyOptions.Route.class,
      names = {"RANGE", "RING"})
  void sourceThatIsCutMeanwhileIsToldAndNothingIsLeft(CopyOptions.Route route) throws IOException {
    Path source = source(64 * MIB);
    Files.writeString(target(), "old");
    LongConsumer cut =
        bytes -> {
          try (RandomAccessFile file = new RandomAccessFile(source.toFile(), "rw")) {
            file.setLength(MIB / 2);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        };
    CopyOptions options = CopyOptions.defaults().withRoute(route);
    assertThatThrownBy(() -> FileCopy.copy(engine, source, target(), options, cut))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining(source.toString())
        .hasMessageContaining("was cut from " + 64 * MIB);
    assertThat(target()).hasContent("old");
    assertThat(names()).containsExactly("source", "target");
  }

  @Test
  void interruptLeavesNothing() throws IOException {
    Path source = source(32 * MIB);
    LongConsumer interrupt = bytes -> Thread.currentThread().interrupt();
    assertThatThrownBy(() -> FileCopy.copy(engine, source, target(), RING, interrupt))
        .isInstanceOf(InterruptedIOException.class);
    Thread.interrupted();
    assertThat(names()).containsExactly("source");
    assertThat(engine.pool().stats().inUseBytes()).isZero();
  }

  @Test
  void failingConsumerLeavesNothing() throws IOException {
    Path source = source(32 * MIB);
    LongConsumer failing =
        bytes -> {
          throw new IllegalStateException("enough");
        };
    assertThatThrownBy(() -> FileCopy.copy(engine, source, target(), RING, failing))
        .hasMessage("enough");
    assertThat(names()).containsExactly("source");
    assertThat(engine.pool().stats().inUseBytes()).isZero();
  }

  @Test
  void deviceIsWrittenToAndNotReplaced() throws IOException {
    Path device = Path.of("/dev/null");
    assumeTrue(Files.exists(device), "no " + device);
    Path source = source(MIB + 1);
    CopyResult result = FileCopy.copy(engine, source, device, CopyOptions.defaults());
    assertThat(result.size()).isEqualTo(MIB + 1);
    assertThat(Files.isRegularFile(device)).isFalse();
    assertThatThrownBy(
            () -> FileCopy.copy(engine, source, device, CopyOptions.defaults().withVerify(true)))
        .hasMessageContaining("cannot be read again");
  }

  @Test
  void fileOfTheKernelIsCopiedThoughItSaysItIsEmpty() throws IOException {
    Path source = Path.of("/proc/self/limits");
    assumeTrue(Files.exists(source), "no " + source);
    FileCopy.copy(engine, source, target(), CopyOptions.defaults());
    assertThat(Files.readString(target())).contains("Max open files");
  }

  @ParameterizedTest
  @EnumSource(EngineOptions.Choice.class)
  void channelIsDrainedIntoAFile(EngineOptions.Choice choice) throws IOException {
    use(choice);
    byte[] content = new byte[3 * MIB + 5];
    new Random(1).nextBytes(content);
    CopyResult result =
        FileCopy.copy(
            engine,
            Channels.newChannel(new ByteArrayInputStream(content)),
            target(),
            0600,
            CopyOptions.defaults(),
            bytes -> {});
    assertThat(result.size()).isEqualTo(content.length);
    assertThat(Files.readAllBytes(target())).isEqualTo(content);
    assertThat(names()).containsExactly("target");
  }

  @Test
  void smallestPoolIsEnough() throws IOException {
    engine.close();
    engine = Engine.open(EngineOptions.defaults().withPoolBytes(MIB));
    Path source = source(5 * MIB + 9);
    FileCopy.copy(engine, source, target(), RING.withVerify(true));
    assertSame(source, target());
    FileCopy.copy(
        engine,
        Channels.newChannel(Files.newInputStream(source)),
        target(),
        0600,
        CopyOptions.defaults(),
        bytes -> {});
    assertSame(source, target());
  }

  @Test
  void directGoesByNoOtherRoute() {
    assertThatThrownBy(
            () -> CopyOptions.defaults().withRoute(CopyOptions.Route.RANGE).withDirect(true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ring");
  }

  @Test
  void longNamesHaveRoomForTheTemporary() throws IOException {
    Path source = source(10);
    Path target = dir.resolve("n".repeat(255));
    FileCopy.copy(engine, source, target, CopyOptions.defaults());
    assertSame(source, target);
  }

  @Test
  void syncedCopyIsThere() throws IOException {
    Path source = source(MIB);
    FileCopy.copy(engine, source, target(), CopyOptions.defaults().withDurability(Durability.FULL));
    assertSame(source, target());
  }
}
