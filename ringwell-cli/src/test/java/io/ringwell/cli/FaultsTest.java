package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Faults as a user meets them: one clear line, exit code 2, and nothing half-done.
class FaultsTest {
  private static final int MIB = 1 << 20;
  private static final List<String> NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  @TempDir Path dir;

  private Path file(String name, int size) throws IOException {
    return Files.write(dir.resolve(name), new byte[size]);
  }

  private Path directory(String name, String mode) throws IOException {
    Path made = Files.createDirectory(dir.resolve(name));
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(mode));
    return made;
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--route=auto", "--route=ring", "--direct"})
  void fullDiskIsToldAndLeavesNothing(String how) throws Exception {
    Path source = file("source", 8 * MIB);
    Path small = directory("small", "rwxr-xr-x");
    try (Mounted mounted = Mounted.tmpfs(small, "size=4m")) {
      assertThat(mounted).isNotNull();
      Path target = small.resolve("target");
      Run run = Run.of("cp", how, source, target);
      assumeTrue(!run.err().contains("does not take direct I/O"), run.err());
      run.fails(target, "no space left", "free some");
      assertThat(names(small)).isEmpty();
    }
  }

  @Test
  void fullDiskEndsBenchDemoAndAPipeLikewise() throws Exception {
    Path small = directory("small", "rwxr-xr-x");
    try (Mounted mounted = Mounted.tmpfs(small, "size=4m")) {
      assertThat(mounted).isNotNull();
      Path target = small.resolve("target");
      Run.of("bench", "randread", "--file", target, "--size", "16m").fails(target, "no space");
      Run.of("demo", "--dir", small, "--size", "16m").fails("no space left");
      Run.withInput(new byte[8 * MIB], "cp", "-", target).fails(target, "no space left");
      assertThat(names(small)).isEmpty();
    }
  }

  @Test
  void readOnlyMountIsTold() throws Exception {
    Path source = file("source", 10);
    Path sealed = directory("sealed", "rwxr-xr-x");
    try (Mounted mounted = Mounted.tmpfs(sealed, "ro")) {
      assertThat(mounted).isNotNull();
      Path target = sealed.resolve("target");
      Run.of("cp", source, target).fails(target, "mounted read-only", "write elsewhere");
      Run.of("bench", "randread", "--file", target).fails(target, "mounted read-only");
      Run.of("demo", "--dir", sealed).fails(sealed);
    }
  }

  @Test
  void missingPermissionIsTold() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "no setpriv(1)");
    assumeTrue(System.getProperty("user.name").equals("root"), "not root: cannot be nobody");
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path modules = directory("modules", "rwxr-xr-x");
    Child child = Child.in(modules);
    Path secret = file("secret", 10);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Path open = file("open", 10);
    Path everyones = directory("everyones", "rwxrwxrwx");

    child.run(NOBODY, "cat", secret).fails(secret, "permission denied");
    child.run(NOBODY, "cp", secret, everyones).fails(secret, "permission denied");
    child
        .run(NOBODY, "cp", open, dir.resolve("new"))
        .fails(dir.resolve("new"), "permission denied");
    child.run(NOBODY, "cp", open, secret).fails(secret, "permission denied");
    child.run(NOBODY, "bench", "randread", "--cold", "--file", open).fails("--cold", "root");
    child.run(NOBODY, "bench", "randread", "--file", dir.resolve("new")).fails("permission denied");
    assertThat(secret).hasSize(10);
    assertThat(names(everyones)).isEmpty();
    child.run(NOBODY, "cp", open, everyones.resolve("mine")).succeeds();
    child.run(NOBODY, "doctor").succeeds();
  }

  /// The first write to standard output cuts the file that is being read.
  @Test
  void fileThatIsCutWhileItIsReadIsTold() throws IOException {
    Path source = file("source", 32 * MIB);
    OutputStream cutting =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new AssertionError("byte by byte");
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            cut(source);
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    InputStream in = new ByteArrayInputStream(new byte[0]);
    int code = Main.run(Standard.of(in, cutting, err), "cat", source.toString());
    new Run(code, new byte[0], err.toString(StandardCharsets.UTF_8))
        .fails(source, "was cut from " + 32 * MIB);
  }

  private static void cut(Path path) {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(MIB);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Cut as soon as the temporary is there; a copy that was faster is a whole one.
  @Test
  void fileThatIsCutWhileItIsCopiedIsTold() throws Exception {
    Path into = directory("into", "rwxr-xr-x");
    Path target = into.resolve("target");
    int told = 0;
    for (int i = 0; i < 20 && told == 0; i++) {
      Path source = file("source", 64 * MIB);
      Thread cutter =
          Thread.ofPlatform()
              .start(() -> {
                long end = System.nanoTime() + 5_000_000_000L;
                try {
                  while (names(into).isEmpty() && System.nanoTime() < end) {
                    Thread.onSpinWait();
                  }
                  cut(source);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      Run run = Run.of("cp", "--route", "ring", source, target);
      cutter.join();
      if (run.code() == Main.OK) {
        assertThat(target).hasSize(64 * MIB);
        Files.delete(target);
      } else {
        run.fails(source, "was cut from", "copy it again");
        assertThat(names(into)).isEmpty();
        told++;
      }
    }
    assertThat(told).as("copies that met the cut").isPositive();
  }
}
