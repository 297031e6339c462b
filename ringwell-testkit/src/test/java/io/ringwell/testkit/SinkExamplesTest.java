package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.Ringwell;
import io.ringwell.memory.Bytes;
import io.ringwell.sink.FileSinkOptions;
import io.ringwell.sink.Sink;
import io.ringwell.sink.Sinks;
import io.ringwell.sink.Source;
import io.ringwell.sink.Sources;
import io.ringwell.window.ReaderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The examples of sinks that the README and docs/sinks.md show: each stands here as it stands
/// there, but for comments, and does what it says.
@Timeout(60)
final class SinkExamplesTest {
  private static final byte[] CONTENT = ContractCase.pattern(1, 200_000);

  private Path directory;
  private Path path;

  @BeforeEach
  void open() throws IOException {
    directory = TestFiles.newDirectory("examples");
    path = directory.resolve("file");
  }

  @AfterEach
  void close() throws IOException {
    TestFiles.delete(directory);
  }

  @Test
  void readmeHandsBytesOver() throws IOException {
    Bytes bytes = Bytes.copyOf(CONTENT);
    try (Ringwell io = Ringwell.open()) {
      try (Sink sink = io.sink(path, FileSinkOptions.defaults())) {
        sink.send(bytes);
        sink.complete();
      }
    }
    assertThat(bytes.isClosed()).isTrue();
    assertThat(Files.readAllBytes(path)).isEqualTo(CONTENT);
  }

  @Test
  void partsAreSentOneByOne() throws IOException {
    long total = 3L * CONTENT.length;
    List<Bytes> parts =
        List.of(Bytes.copyOf(CONTENT), Bytes.copyOf(CONTENT), Bytes.copyOf(CONTENT));
    try (Ringwell io = Ringwell.open();
        Sink sink = io.sink(path, FileSinkOptions.defaults().withExpectedBytes(total))) {
      for (Bytes part : parts) {
        sink.send(part);
      }
      sink.complete();
    }
    assertThat(path).hasSize(total);
  }

  @Test
  @SuppressWarnings("UnusedVariable") // The example has a name for it.
  void windowsAreSummedUpOnTheirWay() throws IOException {
    Path from = Files.write(directory.resolve("from"), CONTENT);
    Path to = path;
    try (Ringwell io = Ringwell.open()) {
      CRC32C sum = new CRC32C();
      try (Source source = Sources.windows(io.reader(from, ReaderOptions.defaults()), 0);
          Sink sink = Sinks.checksum(io.sink(to, FileSinkOptions.defaults()), sum)) {
        long bytes = Sources.drain(source, sink);
      }
      CRC32C expected = new CRC32C();
      expected.update(CONTENT);
      assertThat(sum.getValue()).isEqualTo(expected.getValue());
    }
    assertThat(Files.readAllBytes(to)).isEqualTo(CONTENT);
  }

  @Test
  void documentsShowWhatIsTestedHere() throws IOException {
    DocumentExamples.standIn(
        SinkExamplesTest.class,
        3,
        "docs/sinks.md",
        code -> code.contains("Sink") && !code.contains("S3") && !code.contains("TableWriter"));
  }
}
