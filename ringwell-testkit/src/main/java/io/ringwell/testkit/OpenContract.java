package io.ringwell.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineInfo;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpCode;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Opening and closing of files.
interface OpenContract extends ContractCase {
  int CLOSE_ON_EXEC = 02000000;

  @Test
  default void createdFileIsEmptyAndOpen() throws IOException {
    FileHandle file = create("new");
    assertThat(file.isOpen()).isTrue();
    assertThat(file.path()).isEqualTo(path("new"));
    assertThat(file.isSeekable()).isTrue();
    assertThat(file.isDirect()).isFalse();
    assertThat(get(file, 0, 10)).isEmpty();
    assertThat(Files.size(path("new"))).isZero();
    engine().close(file);
    assertThat(file.isOpen()).isFalse();
  }

  @Test
  default void missingFileFailsByNameAndPath() throws IOException {
    OperationException failure = failing(ENOENT, new Operation().open(path("none"), READ, 0));
    assertThat(failure.operation()).isEqualTo(OpCode.OPEN);
    assertThat(failure.errnoName()).isEqualTo("ENOENT");
    assertThat(failure.getFile()).isEqualTo(path("none").toString());
    assertThat(failure.offset()).isEqualTo(-1);
    assertThat(failure.length()).isEqualTo(-1);
    assertThat(failure.getMessage()).contains("open").contains(path("none").toString());
  }

  @Test
  default void directoryCannotBeOpenedForWriting() throws IOException {
    failing(EISDIR, new Operation().open(path(""), READ | WRITE, 0));
  }

  @Test
  default void fileThatMustBeNewFailsWhereItIsThere() throws IOException {
    int flags = WRITE | CREATE | OpenFlag.EXCLUSIVE;
    engine().close(engine().open(path("once"), flags, 0644));
    failing(EEXIST, new Operation().open(path("once"), flags, 0644));
  }

  @Test
  default void truncateFlagEmptiesTheFile() throws IOException {
    Files.write(path("full"), new byte[100]);
    engine().close(engine().open(path("full"), READ | WRITE, 0));
    assertThat(Files.size(path("full"))).isEqualTo(100);
    engine().close(create("full"));
    assertThat(Files.size(path("full"))).isZero();
  }

  @Test
  default void appendedBytesGoToTheEndWhateverTheOffset() throws IOException {
    Files.writeString(path("log"), "one ");
    FileHandle file = engine().open(path("log"), WRITE | OpenFlag.APPEND, 0);
    put(file, "two ".getBytes(UTF_8), 0);
    put(file, "three".getBytes(UTF_8), 1000);
    engine().close(file);
    assertThat(Files.readString(path("log"))).isEqualTo("one two three");
  }

  @Test
  default void createdFileHasThePermissionsAskedFor() throws IOException {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
    engine().close(engine().open(path("secret"), WRITE | CREATE, 0600));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path("secret"))))
        .isEqualTo("rw-------");
  }

  @Test
  default void refusedPermissionFailsByName() throws IOException {
    Path file = path("closed");
    Files.createFile(file);
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(file, Set.of());
    }
    if (Files.isReadable(file)) {
      // Root may read all, but not write what sysfs says is read-only.
      file = Path.of("/sys/kernel/notes");
      assumeTrue(Files.exists(file));
    }
    OperationException failure = failing(EACCES, new Operation().open(file, READ | WRITE, 0));
    assertThat(failure.getFile()).isEqualTo(file.toString());
  }

  @Test
  default void linkIsNotFollowedWhereThatIsRefused() throws IOException {
    Files.createFile(path("target"));
    Files.createSymbolicLink(path("link"), path("target"));
    engine().close(engine().open(path("link"), READ, 0));
    failing(ELOOP, new Operation().open(path("link"), READ | OpenFlag.NO_FOLLOW, 0));
  }

  @Test
  default void pathOfAnotherFileSystemIsRefused() {
    Path foreign = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
    Operation op = new Operation();
    assertThatThrownBy(() -> op.open(foreign, READ, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/modules")
        .hasMessageContaining("jrt");
    assertThatThrownBy(() -> op.unlink(foreign, false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> op.rename(path("a"), foreign, false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  default void writeToAFileOpenForReadingFails() throws IOException {
    Files.write(path("r"), new byte[10]);
    FileHandle file = engine().open(path("r"), READ, 0);
    OperationException failure = failing(EBADF, new Operation().write(file, buffer(7), 0, 7, 3));
    assertThat(failure.offset()).isEqualTo(3);
    assertThat(failure.length()).isEqualTo(7);
    assertThat(failure.transferred()).isZero();
    assertThat(failure.getFile()).isEqualTo(path("r").toString());
    assertThat(Files.readAllBytes(path("r"))).isEqualTo(new byte[10]);
  }

  @Test
  default void readOfAFileOpenForWritingFails() throws IOException {
    FileHandle file = engine().open(path("w"), WRITE | CREATE, 0644);
    put(file, new byte[10], 0);
    failing(EBADF, new Operation().read(file, buffer(10), 0, 10, 0));
  }

  @Test
  default void filesOpenedSideBySideDoNotMixUp() throws Exception {
    int threads = 4;
    for (int t = 0; t < threads; t++) {
      Files.write(path("own" + t), ContractCase.pattern(t, 1000));
    }
    try (var executor = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int own = t;
        all.add(executor.submit(() -> openAndRead("own" + own, own)));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  private Void openAndRead(String name, int seed) throws IOException {
    for (int i = 0; i < (thorough() ? 100 : 25); i++) {
      FileHandle file = engine().open(path(name), READ, 0);
      assertThat(get(file, 0, 2000)).isEqualTo(ContractCase.pattern(seed, 1000));
      engine().close(file);
    }
    return null;
  }

  @Test
  default void engineClosesFilesThatWereLeftOpen() throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")));
    Engine other = another(EngineOptions.defaults());
    for (int i = 0; i < 20; i++) {
      other.open(path("left" + i), NEW_FILE, 0644);
    }
    assertThat(descriptorsBelow(path(""))).hasSize(20);
    other.close();
    assertThat(descriptorsBelow(path(""))).isEmpty();
  }

  @Test
  @ResourceLock(ContractCase.WHOLE_PROCESS)
  default void descriptorsAreClosedOnExec() throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fdinfo")));
    assumeTrue(
        kind() != EngineInfo.Kind.CHANNELS, "FileChannel leaves its descriptors to children");
    create("one");
    int checked = 0;
    for (Path descriptor : descriptors()) {
      String target = target(descriptor);
      if (target.equals(path("one").toString()) || target.equals("anon_inode:[io_uring]")) {
        Path facts = Path.of("/proc/self/fdinfo").resolve(descriptor.getFileName());
        assertThat(flags(facts) & CLOSE_ON_EXEC).as(target).isNotZero();
        checked++;
      }
    }
    assertThat(checked).isPositive();
  }

  private static int flags(Path facts) throws IOException {
    for (String line : Files.readAllLines(facts)) {
      if (line.startsWith("flags:")) {
        return Integer.parseInt(line.substring("flags:".length()).strip(), 8);
      }
    }
    throw new AssertionError("no flags in " + facts);
  }

  private static List<Path> descriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.toList();
    }
  }

  private static List<String> descriptorsBelow(Path directory) throws IOException {
    return descriptors().stream()
        .map(OpenContract::target)
        .filter(target -> target.startsWith(directory.toString()))
        .toList();
  }

  /// What a descriptor is of; nothing where it is gone by now, as that of the listing itself.
  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
