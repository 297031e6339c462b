package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// io_uring refused for real, by a seccomp filter as containers set it: threads take over, say why,
/// and keep the contract.
@EnabledOnOs(OS.LINUX)
final class RefusedRingTest {
  @Test
  @Timeout(300)
  void threadsTakeOverAndSayWhy() throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(ChildJvm.command(SeccompLauncher.class));
    command.addAll(ChildJvm.command(RefusedRingMain.class));
    ChildJvm.Outcome outcome = ChildJvm.run(command);
    assumeTrue(outcome.exit() != SeccompLauncher.NO_SECCOMP, outcome.output());
    assertThat(outcome.exit()).as(outcome.output()).isZero();
    assertThat(outcome.output()).containsPattern("why: .*EPERM").contains("contract: ");
  }
}
