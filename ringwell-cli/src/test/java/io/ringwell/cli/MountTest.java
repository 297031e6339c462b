package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountTest {
  private static final List<String> LINES =
      List.of(
          "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw",
          "30 22 0:25 / /data rw - tmpfs first rw",
          "31 22 0:26 / /data ro,nosuid master:2 propagate_from:1 - xfs second rw",
          "32 22 0:27 / /with\\040space rw - tmpfs t rw",
          "not a line");

  @Test
  void deepestMountWinsAndOfTwoOnOnePointTheLater() {
    assertThat(Mount.find(LINES, Path.of("/etc/passwd")))
        .isEqualTo(new Mount(Path.of("/"), "ext4", "/dev/vda", "rw,relatime"));
    assertThat(Mount.find(LINES, Path.of("/data/x")))
        .isEqualTo(new Mount(Path.of("/data"), "xfs", "second", "ro,nosuid"));
    assertThat(Mount.find(LINES, Path.of("/database")))
        .isEqualTo(new Mount(Path.of("/"), "ext4", "/dev/vda", "rw,relatime"));
  }

  @Test
  void escapedNamesAreRead() {
    Mount mount = Mount.find(LINES, Path.of("/with space/f"));
    assertThat(mount).isEqualTo(new Mount(Path.of("/with space"), "tmpfs", "t", "rw"));
  }
}
