package io.ringwell.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
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

  private String run(int... poolBytes) throws Exception {
    String[] bytes = Arrays.stream(poolBytes).mapToObj(Integer::toString).toArray(String[]::new);
    return SecureChild.runAsNobody(dir, LIMIT, SecureLimitMain.class, bytes);
  }
}
