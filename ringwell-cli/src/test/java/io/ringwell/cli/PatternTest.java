package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class PatternTest {
  @Test
  void tellsTheFirstWrongWordAndWhatItClaimsToBe() {
    MemorySegment memory = MemorySegment.ofArray(new long[512]);
    Pattern.fill(memory, 0, 1L << 40, 4096);
    assertThat(Pattern.firstWrong(memory, 0, 1L << 40, 4096)).isEqualTo(-1);
    assertThat(Pattern.firstWrong(memory, 0, 0, 4096)).isZero();
    assertThat(Pattern.claimed(memory, 8)).isEqualTo((1L << 40) + 8);
    memory.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 1001, (byte) 1);
    assertThat(Pattern.firstWrong(memory, 0, 1L << 40, 4096)).isEqualTo((1L << 40) + 1000);
  }

  @Test
  void firstBytesOfAFileAreTheName() {
    byte[] bytes = new byte[8];
    Pattern.fill(MemorySegment.ofArray(bytes), 0, 0, 8);
    assertThat(new String(bytes, java.nio.charset.StandardCharsets.US_ASCII)).isEqualTo("RINGWELL");
  }
}
