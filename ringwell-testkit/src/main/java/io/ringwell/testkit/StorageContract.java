package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.engine.FileHandle;
import io.ringwell.engine.FileInfo;
import io.ringwell.engine.OpCode;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.engine.Priority;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Operations on an open file that move no payload.
interface StorageContract extends ContractCase {
  @Test
  default void writtenBytesAreSynced() throws IOException {
    FileHandle file = create("synced");
    put(file, ContractCase.pattern(1, 5000), 0);
    assertThat(run(new Operation().fdatasync(file))).isZero();
    assertThat(run(new Operation().fsync(file))).isZero();
    if (engine().supports(OpCode.SYNC_FILE_RANGE)) {
      assertThat(run(new Operation().syncFileRange(file, 0, 5000, 7))).isZero();
    }
  }

  @Test
  default void directoryIsSynced() throws IOException {
    FileHandle directory;
    try {
      directory = engine().open(path(""), READ | OpenFlag.DIRECTORY, 0);
    } catch (OperationException e) {
      // FileChannel opens no directory.
      assertThat(e.errno()).isEqualTo(EISDIR);
      return;
    }
    assertThat(directory.isDirectory()).isTrue();
    assertThat(run(new Operation().fsync(directory))).isZero();
  }

  @Test
  default void truncateCutsAndExtendsByZeros() throws IOException {
    FileHandle file = create("cut");
    byte[] content = ContractCase.pattern(2, 9000);
    put(file, content, 0);
    run(new Operation().truncate(file, 4321));
    assertThat(Files.size(path("cut"))).isEqualTo(4321);
    run(new Operation().truncate(file, 8000));
    assertThat(Files.size(path("cut"))).isEqualTo(8000);
    assertThat(get(file, 0, 9000)).isEqualTo(Arrays.copyOf(Arrays.copyOf(content, 4321), 8000));
    run(new Operation().truncate(file, 5L << 30));
    assertThat(Files.size(path("cut"))).isEqualTo(5L << 30);
    run(new Operation().truncate(file, 0));
    assertThat(Files.size(path("cut"))).isZero();
  }

  @Test
  default void storageIsAllocated() throws IOException {
    assumeTrue(engine().supports(OpCode.ALLOCATE));
    FileHandle file = create("allocated");
    put(file, ContractCase.pattern(3, 100), 0);
    try {
      run(new Operation().allocate(file, 0, 1 << 20, true));
    } catch (OperationException e) {
      assumeTrue(e.errno() != EOPNOTSUPP, e.getMessage());
      throw e;
    }
    assertThat(info(file).size()).isEqualTo(100);
    assertThat(info(file).allocatedBytes()).isGreaterThanOrEqualTo(1 << 20);
    run(new Operation().allocate(file, 0, 2 << 20, false));
    assertThat(info(file).size()).isEqualTo(2 << 20);
    assertThat(get(file, 0, 200)).isEqualTo(Arrays.copyOf(ContractCase.pattern(3, 100), 200));
  }

  @Test
  default void punchedHoleReadsAsZeros() throws IOException {
    assumeTrue(engine().supports(OpCode.PUNCH_HOLE));
    FileHandle file = create("hole");
    byte[] content = ContractCase.pattern(4, 100_000);
    put(file, content, 0);
    try {
      run(new Operation().punchHole(file, 10_001, 50_000));
    } catch (OperationException e) {
      assumeTrue(e.errno() != EOPNOTSUPP, e.getMessage());
      throw e;
    }
    Arrays.fill(content, 10_001, 60_001, (byte) 0);
    assertThat(get(file, 0, 100_001)).isEqualTo(content);
    if (engine().supports(OpCode.SEEK)) {
      assertThat(run(new Operation().seek(file, 20_000, false))).isBetween(53_000L, 60_001L);
      assertThat(run(new Operation().seek(file, 99_000, true))).isEqualTo(100_000);
      assertThat(run(new Operation().seek(file, 200_000, false))).isEqualTo(-1);
    }
  }

  @Test
  default void statxTellsTheTruth() throws IOException {
    FileHandle file = create("facts");
    put(file, ContractCase.pattern(5, 12_345), 0);
    assertThat(info(file).size()).isEqualTo(12_345);
    Files.createSymbolicLink(path("link"), path("facts"));
    FileInfo followed = info(path("link"), true);
    assertThat(followed.isRegularFile()).isTrue();
    assertThat(followed.size()).isEqualTo(12_345);
    assertThat(followed.modified()).isAfter(Instant.now().minus(Duration.ofMinutes(5)));
    assertThat(info(path("link"), false).isSymbolicLink()).isTrue();
    assertThat(info(path(""), true).isDirectory()).isTrue();
    failing(ENOENT, new Operation().statx(path("none"), true));
  }

  @Test
  default void statxOfAnOpenFileDoesNotMindItsName() throws IOException {
    FileHandle file = create("gone");
    put(file, new byte[777], 0);
    Files.delete(path("gone"));
    assertThat(info(file).size()).isEqualTo(777);
    Files.write(path("gone"), new byte[5]);
    assertThat(info(file).size()).isEqualTo(777);
  }

  private FileInfo info(FileHandle file) throws IOException {
    Operation op = new Operation().statx(file);
    run(op);
    return op.fileInfo();
  }

  private FileInfo info(Path path, boolean follow) throws IOException {
    Operation op = new Operation().statx(path, follow);
    run(op);
    return op.fileInfo();
  }

