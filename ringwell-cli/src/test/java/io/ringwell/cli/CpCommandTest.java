package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpCommandTest {
  private static final FileTime LONG_AGO =
      FileTime.from(Instant.ofEpochSecond(1_000_000_000, 500_000_000));

  @TempDir Path dir;

  private Path file(String name, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    Path path = dir.resolve(name);
    Files.createDirectories(path.getParent());
    return Files.write(path, content);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static List<String> tree(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.map(file -> root.relativize(file).toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "range", "ring"})
  void copiesByEveryRoute(String route) throws IOException {
    Path from = file("from", 5 << 20);
    Path to = dir.resolve("to");
    Run run = Run.of("cp", "-v", "--route", route, "--verify", "--sync", from, to).succeeds();
    assertThat(run.out()).contains(from + " -> " + to, "5 MiB", "verified");
    assertThat(Files.mismatch(from, to)).isEqualTo(-1);
  }

  @Test
  void manyFilesGoIntoADirectoryWithFiguresAsJson() throws IOException {
    Path a = file("a", 100_000);
    Path b = file("b", 0);
    Path into = Files.createDirectory(dir.resolve("into"));
    Run run = Run.of("cp", "--json", "-p", a, b, into).succeeds();
    assertThat(run.json())
        .containsEntry("files", 2L)
        .containsEntry("failed", 0L)
        .containsEntry("bytes", 100_000L);
    assertThat(Files.mismatch(a, into.resolve("a"))).isEqualTo(-1);
    assertThat(into.resolve("b")).isEmptyFile();
  }

  @Test
  void treesKeepLinksModesAndTimes() throws IOException {
    Path tree = Files.createDirectory(dir.resolve("tree"));
    Path inner = file("tree/sub/inner", 10_000);
    Files.createSymbolicLink(tree.resolve("link"), Path.of("sub/inner"));
    Files.createSymbolicLink(tree.resolve("dangling"), Path.of("nowhere"));
    Path sealed = Files.createDirectory(tree.resolve("sealed"));
    file("tree/sealed/in", 3);
    mode(inner, "rw-r-----");
    mode(sealed, "r-x------");
    Files.setLastModifiedTime(inner, LONG_AGO);
    Files.setLastModifiedTime(tree.resolve("sub"), LONG_AGO);

    Path copy = dir.resolve("copy");
    Run.of("cp", "-r", "-p", tree, copy).succeeds();
    assertThat(tree(copy)).isEqualTo(tree(tree));
    assertThat(Files.mismatch(inner, copy.resolve("sub/inner"))).isEqualTo(-1);
    assertThat(mode(copy.resolve("sub/inner"))).isEqualTo("rw-r-----");
    assertThat(mode(copy.resolve("sealed"))).isEqualTo("r-x------");
    assertThat(Files.getLastModifiedTime(copy.resolve("sub/inner"))).isEqualTo(LONG_AGO);
    assertThat(Files.getLastModifiedTime(copy.resolve("sub"))).isEqualTo(LONG_AGO);
    assertThat(Files.readSymbolicLink(copy.resolve("link"))).hasToString("sub/inner");
    assertThat(Files.readSymbolicLink(copy.resolve("dangling"))).hasToString("nowhere");

    Run.of("cp", "-r", tree, copy).succeeds();
    assertThat(tree(copy.resolve("tree"))).isEqualTo(tree(tree));
    assertThat(Files.getLastModifiedTime(copy.resolve("tree/sub"))).isNotEqualTo(LONG_AGO);
    mode(sealed, "rwx------");
    mode(copy.resolve("sealed"), "rwx------");
    mode(copy.resolve("tree/sealed"), "rwx------");
  }

  @Test
  void standardStreamsAreOnEitherSide() throws IOException {
    byte[] text = "through a pipe".getBytes(StandardCharsets.UTF_8);
    Path to = dir.resolve("to");
    Run.withInput(text, "cp", "--sync", "-", to).succeeds();
    assertThat(to).hasBinaryContent(text);
    assertThat(Run.of("cp", to, "-").succeeds().bytes()).isEqualTo(text);
    assertThat(Run.withInput(text, "cp", "-", "-").succeeds().bytes()).isEqualTo(text);
    Run.withInput(text, "cp", "-", dir).fails(dir, "name the file");
    Run.withInput(text, "cp", "-p", "-", to).fails("standard input");
    Run.of("cp", "--verify", to, "-").fails("standard output");
  }

  @Test
  void mistakesAreToldAndChangeNothing() throws IOException {
    Path file = file("file", 10);
    Path other = file("other", 20);
    Path folder = Files.createDirectory(dir.resolve("folder"));
    Run.of("cp", dir.resolve("no"), dir.resolve("to")).fails(dir.resolve("no"), "no such file");
    Run.of("cp", folder, dir.resolve("to")).fails(folder, "is a directory", "-r");
    Run.of("cp", file, file).fails("is the same file as " + file);
    Run.of("cp", file, dir.resolve("no/to")).fails(dir.resolve("no/to"), "make it first");
    Run.of("cp", file, dir.resolve("no") + "/").fails(dir.resolve("no"), "make it first");
    Run.of("cp", file, other, dir.resolve("to")).fails("is not a directory");
    Run.of("cp", "-r", folder, folder.resolve("in")).fails(folder, "into itself");
    Run.of("cp", "--route", "range", "--direct", file, dir.resolve("to")).fails("--direct");
    Run.of("cp", "--route", "canal", file, dir.resolve("to")).fails("canal", "--help");
    assertThat(tree(dir)).containsExactly("", "file", "folder", "other");
  }

  @Test
  void oneThatFailsDoesNotKeepTheOthers() throws IOException {
    Path file = file("file", 10);
    Path into = Files.createDirectory(dir.resolve("into"));
    Run run = Run.of("cp", dir.resolve("no"), file, file, into);
    assertThat(run.code()).isEqualTo(Main.ERROR);
    assertThat(run.err().lines()).hasSize(2);
    assertThat(run.err()).contains("no such file", "was just made from another source");
    assertThat(tree(into)).containsExactly("", "file");
  }
}
