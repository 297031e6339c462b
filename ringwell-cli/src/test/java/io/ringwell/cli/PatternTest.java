package io.ringwell.cli;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class PatternTest {
  private static final long OFFSET = 1L << 40;

  private final MemorySegment memory = MemorySegment.ofArray(new long[512]);

  @Test
  void tellsTheFirstWrongWordAndWhatItClaimsToBe() {
    Pattern.fill(memory, 0, OFFSET, 4096);
    assertThat(Pattern.firstWrong(memory, 0, OFFSET, 4096)).isEqualTo(-1);
    assertThat(Pattern.firstWrong(memory, 0, 0, 4096)).isZero();
    assertThat(Pattern.claimed(memory, 512)).isEqualTo(OFFSET + 512);
    memory.set(JAVA_BYTE, 1001, (byte) 1);
    assertThat(Pattern.firstWrong(memory, 0, OFFSET, 4096)).isEqualTo(OFFSET + 1000);
  }

  @Test
  void movedMemoryIsAsIfFilledForItsNewPlace() {
    Pattern.fill(memory, 0, 0, 4096);
    Pattern.move(memory, 0, OFFSET, 4096);
    assertThat(Pattern.firstWrong(memory, 0, OFFSET, 4096)).isEqualTo(-1);
    MemorySegment filled = MemorySegment.ofArray(new long[512]);
    Pattern.fill(filled, 0, OFFSET, 4096);
    assertThat(filled.mismatch(memory)).isEqualTo(-1);
  }

  @Test
  void sectorFromAnotherPlaceIsFound() {
    Pattern.fill(memory, 0, OFFSET, 4096);
    Pattern.move(memory, 2048, OFFSET, 512);
    assertThat(Pattern.firstWrong(memory, 0, OFFSET, 4096)).isEqualTo(OFFSET + 2048);
    assertThat(Pattern.firstWrong(MemorySegment.ofArray(new long[512]), 0, 8, 4088)).isEqualTo(8);
  }

  @Test
  void firstBytesOfAFileAreTheName() {
    byte[] bytes = new byte[8];
    Pattern.fill(MemorySegment.ofArray(bytes), 0, 0, 8);
    assertThat(new String(bytes, java.nio.charset.StandardCharsets.US_ASCII)).isEqualTo("RINGWELL");
  }
}
