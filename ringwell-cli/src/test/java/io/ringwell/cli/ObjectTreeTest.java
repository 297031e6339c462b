package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ObjectTreeTest extends ObjectCase {
  @Test
  void treesKeepTheirShape() throws IOException {
    Path tree = dir.resolve("tree");
    for (int i = 0; i < 40; i++) {
      file("tree/d" + i % 4 + "/f" + i, i * 1000);
    }
    file("tree/top.txt", 10);
    bucket.run("cp", "-r", tree, "s3://bucket/trees/one").succeeds();
    bucket.run("cp", "-r", tree, "s3://bucket/trees/in/").succeeds();
    assertThat(keys("s3://bucket/trees/one/")).hasSize(41).contains("trees/one/d1/f1");
    assertThat(keys("s3://bucket/trees/in/")).hasSize(41).contains("trees/in/tree/d1/f1");

    bucket.run("cp", "-r", "s3://bucket/trees/one", "s3://bucket/trees/two").succeeds();
    Path back = dir.resolve("back");
    Run run = bucket.run("cp", "-r", "--json", "s3://bucket/trees/two", back).succeeds();
    assertThat(run.json()).containsEntry("files", 41L).containsEntry("failed", 0L);
    assertThat(tree(back)).isEqualTo(tree(tree));
    for (String name : tree(tree)) {
      assertThat(Files.mismatch(tree.resolve(name), back.resolve(name))).as(name).isEqualTo(-1);
    }
    bucket.run("cp", "-r", "s3://bucket/trees/two/", back).succeeds();
    assertThat(tree(back.resolve("two"))).isEqualTo(tree(tree));

    assertThat(bucket.run("ls", "s3://bucket/trees/one/").succeeds().out())
        .contains(" d0/", " d3/", " 10 top.txt")
        .doesNotContain("f1");
    assertThat(bucket.run("ls", "--json", "s3://bucket/trees/one/top.txt").succeeds().json())
        .containsEntry("object", "s3://bucket/trees/one/top.txt")
        .containsEntry("size", 10L);
    bucket.run("cp", tree.resolve("top.txt"), "s3://bucket/trees/oneself").succeeds();
    Run removed = bucket.run("rm", "-r", "-v", "s3://bucket/trees/one").succeeds();
    assertThat(removed.out()).hasLineCount(41);
    assertThat(keys("s3://bucket/trees/one")).containsExactly("trees/oneself");
    bucket.run("rm", "s3://bucket/trees/oneself").succeeds();
    assertThat(bucket.run("ls", "s3://bucket/trees/one").code()).isEqualTo(Main.NO);
  }

  @Test
  void namesAreKeptWhereTheTargetIsAsADirectory() throws IOException {
    Path a = file("a", 10);
    Path b = file("b.json", 20);
    bucket.run("cp", "-v", a, b, "s3://bucket/names/").succeeds();
    assertThat(keys("s3://bucket/names/")).containsExactly("names/a", "names/b.json");
    Path into = Files.createDirectory(dir.resolve("into"));
    Run run =
        bucket.run("cp", "-v", "s3://bucket/names/a", "s3://bucket/names/b.json", into).succeeds();
    assertThat(run.out()).contains("s3://bucket/names/a -> " + into.resolve("a") + ": 10 B");
    assertThat(tree(into)).containsExactly("a", "b.json");
  }
}