  @Test
  default void kernelCopiesBetweenFiles() throws IOException {
    assumeTrue(engine().supports(OpCode.COPY_RANGE));
    FileHandle from = create("from");
    FileHandle to = create("to");
    byte[] content = ContractCase.pattern(6, 50_000);
    put(from, content, 0);
    long done = 0;
    while (done < 40_000) {
      long copied = run(new Operation().copyRange(from, 7 + done, to, 3 + done, 40_000 - done));
      assertThat(copied).isPositive();
      done += copied;
    }
    assertThat(get(to, 3, 40_000)).isEqualTo(Arrays.copyOfRange(content, 7, 40_007));
    assertThat(run(new Operation().copyRange(from, 50_000, to, 0, 100))).isZero();
  }

  @Test
  default void lockHeldByAnotherOpenFileIsRefused() throws IOException {
    assumeTrue(engine().supports(OpCode.LOCK));
    FileHandle one = create("lock");
    FileHandle two = engine().open(path("lock"), READ | WRITE, 0);
    run(new Operation().lock(one, 10, 100, true, false));
    failing(EAGAIN, new Operation().lock(two, 0, 11, false, false));
    run(new Operation().lock(two, 0, 10, true, false));
    run(new Operation().unlock(one, 10, 100));
    run(new Operation().lock(two, 0, 0, true, false));
    engine().close(two);
    run(new Operation().lock(one, 0, 0, true, false));
  }

  @Test
  default void attributesAreGivenOn() throws IOException {
    assumeTrue(engine().supports(OpCode.SET_ATTRIBUTES));
    FileHandle from = engine().open(path("from"), WRITE | CREATE, 0640);
    FileHandle to = engine().open(path("to"), WRITE | CREATE, 0600);
    FileInfo like = info(from);
    run(new Operation().setAttributes(to, like));
    assertThat(info(to).permissions()).isEqualTo(like.permissions());
    assertThat(info(to).modified()).isEqualTo(like.modified());
  }

  @Test
  default void memoryIsAdvisedOn() throws IOException {
    assumeTrue(engine().supports(OpCode.MADVISE));
    int willNeed = 3;
    IoBuffer buffer = buffer(1 << 20);
    assertThat(run(new Operation().madvise(buffer, 0, 1 << 20, willNeed))).isZero();
    failing(EINVAL, new Operation().madvise(buffer, 0, 4096, 12345));
  }

  @Test
  default void bytesAreSplicedThroughAPipe() throws IOException {
    assumeTrue(engine().supports(OpCode.SPLICE));
    FileHandle pipe = openPipe("pipe");
    FileHandle from = create("from");
    FileHandle to = create("to");
    byte[] content = ContractCase.pattern(8, 5000);
    put(from, content, 0);
    long in = run(new Operation().splice(from, 100, pipe, -1, 4000));
    assertThat(in).isBetween(1L, 4000L);
    long out = 0;
    while (out < in) {
      long moved = run(new Operation().splice(pipe, -1, to, 7 + out, in - out));
      assertThat(moved).isPositive();
      out += moved;
    }
    assertThat(get(to, 7, 5000)).isEqualTo(Arrays.copyOfRange(content, 100, 100 + (int) in));
  }

  @Test
  default void everyOperationTakesEveryPriority() throws IOException {
    FileHandle file = create("priority");
    IoBuffer buffer = holding(ContractCase.pattern(7, 100));
    Operation op = new Operation();
    for (Priority priority : Priority.values()) {
      run(op.nop().priority(priority));
      assertThat(run(op.write(file, buffer, 0, 100, 0).priority(priority))).isEqualTo(100);
      assertThat(run(op.read(file, buffer, 0, 100, 0).priority(priority))).isEqualTo(100);
      IoBuffer[] vectors = {buffer};
      assertThat(run(op.readv(file, vectors, 0).priority(priority))).isEqualTo(100);
      run(op.fsync(file).priority(priority));
      run(op.fdatasync(file).priority(priority));
      run(op.truncate(file, 100).priority(priority));
      run(op.statx(file).priority(priority));
      run(op.statx(path("priority"), true).priority(priority));
      run(op.mkdir(path("dir"), 0755).priority(priority));
      run(op.rename(path("dir"), path("renamed"), false).priority(priority));
      run(op.unlink(path("renamed"), true).priority(priority));
      run(op.timeout(Duration.ofMillis(1)).priority(priority));
      run(op.open(path("opened"), NEW_FILE, 0644).priority(priority));
      run(op.close(op.openedFile()).priority(priority));
    }
  }

  @Test
  default void unsupportedOperationFailsByName() throws IOException {
    FileHandle file = create("unsupported");
    List<Operation> all =
        List.of(
            new Operation().allocate(file, 0, 100, false),
            new Operation().punchHole(file, 0, 100),
            new Operation().syncFileRange(file, 0, 100, 2),
            new Operation().lock(file, 0, 0, true, false),
            new Operation().seek(file, 0, true),
            new Operation().copyRange(file, 0, file, 1000, 10),
            new Operation().madvise(buffer(4096), 0, 4096, 3));
    for (Operation op : all) {
      if (!engine().supports(op.code())) {
        OperationException failure = failing(EOPNOTSUPP, op);
        assertThat(failure.getMessage()).contains(op.code().label()).contains("EOPNOTSUPP");
      }
    }
    for (OpCode code :
        List.of(OpCode.READ, OpCode.WRITE, OpCode.OPEN, OpCode.CLOSE, OpCode.TIMEOUT)) {
      assertThat(engine().supports(code)).isTrue();
    }
  }
}
