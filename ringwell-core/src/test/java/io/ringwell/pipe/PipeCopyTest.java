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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What brings streams and channels into pipes and out of them.
class PipeCopyTest {
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

  // ---- Channels and streams that are slow or break ---------------------------------------------

  /// Takes or gives a byte at a time, and so many in all.
  private static final class Trickle implements WritableByteChannel, ReadableByteChannel {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private int left;

    Trickle(int bytes) {
      left = bytes;
    }

    private void take() throws IOException {
      if (left == 0) {
        throw new IOException("full");
      }
      left--;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      take();
      taken.write(source.get());
      return 1;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      take();
      target.put((byte) left);
      return 1;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {
      throw new AssertionError("it is its owner's");
    }
  }

  @Test
  void channelThatTakesLittleGetsAll() throws IOException {
    rig.write("abc");
    writer.append(Bytes.copyOf("def".getBytes(StandardCharsets.US_ASCII)));
    writer.complete();
    Trickle slow = new Trickle(100);
    assertThat(reader.copyTo(slow)).isEqualTo(6);
    assertThat(slow.taken).hasToString("abcdef");
    assertThat(reader.read().isCompleted()).as("the reader is its owner's").isTrue();
  }

  @Test
  void channelThatBreaksInAFragmentHasConsumedWhatItTook() throws IOException {
    rig.send("abcdef");
    assertThatThrownBy(() -> reader.copyTo(new Trickle(4))).hasMessage("full");
    assertThat(reader.consumed()).isEqualTo(4);
    assertThat(Rig.text(reader.tryRead())).isEqualTo("ef");
  }

  @Test
  void copyGoesOnWhereTheLastWasCancelledOrInterrupted() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    rig.send("abc");
    Parked<Long> first = Parked.of(() -> reader.copyTo(out));
    reader.cancelPending();
    assertThatThrownBy(first::end).hasCauseInstanceOf(CancellationException.class);
    rig.send("def");
    Parked<Long> second = Parked.of(() -> reader.copyTo(out));
    second.thread().interrupt();
    assertThatThrownBy(second::end).hasCauseInstanceOf(InterruptedIOException.class);
    rig.send("ghi");
    writer.complete();
    assertThat(reader.copyTo(out)).isEqualTo(3);
    assertThat(out).hasToString("abcdefghi");
    assertThat(reader.copyTo(out)).as("the end comes again").isZero();
  }

  @Test
  void copyBehindAReadTakesTheRestAndWritesNoEmptyPieces() throws IOException {
    rig.send("abcdef");
    reader.read().advance(2, 6);
    writer.complete();
    OutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public synchronized void write(byte[] from, int offset, int length) {
            assertThat(length).isPositive();
            super.write(from, offset, length);
          }
        };
    assertThat(reader.copyTo(out)).isEqualTo(4);
    assertThat(out).hasToString("cdef");
  }

  @Test
  void whatCameBeforeASourceBrokeIsThere() throws IOException {
    assertThatThrownBy(() -> writer.copyFrom((ReadableByteChannel) new Trickle(7)))
        .hasMessage("full");
    assertThat(writer.isComplete()).as("that is for the caller").isFalse();
    PipeRead read = reader.read();
    assertThat(read.toArray()).containsExactly(6, 5, 4, 3, 2, 1, 0);
    read.advance(7);
    InputStream broken =
        new InputStream() {
          private int left = 3;

          @Override
          public int read() throws IOException {
            throw new IOException("by array");
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0) {
              throw new IOException("torn");
            }
            left--;
            return 1;
          }
        };
    assertThatThrownBy(() -> writer.copyFrom(broken)).hasMessage("torn");
    assertThat(reader.read().size()).isEqualTo(3);
  }

  @Test
  void cancelEndsACopyIntoAPipeAndLosesNothing() throws Exception {
    byte[] all = random(5000);
    ByteArrayInputStream in = new ByteArrayInputStream(all);
    Parked<Long> copy = Parked.of(() -> writer.copyFrom(Channels.newChannel(in)));
    writer.cancelPending();
    assertThatThrownBy(copy::end).hasCauseInstanceOf(CancellationException.class);
    int taken = all.length - in.available();
    PipeRead read = reader.read();
    assertThat(read.toArray()).isEqualTo(Arrays.copyOf(all, taken));
    read.advance(taken);
  }
}
