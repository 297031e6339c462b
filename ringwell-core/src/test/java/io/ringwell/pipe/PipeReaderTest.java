package io.ringwell.pipe;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a reader sees, and what advancing means.
class PipeReaderTest {
  private final Rig rig = new Rig();
  private final PipeWriter writer = rig.writer;
  private final PipeReader reader = rig.reader;

  @AfterEach
  void everythingIsGivenBack() {
    rig.close();
  }

  @Test
  void readHasWhatWasFlushed() throws IOException {
    rig.send("hello");
    PipeRead read = reader.read();
    assertThat(Rig.text(read)).isEqualTo("hello");
    assertThat(read.start()).isZero();
    assertThat(read.end()).isEqualTo(5);
    assertThat(read.isCompleted() || read.isCancelled() || read.isFull()).isFalse();
    read.advance(5);
  }

  @Test
  void whatIsNotFlushedIsNotSeen() throws IOException {
    rig.write("hello");
    assertThat(reader.tryRead()).isNull();
    writer.flush();
    assertThat(Rig.text(reader.tryRead())).isEqualTo("hello");
  }

  @Test
  void emptyFlushDoesNotWakeTheReader() throws IOException {
    CompletableFuture<PipeRead> read = reader.readAsync().toCompletableFuture();
    writer.flush();
    assertThat(writer.flushAsync()).isCompletedWithValue(FlushResult.OPEN);
    assertThat(read).isNotDone();
    rig.send("x");
    assertThat(read).isCompleted();
  }

  @Test
  void whatWasNotConsumedComesAgain() throws IOException {
    rig.send("hello");
    reader.read().advance(2);
    PipeRead read = Objects.requireNonNull(reader.tryRead());
    assertThat(Rig.text(read)).isEqualTo("llo");
    assertThat(read.start()).isEqualTo(2);
  }

  @Test
  void whatWasExaminedComesWithMore() throws IOException {
    rig.send("hello");
    reader.read().advance(1, 5);
    assertThat(reader.tryRead()).isNull();
    CompletableFuture<PipeRead> next = reader.readAsync().toCompletableFuture();
    assertThat(next).isNotDone();
    rig.send("!");
    assertThat(Rig.text(next.join())).isEqualTo("ello!");
  }

  @Test
  void advanceToTheSameOffsetLeavesAllUnexamined() throws IOException {
    rig.send("hello");
    PipeRead read = reader.read();
    read.advance(read.start());
    assertThat(Rig.text(reader.tryRead())).isEqualTo("hello");
  }

  @Test
  void offsetsBeyondTheEndMeanTheEnd() throws IOException {
    rig.send("hello");
    reader.read().advance(0, Long.MAX_VALUE);
    assertThat(reader.tryRead()).isNull();
    rig.send("x");
    reader.read().advance(Long.MAX_VALUE);
    assertThat(reader.consumed()).isEqualTo(6);
    rig.send("y");
    assertThat(Rig.text(reader.read())).isEqualTo("y");
  }

  @Test
  void nothingBecomesUnexamined() throws IOException {
    rig.send("hello");
    reader.read().advance(0, 5);
    reader.cancelPending();
    reader.read().advance(0, 2);
    assertThat(reader.tryRead()).isNull();
  }

