package io.ringwell.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who gets what of a queue for workers. Nothing is carried out: files have no descriptor.
@Timeout(30)
final class WorkQueueTest {
  private final WorkQueue queue = new WorkQueue(8);
  private Engine engine;
  private IoBuffer buffer;

  @BeforeEach
  void open() throws IOException {
    engine = Engine.threads(EngineOptions.defaults(), "tested");
    buffer = engine.pool().acquire(4096);
  }

  @AfterEach
  void close() {
    buffer.close();
    engine.close();
  }

  private FileHandle file(String name, boolean puntsWrites) {
    FileFacts facts = new FileFacts(true, false, 1, 1, puntsWrites);
    Workers carrier = new Workers((AbstractEngine) engine, false, 1, 1);
    return new FileHandle(engine, carrier, Path.of(name), OpenFlag.WRITE, facts, -1, null);
  }

  private Operation write(FileHandle file) {
    Operation op = new Operation().write(file, buffer, 0, 1, 0);
    assertThat(queue.offer(op)).isTrue();
    return op;
  }

  private @Nullable Operation take(@Nullable FileHandle served) {
    return queue.take(0, served);
  }

  @Test
  void writesToOneFileAreWithOneWorkerAtATime() {
    FileHandle one = file("one", true);
    FileHandle other = file("other", true);
    Operation first = write(one);
    Operation second = write(one);
    Operation elsewhere = write(other);
    Operation third = write(one);
    assertThat(take(null)).isSameAs(first);
    assertThat(take(null)).isSameAs(elsewhere);
    assertThat(queue.wantsWorker()).as("another worker for what stands in line").isFalse();
    assertThat(take(null)).isNull();
    assertThat(queue.size()).isEqualTo(2);
    assertThat(take(one)).isSameAs(second);
    assertThat(take(one)).isSameAs(third);
    assertThat(take(one)).isNull();
    assertThat(queue.size()).isZero();
    Operation later = write(one);
    assertThat(take(other)).isSameAs(later);
  }

  @Test
  void whatElseIsReadyGoesBeforeTheNextInLine() {
    FileHandle one = file("one", true);
    Operation first = write(one);
    Operation second = write(one);
    assertThat(take(null)).isSameAs(first);
    Operation elsewhere = write(file("other", true));
    assertThat(take(one)).isSameAs(elsewhere);
    assertThat(take(null)).isSameAs(second);
  }

  @Test
  void writesThatTheKernelMakesSideBySideDoNotStandInLine() {
    FileHandle plain = file("plain", false);
    Operation first = write(plain);
    Operation second = write(plain);
    assertThat(take(null)).isSameAs(first);
    assertThat(take(null)).isSameAs(second);
    FileHandle file = file("durable", true);
    Operation durable = new Operation().write(file, buffer, 0, 1, 0).durable();
    Operation too = new Operation().write(file, buffer, 0, 1, 0).durable();
    assertThat(queue.offer(durable) && queue.offer(too)).isTrue();
    assertThat(take(null)).isSameAs(durable);
    assertThat(take(null)).isSameAs(too);
  }

  @Test
  void lineGoesOnWithoutTheWorkerThatFailed() {
    FileHandle one = file("one", true);
    Operation first = write(one);
    Operation second = write(one);
    assertThat(take(null)).isSameAs(first);
    queue.leaveLine(one);
    assertThat(queue.wantsWorker()).isTrue();
    assertThat(take(null)).isSameAs(second);
    queue.leaveLine(one);
    assertThat(take(null)).isNull();
  }

  @Test
  void whatStandsInLineCountsForTheBound() {
    FileHandle one = file("one", true);
    for (int i = 0; i < 8; i++) {
      write(one);
    }
    assertThat(queue.offer(new Operation().write(one, buffer, 0, 1, 0))).isFalse();
    Objects.requireNonNull(take(null));
    write(one);
    queue.startClosing();
    assertThatThrownBy(() -> queue.offerParking(new Operation().write(one, buffer, 0, 1, 0)))
        .isInstanceOf(IllegalStateException.class);
  }
}
