package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Operations linked one behind the other.
interface ChainContract extends ContractCase {
  int MIB = 1 << 20;

  @Test
  default void linkedOperationsRunOneAfterTheOther() throws IOException {
    FileHandle file = create("part");
    byte[] content = ContractCase.pattern(1, 2 << 20);
    Operation write = new Operation().write(file, holding(content), 0, content.length, 0);
    Operation stat = new Operation().statx(path("whole"), true);
    write
        .linkTo(new Operation().fdatasync(file))
        .linkTo(new Operation().rename(path("part"), path("whole"), true))
        .linkTo(stat);
    engine().submit(write);
    assertThat(stat.await()).isZero();
    assertThat(write.isDone()).isTrue();
    assertThat(stat.fileInfo().size()).isEqualTo(content.length);
    assertThat(Files.readAllBytes(path("whole"))).isEqualTo(content);
  }

  @Test
  default void failureCancelsWhatIsLinkedBehind() throws IOException {
    FileHandle file = create("target");
    FileHandle writeOnly = engine().open(path("w"), WRITE | CREATE, 0644);
    Operation head = new Operation().nop();
    Operation bad = new Operation().read(writeOnly, buffer(10), 0, 10, 0);
    Operation write = new Operation().write(file, buffer(100), 0, 100, 0);
    Operation last = new Operation().mkdir(path("dir"), 0755);
    head.linkTo(bad).linkTo(write).linkTo(last);
    engine().submit(head);
    ContractCase.failed(ECANCELED, last);
    ContractCase.failed(ECANCELED, write);
    ContractCase.failed(EBADF, bad);
    assertThat(head.await()).isZero();
    assertThat(get(file, 0, 100)).isEmpty();
    assertThat(path("dir")).doesNotExist();
  }

  @Test
  default void shortAttemptDoesNotBreakTheChain() throws IOException {
    FileHandle from = create("from");
    FileHandle to = create("to");
    byte[] content = ContractCase.pattern(2, (4 << 20) + 5);
    put(from, content, 0);
    IoBuffer buffer = buffer(content.length);
    Operation read = new Operation().read(from, buffer, 0, content.length, 0);
    Operation write = new Operation().write(to, buffer, 0, content.length, 0);
    read.linkTo(write);
    engine().submit(read);
    assertThat(write.await()).isEqualTo(content.length);
    assertThat(read.await()).isEqualTo(content.length);
    assertThat(get(to, 0, content.length)).isEqualTo(content);
  }

  @Test
  default void endOfFileDoesNotBreakTheChain() throws IOException {
    FileHandle file = create("end");
    put(file, new byte[100], 0);
    Operation read = new Operation().read(file, buffer(1000), 0, 1000, 0);
    Operation next = new Operation().truncate(file, 50);
    read.linkTo(next);
    engine().submit(read);
    assertThat(next.await()).isZero();
    assertThat(read.await()).isEqualTo(100);
    assertThat(Files.size(path("end"))).isEqualTo(50);
  }

  /// Engines move what is long in parts, and what is linked behind comes after the last of them.
  @Test
  default void longTransferIsWholeBeforeTheNextLink() throws IOException {
    int length = 5 * MIB + 17;
    FileHandle file = create("long");
    byte[] content = ContractCase.pattern(9, length);
    IoBuffer buffer = holding(content);
    Operation write = new Operation().write(file, buffer, 0, length, 0);
    Operation cut = new Operation().truncate(file, length - MIB);
    write.linkTo(cut);
    engine().submit(write);
    assertThat(cut.await()).isZero();
    assertThat(write.await()).isEqualTo(length);
    assertThat(Files.size(path("long"))).isEqualTo(length - MIB);

    IoBuffer into = buffer(length);
    Operation read = new Operation().read(file, into, 0, length, 0);
    Operation empty = new Operation().truncate(file, 0);
    read.linkTo(empty);
    engine().submit(read);
    assertThat(empty.await()).isZero();
    assertThat(read.await()).isEqualTo(length - MIB);
    assertThat(ContractCase.content(into, length - MIB))
        .isEqualTo(Arrays.copyOf(content, length - MIB));
  }

