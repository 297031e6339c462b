package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What nobody should do with pipes of bytes, and with what leads into them and out of them.
class PipeMisuseTest {
  private final Rig rig = new Rig(Rig.options().withThresholds(100, 50).withMaxBuffered(1000));
  private final PipeWriter writer = rig.writer;
  private final PipeReader reader = rig.reader;

  @AfterEach
  void everythingIsGivenBack() {
    rig.close();
  }

  /// For the compiler nothing is null here.
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    @Nullable T none = null;
    return none;
  }

  @Test
  void nullsAreRefusedBeforeAnythingIsDone() throws IOException {
    assertThatThrownBy(() -> new Pipe(nothing())).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> new Pipe(rig.pool, nothing()))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> reader.copyTo(PipeMisuseTest.<PipeWriter>nothing()))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> reader.pipeTo(nothing())).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> reader.copyTo(PipeMisuseTest.<OutputStream>nothing()))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("target");
    assertThatThrownBy(() -> reader.copyTo(PipeMisuseTest.<WritableByteChannel>nothing()))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("target");
    assertThatThrownBy(() -> writer.copyFrom(PipeMisuseTest.<InputStream>nothing()))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("source");
    assertThatThrownBy(() -> writer.copyFrom(PipeMisuseTest.<ReadableByteChannel>nothing()))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("source");
    assertThatThrownBy(() -> writer.send(nothing())).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> writer.write(nothing(), 0, 0))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> writer.write(PipeMisuseTest.<MemorySegment>nothing()))
        .isInstanceOf(NullPointerException.class);
    assertThat(rig.held()).isZero();
    rig.send("abc");
    assertThat(Rig.text(reader.tryRead())).isEqualTo("abc");
  }

  @Test
  void piecesOfArraysThatAreNotThereAreRefused() throws IOException {
    byte[] four = new byte[4];
    assertThatThrownBy(() -> writer.write(four, -1, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> writer.write(four, 2, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> writer.write(four, 0, -1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> writer.write(four, Integer.MAX_VALUE, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    writer.write(four, 4, 0);
    writer.write(MemorySegment.NULL);
    assertThat(writer.committed()).isZero();
    assertThat(rig.held()).as("nothing takes no memory").isZero();
    writer.write(four, 1, 3);
    writer.flush();
    assertThat(reader.read().size()).isEqualTo(3);
  }

  @Test
  void pipeIsNotCopiedIntoItself() throws IOException {
    rig.send("abc");
    assertThatThrownBy(() -> reader.copyTo(writer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another");
    assertThatThrownBy(() -> reader.pipeTo(writer)).isInstanceOf(IllegalArgumentException.class);
    assertThat(reader.isComplete() || writer.isComplete()).isFalse();
    assertThat(Rig.text(reader.read())).isEqualTo("abc");
  }

  @Test
  void copyOfBytesThatAreNotThereIsRefused() throws IOException {
    rig.send("abcdef");
    PipeRead first = reader.read();
    first.advance(2);
    PipeRead read = reader.read();
    MemorySegment target = MemorySegment.ofArray(new byte[10]);
    for (long offset : new long[] {-1, 1, 5, 6, Long.MAX_VALUE - 1, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> read.copyTo(offset, target, 0, 3))
          .as("from %d", offset)
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThatThrownBy(() -> read.copyTo(2, target, 8, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> read.copyTo(2, target, 0, -1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    read.copyTo(2, target, 7, 3);
    assertThat(target.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 9)).isEqualTo((byte) 'e');
  }

  @Test
  void readThatWasAdvancedShowsNothing() throws IOException {
    rig.send("abc");
    PipeRead read = reader.read();
    read.advance(1);
    assertThatThrownBy(read::window).hasMessageContaining("read again");
    assertThatThrownBy(read::rewind).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(read::nextFragment).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(read::sequence).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(read::toArray).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(read::buffer).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(read::bytes).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(read::isContiguous).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(read::isSecure).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> read.detach(2)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> read.copyTo(1, MemorySegment.ofArray(new byte[1]), 0, 1))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void parserOfAReadThatWasAdvancedShowsNothingOfTheNext() throws IOException {
    rig.send("abcdef");
    PipeRead read = reader.read();
    SequenceReader old = read.sequence();
    old.skip(2);
    read.advance(3);
    assertThatThrownBy(old::readByte).isInstanceOf(IllegalStateException.class);
    PipeRead next = reader.read();
    assertThatThrownBy(old::readByte)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("sequence()");
    assertThatThrownBy(old::peek).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> old.skip(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> old.seek(4)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> old.find((byte) 'e')).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> old.find(new byte[] {'e'})).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> old.startsWith(new byte[] {'d'}))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(old::position).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(old::remaining).isInstanceOf(IllegalStateException.class);
    assertThat(next.sequence().readUtf8(3)).isEqualTo("def");
  }

  @Test
  void whoCopiesReads() throws Exception {
    Parked<Long> copy = Parked.of(() -> reader.copyTo(OutputStream.nullOutputStream()));
    assertThatThrownBy(reader::read).hasMessageContaining("in progress");
    assertThatThrownBy(reader.inputStream()::read).hasMessageContaining("in progress");
    assertThatThrownBy(() -> reader.copyTo(new ByteArrayOutputStream()))
        .hasMessageContaining("in progress");
    rig.send("abc");
    writer.complete();
    assertThat(copy.end()).isEqualTo(3);
  }

  @Test
  void copyOfAReadThatWasNotAdvancedIsRefused() throws IOException {
    rig.send("abc");
    PipeRead read = reader.read();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThatThrownBy(() -> reader.copyTo(out)).hasMessageContaining("advance");
    assertThatThrownBy(() -> reader.channel().read(java.nio.ByteBuffer.allocate(1)))
        .hasMessageContaining("advance");
    assertThat(Rig.text(read)).isEqualTo("abc");
  }

  @Test
  void bufferWithoutAWindowIsRefused() throws IOException {
    assertThatThrownBy(writer::buffer)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("reserve");
    assertThatThrownBy(() -> writer.window(-1)).isInstanceOf(IllegalArgumentException.class);
    writer.reserve(1);
    assertThat(writer.buffer().capacity()).isPositive();
  }
}
