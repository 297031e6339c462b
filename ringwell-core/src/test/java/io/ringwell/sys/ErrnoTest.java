package io.ringwell.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileInputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ErrnoTest {
  @TempDir private Path folder;

  /// Whatever the language.
  @Test
  void spokenIsWhatTheJdkSays() {
    assumeTrue(Platform.SYSCALLS);
    String folderName = folder.toString();
    assertThatThrownBy(() -> new FileInputStream(folderName))
        .hasMessageContaining(Errno.spoken(Errno.EISDIR));
    assertThatThrownBy(() -> new FileInputStream(folderName + "/none"))
        .hasMessageContaining(Errno.spoken(Errno.ENOENT));
    assertThat(Errno.spoken(Errno.EISDIR)).isNotEmpty();
    assertThat(Errno.spoken(Errno.ENOENT)).isNotEmpty();
  }

  @Test
  void numbersThatNobodyKnowsAreNotSpoken() {
    assertThat(Errno.spoken(-1)).isEmpty();
    assertThat(Errno.spoken(41)).isEmpty();
    assertThat(Errno.spoken(4000)).isEmpty();
  }
}
