package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.OpCode;
import io.ringwell.file.Durability;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.IoBuffer;
import io.ringwell.sink.FileSinkOptions;
import io.ringwell.sink.MemorySink;
import io.ringwell.sink.Sink;
import io.ringwell.sink.Sinks;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.Readiness;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Sinks in front of sinks, in memory, and what leads from windows to them.
@Timeout(60)
final class SinkChainTest {
  private final FileSinkOptions options =
      FileSinkOptions.defaults().withDurability(Durability.NONE);
  private Path directory;
  private RecordingEngine engine;
  private GatedEngine gated;

  @BeforeEach
  void open() throws IOException {
    directory = TestFiles.newDirectory("sinks");
    gated = new GatedEngine(Engine.open(EngineOptions.defaults().withPoolBytes(32 << 20)));
    engine = new RecordingEngine(gated);
  }

  @AfterEach
  void close() throws IOException {
    engine.close();
    assertThat(engine.pool().stats().inUseBytes()).isZero();
    TestFiles.delete(directory);
  }

  private static byte[] pattern(int length) {
    return ContractCase.pattern(1, length);
  }

  @Test
  void memoryKeepsTheVeryBytes() throws IOException {
    try (MemorySink sink = Sinks.memory(1 << 20)) {
      Bytes piece = Bytes.copyOf(pattern(1000));
      long address = piece.address();
      sink.send(piece);
      sink.send(Bytes.copyOf(pattern(500)));
      assertThatIllegalStateException().isThrownBy(sink::take);
      assertThat(sink.complete()).isEqualTo(1500);
      try (BytesChain all = sink.take()) {
        assertThat(all.size()).isEqualTo(1500);
        assertThat(all.fragments().getFirst().address()).isEqualTo(address);
      }
      assertThatIllegalStateException().isThrownBy(sink::take);
    }
  }

  @Test
  void memoryFailsAboveItsBound() throws IOException {
    try (MemorySink sink = Sinks.memory(1000)) {
      sink.send(Bytes.copyOf(pattern(600)));
      sink.send(Bytes.copyOf(pattern(600)));
      assertThatThrownBy(sink::complete).hasMessageContaining("1000 bytes");
    }
  }

  @Test
  void teeGivesTheSameToAll() throws IOException {
    byte[] content = pattern(300_000);
    Path one = directory.resolve("one");
    Path two = directory.resolve("two");
    MemorySink memory = Sinks.memory(1 << 20);
    try (Sink tee =
        Sinks.tee(Sinks.file(engine, one, options), Sinks.file(engine, two, options), memory)) {
      tee.send(Bytes.copyOf(content));
      tee.flush();
      tee.complete();
      assertThat(Files.readAllBytes(one)).isEqualTo(content);
      assertThat(Files.readAllBytes(two)).isEqualTo(content);
      try (BytesChain kept = memory.take();
          Bytes joined = kept.join()) {
        assertThat(joined.toArray()).isEqualTo(content);
      }
    }
  }

