package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that may not be read, and links, searched by the command and by ripgrep with the same
/// rights: the same output and exit code. Where the tests run as root, both give up its right to
/// read everything.
class SearchRightsTest {
  private static final String CAPABILITIES = "-dac_override,-dac_read_search";

  @TempDir Path directory;

  private Path tree;
  private List<String> before;

  @BeforeEach
  void makeTree() throws IOException, InterruptedException {
    assumeTrue(find("rg"), "no rg on the PATH: apt-get install ripgrep");
    boolean root = Files.getOwner(directory).getName().equals("root");
    assumeTrue(!root || find("setpriv"), "no setpriv on the PATH: apt-get install util-linux");
    before =
        root
            ? List.of("setpriv", "--bounding-set", CAPABILITIES, "--inh-caps", CAPABILITIES)
            : List.of();
    tree = Files.createDirectories(directory.resolve("t"));
    for (String name : new String[] {"a", "closed", "in/b", "shut/c", "listed/d"}) {
      Path file = tree.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "one\ntwo " + name + "\n");
    }
    Files.createSymbolicLink(tree.resolve("link"), Path.of("a"));
    Files.createSymbolicLink(tree.resolve("round"), Path.of("."));
    Files.createSymbolicLink(tree.resolve("broken"), Path.of("nowhere"));
    Files.createSymbolicLink(tree.resolve("in/.hidden"), Path.of("b"));
    allow("closed", "---------");
    allow("shut", "---------");
    allow("listed", "r--------");
  }

  private void allow(String name, String rights) throws IOException {
    Files.setPosixFilePermissions(tree.resolve(name), PosixFilePermissions.fromString(rights));
  }

  private static boolean find(String program) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  @Test
  void whatMayNotBeReadIsToldAndTheRestSearchedAsByRipgrep() throws Exception {
    Child child = Child.in(Files.createDirectories(directory.resolve("modules")));
    String in = tree.toString();
    compare(child, 2, "two", in);
    compare(child, 2, "-c", "two", in + "/a", in + "/closed");
    compare(child, 2, "-l", "-uuu", "o", in + "/in", in + "/shut");
    compare(child, 2, "two", in + "/closed");
    compare(child, 2, "two", in + "/broken", in + "/link");
    compare(child, 0, "-n", "two", in + "/link");
    compare(child, 1, "-i", "three", in + "/in", in + "/a");
    compare(child, 0, "-uu", "two", in + "/in");
  }

  private void compare(Child child, int code, String... arguments)
      throws IOException, InterruptedException {
    List<Object> ours = new ArrayList<>(List.of("search", "-j", "1"));
    ours.addAll(List.of(arguments));
    Run run = child.run(before, ours.toArray());
    List<String> theirs = new ArrayList<>(before);
    theirs.addAll(List.of("rg", "--no-config", "-j1"));
    theirs.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(theirs).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process.getOutputStream().close();
    List<String> expected =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .sorted()
            .toList();
    String what = String.join(" ", arguments) + "\n" + run.err();
    assertThat(process.waitFor()).as(what).isEqualTo(code);
    assertThat(run.code()).as(what).isEqualTo(code);
    assertThat(run.out().lines().sorted().toList()).as(what).isEqualTo(expected);
    assertThat(run.err().isEmpty()).as(what).isEqualTo(code != 2);
  }
}
