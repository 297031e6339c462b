package io.ringwell.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.memory.SecureChild;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sends without a copy, by a process that may lock little memory.
final class SendLimitTest {
  @TempDir Path dir;

  @Test
  void moreThanMayBeLockedIsCopied() throws Exception {
    String said = SecureChild.runAsNobody(dir, SendLimitMain.LIMIT, SendLimitMain.class);
    assumeTrue(said.contains("by " + EngineInfo.Kind.URING), "no ring: " + said);
    assertThat(said).contains("sent " + SendLimitMain.BYTES).contains("the same: true");
  }
}
