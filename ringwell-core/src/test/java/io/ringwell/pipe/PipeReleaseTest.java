package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Bytes that were given away run code of their giver's when they come back. Whatever that does,
/// the pipe goes on.
class PipeReleaseTest {
  private static final MemorySegment ELSEWHERE = Arena.global().allocate(8);

  private final Rig rig = new Rig(Rig.options().withThresholds(8, 8));
  private final PipeWriter writer = rig.writer;
  private final PipeReader reader = rig.reader;
  private final List<String> released = new ArrayList<>();

  @AfterEach
  void everythingIsGivenBack() {
    rig.close();
  }

  private Bytes named(String name) {
    return Bytes.adopt(ELSEWHERE, () -> released.add(name));
  }

  private Bytes failing(String name) {
    return Bytes.adopt(
        ELSEWHERE,
        () -> {
          released.add(name);
          throw new IllegalArgumentException(name);
        });
  }

  private void send(Bytes bytes) throws IOException {
    assertThat(writer.tryAppend(bytes)).isTrue();
    assertThat(writer.tryFlush()).isNotNull();
  }

  /// As a read begins: the one before found the segment in use by a writer for whom there was no
  /// memory.
  @Test
  void whatFailsAsAReadBeginsIsToldByItsEnd() throws IOException {
    PipeRead read = readThatBeginsWithAFailure();
    assertThatThrownBy(() -> read.advance(read.end()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("first");
    assertThat(released).containsExactly("first");
  }

  @Test
  void whatFailsAsAReadBeginsDoesNotCostADetachItsBytes() throws IOException {
    PipeRead read = readThatBeginsWithAFailure();
    assertThatThrownBy(() -> read.detach(read.end()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("first");
    try (BytesChain bytes = read.detach(read.end())) {
      assertThat(bytes.size()).isEqualTo(1);
    }
  }

  private PipeRead readThatBeginsWithAFailure() throws IOException {
    send(failing("first"));
    try (IoBuffer _ = Objects.requireNonNull(rig.pool.tryAcquire(rig.pool.maxBytes()))) {
      assertThat(writer.tryReserve(1)).isZero();
      readAll();
      assertThat(released).isEmpty();
    }
    assertThat(writer.tryReserve(1)).isPositive();
    writer.commit(1);
    assertThat(writer.tryFlush()).isNotNull();
    PipeRead read = reader.read();
    assertThat(read.size()).isEqualTo(1);
    return read;
  }

  private void readAll() throws IOException {
    PipeRead read = reader.read();
    read.advance(read.end());
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whatComesBackMayWriteTheNext() throws IOException {
    Bytes next = named("next");
    send(Bytes.adopt(ELSEWHERE, () -> writer.tryAppend(next)));
    readAll();
    assertThat(writer.committed()).isEqualTo(16);
    assertThat(writer.tryFlush()).isNotNull();
    readAll();
    assertThat(released).containsExactly("next");
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aReleaseThatFailsEndsTheReadAllTheSame() throws IOException {
    send(failing("one"));
    assertThatThrownBy(this::readAll).hasMessage("one");
    assertThat(reader.consumed()).isEqualTo(8);
    rig.send("abc");
    PipeRead read = reader.read();
    assertThat(Rig.text(read)).isEqualTo("abc");
    read.advance(read.end());
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void bytesThatTheirGiverHasClosedEndTheReadAllTheSame() throws IOException {
    Bytes bytes = named("closed");
    send(bytes);
    bytes.close();
    assertThatThrownBy(this::readAll).isInstanceOf(IllegalStateException.class);
    rig.send("abc");
    assertThat(Rig.text(reader.read())).isEqualTo("abc");
  }

  /// Each of them in a segment of its own, and the last in the tail.
  @Test
  void allComeBackThoughSomeFail() throws IOException {
    writer.tryAppend(failing("one"));
    writer.tryAppend(named("two"));
    writer.tryAppend(failing("three"));
    writer.tryAppend(failing("four"));
    writer.tryFlush();
    assertThatThrownBy(this::readAll)
        .hasMessage("one")
        .satisfies(e ->
            assertThat(Arrays.stream(e.getSuppressed()).map(Throwable::getMessage))
                .containsExactly("three", "four"));
    assertThat(released).containsExactly("one", "two", "three", "four");
  }

  @Test
  void theEndOfTheReaderIsHeardOfThoughAReleaseFails() throws IOException {
    writer.tryAppend(failing("one"));
    writer.tryAppend(named("two"));
    writer.tryAppend(failing("three"));
    CompletableFuture<FlushResult> flush = writer.flushAsync().toCompletableFuture();
    assertThat(flush).isNotDone();
    assertThatThrownBy(reader::complete)
        .hasMessage("one")
        .satisfies(e ->
            assertThat(Arrays.stream(e.getSuppressed()).map(Throwable::getMessage))
                .containsExactly("three"));
    assertThat(released).containsExactly("one", "two", "three");
    assertThat(flush).isCompletedWithValue(FlushResult.COMPLETED);
    writer.complete();
    rig.pipe.reset();
    rig.send("new");
    assertThat(Rig.text(reader.read())).isEqualTo("new");
  }
}
