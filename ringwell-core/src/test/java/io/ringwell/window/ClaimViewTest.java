package io.ringwell.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.memory.CopyCounter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Views put elements where a [ByteBuffer] of the same order finds them.
class ClaimViewTest {
  private static final int SIZE = 4096 + 7;

  @TempDir Path dir;
  private Engine engine;
  private ManagedWriter writer;
  private WriteClaim claim;

  @BeforeEach
  void open() throws IOException {
    engine = Engine.channels(EngineOptions.defaults(), "tested");
    writer = ManagedWriter.open(engine, dir.resolve("file"), WriterOptions.defaults());
    claim = writer.beginWrite(0, SIZE);
    claim.segment().fill((byte) 0);
  }

  @AfterEach
  void close() throws IOException {
    claim.close();
    writer.close();
    engine.close();
  }

  private static ByteOrder order(String name) {
    return name.equals("big") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  private ByteBuffer buffer(ByteOrder order) {
    return claim.byteBuffer().order(order);
  }

  @ParameterizedTest
  @ValueSource(strings = {"big", "little"})
  void elementsAreWhereABufferFindsThem(String name) {
    ByteOrder order = order(name);
    ByteBuffer bytes = buffer(order);
    claim.asInts(order).put(3, 0x01020304);
    assertThat(bytes.getInt(12)).isEqualTo(0x01020304).isEqualTo(claim.asInts(order).get(3));
    claim.asLongs(order).put(3, 0x0102030405060708L);
    assertThat(bytes.getLong(24)).isEqualTo(0x0102030405060708L);
    assertThat(claim.asLongs(order).get(3)).isEqualTo(0x0102030405060708L);
    claim.asShorts(order).put(3, (short) 0x0102);
    assertThat(bytes.getShort(6)).isEqualTo((short) 0x0102).isEqualTo(claim.asShorts(order).get(3));
    claim.asChars(order).put(3, 'Ω');
    assertThat(bytes.getChar(6)).isEqualTo('Ω').isEqualTo(claim.asChars(order).get(3));
    claim.asFloats(order).put(3, 1.5f);
    assertThat(bytes.getFloat(12)).isEqualTo(1.5f).isEqualTo(claim.asFloats(order).get(3));
    claim.asDoubles(order).put(3, Math.PI);
    assertThat(bytes.getDouble(24)).isEqualTo(Math.PI).isEqualTo(claim.asDoubles(order).get(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"big", "little"})
  void arraysArePutInOrderAndCounted(String name) {
    ByteOrder order = order(name);
    ByteBuffer bytes = buffer(order);
    long copied = CopyCounter.bytesCopied();
    claim.asInts(order).putAll(1, new int[] {9, 1, 2}, 1, 2);
    assertThat(bytes.getInt(4)).isEqualTo(1);
    assertThat(bytes.getInt(8)).isEqualTo(2);
    claim.asLongs(order).putAll(1, new long[] {9, 1, 2}, 1, 2);
    assertThat(bytes.getLong(16)).isEqualTo(2);
    claim.asShorts(order).putAll(1, new short[] {9, 1, 2}, 1, 2);
    assertThat(bytes.getShort(4)).isEqualTo((short) 2);
    claim.asChars(order).putAll(1, new char[] {'x', 'y', 'z'}, 1, 2);
    assertThat(bytes.getChar(4)).isEqualTo('z');
    claim.asFloats(order).putAll(1, new float[] {9, 1, 2}, 1, 2);
    assertThat(bytes.getFloat(8)).isEqualTo(2);
    claim.asDoubles(order).putAll(1, new double[] {9, 1, 2}, 1, 2);
    assertThat(bytes.getDouble(16)).isEqualTo(2);
    assertThat(CopyCounter.bytesCopied() - copied).isEqualTo(2 * (4 + 8 + 2 + 2 + 4 + 8));
  }

  @Test
  void elementsThatAreNotWholeAreNone() {
    IntClaim ints = claim.asInts(ByteOrder.BIG_ENDIAN);
    assertThat(ints.size()).isEqualTo(1025);
    assertThat(claim.asLongs(ByteOrder.BIG_ENDIAN).size()).isEqualTo(512);
    assertThat(claim.asChars(ByteOrder.BIG_ENDIAN).size()).isEqualTo(2051);
    for (long index : new long[] {-1, 1025, 1L << 62, Long.MIN_VALUE}) {
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .as("%d", index)
          .isThrownBy(() -> ints.put(index, 1));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> ints.putAll(index, new int[1], 0, 1));
    }
    claim.shrink(8);
    assertThat(ints.size()).isEqualTo(2);
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> ints.get(2));
  }

  @Test
  void viewsEndWithTheirClaim() throws IOException {
    DoubleClaim doubles = claim.asDoubles(ByteOrder.LITTLE_ENDIAN);
    ShortClaim shorts = claim.asShorts(ByteOrder.LITTLE_ENDIAN);
    shorts.put(0, (short) 7);
    writer.commit(claim).await();
    assertThatIllegalStateException().isThrownBy(() -> doubles.put(0, 1));
    assertThatIllegalStateException().isThrownBy(() -> shorts.get(0));
    assertThatIllegalStateException().isThrownBy(() -> shorts.putAll(0, new short[1], 0, 1));
    assertThatIllegalStateException().isThrownBy(doubles::size);
    assertThat(Files.readAllBytes(dir.resolve("file"))).startsWith(7, 0).hasSize(SIZE);
  }
}