  @Test
  void examinedBeforeConsumedIsRefused() throws IOException {
    rig.send("hello");
    PipeRead read = reader.read();
    assertThatThrownBy(() -> read.advance(3, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("examined to 2");
    assertThat(Rig.text(read)).as("the read goes on").isEqualTo("hello");
    read.advance(5);
  }

  @Test
  void staleOffsetIsRefused() throws IOException {
    rig.send("hello");
    reader.read().advance(3);
    PipeRead read = reader.read();
    assertThatThrownBy(() -> read.advance(2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("before 3");
    assertThatThrownBy(() -> read.detach(2)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void advanceWithoutReadIsRefused() throws IOException {
    rig.send("hello");
    PipeRead read = reader.read();
    read.advance(1);
    assertThatThrownBy(() -> read.advance(2)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> read.window()).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> read.get(3)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void readBeforeAdvanceIsRefused() throws IOException {
    rig.send("hello");
    PipeRead read = reader.read();
    assertThatThrownBy(reader::read)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not advanced");
    assertThatThrownBy(reader::tryRead).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> reader.readAtLeast(1)).isInstanceOf(IllegalStateException.class);
    assertThat(reader.readAsync().toCompletableFuture()).isCompletedExceptionally();
    read.advance(5);
  }

  @Test
  void readDuringAReadIsRefused() throws IOException {
    CompletableFuture<PipeRead> first = reader.readAsync().toCompletableFuture();
    assertThatThrownBy(reader::read)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("in progress");
    assertThatThrownBy(reader::tryRead).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> reader.readAtLeast(1)).isInstanceOf(IllegalStateException.class);
    assertThat(reader.readAtLeastAsync(1).toCompletableFuture()).isCompletedExceptionally();
    rig.send("x");
    assertThat(Rig.text(first.join())).isEqualTo("x");
  }

  @Test
  void fragmentsComeInOrder() throws IOException {
    rig.write("ab");
    writer.append(Bytes.copyOf(new byte[] {'c', 'd', 'e'}));
    rig.write("f");
    writer.flush();
    PipeRead read = reader.read();
    assertThat(read.isContiguous()).isFalse();
    assertThat(read.window().byteSize()).isEqualTo(2);
    assertThat(read.bytes()).isNull();
    assertThat(read.buffer()).isNotNull();
    assertThat(read.nextFragment()).isTrue();
    assertThat(read.length()).isEqualTo(3);
    assertThat(read.fragmentStart()).isEqualTo(2);
    assertThat(read.bytes()).isNotNull();
    assertThat(read.nextFragment()).isTrue();
    assertThat(read.nextFragment()).isFalse();
    assertThat(read.length()).isEqualTo(1);
    assertThat(Rig.text(read)).isEqualTo("abcdef");
    assertThat(read.get(5)).isEqualTo((byte) 'f');
    assertThat(read.get(0)).isEqualTo((byte) 'a');
    assertThat(read.get(3)).isEqualTo((byte) 'd');
    assertThatThrownBy(() -> read.get(6)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> read.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    read.advance(4);
    PipeRead rest = reader.read();
    assertThat(rest.window().byteSize()).isEqualTo(1);
    assertThat(Rig.text(rest)).isEqualTo("ef");
    assertThatThrownBy(() -> rest.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void completedReadStillHasData() throws IOException {
    rig.write("bye");
    writer.complete();
    PipeRead read = reader.read();
    assertThat(read.isCompleted()).isTrue();
    assertThat(Rig.text(read)).isEqualTo("bye");
    read.advance(1, 3);
    PipeRead again = reader.read();
    assertThat(again.isCompleted()).isTrue();
    assertThat(Rig.text(again)).isEqualTo("ye");
    again.advance(3);
    PipeRead end = reader.read();
    assertThat(end.isCompleted()).isTrue();
    assertThat(end.isEmpty()).isTrue();
    assertThat(end.window().byteSize()).isZero();
    end.advance(3);
  }

  @Test
  void completionEndsAReadThatWaits() {
    CompletableFuture<PipeRead> read = reader.readAsync().toCompletableFuture();
    writer.complete();
    assertThat(read.join().isCompleted()).isTrue();
  }

  @Test
  void errorOfTheWriterIsThrownEachTime() throws IOException {
    rig.send("lost");
    IOException cause = new IOException("disk on fire");
    writer.complete(cause);
    writer.complete(new IOException("too late"));
    assertThatThrownBy(reader::read).isSameAs(cause);
    assertThatThrownBy(reader::tryRead).isSameAs(cause);
    assertThatThrownBy(() -> reader.readAtLeast(9)).isSameAs(cause);
    assertThat(reader.readAsync().toCompletableFuture()).isCompletedExceptionally();
  }

  @Test
  void nothingMayBeReadAfterCompletion() throws IOException {
    rig.send("hello");
    PipeRead read = reader.read();
    reader.complete();
    reader.complete();
    assertThatThrownBy(() -> read.advance(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(reader::read)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("complete");
    assertThatThrownBy(reader::tryRead).isInstanceOf(IllegalStateException.class);
    assertThat(rig.held()).isZero();
  }

  @Test
  void completionOfTheReaderEndsItsWait() {
    CompletionStage<PipeRead> read = reader.readAsync();
    reader.complete();
    assertThat(read.toCompletableFuture()).isCompletedExceptionally();
  }

  @Test
  void memoryGoesBackWhileThePipeIsInUse() throws IOException {
    try (Rig small =
        new Rig(Rig.options().withKeepBytes(0).withThresholds(0, 0).withSegments(4096, 4096))) {
      small.writeBytes(10 * 4096);
      small.writer.flush();
      assertThat(small.held()).isEqualTo(10 * 4096);
      small.reader.read().advance(3 * 4096 + 1);
      assertThat(small.held()).isEqualTo(7 * 4096);
      small.reader.read().advance(Long.MAX_VALUE);
      assertThat(small.held()).as("an empty pipe has no memory").isZero();
      small.writeBytes(1);
      small.writer.flush();
      assertThat(small.reader.read().get(10 * 4096)).isEqualTo((byte) 0);
    }
  }

  @Test
  void memoryIsKeptUpToTheLimitAndGivenToWhoWaits() throws Exception {
    try (Rig keeping =
        new Rig(Rig.options().withKeepBytes(8192).withThresholds(0, 0).withSegments(4096, 4096))) {
      keeping.writeBytes(10 * 4096);
      keeping.writer.flush();
      keeping.reader.read().advance(Long.MAX_VALUE);
      assertThat(keeping.held()).as("two kept, and the tail").isEqualTo(3 * 4096);
      List<IoBuffer> others = new ArrayList<>();
      for (IoBuffer other = keeping.pool.tryAcquire(4096);
          other != null;
          other = keeping.pool.tryAcquire(4096)) {
        others.add(other);
      }
      keeping.pool.acquire(4096).close(); // there is none but what is kept
      others.forEach(IoBuffer::close);
      assertThat(keeping.held()).isEqualTo(4096);
    }
  }

  @Test
  void appendedBytesGoBackAsSoonAsTheyAreConsumed() throws IOException {
    writer.append(Objects.requireNonNull(rig.pool.tryAcquire(1 << 20)).freeze());
    writer.tryFlush();
    reader.read().advance(1 << 20);
    assertThat(rig.held()).isZero();
  }

  @Test
  void detachedBytesOutliveTheRead() throws IOException {
    rig.write("ab");
    writer.append(Bytes.copyOf(new byte[] {'c', 'd'}));
    rig.send("efg");
    long copied = CopyCounter.bytesCopied();
    try (BytesChain taken = reader.read().detach(6)) {
      assertThat(CopyCounter.bytesCopied()).isEqualTo(copied);
      rig.send("hij");
      PipeRead rest = reader.read();
      assertThat(Rig.text(rest)).isEqualTo("ghij");
      rest.advance(10);
      try (Bytes joined = taken.join()) {
        assertThat(new String(joined.toArray(), StandardCharsets.US_ASCII)).isEqualTo("abcdef");
      }
    }
  }

  @Test
  void memoryOfWhatWasDetachedGoesBackWithIt() throws IOException {
    rig.send("abc");
    reader.read().detach(3).close();
    assertThat(rig.held()).as("an idle pipe that was detached from").isZero();
    rig.send("def");
    assertThat(Rig.text(reader.read())).isEqualTo("def");
  }

  @Test
  void whatIsDetachedBesideAnOpenWindowIsCopied() throws IOException {
    rig.send("abc");
    writer.window(10).set(JAVA_BYTE, 0, (byte) 'd');
    long copied = CopyCounter.bytesCopied();
    try (BytesChain taken = reader.read().detach(3)) {
      assertThat(CopyCounter.bytesCopied()).isEqualTo(copied + 3);
      assertThat(taken.size()).isEqualTo(3);
      writer.commit(1);
      writer.flush();
      assertThat(Rig.text(reader.read())).isEqualTo("d");
    }
  }

  // ---- Going on from call to call --------------------------------------------------------------

  @Test
  void whoFoundNothingIsCalledOnceThereIsSomething() throws IOException {
    List<String> heard = new ArrayList<>();
    assertThat(reader.tryRead(() -> heard.add("called"))).isNull();
    assertThat(heard).isEmpty();
    rig.send("hello");
    assertThat(heard).containsExactly("called");
    PipeRead read = Objects.requireNonNull(reader.tryRead(() -> heard.add("again")));
    assertThat(Rig.text(read)).isEqualTo("hello");
    read.advance(read.end());
    rig.send("more");
    assertThat(heard).as("who got a read is not called").containsExactly("called");
  }

  @Test
  void whoWaitsToBeCalledIsReading() throws IOException {
    reader.tryRead(() -> {});
    assertThatThrownBy(reader::tryRead)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("in progress");
  }

  @Test
  void whoWaitsToBeCalledHearsOfACancel() throws IOException {
    List<@Nullable PipeRead> got = new ArrayList<>();
    reader.tryRead(() -> got.add(tryRead()));
    reader.cancelPending();
    assertThat(got).hasSize(1);
    assertThat(Objects.requireNonNull(got.getFirst()).isCancelled()).isTrue();
  }

  @Test
  void whoWaitsToBeCalledHearsOfTheEnd() throws IOException {
    List<@Nullable PipeRead> got = new ArrayList<>();
    reader.tryRead(() -> got.add(tryRead()));
    writer.complete();
    assertThat(got).hasSize(1);
    PipeRead read = Objects.requireNonNull(got.getFirst());
    assertThat(read.isCompleted()).isTrue();
    read.advance(read.end());
  }

  @Test
  void whoWaitsToBeCalledAndIsCompleteIsToldSo() throws IOException {
    List<Throwable> failures = new ArrayList<>();
    reader.tryRead(() -> {
      try {
        reader.tryRead();
      } catch (IOException | IllegalStateException e) {
        failures.add(e);
      }
    });
    reader.complete();
    assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
  }

  private @Nullable PipeRead tryRead() {
    try {
      return reader.tryRead();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
