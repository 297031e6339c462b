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

  @Test
  void nothingHasNothing() throws IOException {
    rig.reader.cancelPending();
    SequenceReader in = rig.reader.read().sequence();
    assertThat(in.remaining()).isZero();
    assertThat(in.position()).isZero();
    assertThat(in.find((byte) 0)).isEqualTo(-1);
    assertThat(in.find(new byte[] {0})).isEqualTo(-1);
    assertThat(in.startsWith(new byte[0])).isTrue();
    assertThat(in.startsWith(new byte[1])).isFalse();
    in.skip(0);
    in.seek(0);
    assertThat(in.readUtf8(0)).isEmpty();
    assertThatThrownBy(in::readByte).isInstanceOf(BufferUnderflowException.class);
    assertThatThrownBy(() -> in.skip(1)).isInstanceOf(BufferUnderflowException.class);
    assertThatThrownBy(() -> in.seek(1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000})
  void whatIsNotThereLeavesThePosition(int piece) throws IOException {
    SequenceReader in = of(new byte[] {1, 2, 3, 4, 5, 6, 7}, piece);
    in.skip(6);
    assertThatThrownBy(() -> in.readShort(ByteOrder.BIG_ENDIAN))
        .isInstanceOf(BufferUnderflowException.class);
    assertThatThrownBy(() -> in.readInt(ByteOrder.BIG_ENDIAN))
        .isInstanceOf(BufferUnderflowException.class);
    assertThatThrownBy(() -> in.readLong(ByteOrder.LITTLE_ENDIAN))
        .isInstanceOf(BufferUnderflowException.class);
    assertThatThrownBy(() -> in.readUtf8(2)).isInstanceOf(BufferUnderflowException.class);
    assertThatThrownBy(() -> in.read(MemorySegment.ofArray(new byte[2])))
        .isInstanceOf(BufferUnderflowException.class);
    assertThatThrownBy(() -> in.readContiguous(2, MemorySegment.ofArray(new byte[2])))
        .isInstanceOf(BufferUnderflowException.class);
    assertThatThrownBy(() -> in.skip(2)).isInstanceOf(BufferUnderflowException.class);
    assertThat(in.position()).isEqualTo(6);
    assertThat(in.readByte()).isEqualTo((byte) 7);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000})
  void positionGoesToAndFro(int piece) throws IOException {
    SequenceReader in = of(new byte[] {10, 11, 12, 13, 14, 15}, piece);
    in.skip(6);
    assertThat(in.remaining()).isZero();
    for (int at : new int[] {5, 0, 3, 2, 4, 1}) {
      in.seek(at);
      assertThat(in.position()).isEqualTo(at);
      assertThat(in.peek()).isEqualTo((byte) (10 + at));
      assertThat(in.remaining()).isEqualTo(6 - at);
    }
    in.seek(6);
    assertThatThrownBy(in::peek).isInstanceOf(BufferUnderflowException.class);
    in.seek(1);
    byte[] two = new byte[2];
    in.read(MemorySegment.ofArray(two));
    assertThat(two).containsExactly(11, 12);
    assertThat(in.readContiguous(0, MemorySegment.NULL).byteSize()).isZero();
    assertThat(in.position()).isEqualTo(3);
  }

  @Test
  void negativeLengthsAreRefused() throws IOException {
    SequenceReader in = of(new byte[] {1, 2, 3}, 2);
    in.skip(2);
    assertThatThrownBy(() -> in.skip(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 or more");
    assertThatThrownBy(() -> in.readUtf8(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> in.readContiguous(-1, MemorySegment.NULL))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> in.seek(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> in.find((byte) 1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(in.find((byte) 1, 3)).as("from the end").isEqualTo(-1);
    assertThat(in.position()).isEqualTo(2);
  }

  /// The first bytes of a delimiter come more than once before it.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 1000})
  void delimitersThatBeginLikeWhatIsBeforeThem(int piece) throws IOException {
    SequenceReader in = of("aaabaabaaab".getBytes(StandardCharsets.US_ASCII), piece);
    assertThat(in.find("aab".getBytes(StandardCharsets.US_ASCII))).isEqualTo(1);
    in.seek(2);
    assertThat(in.find("aab".getBytes(StandardCharsets.US_ASCII))).isEqualTo(4);
    assertThat(in.find("aaab".getBytes(StandardCharsets.US_ASCII))).isEqualTo(7);
    assertThat(in.find("b".getBytes(StandardCharsets.US_ASCII))).isEqualTo(3);
    assertThat(in.find("aaaa".getBytes(StandardCharsets.US_ASCII))).isEqualTo(-1);
  }

  @Test
  void parserBeginsWhereItsReadDoes() throws IOException {
    of(new byte[] {1, 2, 3, 4}, 3);
    PipeRead read = rig.reader.handle();
    read.sequence().skip(3);
    assertThat(read.sequence().position()).as("anew").isZero();
    read.advance(2);
    SequenceReader next = rig.reader.read().sequence();
    assertThat(next.position()).isEqualTo(2);
    assertThat(next.readShort(ByteOrder.BIG_ENDIAN)).isEqualTo((short) 0x0304);
    assertThatThrownBy(() -> next.seek(1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void malformedTextIsReplaced() throws IOException {
    SequenceReader in = of(new byte[] {'a', (byte) 0xC3, 'b', (byte) 0xFF}, 2);
    assertThat(in.readUtf8(4)).isEqualTo("a\uFFFDb\uFFFD");
  }
}
