package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.OpCode;
import io.ringwell.engine.Operation;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// One thread's work in its part of a [ModelRun]'s file, several operations in flight at a time.
///
/// What overlaps a write in flight waits for it, so the model is changed when a write is submitted.
/// The file may be lengthened by other threads meanwhile: a read must get at least what this thread
/// knows to be there, and zeros where nobody wrote.
final class ModelThread {
  private static final int WINDOW = 4;
  private static final int LONGEST = 48 << 10;

  private final ModelRun run;
  private final int from;
  private final SplittableRandom random;
  private final List<Pending> window = new ArrayList<>();

  /// As much as the file is long for sure, behind the run's base.
  private long knownSize;

  ModelThread(ModelRun run, int from, SplittableRandom random) {
    this.run = run;
    this.from = from;
    this.random = random;
    this.knownSize = run.size;
  }

  /// Does `count` operations, and tells where the last write ended, or the size before.
  long run(int count) throws IOException {
    try {
      for (int i = 0; i < count; i++) {
        one();
      }
    } finally {
      while (!window.isEmpty()) {
        finish(window.getFirst());
      }
    }
    return knownSize;
  }

  private void one() throws IOException {
    int length = 1 + random.nextInt(random.nextInt(8) == 0 ? LONGEST : ModelRun.BLOCK);
    int at = from + random.nextInt(ModelRun.PART - length);
    if (run.direct || random.nextInt(4) == 0) {
      at &= -ModelRun.BLOCK;
      length = (length + ModelRun.BLOCK - 1) & -ModelRun.BLOCK;
      length = Math.min(length, from + ModelRun.PART - at);
    }
    int what = random.nextInt(10);
    boolean reading = what < 4;
    makeRoom(at, length, reading);
    switch (what) {
      case 0, 1, 2 -> read(at, length);
      case 3 -> readVectors(at, length);
      case 4, 5 -> write(at, length);
      case 6, 7 -> writeBytes(at, length);
      case 8 -> punch(at, length);
      default -> sync();
    }
  }

  private void makeRoom(int at, int length, boolean reading) throws IOException {
    for (Pending each : List.copyOf(window)) {
      if (each.at < at + length && at < each.at + each.length && !(reading && each.reading)) {
        finish(each);
      }
    }
    while (window.size() >= WINDOW) {
      finish(window.get(random.nextInt(window.size())));
    }
  }

  private void read(int at, int length) throws IOException {
    IoBuffer into = run.engine.pool().acquire(length);
    Operation op = new Operation().read(run.file, into, 0, length, run.base + at);
    Pending pending = pending(op, at, length, true, into);
    pending.done = run.engine.tryNow(op);
    if (!pending.done) {
      run.engine.submit(op);
    }
  }

  private void readVectors(int at, int length) throws IOException {
    int first = run.direct ? length / 2 & -ModelRun.BLOCK : random.nextInt(length + 1);
    IoBuffer[] into = {run.engine.pool().acquire(first), run.engine.pool().acquire(length - first)};
    Operation op = new Operation().readv(run.file, into, run.base + at);
    pending(op, at, length, true, into);
    run.engine.submit(op);
  }

  private void write(int at, int length) throws IOException {
    IoBuffer payload = payload(at, length);
    Operation op = new Operation().write(run.file, payload, 0, length, run.base + at);
    pending(op, at, length, false, payload);
    run.engine.submit(op);
  }

  /// The caller's handles are closed before the operation has completed.
  private void writeBytes(int at, int length) throws IOException {
    Bytes bytes = payload(at, length).freeze();
    if (random.nextBoolean()) {
      Operation op = new Operation().write(run.file, bytes, 0, length, run.base + at);
      pending(op, at, length, false);
      run.engine.submit(op);
      bytes.close();
      return;
    }
    int first = run.direct ? length / 2 & -ModelRun.BLOCK : random.nextInt(length + 1);
    BytesChain chain = BytesChain.of(bytes.slice(0, first), bytes.slice(first, length - first));
    bytes.close();
    Operation op = new Operation().writev(run.file, chain, run.base + at);
    pending(op, at, length, false);
    run.engine.submit(op);
    chain.close();
  }

  private IoBuffer payload(int at, int length) throws IOException {
    byte[] content = new byte[length];
    random.nextBytes(content);
    IoBuffer payload = run.engine.pool().acquire(length);
    ContractCase.fill(payload, content);
    System.arraycopy(content, 0, run.model, at, length);
    return payload;
  }

  private void punch(int at, int length) throws IOException {
    if (!run.engine.supports(OpCode.PUNCH_HOLE)) {
      write(at, length);
      return;
    }
    Arrays.fill(run.model, at, at + length, (byte) 0);
    Operation op = new Operation().punchHole(run.file, run.base + at, length);
    pending(op, at, length, false).lengthens = false;
    run.engine.submit(op);
  }

  private void sync() throws IOException {
    Operation op = new Operation();
    op = random.nextBoolean() ? op.fsync(run.file) : op.fdatasync(run.file);
    pending(op, 0, 0, true);
    run.engine.submit(op);
  }

  private Pending pending(Operation op, int at, int length, boolean reading, IoBuffer... buffers) {
    Pending pending = new Pending(op, at, length, reading, buffers);
    pending.least = Math.clamp(knownSize - at, 0, length);
    window.add(pending);
    return pending;
  }

  private void finish(Pending one) throws IOException {
    window.remove(one);
    long result = one.done ? one.op.result() : one.op.await();
    boolean transfer = one.length > 0 && one.lengthens;
    if (one.reading && transfer) {
      check(one, result);
    } else if (transfer) {
      assertThat(result).as("%s", one.op).isEqualTo(one.length);
      knownSize = Math.max(knownSize, one.at + one.length);
    }
    for (IoBuffer each : one.buffers) {
      each.close();
    }
  }

  private void check(Pending one, long result) {
    assertThat(result).as("%s", one.op).isBetween(one.least, (long) one.length);
    byte[] got = new byte[(int) result];
    int at = 0;
    for (IoBuffer each : one.buffers) {
      int part = (int) Math.min(each.capacity(), result - at);
      System.arraycopy(ContractCase.content(each, part), 0, got, at, part);
      at += part;
    }
    byte[] expected = Arrays.copyOfRange(run.model, one.at, one.at + (int) result);
    int mismatch = Arrays.mismatch(got, expected);
    assertThat(mismatch).as("first wrong byte of %s", one.op).isEqualTo(-1);
  }

  private static final class Pending {
    final Operation op;
    final int at;
    final int length;
    final boolean reading;
    final IoBuffer[] buffers;
    long least;
    boolean done;
    boolean lengthens = true;

    Pending(Operation op, int at, int length, boolean reading, IoBuffer[] buffers) {
      this.op = op;
      this.at = at;
      this.length = length;
      this.reading = reading;
      this.buffers = buffers;
    }
  }
}
