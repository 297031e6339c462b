package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatCommandTest {
  private static final int MIB = 1 << 20;

  @TempDir Path dir;

  private Path file(String name, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return Files.write(dir.resolve(name), content);
  }

  @Test
  void writesFilesOneAfterAnother() throws IOException {
    Path first = file("first", 9 * MIB + 7);
    Path empty = file("empty", 0);
    Path last = file("last", 5);
    byte[] out = Run.of("cat", first, empty, last).succeeds().bytes();
    assertThat(out).hasSize(9 * MIB + 12).startsWith(Files.readAllBytes(first));
    assertThat(out).endsWith(Files.readAllBytes(last));
  }

  @Test
  void rangesIncludeBothEnds() throws IOException {
    Path file = file("f", 3 * MIB);
    byte[] all = Files.readAllBytes(file);
    assertThat(Run.of("cat", "--range", "10-19", file).succeeds().bytes())
        .isEqualTo(Arrays.copyOfRange(all, 10, 20));
    assertThat(Run.of("cat", "--range", "2097151-", file).succeeds().bytes())
        .isEqualTo(Arrays.copyOfRange(all, 2 * MIB - 1, 3 * MIB));
    assertThat(Run.of("cat", "--range", "-7", file).succeeds().bytes())
        .isEqualTo(Arrays.copyOfRange(all, 3 * MIB - 7, 3 * MIB));
    Run.of("cat", "--range", "4m-", file).fails(file, "has 3145728 bytes");
  }

  @Test
  void standardInputIsAFileToo() throws IOException {
    byte[] input = "hello, world".getBytes(StandardCharsets.UTF_8);
    Path file = file("f", 3);
    assertThat(Run.withInput(input, "cat", "-").succeeds().out()).isEqualTo("hello, world");
    assertThat(Run.withInput(input, "cat", "--range", "7-11", "-").succeeds().out())
        .isEqualTo("world");
    assertThat(Run.withInput(input, "cat", file, "-").succeeds().bytes()).hasSize(15);
    Run.withInput(input, "cat", "--range", "-3", "-").fails("standard input", "A-B");
  }

  @Test
  void filesOfTheKernelAreReadToTheirEnd() {
    assertThat(Run.of("cat", "/proc/self/limits").succeeds().out()).contains("Max open files");
  }

  @Test
  void whatFailsIsToldAndTheRestIsWritten() throws IOException {
    Path file = file("f", 100);
    Run run = Run.of("cat", dir.resolve("no"), file, dir);
    assertThat(run.code()).isEqualTo(Main.ERROR);
    assertThat(run.bytes()).isEqualTo(Files.readAllBytes(file));
    assertThat(run.err().lines()).hasSize(2);
    assertThat(run.err()).contains("no: no such file", "is a directory");
  }
}
