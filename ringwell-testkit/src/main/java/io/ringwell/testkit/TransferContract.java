package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineInfo;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpCode;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Reading and writing one piece of memory.
interface TransferContract extends ContractCase {
  long GIB = 1L << 30;

  @Test
  default void bytesComeBackAtOddOffsetsAndSizes() throws IOException {
    FileHandle file = create("odd");
    int[] sizes = {1, 2, 511, 512, 513, 4095, 4096, 4097, 65_537, (1 << 20) + 3};
    int[] offsets = {0, 1, 511, 4095, 4096, 4097, 1_000_003};
    for (int size : sizes) {
      for (int offset : offsets) {
        byte[] content = ContractCase.pattern(31L * size + offset, size);
        put(file, content, offset);
        assertThat(get(file, offset, size)).as("%d at %d", size, offset).isEqualTo(content);
      }
    }
  }

  @Test
  default void readTouchesNothingBesideItsRange() throws IOException {
    FileHandle file = create("range");
    put(file, ContractCase.pattern(1, 1000), 0);
    IoBuffer buffer = holding(ContractCase.pattern(2, 3000));
    assertThat(run(new Operation().read(file, buffer, 1001, 500, 250))).isEqualTo(500);
    byte[] expected = ContractCase.pattern(2, 3000);
    System.arraycopy(ContractCase.pattern(1, 1000), 250, expected, 1001, 500);
    assertThat(ContractCase.content(buffer, 3000)).isEqualTo(expected);
  }

  @Test
  default void readStopsAtTheEndOfTheFile() throws IOException {
    FileHandle file = create("end");
    byte[] content = ContractCase.pattern(3, 10_001);
    put(file, content, 0);
    assertThat(get(file, 10_000, 4096)).containsExactly(content[10_000]);
    assertThat(get(file, 0, 20_000)).isEqualTo(content);
    assertThat(get(file, 10_001, 100)).isEmpty();
    assertThat(get(file, 5 * GIB, 100)).isEmpty();
  }

  @Test
  default void zeroLengthTransfersNothing() throws IOException {
    FileHandle file = create("zero");
    IoBuffer buffer = buffer(100);
    assertThat(run(new Operation().read(file, buffer, 100, 0, 0))).isZero();
    assertThat(run(new Operation().write(file, buffer, 50, 0, 1000))).isZero();
    assertThat(Files.size(path("zero"))).isZero();
  }

  @Test
  default void transferLargerThanAnAttemptIsWhole() throws IOException {
    FileHandle file = create("large");
    int length = (5 << 20) + 17;
    byte[] content = ContractCase.pattern(4, length);
    put(file, content, 3);
    assertThat(get(file, 3, length)).isEqualTo(content);
    assertThat(get(file, 0, length + 100)).hasSize(length + 3);
  }

  @Test
  default void offsetsBeyondFourGibibytesAreReached() throws IOException {
    FileHandle file = create("sparse");
    long[] edges = {2 * GIB, 4 * GIB, 6 * GIB};
    for (long edge : edges) {
      put(file, ContractCase.pattern(edge, 1001), edge - 500);
    }
    for (long edge : edges) {
      assertThat(get(file, edge - 500, 1001)).isEqualTo(ContractCase.pattern(edge, 1001));
      assertThat(get(file, edge, 1)).isEqualTo(new byte[] {ContractCase.pattern(edge, 1001)[500]});
      assertThat(get(file, edge - 600, 100)).isEqualTo(new byte[100]);
    }
    assertThat(Files.size(path("sparse"))).isEqualTo(6 * GIB + 501);
    assertThat(get(file, 6 * GIB, 4096)).hasSize(501);
  }

