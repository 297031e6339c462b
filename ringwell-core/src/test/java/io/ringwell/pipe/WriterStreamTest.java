package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A writer as a stream and as a channel.
class WriterStreamTest {
  private final Rig rig = new Rig(Rig.options().withThresholds(100, 50).withMaxBuffered(1000));
  private final PipeWriter writer = rig.writer;
  private final PipeReader reader = rig.reader;

  @AfterEach
  void everythingIsGivenBack() {
    rig.close();
  }

  @Test
  void streamShowsWhatWasWrittenWhenItIsFlushedAndTheEndWhenItIsClosed() throws IOException {
    try (OutputStream out = writer.outputStream()) {
      out.write('a');
      out.write(new byte[] {'x', 'b', 'c', 'x'}, 1, 2);
      assertThat(reader.tryRead()).isNull();
      out.flush();
      PipeRead read = reader.read();
      assertThat(Rig.text(read)).isEqualTo("abc");
      read.advance(3);
      out.write('d');
    }
    PipeRead last = reader.read();
    assertThat(Rig.text(last)).isEqualTo("d");
    assertThat(last.isCompleted()).isTrue();
    last.advance(4);
  }

  @Test
  void streamFlushesByItselfAndParksWhileTheReaderHasTooMuch() throws Exception {
    try (Rig wide = new Rig(Rig.options().withThresholds(8 << 10, 4 << 10))) {
      OutputStream out = wide.writer.outputStream();
      out.write(new byte[100]);
      Parked<Boolean> write =
          Parked.of(() -> {
            out.write(new byte[8 << 10]);
            return true;
          });
      PipeRead read = wide.reader.read();
      assertThat(read.size()).isEqualTo(100 + (8 << 10));
      read.advance(read.end());
      assertThat(write.end()).isTrue();
    }
  }

  @Test
  void streamThatNobodyReadsThrows() throws IOException {
    OutputStream out = writer.outputStream();
    out.write('a');
    reader.complete();
    assertThatThrownBy(out::flush)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nobody reads");
    out.write('b');
    assertThatThrownBy(out::close).hasMessageContaining("nobody reads");
    assertThat(writer.isComplete()).isTrue();
  }

  @Test
  void closeOfAStreamSaysNothingWhereAllWasRead() throws IOException {
    OutputStream out = writer.outputStream();
    out.write('a');
    out.flush();
    reader.read().advance(1);
    reader.complete();
    out.close();
    assertThatThrownBy(() -> out.write('b')).hasMessageContaining("closed");
    assertThatThrownBy(out::flush).hasMessageContaining("closed");
  }

  @Test
  void streamTellsTheReadersError() {
    IOException cause = new IOException("no room");
    reader.complete(cause);
    OutputStream out = writer.outputStream();
    assertThatThrownBy(out::flush).isSameAs(cause);
    assertThatThrownBy(out::close).isSameAs(cause);
  }

  @Test
  void whoHasFailedTellsTheReaderBeforeTheStreamIsClosed() throws IOException {
    IOException cause = new IOException("half of it was wrong");
    try (OutputStream out = writer.outputStream()) {
      out.write('a');
      writer.complete(cause);
    }
    assertThatThrownBy(reader::read).isSameAs(cause);
  }

  @Test
  void cancelEndsAFlushOfAStreamAndLosesNothing() throws IOException {
    OutputStream out = writer.outputStream();
    writer.cancelPending();
    out.write('a');
    assertThatThrownBy(out::flush).isInstanceOf(CancellationException.class);
    assertThat(Rig.text(reader.read())).isEqualTo("a");
    out.flush();
  }

