package io.ringwell.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What a process without privileges meets at its limit of locked memory.
@EnabledOnOs(OS.LINUX)
class SecureLimitTest {
  private static final int LIMIT = 256 << 10;

  @TempDir Path dir;

  @Test
  void poolBeyondTheLimitIsRefusedAndOneWithinItIsLocked() throws Exception {
    assertThat(run(2 * LIMIT))
        .contains(
            "refused: no secure memory for pool secrets: mlock, locking " + 2 * LIMIT + " bytes")
        .contains("ENOMEM")
        .contains("RLIMIT_MEMLOCK is " + LIMIT + " bytes")
        .contains("ulimit -l")
        .contains("left locked: 0");
    assertThat(run(LIMIT)).contains("locked: " + LIMIT);
  }

  /// One after the other: what the first holds is told.
  @Test
  void whatIsLockedAlreadyIsTold() throws Exception {
    assertThat(run(LIMIT / 2, LIMIT))
        .contains("locked: " + LIMIT / 2)
        .contains("refused: ")
        .contains(LIMIT / 2 + " bytes are locked already");
  }

  /// A child as nobody, who has no capability, with the low limit.
  private String run(int... poolBytes) throws Exception {
    boolean root = System.getProperty("user.name").equals("root");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "no prlimit(1)");
    assumeTrue(!root || Files.isExecutable(Path.of("/usr/bin/setpriv")), "no setpriv(1)");
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/usr/bin/prlimit", "--memlock=" + LIMIT + ":" + LIMIT));
    if (root) {
      command.addAll(
          List.of("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    }
    command.addAll(SecureChild.command(dir, SecureLimitMain.class));
    for (int bytes : poolBytes) {
      command.add(Integer.toString(bytes));
    }
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    child.getOutputStream().close();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).as(said).isZero();
    return said;
  }
}
