package io.ringwell.bench;

import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.Objects;

/// The poll form: operations in batches through the ring's thread, collected from a completion
/// queue. No page-cache shortcut is taken.
final class RingwellActor implements Peer {
  private static final int BATCH = 16;

  private final DataFile data;
  private final Engine engine;
  private final FileHandle file;

  RingwellActor(DataFile data) throws IOException {
    this.data = data;
    this.engine = Uring.open();
    this.file = engine.open(data.path(), OpenFlag.READ, 0);
  }

  @Override
  public Reader reader(long seed) throws IOException {
    return new Loop(seed);
  }

  @Override
  public void close() throws IOException {
    engine.close(file);
    engine.close();
  }

  private final class Loop implements Reader {
    private final Offsets offsets;
    private final CompletionQueue done = new CompletionQueue();
    private final IdentityHashMap<Operation, IoBuffer> bufferOf = new IdentityHashMap<>();
    private final Operation[] free = new Operation[PeerName.DEPTH];
    private final Operation[] batch = new Operation[BATCH];
    private int freeCount;

    Loop(long seed) throws IOException {
      offsets = new Offsets(data.bytes(), seed);
      for (int i = 0; i < PeerName.DEPTH; i++) {
        Operation op = new Operation();
        bufferOf.put(op, engine.pool().acquire(DataFile.BLOCK_BYTES));
        free[freeCount++] = op;
      }
    }

    @Override
    public void read(int count) throws IOException {
      int toStart = count;
      int toCome = count;
      while (toCome > 0) {
        toStart -= start(Math.min(toStart, BATCH));
        // Waits only where it can start nothing more.
        Operation op = freeCount == 0 || toStart == 0 ? done.take() : done.poll();
        for (int n = 1; op != null; n++) {
          DataFile.requireBlock(op.result());
          free[freeCount++] = op;
          toCome--;
          op = n < BATCH ? done.poll() : null;
        }
      }
    }

    private int start(int most) throws IOException {
      int count = 0;
      while (count < most && freeCount > 0) {
        Operation op = free[--freeCount];
        IoBuffer buffer = Objects.requireNonNull(bufferOf.get(op));
        op.read(file, buffer, 0, DataFile.BLOCK_BYTES, offsets.next()).notifying(done);
        batch[count++] = op;
      }
      if (count > 0) {
        engine.submit(batch, 0, count);
      }
      return count;
    }

    @Override
    public void close() {
      bufferOf.values().forEach(IoBuffer::close);
    }
  }
}
