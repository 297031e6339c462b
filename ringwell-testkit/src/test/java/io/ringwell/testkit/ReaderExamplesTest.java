package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.Ringwell;
import io.ringwell.file.AsyncFile;
import io.ringwell.file.OpenOptions;
import io.ringwell.memory.Bytes;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.ReaderSet;
import io.ringwell.window.Readiness;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The examples of reading that the README and docs/windows.md show: each stands here as it stands
/// there, but for comments, and does what it says.
@Timeout(60)
final class ReaderExamplesTest {
  private final byte[] content = ContractCase.pattern(1, 3_000_000);
  private Path directory;
  private Path path;
  private long processed;
  private int looked;

  @BeforeEach
  void open() throws IOException {
    directory = TestFiles.newDirectory("examples");
    path = Files.write(directory.resolve("file"), content);
  }

  @AfterEach
  void close() throws IOException {
    TestFiles.delete(directory);
  }

  private void process(MemorySegment segment) {
    byte[] bytes = segment.toArray(ValueLayout.JAVA_BYTE);
    for (byte each : bytes) {
      assertThat(each).isEqualTo(content[(int) processed++]);
    }
  }

  private final CompletableFuture<byte[]> consumed = new CompletableFuture<>();

  private void consume(Bytes bytes) {
    try (bytes) {
      consumed.complete(bytes.toArray());
    }
  }

  @Test
  @SuppressWarnings("FutureReturnValueIgnored") // The example leaves it.
  void readmeAwaitsAndIsTold() throws Exception {
    try (Ringwell io = Ringwell.open();
        AsyncFile file = io.open(path, OpenOptions.read())) {
      try (Bytes head = file.read(0, 4096)) {
        process(head.segment());
      }
      file.readAsync(4096, 1 << 20).thenAccept(this::consume);
    }
    assertThat(processed).isEqualTo(4096);
    assertThat(consumed.get()).isEqualTo(Arrays.copyOfRange(content, 4096, 4096 + (1 << 20)));
  }

  @Test
  void readmeReadsAFile() throws IOException {
    try (Ringwell io = Ringwell.open()) {
      try (ManagedReader reader = io.reader(path, ReaderOptions.defaults())) {
        for (long at = 0; reader.await(at) == Readiness.READY; at = reader.window().end()) {
          process(reader.window().segment());
        }
      }
    }
    assertThat(processed).isEqualTo(content.length);
  }

  private void consume(long first, Bytes kept) {
    long expected = ByteBuffer.wrap(content).order(ByteOrder.nativeOrder()).getLong(1 << 20);
    assertThat(first).isEqualTo(expected);
    assertThat(kept.size()).isPositive();
    kept.close();
  }

  @Test
  void windowIsDetached() throws IOException {
    try (Ringwell io = Ringwell.open();
        ManagedReader reader = io.reader(path, ReaderOptions.defaults())) {
      if (reader.await(1 << 20, 16) == Readiness.READY) {
        long first = reader.window().segmentAt(1 << 20).get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
        Bytes kept = reader.detach();
        consume(first, kept);
      }
    }
  }

  private void look(ManagedReader reader) {
    assertThat(reader.window().get(0)).isEqualTo(content[0]);
    looked++;
  }

  @Test
  void setWaitsForMany() throws IOException {
    List<Path> paths = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      paths.add(Files.write(directory.resolve("file" + i), content));
    }
    lookAtAll(paths);
    assertThat(looked).isEqualTo(20);
  }

  private void lookAtAll(List<Path> paths) throws IOException {
    try (Ringwell io = Ringwell.open();
        ReaderSet set = io.readerSet()) {
      List<ManagedReader> ask = new ArrayList<>();
      for (Path path : paths) {
        ManagedReader reader = io.reader(path, ReaderOptions.defaults());
        set.add(reader);
        ask.add(reader);
      }
      do {
        for (ManagedReader reader : ask) {
          if (reader.seek(0) != Readiness.NOT_READY) {
            look(reader);
            reader.close();
          }
        }
        ask.clear();
      } while (set.await(ask, 1, Duration.ofSeconds(10)) > 0);
    }
  }

  @Test
  void documentsShowWhatIsTestedHere() throws IOException {
    DocumentExamples.standIn(
        ReaderExamplesTest.class,
        3,
        "docs/windows.md",
        code -> code.contains("Reader") && !code.contains("S3") && !code.contains("Sources"));
  }
}
