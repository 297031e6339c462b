package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.engine.OpCode;
import io.ringwell.file.Durability;
import io.ringwell.memory.BufferPool;
import io.ringwell.memory.CopyCounter;
import io.ringwell.sink.FileSinkOptions;
import io.ringwell.sink.Sink;
import io.ringwell.sink.Sinks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What a sink to a file promises beyond what all do, on every engine, through the page cache and
/// past it, and under faults that nobody may notice.
@ParameterizedClass
@EnumSource(WriterSetup.class)
@Timeout(60)
final class SinkContractTest extends WriterCase implements SinkContract, SinkWaitingContract {
  private static final int EIO = 5;
  private static final int ENOSPC = 28;

  SinkContractTest(WriterSetup setup) {
    super(setup);
  }

  private FileSinkOptions sinkOptions() {
    FileSinkOptions options = FileSinkOptions.defaults().withDurability(Durability.NONE);
    return setup.direct ? options.withDirect() : options;
  }

  @Override
  public Sink sink() throws IOException {
    return Sinks.file(engine, path, sinkOptions());
  }

  @Override
  public Sink narrow() throws IOException {
    return Sinks.file(engine, path, sinkOptions().withMaxBytes(2 * BLOCK));
  }

  @Override
  public int pieceBytes() {
    return BLOCK;
  }

  @Override
  public BufferPool pool() {
    return engine.pool();
  }

  @Override
  public byte @Nullable [] arrived(Sink sink) throws IOException {
    return Files.exists(path) ? content() : null;
  }

  @Override
  public boolean put(byte[] content) throws IOException {
    Files.write(path, content);
    return true;
  }

  @Override
  public Gate gate() {
    return new Gate() {
      @Override
      public void hold() {
        gated.hold();
      }

      @Override
      public int held() {
        return gated.held();
      }

      @Override
      public void release() {
        gated.release();
      }

      @Override
      public String breakDown() {
        gated.fail(OpCode.WRITE, ENOSPC);
        return "ENOSPC";
      }

      @Override
      public void heal() {
        gated.heal();
      }
    };
  }

  @AfterEach
  void noTemporaryIsLeft() throws IOException {
    assertThat(files()).allMatch(each -> each.equals(path) || each.endsWith("expected"));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(each -> !each.endsWith("direct")).toList();
    }
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
        sink.send(lent(Arrays.copyOfRange(content, at, at + size)));
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
  void wholeBlocksOfThePoolAreNotCopied() throws IOException {
    long before = CopyCounter.bytesCopied();
    try (Sink sink = sink()) {
      for (int i = 0; i < 20; i++) {
        sink.send(lent(new byte[16 * BLOCK]));
      }
      sink.complete();
    }
    assertThat(CopyCounter.bytesCopied()).isEqualTo(before);
    assertThat(path).hasSize(320 * BLOCK);
  }

  @Test
  void fileThatIsReplacedKeepsItsPermissions() throws IOException {
    assumeTrue(setup.kind != Engines.CHANNELS, "FileChannel sets no permissions");
    Files.createFile(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    try (Sink sink = sink()) {
      sink.send(lent(pattern(1, 10)));
      sink.complete();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
  }

  @Test
  void flushedBytesAreInTheFile() throws IOException {
    byte[] content = pattern(1, 3 * BLOCK + 5);
    try (Sink sink = sink()) {
      sink.send(lent(content));
      sink.flush();
      Path temporary = files().getFirst();
      assertThat(Arrays.copyOf(Files.readAllBytes(temporary), content.length)).isEqualTo(content);
      sink.send(lent(content));
      assertThat(sink.complete()).isEqualTo(2L * content.length);
    }
    byte[] twice = Arrays.copyOf(content, 2 * content.length);
    System.arraycopy(content, 0, twice, content.length, content.length);
    assertThat(content()).isEqualTo(twice);
  }

  @Test
  void syncThatFailsLeavesWhatWasThere() throws IOException {
    Files.writeString(path, "as it was");
    gated.fail(OpCode.FDATASYNC, EIO);
    try (Sink sink = Sinks.file(engine, path, sinkOptions().withDurability(Durability.DATA))) {
      sink.send(lent(pattern(1, BLOCK)));
      assertThatThrownBy(sink::complete).hasMessageContaining("EIO");
    }
    assertThat(path).hasContent("as it was");
    assertThat(files()).containsExactly(path);
  }

  @Test
  void failureNamesTheFile() throws IOException {
    Sink sink = sink();
    sink.send(lent(pattern(1, BLOCK)));
    sink.fail(new IOException("the producer is gone"));
    assertThatThrownBy(() -> sink.send(lent(pattern(1, BLOCK))))
        .hasMessageContaining("the producer is gone")
        .hasMessageContaining(path.toString());
    assertThatThrownBy(sink::complete).hasMessageContaining("the producer is gone");
    sink.close();
    sink.close();
    assertThat(files()).isEmpty();
  }

  @Test
  void expectedLengthIsNoLimit() throws IOException {
    for (int size : new int[] {0, 10, 3 * BLOCK, 9 * BLOCK + 3}) {
      byte[] content = pattern(size, size);
      try (Sink sink = Sinks.file(engine, path, sinkOptions().withExpectedBytes(5 * BLOCK))) {
        sink.send(lent(content));
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
