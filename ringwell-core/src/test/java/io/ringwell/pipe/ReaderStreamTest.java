package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A reader as a stream and as a channel.
class ReaderStreamTest {
  private final Rig rig = new Rig(Rig.options().withThresholds(100, 50).withMaxBuffered(1000));
  private final PipeWriter writer = rig.writer;
  private final PipeReader reader = rig.reader;

  @AfterEach
  void everythingIsGivenBack() {
    rig.close();
  }

  @Test
  void streamGivesWhatIsThereAndThenTheEnd() throws IOException {
    rig.send("abc");
    writer.append(Bytes.copyOf("def".getBytes(StandardCharsets.US_ASCII)));
    writer.complete();
    try (InputStream in = reader.inputStream()) {
      assertThat(in.available()).isEqualTo(6);
      assertThat(in.read()).isEqualTo('a');
      byte[] some = new byte[10];
      assertThat(in.read(some, 2, 0)).isZero();
      assertThat(in.read(some, 2, 3)).isEqualTo(3);
      assertThat(new String(some, 2, 3, StandardCharsets.US_ASCII)).isEqualTo("bcd");
      assertThat(in.skip(1)).isEqualTo(1);
      assertThat(in.skip(-1)).isZero();
      assertThat(in.read(some)).isEqualTo(1);
      assertThat(some[0]).isEqualTo((byte) 'f');
      assertThat(in.read()).isEqualTo(-1);
      assertThat(in.read(some)).isEqualTo(-1);
      assertThat(in.skip(1)).isZero();
      assertThat(in.available()).isZero();
      assertThatThrownBy(() -> in.read(some, 5, 6)).isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThat(reader.isComplete()).isTrue();
  }

  @Test
  void streamGivesBytesAboveAsciiAsTheyAre() throws IOException {
    rig.send("\u00ff");
    assertThat(reader.inputStream().read()).isEqualTo(0xFF);
  }

  @Test
  void readOfAStreamParksUntilThereIsSomething() throws Exception {
    InputStream in = reader.inputStream();
    assertThat(in.available()).isZero();
    Parked<Integer> read = Parked.of(in::read);
    rig.send("x");
    assertThat(read.end()).isEqualTo('x');
  }

  @Test
  void streamTellsTheWritersErrorEachTime() {
    IOException cause = new IOException("the line is dead");
    writer.complete(cause);
    InputStream in = reader.inputStream();
    assertThatThrownBy(in::read).isSameAs(cause);
    assertThatThrownBy(() -> in.read(new byte[3])).isSameAs(cause);
    assertThatThrownBy(in::available).isSameAs(cause);
  }

  @Test
  void cancelEndsAReadOfAStreamAndLosesNothing() throws Exception {
    InputStream in = reader.inputStream();
    Parked<Integer> read = Parked.of(in::read);
    reader.cancelPending();
    assertThatThrownBy(read::end).hasCauseInstanceOf(CancellationException.class);
    rig.send("x");
    reader.cancelPending();
    assertThat(in.available()).as("does not wait, so is not what is cancelled").isEqualTo(1);
    assertThatThrownBy(in::read).isInstanceOf(CancellationException.class);
    assertThat(in.read()).isEqualTo('x');
  }

  @Test
  void closedStreamReadsNoMore() throws IOException {
    rig.send("x");
    InputStream in = reader.inputStream();
    in.close();
    in.close();
    assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("closed");
    assertThatThrownBy(in::available).isInstanceOf(IOException.class);
    assertThat(writer.flush()).isEqualTo(FlushResult.COMPLETED);
  }

  @Test
  void streamTransfersTheRest() throws IOException {
    rig.write("abcdef");
    writer.complete();
    InputStream in = reader.inputStream();
    in.readNBytes(2);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(in.transferTo(out)).isEqualTo(4);
    assertThat(out).hasToString("cdef");
  }

  @Test
  void channelReadsIntoBuffersOfAnyKind() throws IOException {
    rig.write("abcdef");
    writer.complete();
    ReadableByteChannel channel = reader.channel();
    assertThat(channel.read(ByteBuffer.allocate(0))).isZero();
    ByteBuffer heap = ByteBuffer.allocate(10).position(3).limit(5);
    assertThat(channel.read(heap)).isEqualTo(2);
    assertThat(heap.array()).containsSequence('a', 'b');
    assertThat(heap.hasRemaining()).isFalse();
    ByteBuffer direct = ByteBuffer.allocateDirect(10);
    assertThat(channel.read(direct)).isEqualTo(4);
    assertThat(direct.get(3)).isEqualTo((byte) 'f');
    assertThat(channel.read(direct)).isEqualTo(-1);
    assertThat(direct.position()).isEqualTo(4);
    assertThatThrownBy(() -> channel.read(heap.asReadOnlyBuffer()))
        .isInstanceOf(IllegalArgumentException.class);
    channel.close();
    assertThat(channel.isOpen()).isFalse();
    assertThatThrownBy(() -> channel.read(direct)).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void arrayThatIsNotThereIsRefusedAndNothingIsTaken() throws IOException {
    rig.send("abc");
    InputStream in = reader.inputStream();
    byte[] four = new byte[4];
    assertThatThrownBy(() -> in.read(four, -1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> in.read(four, 0, -1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> in.read(four, 3, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(in.markSupported()).isFalse();
    assertThat(reader.consumed()).isZero();
    assertThat(in.read(four)).isEqualTo(3);
  }

  @Test
  void readOfNothingDoesNotPark() throws IOException {
    InputStream in = reader.inputStream();
    assertThat(in.read(new byte[0])).isZero();
    assertThat(in.skip(0)).isZero();
    assertThat(in.available()).isZero();
  }

  @Test
  void whatCameBeforeAnEndIsReadAndThenTheEndEachTime() throws IOException {
    rig.write("abc");
    writer.complete();
    InputStream in = reader.inputStream();
    assertThat(in.readNBytes(10)).containsExactly('a', 'b', 'c');
    for (int i = 0; i < 3; i++) {
      assertThat(in.read()).isEqualTo(-1);
      assertThat(in.readAllBytes()).isEmpty();
    }
  }

  @Test
  void skipLeavesTheRestAndStopsAtTheEnd() throws IOException {
    rig.write("abcdef");
    writer.complete();
    InputStream in = reader.inputStream();
    assertThat(in.skip(4)).isEqualTo(4);
    assertThat(in.read()).isEqualTo('e');
    assertThat(in.skip(Long.MAX_VALUE)).isEqualTo(1);
    assertThat(in.skip(1)).isZero();
  }

  @Test
  void interruptEndsAReadOfAStreamAndLosesNothing() throws Exception {
    InputStream in = reader.inputStream();
    Parked<Integer> read = Parked.of(() -> in.read(new byte[3]));
    read.thread().interrupt();
    assertThatThrownBy(read::end).hasCauseInstanceOf(InterruptedIOException.class);
    rig.send("x");
    assertThat(in.read()).isEqualTo('x');
  }

  @Test
  void readsOfAStreamDoNotOverlap() throws Exception {
    InputStream in = reader.inputStream();
    Parked<Integer> read = Parked.of(in::read);
    assertThatThrownBy(in::read)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("in progress");
    assertThatThrownBy(in::available).isInstanceOf(IllegalStateException.class);
    rig.send("x");
    assertThat(read.end()).isEqualTo('x');
  }

  @Test
  void closeOfAStreamEndsItsReadThatWaits() throws Exception {
    InputStream in = reader.inputStream();
    Parked<Integer> read = Parked.of(in::read);
    in.close();
    assertThatThrownBy(read::end).hasCauseInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> in.skip(1)).hasMessageContaining("closed");
    assertThatThrownBy(() -> in.transferTo(OutputStream.nullOutputStream()))
        .hasMessageContaining("closed");
  }

  @Test
  void channelParksAndTellsTheWritersError() throws Exception {
    ReadableByteChannel channel = reader.channel();
    ByteBuffer buffer = ByteBuffer.allocate(4);
    Parked<Integer> read = Parked.of(() -> channel.read(buffer));
    rig.send("ab");
    assertThat(read.end()).isEqualTo(2);
    reader.cancelPending();
    assertThatThrownBy(() -> channel.read(buffer)).isInstanceOf(CancellationException.class);
    IOException cause = new IOException("gone");
    writer.complete(cause);
    assertThatThrownBy(() -> channel.read(buffer)).isSameAs(cause);
    assertThat(buffer.position()).isEqualTo(2);
  }
}
