package io.ringwell.pipe;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.CopyCounter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pipes as streams and channels, and what brings these into pipes and out of them.
class PipeStreamsTest {
  private static final Set<OpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);

  private final Rig rig = new Rig(Rig.options().withThresholds(100, 50).withMaxBuffered(1000));
  private final PipeWriter writer = rig.writer;
  private final PipeReader reader = rig.reader;

  @AfterEach
  void everythingIsGivenBack() {
    rig.close();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(Long.getLong("ringwell.seed", 1)).nextBytes(bytes);
    return bytes;
  }

  // ---- A reader as a stream --------------------------------------------------------------------

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

  // ---- A writer as a stream --------------------------------------------------------------------

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

  // ---- Out of a pipe ---------------------------------------------------------------------------

  @Test
  void copyToAChannelWritesAllFromWhereItLies(@TempDir Path directory) throws IOException {
    byte[] all = random(50_000);
    Path file = directory.resolve("out");
    try (Rig wide = new Rig(Rig.options().withThresholds(0, 0));
        FileChannel channel = FileChannel.open(file, OPTIONS)) {
      wide.writer.write(all, 0, 20_000);
      wide.writer.append(Bytes.copyOf(Arrays.copyOfRange(all, 20_000, 50_000)));
      wide.writer.complete();
      long copied = CopyCounter.bytesCopied();
      assertThat(wide.reader.copyTo(channel)).isEqualTo(50_000);
      assertThat(CopyCounter.bytesCopied()).isEqualTo(copied);
      assertThat(channel.isOpen()).isTrue();
      assertThat(wide.reader.isComplete()).isFalse();
    }
    assertThat(file).hasBinaryContent(all);
  }

  @Test
  void copyConsumesWhatWasWrittenWhateverEndsIt() throws IOException {
    rig.write("abc");
    writer.append(Bytes.copyOf("def".getBytes(StandardCharsets.US_ASCII)));
    writer.flush();
    Failing failing = new Failing(4);
    WritableByteChannel channel = Channels.newChannel(failing);
    assertThatThrownBy(() -> reader.copyTo((OutputStream) failing)).hasMessage("full");
    assertThat(reader.consumed()).as("the first fragment").isEqualTo(3);
    assertThatThrownBy(() -> reader.copyTo(channel)).hasMessage("full");
    assertThat(Rig.text(reader.read())).isEqualTo("def");
  }

  /// Takes so many bytes, and whole arrays.
  private static final class Failing extends OutputStream {
    private int left;

    Failing(int bytes) {
      left = bytes;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      if (length > left) {
        throw new IOException("full");
      }
      left -= length;
    }
  }

  @Test
  void copyTellsTheWritersErrorAndCancels() throws Exception {
    Parked<Long> copy = Parked.of(() -> reader.copyTo(OutputStream.nullOutputStream()));
    reader.cancelPending();
    assertThatThrownBy(copy::end).hasCauseInstanceOf(CancellationException.class);
    IOException cause = new IOException("gone");
    Parked<Long> again = Parked.of(() -> reader.copyTo(OutputStream.nullOutputStream()));
    rig.send("abc");
    writer.complete(cause);
    assertThatThrownBy(again::end).hasCause(cause);
  }

  @Test
  void channelThatDoesNotBlockIsRefused() throws IOException {
    java.nio.channels.Pipe system = java.nio.channels.Pipe.open();
    try (java.nio.channels.Pipe.SinkChannel sink = system.sink();
        java.nio.channels.Pipe.SourceChannel source = system.source()) {
      sink.configureBlocking(false);
      source.configureBlocking(false);
      assertThatThrownBy(() -> reader.copyTo(sink))
          .isInstanceOf(IllegalBlockingModeException.class);
      assertThatThrownBy(() -> writer.copyFrom(source))
          .isInstanceOf(IllegalBlockingModeException.class);
    }
  }

  // ---- Into a pipe -----------------------------------------------------------------------------

  @Test
  void copyFromAChannelLandsInThePipesMemory(@TempDir Path directory) throws Exception {
    byte[] all = random(50_000);
    Path file = Files.write(directory.resolve("in"), all);
    try (FileChannel channel = FileChannel.open(file)) {
      long copied = CopyCounter.bytesCopied();
      Parked<Long> copy = Parked.of(() -> writer.copyFrom(channel));
      ByteArrayOutputStream seen = new ByteArrayOutputStream();
      while (seen.size() < all.length) {
        PipeRead read = reader.read();
        seen.write(read.window().toArray(JAVA_BYTE));
        read.advance(read.start() + read.length());
      }
      assertThat(copy.end()).isEqualTo(50_000);
      assertThat(CopyCounter.bytesCopied()).isEqualTo(copied);
      assertThat(seen.toByteArray()).isEqualTo(all);
      assertThat(writer.isComplete()).isFalse();
    }
  }

  @Test
  void copyFromAStreamEndsWithItOrWithTheReader() throws Exception {
    assertThat(writer.copyFrom(new ByteArrayInputStream(random(99)))).isEqualTo(99);
    assertThat(reader.read().toArray()).isEqualTo(random(99));
    Parked<Long> copy = Parked.of(() -> writer.copyFrom(new ByteArrayInputStream(random(5000))));
    reader.complete();
    assertThat(copy.end()).as("nobody reads: the rest stays in the stream").isLessThan(5000 + 1);
    IOException cause = new IOException("no more");
    try (Rig failed = new Rig()) {
      failed.reader.complete(cause);
      assertThatThrownBy(() -> failed.writer.copyFrom(new ByteArrayInputStream(new byte[9])))
          .isSameAs(cause);
    }
  }

  // ---- From pipe to pipe -----------------------------------------------------------------------

  @Test
  void copyToAPipeMovesTheMemory() throws Exception {
    try (Rig other = new Rig(Rig.options().withThresholds(0, 0))) {
      rig.write("abc");
      Bytes appended = Bytes.copyOf("def".getBytes(StandardCharsets.US_ASCII));
      long address = appended.address();
      writer.append(appended);
      writer.complete();
      long copied = CopyCounter.bytesCopied();
      assertThat(reader.copyTo(other.writer)).isEqualTo(6);
      assertThat(CopyCounter.bytesCopied()).isEqualTo(copied);
      assertThat(other.writer.isComplete()).isFalse();
      PipeRead read = other.reader.read();
      assertThat(read.nextFragment()).isTrue();
      assertThat(read.window().address()).isEqualTo(address);
      assertThat(Rig.text(read)).isEqualTo("abcdef");
      read.advance(6);
      assertThat(rig.held()).as("nobody has it any more").isZero();
    }
  }

  @Test
  void copyIntoASmallerPipeGoesInPartsAndConsumesJustWhatWasTaken() throws Exception {
    try (Rig small = new Rig(Rig.options().withThresholds(40, 20).withMaxBuffered(40))) {
      byte[] all = random(100);
      writer.append(Bytes.copyOf(all));
      writer.tryFlush();
      Parked<Long> copy = Parked.of(() -> reader.copyTo(small.writer));
      copy.thread().interrupt();
      assertThatThrownBy(copy::end).hasCauseInstanceOf(InterruptedIOException.class);
      PipeRead first = small.reader.read();
      int taken = (int) first.end();
      assertThat(taken).isBetween(1, 40);
      assertThat(reader.consumed()).isEqualTo(taken);
      assertThat(first.toArray()).isEqualTo(Arrays.copyOf(all, taken));
      first.advance(taken);
      assertThat(reader.read().toArray()).isEqualTo(Arrays.copyOfRange(all, taken, 100));
    }
  }

  @Test
  void sendTakesMoreThanThePipeMayHold() throws Exception {
    byte[] all = random(5000);
    Bytes bytes = Bytes.copyOf(all);
    Parked<Boolean> send =
        Parked.of(() -> {
          writer.send(bytes);
          return true;
        });
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    while (seen.size() < all.length) {
      PipeRead read = reader.read();
      assertThat(read.size()).isLessThanOrEqualTo(1000);
      seen.writeBytes(read.toArray());
      read.advance(read.end());
    }
    assertThat(send.end()).isTrue();
    assertThat(seen.toByteArray()).isEqualTo(all);
    assertThat(bytes.isClosed()).isTrue();
  }

  @Test
  void whatIsSentIsClosedWhateverHappens() {
    Bytes unread = Bytes.copyOf(new byte[3]);
    reader.complete();
    assertThatThrownBy(() -> writer.send(unread)).hasMessageContaining("nobody reads");
    assertThat(unread.isClosed()).isTrue();
    writer.complete();
    Bytes late = Bytes.copyOf(new byte[3]);
    assertThatThrownBy(() -> writer.send(late)).isInstanceOf(IllegalStateException.class);
    assertThat(late.isClosed()).isTrue();
  }

  @Test
  void pipedPipesEndTogether() throws Exception {
    try (Rig other = new Rig(Rig.options().withThresholds(100, 50))) {
      Parked<Long> pump = Parked.of(() -> reader.pipeTo(other.writer));
      rig.send("abc");
      writer.complete();
      assertThat(pump.end()).isEqualTo(3);
      PipeRead read = other.reader.read();
      assertThat(read.isCompleted()).isTrue();
      assertThat(Rig.text(read)).isEqualTo("abc");
      assertThat(reader.isComplete()).isTrue();
    }
  }

  @Test
  void errorPassesDownThroughPipedPipes() throws Exception {
    try (Rig other = new Rig(Rig.options().withThresholds(100, 50))) {
      IOException cause = new IOException("the source is gone");
      Parked<Long> pump = Parked.of(() -> reader.pipeTo(other.writer));
      writer.complete(cause);
      assertThatThrownBy(pump::end).hasCause(cause);
      assertThatThrownBy(other.reader::read).isSameAs(cause);
    }
  }

  @Test
  void errorPassesUpThroughPipedPipesThoughNothingComes() throws Exception {
    try (Rig other = new Rig(Rig.options().withThresholds(100, 50))) {
      IOException cause = new IOException("the target is full");
      Parked<Long> pump = Parked.of(() -> reader.pipeTo(other.writer));
      other.reader.complete(cause);
      assertThatThrownBy(pump::end).hasCause(cause);
      assertThatThrownBy(writer::flush).isSameAs(cause);
    }
  }

  @Test
  void endPassesUpThroughPipedPipesThoughNothingComes() throws Exception {
    try (Rig other = new Rig(Rig.options().withThresholds(100, 50))) {
      Parked<Long> pump = Parked.of(() -> reader.pipeTo(other.writer));
      other.reader.complete();
      assertThat(pump.end()).isZero();
      assertThat(writer.flush()).isEqualTo(FlushResult.COMPLETED);
    }
  }

  @Test
  void backPressurePassesUpThroughPipedPipes() throws Exception {
    try (Rig other = new Rig(Rig.options().withThresholds(100, 50))) {
      Parked<Long> pump = Parked.of(() -> reader.pipeTo(other.writer));
      rig.writeBytes(100);
      CompletableFuture<FlushResult> flush = writer.flushAsync().toCompletableFuture();
      PipeRead read = other.reader.read();
      assertThat(read.size()).isEqualTo(100);
      assertThat(flush).as("the pump waits with these").isNotDone();
      read.advance(100);
      while (!flush.isDone()) {
        Thread.onSpinWait();
      }
      other.reader.complete();
      pump.end();
    }
  }
}