  @Test
  default void chainGoesAcrossFilesAndRings() throws Exception {
    List<FileHandle> files = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int each = i;
      // Rings are shared out by the thread that opens.
      Thread opener = new Thread(() -> files.add(opened("file" + each)));
      opener.start();
      opener.join();
    }
    IoBuffer buffer = holding(ContractCase.pattern(3, 5000));
    Operation head = new Operation().nop();
    Operation last = head;
    for (FileHandle file : files) {
      last = last.linkTo(new Operation().write(file, buffer, 0, 5000, 0));
      last = last.linkTo(new Operation().fsync(file));
      last = last.linkTo(new Operation().close(file));
    }
    engine().submit(head);
    assertThat(last.await()).isZero();
    for (int i = 0; i < 4; i++) {
      assertThat(Files.readAllBytes(path("file" + i))).isEqualTo(ContractCase.pattern(3, 5000));
    }
  }

  private FileHandle opened(String name) {
    try {
      return create(name);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  default void membersAreToldInTheirOrder() throws IOException {
    CompletionQueue queue = new CompletionQueue();
    FileHandle file = create("order");
    IoBuffer buffer = buffer(100);
    List<Operation> chain = new ArrayList<>();
    for (int i = 0; i < Operation.MAX_LINKED; i++) {
      Operation op =
          i % 2 == 0
              ? new Operation().write(file, buffer, 0, 100, i * 100L)
              : new Operation().nop();
      chain.add(op.notifying(queue));
    }
    for (int i = 1; i < chain.size(); i++) {
      chain.get(i - 1).linkTo(chain.get(i));
    }
    engine().submit(chain.getFirst());
    for (Operation expected : chain) {
      assertThat(queue.take()).isSameAs(expected);
      assertThat(expected.errno()).isZero();
    }
  }

  @Test
  default void chainThatIsTooLongIsRefusedWhole() throws IOException {
    IoBuffer buffer = buffer(100);
    FileHandle file = create("long");
    List<Operation> chain = new ArrayList<>();
    for (int i = 0; i <= Operation.MAX_LINKED; i++) {
      chain.add(new Operation().write(file, buffer, 0, 100, 0));
    }
    for (int i = 1; i < chain.size(); i++) {
      chain.get(i - 1).linkTo(chain.get(i));
    }
    assertThatThrownBy(() -> engine().submit(chain.getFirst()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(engine().pool().stats().lentBytes()).isZero();
    for (Operation op : chain) {
      assertThat(run(op.nop())).isZero();
    }
  }

  @Test
  default void circleIsRefusedAndItsOperationsStayUsable() throws IOException {
    Operation one = new Operation().nop();
    Operation two = new Operation().nop();
    one.linkTo(two).linkTo(one);
    assertThatThrownBy(() -> engine().submit(one)).isInstanceOf(RuntimeException.class);
    assertThat(run(one.nop())).isZero();
    assertThat(run(two.nop())).isZero();
    assertThatThrownBy(() -> one.nop().linkTo(one)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  default void cancelReachesAMemberThatHasNotBegun() throws IOException {
    FileHandle file = create("slow");
    byte[] content = ContractCase.pattern(4, 8 << 20);
    Operation write = new Operation().write(file, holding(content), 0, content.length, 0);
    Operation timeout = new Operation().timeout(Duration.ofHours(1));
    write.linkTo(new Operation().fsync(file)).linkTo(timeout);
    engine().submit(write);
    engine().cancel(timeout);
    ContractCase.failed(ECANCELED, timeout);
    assertThat(write.await()).isEqualTo(content.length);
  }

  @Test
  default void chainWithDeadlinesIsCarriedOut() throws IOException {
    FileHandle file = create("limits");
    long deadline = System.nanoTime() + Duration.ofHours(1).toNanos();
    Operation write = new Operation().write(file, buffer(5000), 0, 5000, 0).deadline(deadline);
    Operation sync = new Operation().fsync(file).deadline(deadline);
    Operation late = new Operation().timeout(Duration.ofHours(1));
    Operation never = new Operation().mkdir(path("never"), 0755);
    write.linkTo(sync).linkTo(late).linkTo(never);
    late.deadline(System.nanoTime() + Duration.ofMillis(50).toNanos());
    engine().submit(write);
    assertThat(write.await()).isEqualTo(5000);
    assertThat(sync.await()).isZero();
    ContractCase.failed(ETIME, late);
    ContractCase.failed(ECANCELED, never);
    assertThat(path("never")).doesNotExist();
  }

  @Test
  default void chainLargerThanTheBoundsIsCarriedOut() throws IOException {
    try (var small =
        another(EngineOptions.defaults().withInFlight(1).withQueueCapacity(2).withWorkers(1))) {
      FileHandle file = small.open(path("small"), NEW_FILE | OpenFlag.DSYNC, 0644);
      Operation head = new Operation().nop();
      Operation last = head;
      for (int i = 0; i < 20; i++) {
        last = last.linkTo(new Operation().truncate(file, i + 1));
      }
      small.submit(head);
      assertThat(last.await()).isZero();
      assertThat(Files.size(path("small"))).isEqualTo(20);
    }
  }
}
