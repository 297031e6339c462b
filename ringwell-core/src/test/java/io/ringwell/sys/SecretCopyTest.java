package io.ringwell.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretCopyTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 64, 3_000, 256 << 10, (1 << 20) + 3})
  void allIsCopied(int bytes) {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocate(bytes);
      MemorySegment other = arena.allocate(bytes);
      SecretCopy.copy(MemorySegment.ofArray(content).asReadOnly(), one);
      SecretCopy.copy(one, other);
      SecretCopy.wipe();
      assertThat(other.mismatch(MemorySegment.ofArray(content))).isEqualTo(-1);
      byte[] back = new byte[bytes];
      SecretCopy.copy(other, MemorySegment.ofArray(back));
      assertThat(back).isEqualTo(content);
    }
  }

  @Test
  void memoryThatIsTooShortOrHasGoneIsNotWrittenTo() {
    Arena arena = Arena.ofConfined();
    MemorySegment little = arena.allocate(8);
    MemorySegment from = MemorySegment.ofArray(new byte[9]);
    assertThatThrownBy(() -> SecretCopy.copy(from, little))
        .isInstanceOf(IndexOutOfBoundsException.class);
    arena.close();
    assertThatThrownBy(() -> SecretCopy.copy(from.asSlice(1), little))
        .isInstanceOf(IllegalStateException.class);
  }
}
