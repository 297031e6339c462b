package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.FileHandle;
import io.ringwell.engine.Operation;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.IoBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Transfers between a file and many pieces of memory.
interface VectorContract extends ContractCase {
  @Test
  default void vectorsAreFilledAndWrittenInOrder() throws IOException {
    FileHandle file = create("vectors");
    roundTrip(file, 7, 1, 4096, 13, 100_001, 512);
  }

  @Test
  default void moreVectorsThanOneCallTakesAreWhole() throws IOException {
    FileHandle file = create("many");
    int[] sizes = new int[2500];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = 1 + i % 17;
    }
    roundTrip(file, sizes);
  }

  @Test
  default void emptyVectorsAreSkipped() throws IOException {
    FileHandle file = create("empty");
    roundTrip(file, 0, 100, 0, 0, 5000, 0);
    roundTrip(file, 0, 0);
    roundTrip(file);
  }

  private void roundTrip(FileHandle file, int... sizes) throws IOException {
    int total = Arrays.stream(sizes).sum();
    byte[] content = ContractCase.pattern(total, total);
    List<Bytes> fragments = new ArrayList<>();
    IoBuffer[] buffers = new IoBuffer[sizes.length];
    // Slices of one buffer each: as many vectors as wished, and little memory.
    Bytes whole = frozen(content);
    int at = 0;
    for (int i = 0; i < sizes.length; i++) {
      fragments.add(whole.slice(at, sizes[i]));
      buffers[i] = buffer(sizes[i]);
      at += sizes[i];
    }
    whole.close();
    BytesChain chain = BytesChain.of(fragments);
    assertThat(run(new Operation().writev(file, chain, 11))).isEqualTo(total);
    chain.close();
    assertThat(get(file, 11, total)).isEqualTo(content);
    assertThat(run(new Operation().readv(file, buffers, 11))).isEqualTo(total);
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    for (IoBuffer buffer : buffers) {
      read.writeBytes(ContractCase.content(buffer, buffer.capacity()));
      buffer.close();
    }
    assertThat(read.toByteArray()).isEqualTo(content);
  }

  @Test
  default void vectoredReadStopsAtTheEndOfTheFile() throws IOException {
    FileHandle file = create("short");
    byte[] content = ContractCase.pattern(1, 1500);
    put(file, content, 0);
    IoBuffer[] buffers = {holding(new byte[1000]), holding(new byte[1000])};
    assertThat(run(new Operation().readv(file, buffers, 0))).isEqualTo(1500);
    assertThat(ContractCase.content(buffers[0], 1000)).isEqualTo(Arrays.copyOf(content, 1000));
    assertThat(ContractCase.content(buffers[1], 1000))
        .isEqualTo(Arrays.copyOf(Arrays.copyOfRange(content, 1000, 1500), 1000));
    assertThat(run(new Operation().readv(file, buffers, 1500))).isZero();
  }

  @Test
  default void chainMayBeClosedWhileItIsWritten() throws IOException {
    FileHandle file = create("closed");
    byte[] content = ContractCase.pattern(2, 2 << 20);
    List<Operation> before = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      before.add(new Operation().write(file, buffer(1 << 20), 0, 1 << 20, 4 << 20));
      engine().submit(before.getLast());
    }
    Bytes whole = frozen(content);
    BytesChain chain = BytesChain.of(whole.slice(0, 1 << 20), whole.slice(1 << 20, 1 << 20));
    whole.close();
    Operation op = new Operation().writev(file, chain, 0);
    engine().submit(op);
    chain.close();
    assertThat(op.await()).isEqualTo(2 << 20);
    for (Operation each : before) {
      each.await();
    }
    assertThat(get(file, 0, 2 << 20)).isEqualTo(content);
  }

  @Test
  default void refusedVectorsAreNotLent() throws IOException {
    FileHandle file = create("refused");
    IoBuffer open = engine().pool().acquire(4096);
    IoBuffer closed = engine().pool().acquire(4096);
    Operation op = new Operation().readv(file, new IoBuffer[] {open, closed}, 0);
    closed.close();
    assertThatThrownBy(() -> engine().submit(op)).isInstanceOf(IllegalStateException.class);
    assertThat(engine().pool().stats().lentBytes()).isZero();
    open.close();
    assertThat(engine().pool().stats().inUseBytes()).isZero();
  }
}