  @Test
  void channelWritesAndFlushes() throws Exception {
    WritableByteChannel channel = writer.channel();
    ByteBuffer direct = ByteBuffer.allocateDirect(4).put(0, (byte) 'a').position(0).limit(1);
    assertThat(channel.write(direct)).isEqualTo(1);
    assertThat(direct.hasRemaining()).isFalse();
    assertThat(channel.write(ByteBuffer.wrap(new byte[] {'x', 'b'}, 1, 1))).isEqualTo(1);
    PipeRead read = reader.read();
    assertThat(Rig.text(read)).isEqualTo("ab");
    read.advance(2);
    ByteBuffer more = ByteBuffer.wrap(new byte[100]);
    Parked<Integer> write = Parked.of(() -> channel.write(more));
    reader.read().advance(102);
    assertThat(write.end()).isEqualTo(100);
    channel.close();
    assertThat(channel.isOpen()).isFalse();
    assertThatThrownBy(() -> channel.write(more)).isInstanceOf(ClosedChannelException.class);
    assertThat(reader.read().isCompleted()).isTrue();
  }

  @Test
  void channelThatIsInterruptedSaysHowMuchItTook() {
    WritableByteChannel channel = writer.channel();
    ByteBuffer much = ByteBuffer.wrap(new byte[3000]);
    Parked<Integer> write = Parked.of(() -> channel.write(much));
    write.thread().interrupt();
    assertThatThrownBy(write::end).hasCauseInstanceOf(InterruptedIOException.class);
    assertThat(much.position()).isEqualTo(1000);
  }

  @Test
  void arrayThatIsNotThereIsRefusedAndNothingIsWritten() throws IOException {
    OutputStream out = writer.outputStream();
    byte[] four = new byte[4];
    assertThatThrownBy(() -> out.write(four, -1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> out.write(four, 3, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    out.write(four, 4, 0);
    out.write(new byte[0]);
    out.flush();
    assertThat(reader.tryRead()).isNull();
    assertThat(writer.committed()).isZero();
  }

  @Test
  void streamWritesAcrossSegmentsAndTellsTheEndOnce() throws IOException {
    try (Rig wide = new Rig()) {
      OutputStream out = wide.writer.outputStream();
      byte[] some = new byte[30_000];
      new Random(3).nextBytes(some);
      for (byte each : some) {
        out.write(each);
      }
      out.close();
      out.close();
      PipeRead read = wide.reader.read();
      assertThat(read.isCompleted()).isTrue();
      assertThat(read.toArray()).isEqualTo(some);
    }
  }

  @Test
  void interruptEndsAFlushOfAStreamAndLosesNothing() throws Exception {
    OutputStream out = writer.outputStream();
    out.write(new byte[100]);
    Parked<Void> flush =
        Parked.of(() -> {
          out.flush();
          return null;
        });
    flush.thread().interrupt();
    assertThatThrownBy(flush::end).hasCauseInstanceOf(InterruptedIOException.class);
    PipeRead read = reader.read();
    assertThat(read.size()).isEqualTo(100);
    read.advance(100);
    out.write(1);
    out.flush();
    assertThat(reader.read().size()).isEqualTo(1);
  }

  @Test
  void closeOfAStreamDoesNotParkThoughTheReaderHasTooMuch() throws IOException {
    OutputStream out = writer.outputStream();
    out.write(new byte[500]);
    out.close();
    PipeRead read = reader.read();
    assertThat(read.isCompleted()).isTrue();
    assertThat(read.size()).isEqualTo(500);
  }

  @Test
  void streamOfAWriterThatIsCompleteSaysSo() throws IOException {
    OutputStream out = writer.outputStream();
    writer.complete();
    assertThatThrownBy(() -> out.write(1)).hasMessageContaining("complete");
    assertThatThrownBy(out::flush).hasMessageContaining("complete");
    out.close();
  }

  @Test
  void channelThatNobodyReadsThrowsAndEmptyBuffersAreNothing() throws IOException {
    WritableByteChannel channel = writer.channel();
    assertThat(channel.write(ByteBuffer.allocate(0))).isZero();
    assertThat(reader.tryRead()).isNull();
    reader.complete();
    assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(3)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nobody reads");
    channel.close();
    channel.close();
  }
}
