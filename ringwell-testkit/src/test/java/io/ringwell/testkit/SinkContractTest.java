package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.engine.OpCode;
import io.ringwell.engine.OperationException;
import io.ringwell.file.Durability;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.IoBuffer;
import io.ringwell.sink.FileSinkOptions;
import io.ringwell.sink.Sink;
import io.ringwell.sink.Sinks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What a sink to a file promises, on every engine, through the page cache and past it, and under
/// faults that nobody may notice.
@ParameterizedClass
@EnumSource(WriterSetup.class)
@Timeout(60)
final class SinkContractTest extends WriterCase {
  private static final int EIO = 5;
  private static final int ENOSPC = 28;

  SinkContractTest(WriterSetup setup) {
    super(setup);
  }

  private FileSinkOptions sinkOptions() {
    FileSinkOptions options = FileSinkOptions.defaults().withDurability(Durability.NONE);
    return setup.direct ? options.withDirect() : options;
  }

  private Sink sink() throws IOException {
    return Sinks.file(engine, path, sinkOptions());
  }

  /// In memory of the engine's pool.
  private Bytes bytes(byte[] content) throws IOException {
    IoBuffer buffer = engine.pool().acquire(Math.max(1, content.length));
    MemorySegment.copy(content, 0, buffer.segment(), ValueLayout.JAVA_BYTE, 0, content.length);
    return buffer.freeze(0, content.length);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(each -> !each.endsWith("direct")).toList();
    }
  }

  @Test
  void whatIsSentIsInTheFileWhenItIsComplete() throws IOException {
    byte[] content = pattern(1, 5 * BLOCK + 17);
    try (Sink sink = sink()) {
      sink.send(bytes(Arrays.copyOf(content, BLOCK)));
      sink.send(bytes(Arrays.copyOfRange(content, BLOCK, content.length)));
      assertThat(Files.exists(path)).isFalse();
      assertThat(sink.complete()).isEqualTo(content.length);
      assertThat(content()).isEqualTo(content);
      assertThat(sink.complete()).isEqualTo(content.length);
    }
    assertThat(files()).containsExactly(path);
  }

  @Test
  void nothingSentIsAnEmptyFile() throws IOException {
    try (Sink sink = sink()) {
      sink.send(Bytes.empty());
      assertThat(sink.complete()).isZero();
    }
    assertThat(path).isEmptyFile();
  }

  @Test
  void piecesOfAllSizesComeInOrder() throws IOException {
    long seed = Seeds.first();
    Random random = new Random(seed);
    byte[] content = pattern(seed, (3 << 20) + random.nextInt(100_000));
    try (Sink sink = sink()) {
      int at = 0;
      while (at < content.length) {
        int most =
            switch (random.nextInt(4)) {
              case 0 -> 10;
              case 1 -> 3 * BLOCK;
              default -> 300_000;
            };
        int size = Math.min(random.nextInt(most) + 1, content.length - at);
        size = random.nextBoolean() && size > BLOCK ? size / BLOCK * BLOCK : size;
        sink.send(bytes(Arrays.copyOfRange(content, at, at + size)));
        at += size;
        if (random.nextInt(40) == 0) {
          sink.flush();
        }
      }
      sink.complete();
    }
    assertThat(Files.mismatch(path, write(content))).isEqualTo(-1);
  }

  private Path write(byte[] content) throws IOException {
    return Files.write(directory.resolve("expected"), content);
  }

  @Test
  void chainGoesAsItIs() throws IOException {
    byte[] content = pattern(3, 4 * BLOCK);
    List<Bytes> pieces = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      pieces.add(bytes(Arrays.copyOfRange(content, i * BLOCK, (i + 1) * BLOCK)));
    }
    try (Sink sink = sink()) {
      sink.send(BytesChain.of(pieces));
      sink.complete();
    }
    assertThat(content()).isEqualTo(content);
  }

  @Test
  void wholeBlocksOfThePoolAreNotCopied() throws IOException {
    long before = CopyCounter.bytesCopied();
    try (Sink sink = sink()) {
      for (int i = 0; i < 20; i++) {
        sink.send(bytes(new byte[16 * BLOCK]));
      }
      sink.complete();
    }
    assertThat(CopyCounter.bytesCopied()).isEqualTo(before);
    assertThat(path).hasSize(320 * BLOCK);
  }

  @Test
  void closeWithoutCompleteLeavesWhatWasThere() throws IOException {
    Files.writeString(path, "as it was");
    try (Sink sink = sink()) {
      sink.send(bytes(pattern(1, 10 * BLOCK)));
      sink.flush();
    }
    assertThat(path).hasContent("as it was");
    assertThat(files()).containsExactly(path);
  }

  @Test
  void fileThatIsReplacedKeepsItsPermissions() throws IOException {
    assumeTrue(setup.kind != Engines.CHANNELS, "FileChannel sets no permissions");
    Files.createFile(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    try (Sink sink = sink()) {
      sink.send(bytes(pattern(1, 10)));
      sink.complete();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
  }

  @Test
  void fullSinkRefusesAndLetsInWhenThereIsRoom() throws Exception {
    gated.hold();
    try (Sink sink = Sinks.file(engine, path, sinkOptions().withMaxBytes(2 * BLOCK))) {
      byte[] content = pattern(1, 4 * BLOCK);
      assertThat(sink.offer(bytes(Arrays.copyOf(content, BLOCK)))).isTrue();
      assertThat(sink.offer(bytes(Arrays.copyOfRange(content, BLOCK, 2 * BLOCK)))).isTrue();
      Bytes third = bytes(Arrays.copyOfRange(content, 2 * BLOCK, 3 * BLOCK));
      assertThat(sink.offer(third)).isFalse();
      assertThat(third.isClosed()).isFalse();
      CompletionStage<?> room = sink.sendAsync(third);
      Bytes fourth = bytes(Arrays.copyOfRange(content, 3 * BLOCK, 4 * BLOCK));
      assertThat(sink.offer(fourth)).as("it would overtake").isFalse();
      CompletionStage<?> ready = sink.whenReady();
      assertThat(room.toCompletableFuture()).isNotDone();
      gated.release();
      room.toCompletableFuture().get();
      ready.toCompletableFuture().get();
      sink.send(fourth);
      sink.complete();
      assertThat(content()).isEqualTo(content);
    }
  }

  @Test
  void pieceLargerThanTheBoundGoesAlone() throws IOException {
    byte[] content = pattern(1, 5 * BLOCK);
    try (Sink sink = Sinks.file(engine, path, sinkOptions().withMaxBytes(BLOCK))) {
      sink.send(bytes(content));
      sink.send(bytes(content));
      assertThat(sink.complete()).isEqualTo(2L * content.length);
    }
  }

  @Test
  void interruptEndsTheWaitAndTheSinkGoesOn() throws Exception {
    gated.hold();
    try (Sink sink = Sinks.file(engine, path, sinkOptions().withMaxBytes(BLOCK))) {
      sink.send(bytes(pattern(1, BLOCK)));
      Bytes late = bytes(pattern(2, BLOCK));
      CompletableFuture<Throwable> met = new CompletableFuture<>();
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  sink.send(late);
                  met.completeExceptionally(new AssertionError("there was no room"));
                } catch (IOException e) {
                  met.complete(e);
                }
              });
      sender.interrupt();
      assertThat(met.get()).isInstanceOf(InterruptedIOException.class);
      assertThat(late.isClosed()).isTrue();
      gated.release();
      assertThat(sink.complete()).isEqualTo(BLOCK);
    }
    assertThat(content()).isEqualTo(pattern(1, BLOCK));
  }

  @Test
  void flushedBytesAreInTheFile() throws IOException {
    byte[] content = pattern(1, 3 * BLOCK + 5);
    try (Sink sink = sink()) {
      sink.send(bytes(content));
      sink.flush();
      Path temporary = files().getFirst();
      assertThat(Arrays.copyOf(Files.readAllBytes(temporary), content.length)).isEqualTo(content);
      sink.send(bytes(content));
      assertThat(sink.complete()).isEqualTo(2L * content.length);
    }
    byte[] twice = Arrays.copyOf(content, 2 * content.length);
    System.arraycopy(content, 0, twice, content.length, content.length);
    assertThat(content()).isEqualTo(twice);
  }

  @Test
  void firstErrorIsToldToEveryLaterCall() throws Exception {
    Files.writeString(path, "as it was");
    gated.fail(OpCode.WRITE, ENOSPC);
    try (Sink sink = sink()) {
      sink.send(bytes(pattern(1, BLOCK)));
      assertThatThrownBy(sink::complete)
          .isInstanceOf(OperationException.class)
          .hasMessageContaining("ENOSPC");
      assertThatThrownBy(sink::complete).hasMessageContaining("ENOSPC");
      assertThatThrownBy(sink::flush).hasMessageContaining("ENOSPC");
      Bytes more = bytes(pattern(1, BLOCK));
      assertThatThrownBy(() -> sink.send(more)).hasMessageContaining("ENOSPC");
      assertThat(more.isClosed()).isTrue();
      Bytes again = bytes(pattern(1, BLOCK));
      assertThatThrownBy(() -> sink.offer(again)).hasMessageContaining("ENOSPC");
      assertThat(again.isClosed()).isTrue();
      CompletableFuture<?> stage = sink.sendAsync(bytes(pattern(1, BLOCK))).toCompletableFuture();
      assertThatThrownBy(stage::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .hasMessageContaining("ENOSPC");
    }
    gated.heal();
    assertThat(path).hasContent("as it was");
    assertThat(files()).containsExactly(path);
  }

  @Test
  void syncThatFailsLeavesWhatWasThere() throws IOException {
    Files.writeString(path, "as it was");
    gated.fail(OpCode.FDATASYNC, EIO);
    try (Sink sink = Sinks.file(engine, path, sinkOptions().withDurability(Durability.DATA))) {
      sink.send(bytes(pattern(1, BLOCK)));
      assertThatThrownBy(sink::complete).hasMessageContaining("EIO");
    }
    assertThat(path).hasContent("as it was");
    assertThat(files()).containsExactly(path);
  }

  @Test
  void failAbandonsAndTellsWhy() throws IOException {
    Sink sink = sink();
    sink.send(bytes(pattern(1, BLOCK)));
    sink.fail(new IOException("the producer is gone"));
    assertThatThrownBy(() -> sink.send(bytes(pattern(1, BLOCK))))
        .hasMessageContaining("the producer is gone")
        .hasMessageContaining(path.toString());
    assertThatThrownBy(sink::complete).hasMessageContaining("the producer is gone");
    sink.close();
    sink.close();
    assertThat(files()).isEmpty();
  }

  @Test
  void whatIsCompletingCanStillBeFailedWhileItIsWritten() throws Exception {
    gated.hold();
    Sink sink = sink();
    sink.send(bytes(pattern(1, BLOCK)));
    CompletableFuture<Long> completed = sink.completeAsync().toCompletableFuture();
    sink.fail(new IOException("too late"));
    gated.release();
    assertThatThrownBy(completed::get).cause().hasMessageContaining("too late");
    sink.close();
    assertThat(files()).isEmpty();
  }

  @Test
  void whatWaitsForRoomIsCompletedToo() throws Exception {
    gated.hold();
    byte[] content = pattern(1, 3 * BLOCK);
    try (Sink sink = Sinks.file(engine, path, sinkOptions().withMaxBytes(BLOCK))) {
      List<CompletableFuture<?>> sent = new ArrayList<>();
      for (int at = 0; at < content.length; at += BLOCK) {
        Bytes piece = bytes(Arrays.copyOfRange(content, at, at + BLOCK));
        sent.add(sink.sendAsync(piece).toCompletableFuture());
      }
      assertThat(sent.getLast()).isNotDone();
      CompletableFuture<Long> completed = sink.completeAsync().toCompletableFuture();
      gated.release();
      assertThat(completed.get()).isEqualTo(content.length);
      for (CompletableFuture<?> each : sent) {
        each.get();
      }
    }
    assertThat(content()).isEqualTo(content);
  }

  @Test
  void memoryStaysLentUntilTheKernelHasLetGo() throws Exception {
    gated.hold();
    Sink sink = sink();
    sink.send(bytes(pattern(1, BLOCK)));
    while (gated.held() == 0) {
      Thread.onSpinWait();
    }
    CompletableFuture<Void> closed =
        CompletableFuture.runAsync(
            () -> {
              try {
                sink.close();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            task -> Thread.ofVirtual().start(task));
    sink.fail(new IOException("enough"));
    assertThat(engine.pool().stats().lentBytes()).isGreaterThanOrEqualTo(BLOCK);
    assertThat(closed).isNotDone();
    gated.release();
    closed.get();
  }

  @Test
  void completeSinkTakesNoMore() throws IOException {
    try (Sink sink = sink()) {
      sink.complete();
      Bytes late = bytes(pattern(1, 1));
      assertThatIllegalStateException().isThrownBy(() -> sink.send(late));
      assertThat(late.isClosed()).isTrue();
    }
  }

  @Test
  void waitingSendsEndWithTheSink() throws Exception {
    gated.hold();
    Sink sink = Sinks.file(engine, path, sinkOptions().withMaxBytes(BLOCK));
    sink.send(bytes(pattern(1, BLOCK)));
    Bytes waiting = bytes(pattern(2, BLOCK));
    CompletableFuture<?> stage = sink.sendAsync(waiting).toCompletableFuture();
    CompletableFuture<?> ready = sink.whenReady().toCompletableFuture();
    sink.fail(new IOException("enough"));
    assertThatThrownBy(stage::get).cause().hasMessageContaining("enough");
    ready.get();
    assertThat(waiting.isClosed()).isTrue();
    gated.release();
    sink.close();
  }

  @Test
  void manyThreadsSendAtOnce() throws Exception {
    int threads = 8;
    int each = 50;
    try (Sink sink = Sinks.file(engine, path, sinkOptions().withMaxBytes(8 * BLOCK))) {
      List<CompletableFuture<Void>> senders = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        byte[] mine = new byte[BLOCK];
        Arrays.fill(mine, (byte) (t + 1));
        senders.add(
            CompletableFuture.runAsync(
                () -> {
                  try {
                    for (int i = 0; i < each; i++) {
                      sink.send(bytes(mine));
                    }
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                },
                task -> Thread.ofVirtual().start(task)));
      }
      for (CompletableFuture<Void> sender : senders) {
        sender.get();
      }
      sink.complete();
    }
    byte[] all = content();
    assertThat(all).hasSize(threads * each * BLOCK);
    int[] seen = new int[threads + 1];
    for (int i = 0; i < all.length; i += BLOCK) {
      assertThat(Arrays.equals(all, i, i + BLOCK, filled(all[i]), 0, BLOCK)).isTrue();
      seen[all[i]]++;
    }
    for (int t = 1; t <= threads; t++) {
      assertThat(seen[t]).isEqualTo(each);
    }
  }

  private static byte[] filled(byte value) {
    byte[] block = new byte[BLOCK];
    Arrays.fill(block, value);
    return block;
  }

  @Test
  void expectedLengthIsNoLimit() throws IOException {
    for (int size : new int[] {0, 10, 3 * BLOCK, 9 * BLOCK + 3}) {
      byte[] content = pattern(size, size);
      try (Sink sink = Sinks.file(engine, path, sinkOptions().withExpectedBytes(5 * BLOCK))) {
        sink.send(bytes(content));
        sink.complete();
      }
      assertThat(content()).isEqualTo(content);
    }
  }

  @Test
  void directoryAndMissingDirectoryAreRefused() {
    assertThatThrownBy(() -> Sinks.file(engine, directory, sinkOptions()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is a directory");
    Path nowhere = directory.resolve("none/file");
    assertThatThrownBy(() -> Sinks.file(engine, nowhere, sinkOptions()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(directory.resolve("none").toString());
  }
}
