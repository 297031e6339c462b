package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class LandingTest {
  private static final int GAP = 1000;

  /// A gap, then a piece.
  private static Landing landing(byte[] piece) {
    return new Landing(
        0,
        GAP + piece.length,
        List.of(new Landing.Piece(GAP, MemorySegment.ofArray(piece))),
        Crc.CRC32);
  }

  private static void fill(Landing landing, int value) {
    ByteBuffer room = landing.room();
    while (room.hasRemaining()) {
      room.put((byte) value);
    }
  }

  private static long crc(int value, int count) {
    CRC32 crc = new CRC32();
    for (int i = 0; i < count; i++) {
      crc.update(value);
    }
    return crc.getValue();
  }

  @Test
  void gapsOfSeveralRangesAreSummedUpEachByItself() {
    byte[] piece = new byte[500];
    Landing first = landing(piece);
    Landing second = landing(new byte[500]);
    fill(first, 1);
    fill(second, 2); // before the first has looked at its own
    first.arrived(GAP);
    second.arrived(GAP);
    fill(first, 1);
    first.arrived(500);
    fill(second, 2);
    second.arrived(500);
    assertThat(first.crc()).isEqualTo(crc(1, GAP + 500));
    assertThat(second.crc()).isEqualTo(crc(2, GAP + 500));
    assertThat(piece).containsOnly(1);
  }
}
