package io.ringwell.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeysTest {
  private static final long SEED = Long.getLong("ringwell.seed", 20261121);

  @Test
  void ordersAsUnsignedBytesAtEveryLengthAndDifference() {
    Random random = new Random(SEED);
    try (Arena arena = Arena.ofConfined()) {
      for (int round = 0; round < 20_000; round++) {
        byte[] a = new byte[random.nextInt(100)];
        random.nextBytes(a);
        byte[] b = Arrays.copyOf(a, random.nextInt(100));
        if (b.length > 0 && random.nextBoolean()) {
          b[random.nextInt(b.length)] ^= (byte) (1 << random.nextInt(8));
        }
        MemorySegment x = at(arena, a, random.nextInt(9));
        MemorySegment y = MemorySegment.ofArray(b);
        int expected = Integer.signum(Arrays.compareUnsigned(a, b));
        int got = Keys.compare(x, x.byteSize() - a.length, a.length, y, 0, b.length);
        assertThat(Integer.signum(got))
            .as("seed %d: %s against %s", SEED, Arrays.toString(a), Arrays.toString(b))
            .isEqualTo(expected);
        assertThat(Keys.equal(y, 0, b.length, x, x.byteSize() - a.length, a.length))
            .isEqualTo(expected == 0);
        int shared = Arrays.mismatch(a, b);
        shared = shared < 0 ? a.length : shared;
        int known = random.nextInt(shared + 1);
        assertThat(Keys.shared(x, x.byteSize() - a.length, a.length, y, 0, b.length, known))
            .isEqualTo(shared);
      }
    }
  }

  @Test
  void showsTextAsTextAndTheRestInHex() {
    assertThat(Keys.show(MemorySegment.ofArray(new byte[] {'k', '1'}), 0, 2)).isEqualTo("\"k1\"");
    assertThat(Keys.show(MemorySegment.ofArray(new byte[] {'k', 0}), 0, 2)).isEqualTo("0x6b00");
    assertThat(Keys.show(MemorySegment.ofArray(new byte[99]), 0, 99)).endsWith("0000...");
  }

  @Test
  void aPrefixBoundHoldsAllThatBeginsSo() {
    KvBounds ordinary = KvBounds.prefix(bytes('a', 0xFF));
    assertThat(holds(ordinary, bytes('a', 0xFF))).isTrue();
    assertThat(holds(ordinary, bytes('a', 0xFF, 0xFF, 0xFF))).isTrue();
    assertThat(holds(ordinary, bytes('a', 0xFE))).isFalse();
    assertThat(holds(ordinary, bytes('b'))).isFalse();
    KvBounds last = KvBounds.prefix(bytes(0xFF, 0xFF));
    assertThat(last.upper()).isNull();
    assertThat(holds(last, bytes(0xFF, 0xFF, 1))).isTrue();
    assertThat(holds(last, bytes(0xFF, 0xFE))).isFalse();
  }

  private static boolean holds(KvBounds bounds, MemorySegment key) {
    return bounds.contains(key, 0, (int) key.byteSize());
  }

  private static MemorySegment bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return MemorySegment.ofArray(bytes);
  }

  private static MemorySegment at(Arena arena, byte[] bytes, int offset) {
    MemorySegment segment = arena.allocate(offset + bytes.length);
    MemorySegment.copy(
        bytes, 0, segment, java.lang.foreign.ValueLayout.JAVA_BYTE, offset, bytes.length);
    return segment;
  }
}
