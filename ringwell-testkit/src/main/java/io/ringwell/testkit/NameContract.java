package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/// Operations on names in directories.
interface NameContract extends ContractCase {
  @Test
  default void renameReplacesWhatIsThere() throws IOException {
    Files.writeString(path("a"), "new");
    Files.writeString(path("b"), "old");
    run(new Operation().rename(path("a"), path("b"), false));
    assertThat(path("a")).doesNotExist();
    assertThat(path("b")).hasContent("new");
  }

  @Test
  default void renameThatMustNotReplaceLeavesBoth() throws IOException {
    Files.writeString(path("a"), "one");
    Files.writeString(path("b"), "two");
    OperationException failure =
        failing(EEXIST, new Operation().rename(path("a"), path("b"), true));
    assertThat(failure.getFile()).isEqualTo(path("a").toString());
    assertThat(failure.getOtherFile()).isEqualTo(path("b").toString());
    assertThat(path("a")).hasContent("one");
    assertThat(path("b")).hasContent("two");
    run(new Operation().rename(path("a"), path("c"), true));
    assertThat(path("c")).hasContent("one");
  }

  @Test
  default void renameOfAMissingFileFailsByName() throws IOException {
    failing(ENOENT, new Operation().rename(path("a"), path("b"), false));
    failing(ENOENT, new Operation().rename(path("a"), path("b"), true));
  }

  @Test
  default void fileIsUnlinked() throws IOException {
    Files.writeString(path("a"), "x");
    run(new Operation().unlink(path("a"), false));
    assertThat(path("a")).doesNotExist();
    failing(ENOENT, new Operation().unlink(path("a"), false));
    failing(ENOENT, new Operation().unlink(path("a"), true));
  }

  @Test
  default void directoryIsMadeAndRemovedWhenEmpty() throws IOException {
    run(new Operation().mkdir(path("dir"), 0755));
    assertThat(path("dir")).isDirectory();
    failing(EEXIST, new Operation().mkdir(path("dir"), 0755));
    failing(ENOENT, new Operation().mkdir(path("no/dir"), 0755));
    Files.createFile(path("dir/file"));
    failing(ENOTEMPTY, new Operation().unlink(path("dir"), true));
    failing(EISDIR, new Operation().unlink(path("dir"), false));
    Files.delete(path("dir/file"));
    run(new Operation().unlink(path("dir"), true));
    assertThat(path("dir")).doesNotExist();
  }

  @Test
  default void namesBeyondAsciiAreKept() throws IOException {
    String name = "ring-\u00e4\u4e2d\ud83d\ude80";
    run(new Operation().mkdir(path(name), 0755));
    assertThat(path(name)).isDirectory();
    run(new Operation().rename(path(name), path("plain"), true));
    assertThat(path("plain")).isDirectory();
  }
}
