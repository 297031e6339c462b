package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.Ringwell;
import io.ringwell.file.Durability;
import io.ringwell.window.Appender;
import io.ringwell.window.Commit;
import io.ringwell.window.ManagedWriter;
import io.ringwell.window.WriteClaim;
import io.ringwell.window.WriterOptions;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The examples of writing that the README and docs/claims.md show: each stands here as it stands
/// there, but for comments, and does what it says.
@Timeout(60)
final class WriterExamplesTest {
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

  private static void fill(MemorySegment memory) {
    memory.fill((byte) 7);
  }

  @Test
  void readmeWritesAClaim() throws IOException {
    try (Ringwell io = Ringwell.open()) {
      try (ManagedWriter writer = io.writer(path, WriterOptions.defaults());
          WriteClaim claim = writer.beginWrite(0, 64 << 10)) {
        fill(claim.segment());
        Commit commit = writer.commit(claim);
        commit.await();
        writer.sync(Durability.DATA);
      }
    }
    byte[] expected = new byte[64 << 10];
    Arrays.fill(expected, (byte) 7);
    assertThat(Files.readAllBytes(path)).isEqualTo(expected);
  }

  @Test
  void severalClaimsAreOnTheirWay() throws IOException {
    try (Ringwell io = Ringwell.open();
        ManagedWriter writer = io.writer(path, WriterOptions.defaults())) {
      Commit[] commits = new Commit[16];
      for (int i = 0; i < commits.length; i++) {
        WriteClaim claim = writer.beginWrite((long) i << 16, 64 << 10);
        claim.asInts(ByteOrder.LITTLE_ENDIAN).put(0, i);
        commits[i] = writer.commit(claim);
      }
      writer.sync(Durability.DATA);
    }
    ByteBuffer written = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(written.capacity()).isEqualTo(16 << 16);
    for (int i = 0; i < 16; i++) {
      assertThat(written.getInt(i << 16)).isEqualTo(i);
    }
  }

  @Test
  void appenderGoesOnBehindWhatIsThere() throws IOException {
    byte[] bytes = "entry ".getBytes(StandardCharsets.US_ASCII);
    Files.write(path, bytes);
    append(MemorySegment.ofArray(bytes));
    ByteBuffer written = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.nativeOrder());
    assertThat(written.capacity()).isEqualTo(2 * bytes.length + Long.BYTES);
    assertThat(Arrays.copyOf(written.array(), 2 * bytes.length))
        .isEqualTo("entry entry ".getBytes(StandardCharsets.US_ASCII));
    assertThat(written.getLong(2 * bytes.length)).isEqualTo(42);
  }

  private void append(MemorySegment entry) throws IOException {
    try (Ringwell io = Ringwell.open();
        Appender log = io.appender(path, WriterOptions.defaults())) {
      log.append(entry);
      MemorySegment room = log.claim(Long.BYTES);
      room.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 42);
      log.advance(Long.BYTES);
      log.sync(Durability.DATA);
    }
  }

  @Test
  void documentsShowWhatIsTestedHere() throws IOException {
    DocumentExamples.standIn(
        WriterExamplesTest.class,
        3,
        "docs/claims.md",
        code ->
            (code.contains("Writer") || code.contains("Appender"))
                && !code.contains("TableWriter"));
  }
}
