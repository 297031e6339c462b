package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectCopyTest extends ObjectCase {
  private static final int PART = 5 << 20;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, PART, PART + 1})
  void filesGoThereAndBack(int size) throws IOException {
    Path from = file("from", size);
    Path back = dir.resolve("back");
    String object = "s3://bucket/sizes/" + size;
    bucket.run("cp", "--verify", "--part-size", "5m", from, object).succeeds();
    bucket.run("cp", "--verify", "--sync", object, back).succeeds();
    assertThat(Files.mismatch(from, back)).isEqualTo(-1);
    assertThat(bucket.run("cat", object).succeeds().bytes()).isEqualTo(Files.readAllBytes(from));
  }

  @Test
  void standardStreamsAreOnEitherSide() {
    byte[] text = new byte[9 << 20];
    new Random(9).nextBytes(text);
    bucket.withInput(text, "cp", "-", "s3://bucket/streams/in").succeeds();
    assertThat(bucket.run("cp", "s3://bucket/streams/in", "-").succeeds().bytes()).isEqualTo(text);
    bucket.withInput(text, "cp", "-", "s3://bucket").fails("name the key");
    bucket.withInput(text, "cp", "--verify", "-", "s3://bucket/x").fails("standard input");
  }

  @Test
  void rangesAreThoseOfFiles() throws IOException {
    byte[] text = "0123456789".getBytes(StandardCharsets.US_ASCII);
    bucket.withInput(text, "cp", "-", "s3://bucket/ranges/ten").succeeds();
    for (String range : new String[] {"0-0", "3-5", "7-", "-4", "0-", "9-20"}) {
      Path file = Files.write(dir.resolve("ten"), text);
      assertThat(bucket.run("cat", "--range", range, "s3://bucket/ranges/ten").succeeds().out())
          .as(range)
          .isEqualTo(Run.of("cat", "--range", range, file).succeeds().out());
    }
    bucket.run("cat", "--range", "10-", "s3://bucket/ranges/ten").fails("has 10 bytes");
    Path file = file("large", 10 << 20);
    bucket.run("cp", file, "s3://bucket/ranges/").succeeds();
    byte[] all = Files.readAllBytes(file);
    int from = 1_000_001;
    int to = 9_600_000;
    assertThat(
            bucket
                .run("cat", "--range", from + "-" + to, "s3://bucket/ranges/large")
                .succeeds()
                .bytes())
        .isEqualTo(Arrays.copyOfRange(all, from, to + 1));
  }

  @Test
  void mistakesAreToldAndChangeNothing() throws IOException {
    Path file = file("file", 10);
    Path folder = Files.createDirectory(dir.resolve("folder"));
    Path to = dir.resolve("to");
    bucket.run("cp", file, "s3://bucket/mistakes/file").succeeds();
    bucket.run("cp", dir.resolve("no"), "s3://bucket/x").fails(dir.resolve("no"), "no such file");
    bucket.run("cp", folder, "s3://bucket/x").fails(folder, "is a directory", "-r");
    bucket.run("cp", file, file, "s3://bucket/x").fails("end it with a slash");
    bucket.run("cp", "-p", file, "s3://bucket/x").fails("-p");
    bucket.run("cp", "--sync", file, "s3://bucket/x").fails("--sync");
    bucket.run("cp", file, "s3://no-such-bucket/x").fails("no-such-bucket", "NoSuchBucket");
    bucket.run("cp", "s3://bucket/none", to).fails("s3://bucket/none", "no such object");
    bucket.run("cp", "s3://bucket/mistakes/", to).fails("s3://bucket/mistakes/", "-r");
    bucket.run("cp", "-r", "s3://bucket/none/", to).fails("nothing below");
    bucket.run("cp", "s3://bucket/mistakes/file", dir.resolve("no/to")).fails("make it first");
    bucket.run("cp", file, "s3://bucket/mistakes/file", folder).fails("one after the other");
    bucket
        .run("cp", "s3://bucket/mistakes/file", "s3://bucket/mistakes/file")
        .fails("is the same object");
    bucket.run("cat", "s3://bucket/none").fails("s3://bucket/none", "no such object");
    Run.of("cp", "--profile", "p", file, to).fails("--profile", "s3://");
    assertThat(tree(dir)).containsExactly("file");
    assertThat(keys("s3://bucket/x")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a\0b"})
  void partsOfKeysThatWouldLeadElsewhereAreRefused(String name) {
    assertThatExceptionOfType(FileSystemException.class)
        .isThrownBy(() -> ObjectTrees.fileName(name))
        .withMessageContaining("cannot be a file's name");
  }

  @Test
  void searchFindsLinesInObjectsAsInFiles() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      text.append("line ").append(i).append(i % 25_000 == 7 ? " needle\n" : " straw\n");
    }
    Path file = Files.writeString(dir.resolve("hay"), text);
    bucket.run("cp", file, "s3://bucket/search/hay").succeeds();
    assertThat(bucket.run("search", "-n", "need[l]e", "s3://bucket/search/hay").succeeds().out())
        .isEqualTo(Run.of("search", "-n", "need[l]e", file).succeeds().out());
    assertThat(bucket.run("search", "-c", "needle", "s3://bucket/search/").succeeds().out())
        .isEqualTo("s3://bucket/search/hay:4\n");
    assertThat(
            bucket.run("search", "-l", "needle", file, "s3://bucket/search/hay").succeeds().out())
        .contains(file + "\n", "s3://bucket/search/hay\n");
    assertThat(bucket.run("search", "nowhere", "s3://bucket/search/hay").code()).isEqualTo(Main.NO);
    Run missing = bucket.run("search", "needle", "s3://bucket/search/hay", "s3://bucket/none");
    assertThat(missing.code()).isEqualTo(Main.ERROR);
    assertThat(missing.err()).contains("s3://bucket/none", "no such object");
    assertThat(missing.out()).hasLineCount(4);
  }
}