  @Test
  default void impossibleRangesAreRefused() throws IOException {
    FileHandle file = create("none");
    IoBuffer buffer = buffer(100);
    Operation op = new Operation();
    assertThatThrownBy(() -> op.read(file, buffer, 0, 100, Long.MAX_VALUE - 99))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> op.read(file, buffer, 0, 100, -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> op.read(file, buffer, 1, 100, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> op.write(file, buffer, -1, 10, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> op.write(file, buffer, 0, -1, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> op.truncate(file, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(run(op.read(file, buffer, 0, 100, 0))).isZero();
  }

  @Test
  default void singleAttemptIsNotContinued() throws IOException {
    FileHandle file = create("once");
    int length = 3 << 20;
    byte[] content = ContractCase.pattern(5, length);
    put(file, content, 0);
    IoBuffer buffer = buffer(length);
    Operation op = new Operation().read(file, buffer, 0, length, 0).once();
    long read = run(op);
    assertThat(read).isBetween(1L, (long) length);
    assertThat(op.transferred()).isEqualTo(read);
    assertThat(ContractCase.content(buffer, read)).isEqualTo(Arrays.copyOf(content, (int) read));
  }

  @Test
  default void fullDeviceFailsByName() throws IOException {
    Path device = Path.of("/dev/full");
    assumeTrue(Files.isWritable(device) && kind() != EngineInfo.Kind.CHANNELS);
    FileHandle file = engine().open(device, WRITE, 0);
    OperationException failure =
        failing(ENOSPC, new Operation().write(file, buffer(4096), 0, 4096, 0));
    assertThat(failure.errnoName()).isEqualTo("ENOSPC");
  }

  @Test
  default void flagsOfATransferAreHeededOrRefusedByName() throws IOException {
    FileHandle file = create("flags");
    byte[] content = ContractCase.pattern(6, 10_000);
    IoBuffer from = holding(content);
    expectTaken(new Operation().write(file, from, 0, 10_000, 0).durable(), 10_000, EOPNOTSUPP);
    put(file, content, 0);
    IoBuffer into = buffer(10_000);
    Operation cached = new Operation().read(file, into, 0, 10_000, 0).noWait();
    if (expectTaken(cached, 10_000, EAGAIN, EOPNOTSUPP)) {
      assertThat(ContractCase.content(into, 10_000)).isEqualTo(content);
    }
    expectTaken(new Operation().write(file, from, 0, 10_000, 0).dontCache(), 10_000, EOPNOTSUPP);
    assertThat(get(file, 0, 10_001)).isEqualTo(content);
  }

  private boolean expectTaken(Operation op, long result, Integer... refusals) throws IOException {
    engine().submit(op);
    try {
      assertThat(op.await()).isEqualTo(result);
      return true;
    } catch (OperationException e) {
      assertThat(e.errno()).as(e.getMessage()).isIn((Object[]) refusals);
      return false;
    }
  }

  @Test
  @ResourceLock(ContractCase.WHOLE_PROCESS)
  default void payloadGoesToTheKernelFromWhereItLies() throws IOException {
    // Not closed: the engine inside is the test's own.
    RecordingEngine recording = new RecordingEngine(engine());
    FileHandle file = recording.open(path("spans"), NEW_FILE, 0644);
    byte[] content = ContractCase.pattern(7, 3 << 20);
    Bytes bytes = frozen(content);
    IoBuffer into = buffer(content.length);
    long copied = CopyCounter.bytesCopied();
    Operation write = new Operation().write(file, bytes, 5, content.length - 5, 0);
    assertThat(ContractCase.run(recording, write)).isEqualTo(content.length - 5);
    Operation read = new Operation().read(file, into, 0, content.length, 0);
    assertThat(recording.tryNow(read) ? read.result() : ContractCase.run(recording, read))
        .isEqualTo(content.length - 5);
    assertThat(CopyCounter.bytesCopied()).isEqualTo(copied);
    assertThat(recording.spans()).isNotEmpty();
    assertThat(recording.spans())
        .allSatisfy(span ->
            assertThat(
                    span.code() == OpCode.WRITE
                        ? span.isWithin(bytes.address() + 5, content.length - 5)
                        : span.isWithin(into.address(), content.length))
                .as("%s", span)
                .isTrue());
    bytes.close();
  }

  @Test
  default void manyTransfersInFlightDoNotMixUp() throws IOException {
    FileHandle file = create("many");
    int count = thorough() ? 1000 : 200;
    Operation[] ops = new Operation[count];
    Engine engine = engine();
    IoBuffer all = holding(ContractCase.pattern(8, count * 512));
    for (int i = 0; i < count; i++) {
      ops[i] = new Operation().write(file, all, i * 512L, 512, i * 512L);
    }
    engine.submit(ops, 0, count);
    for (Operation op : ops) {
      assertThat(op.await()).isEqualTo(512);
    }
    IoBuffer back = buffer(count * 512L);
    for (int i = 0; i < count; i++) {
      int from = (i * 7919) % count;
      ops[i].read(file, back, from * 512L, 512, from * 512L);
    }
    engine.submit(ops, 0, count);
    for (Operation op : ops) {
      assertThat(op.await()).isEqualTo(512);
    }
    assertThat(ContractCase.content(back, count * 512L))
        .isEqualTo(ContractCase.pattern(8, count * 512));
  }
}