  @Test
  void teeEndsWithTheFirstThatFails() throws IOException {
    Path one = directory.resolve("one");
    MemorySink small = Sinks.memory(10);
    try (Sink tee = Sinks.tee(small, Sinks.file(engine, one, options))) {
      tee.send(Bytes.copyOf(pattern(100_000)));
      assertThatThrownBy(tee::complete).hasMessageContaining("10 bytes");
    }
    assertThat(one).doesNotExist();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void checksumAndDigestSeeEveryByteInPlace() throws Exception {
    byte[] content = pattern(700_001);
    CRC32C sum = new CRC32C();
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    Path file = directory.resolve("file");
    Bytes whole = Bytes.copyOf(content);
    long before = CopyCounter.bytesCopied();
    try (Sink sink = Sinks.checksum(Sinks.digest(Sinks.file(engine, file, options), digest), sum)) {
      sink.send(whole);
      sink.complete();
    }
    assertThat(CopyCounter.bytesCopied()).isEqualTo(before);
    CRC32C expected = new CRC32C();
    expected.update(content);
    assertThat(sum.getValue()).isEqualTo(expected.getValue());
    assertThat(digest.digest()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(content));
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
  }

  @Test
  void windowsGoToAFileFromWhereTheyWereRead() throws IOException {
    byte[] content = pattern(3_000_000);
    Path from = Files.write(directory.resolve("from"), content);
    Path to = directory.resolve("to");
    Set<Long> windows = new HashSet<>();
    engine.clear();
    long before = CopyCounter.bytesCopied();
    try (ManagedReader reader = ManagedReader.open(engine, from, ReaderOptions.defaults());
        Sink sink = Sinks.file(engine, to, options)) {
      for (long at = 0; reader.await(at) == Readiness.READY; at = reader.window().end()) {
        Bytes piece = reader.detach();
        windows.add(piece.address());
        sink.send(piece);
      }
      sink.complete();
    }
    assertThat(CopyCounter.bytesCopied()).isEqualTo(before);
    assertThat(
            engine.spans().stream()
                .filter(span -> span.code() == OpCode.WRITE || span.code() == OpCode.WRITEV)
                .map(RecordingEngine.Span::address))
        .isNotEmpty()
        .allMatch(address -> engine.pool().baseAddress() <= address);
    assertThat(windows).isNotEmpty();
    assertThat(Files.readAllBytes(to)).isEqualTo(content);
  }

  @Test
  void everyAddressIsTheProducersOwn() throws IOException {
    IoBuffer buffer = engine.pool().acquire(1 << 20);
    long base = buffer.address();
    engine.clear();
    try (Bytes slab = buffer.freeze();
        Sink sink = Sinks.file(engine, directory.resolve("to"), options)) {
      for (int i = 0; i < 100; i++) {
        sink.send(slab.slice(i * 10_000L, 7_777));
      }
      sink.complete();
    }
    long written = 0;
    for (RecordingEngine.Span span : engine.spans()) {
      if (span.code() == OpCode.WRITE || span.code() == OpCode.WRITEV) {
        assertThat(span.isWithin(base, 1 << 20)).as(span.toString()).isTrue();
        written += span.length();
      }
    }
    assertThat(written).isGreaterThanOrEqualTo(777_700);
  }

  @Test
  void pipeIsWrittenToAsItIs() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    byte[] content = pattern(300_000);
    // Opened for both, it neither waits for a writer nor ever ends.
    try (RandomAccessFile reader = new RandomAccessFile(pipe.toFile(), "rw")) {
      CompletableFuture<byte[]> read =
          CompletableFuture.supplyAsync(
              () -> {
                byte[] seen = new byte[content.length];
                try {
                  reader.readFully(seen);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
                return seen;
              },
              task -> Thread.ofPlatform().daemon().start(task));
      try (Sink sink = Sinks.file(engine, pipe, options)) {
        for (int i = 0; i < 30; i++) {
          sink.send(Bytes.copyOf(Arrays.copyOfRange(content, i * 10_000, i * 10_000 + 10_000)));
        }
        sink.complete();
      }
      assertThat(read.get()).isEqualTo(content);
    }
    Files.delete(pipe);
  }

  @Test
  @SuppressWarnings("try") // It is mounted while the block runs.
  void fullDiskIsOneClearErrorAndNothingIsLeft() throws Exception {
    Path point = Files.createDirectory(directory.resolve("small"));
    try (Mounted mounted = Mounted.tmpfs(point, "size=1m")) {
      Path file = point.resolve("file");
      try (Sink sink = Sinks.file(engine, file, options)) {
        assertThatThrownBy(
                () -> {
                  for (int i = 0; i < 64; i++) {
                    sink.send(Bytes.copyOf(pattern(65_536)));
                  }
                  sink.complete();
                })
            .hasMessageContaining("ENOSPC")
            .hasMessageContaining(point.toString());
      }
      assertThat(point).isEmptyDirectory();
      assertThatThrownBy(() -> Sinks.file(engine, file, options.withExpectedBytes(64 << 20)))
          .hasMessageContaining("ENOSPC");
      assertThat(point).isEmptyDirectory();
    }
  }
}
