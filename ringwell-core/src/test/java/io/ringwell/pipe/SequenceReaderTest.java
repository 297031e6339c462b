package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.CopyCounter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Parsing, whatever the fragments.
class SequenceReaderTest {
  private final Rig rig = new Rig();

  @AfterEach
  void everythingIsGivenBack() {
    rig.close();
  }

  /// The bytes in fragments of `piece` bytes.
  private SequenceReader of(byte[] bytes, int piece) throws IOException {
    for (int from = 0; from < bytes.length; from += piece) {
      rig.writer.append(
          Bytes.copyOf(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + piece))));
    }
    rig.writer.tryFlush();
    return rig.reader.read().sequence();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void numbersOfEitherOrder(int piece) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(64);
    bytes.put((byte) -3).putShort((short) -1234).putInt(0x89ABCDEF).putLong(Long.MIN_VALUE + 5);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putShort((short) 4321).putInt(-7).putLong(1L << 40);
    SequenceReader in = of(Arrays.copyOf(bytes.array(), bytes.position()), piece);
    assertThat(in.peek()).isEqualTo((byte) -3);
    assertThat(in.readByte()).isEqualTo((byte) -3);
    assertThat(in.readShort(ByteOrder.BIG_ENDIAN)).isEqualTo((short) -1234);
    assertThat(in.readInt(ByteOrder.BIG_ENDIAN)).isEqualTo(0x89ABCDEF);
    assertThat(in.readLong(ByteOrder.BIG_ENDIAN)).isEqualTo(Long.MIN_VALUE + 5);
    assertThat(in.readShort(ByteOrder.LITTLE_ENDIAN)).isEqualTo((short) 4321);
    assertThat(in.readInt(ByteOrder.LITTLE_ENDIAN)).isEqualTo(-7);
    assertThat(in.remaining()).isEqualTo(8);
    assertThat(in.readLong(ByteOrder.LITTLE_ENDIAN)).isEqualTo(1L << 40);
    assertThatThrownBy(in::readByte).isInstanceOf(BufferUnderflowException.class);
    assertThatThrownBy(in::peek).isInstanceOf(BufferUnderflowException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 1000})
  void textWithCharactersInTwoFragments(int piece) throws IOException {
    String text = "Grüße, 世界 🌍!";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    SequenceReader in = of(bytes, piece);
    assertThat(in.readUtf8(bytes.length)).isEqualTo(text);
    assertThat(in.remaining()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 9, 1000})
  void delimitersAreFoundWhereTheyAre(int piece) throws IOException {
    byte[] bytes = "ab\r\ncd\r\r\n\r\nlast".getBytes(StandardCharsets.US_ASCII);
    SequenceReader in = of(bytes, piece);
    byte[] crlf = {'\r', '\n'};
    assertThat(in.find((byte) '\n')).isEqualTo(3);
    assertThat(in.find((byte) '\n', 4)).isEqualTo(8);
    assertThat(in.find((byte) 'x')).isEqualTo(-1);
    assertThat(in.find(crlf)).isEqualTo(2);
    assertThat(in.position()).isZero();
    in.seek(6);
    assertThat(in.find(crlf)).isEqualTo(7);
    assertThat(in.startsWith(crlf)).isFalse();
    in.skip(1);
    assertThat(in.startsWith(crlf)).isTrue();
    in.seek(0);
    assertThat(in.find("\r\n\r\n".getBytes(StandardCharsets.US_ASCII))).isEqualTo(7);
    assertThat(in.find("lasts".getBytes(StandardCharsets.US_ASCII))).isEqualTo(-1);
    assertThatThrownBy(() -> in.seek(99)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> in.find((byte) 0, 99)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> in.find(new byte[0])).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anyByteIsFoundFirst() throws IOException {
    Random random = new Random(Long.getLong("ringwell.seed", 1));
    byte[] bytes = new byte[5000];
    random.nextBytes(bytes);
    SequenceReader in = of(bytes, 77);
    for (int i = 0; i < 2000; i++) {
      byte wanted = (byte) random.nextInt(256);
      int from = random.nextInt(bytes.length);
      int expected = from;
      while (expected < bytes.length && bytes[expected] != wanted) {
        expected++;
      }
      assertThat(in.find(wanted, from)).isEqualTo(expected == bytes.length ? -1 : expected);
    }
  }

  @Test
  void piecesInOneFragmentAreNotCopied() throws IOException {
    byte[] bytes = {1, 2, 3, 4, 5, 6};
    SequenceReader in = of(bytes, 3);
    MemorySegment scratch = MemorySegment.ofArray(new byte[4]);
    long copied = CopyCounter.bytesCopied();
    MemorySegment first = in.readContiguous(2, scratch);
    assertThat(first.isNative()).isTrue();
    assertThat(CopyCounter.bytesCopied()).isEqualTo(copied);
    MemorySegment second = in.readContiguous(3, scratch);
    assertThat(second.toArray(ValueLayout.JAVA_BYTE)).containsExactly(3, 4, 5);
    assertThat(CopyCounter.bytesCopied()).isEqualTo(copied + 3);
    in.seek(0);
    assertThatThrownBy(() -> in.readContiguous(5, scratch))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(in.position()).isZero();
    byte[] all = new byte[6];
    in.read(MemorySegment.ofArray(all));
    assertThat(all).isEqualTo(bytes);
  }

  @Test
  void readerEndsWithItsRead() throws IOException {
    rig.send("abcdef");
    PipeRead read = rig.reader.read();
    SequenceReader in = read.sequence();
    in.skip(4);
    read.advance(in.position(), read.end());
    assertThatThrownBy(in::readByte).isInstanceOf(IllegalStateException.class);
    rig.send("g");
    assertThat(rig.reader.read().sequence().readUtf8(3)).isEqualTo("efg");
  }
}
