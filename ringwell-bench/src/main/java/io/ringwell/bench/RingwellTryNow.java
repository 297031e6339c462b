package io.ringwell.bench;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;

/// The page-cache shortcut by itself: one slot, read on the caller's thread. What is not in the
/// cache goes through the ring; more than one in a hundred of those is not what is measured here.
final class RingwellTryNow implements Peer {
  private static final int LEAST_HITS_PERCENT = 99;

  private final DataFile data;
  private final Engine engine;
  private final FileHandle file;

  RingwellTryNow(DataFile data) throws IOException {
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
    private final Operation op = new Operation();
    private final IoBuffer buffer;

    Loop(long seed) throws IOException {
      offsets = new Offsets(data.bytes(), seed);
      buffer = engine.pool().acquire(DataFile.BLOCK_BYTES);
    }

    @Override
    public void read(int count) throws IOException {
      int hits = 0;
      for (int i = 0; i < count; i++) {
        op.read(file, buffer, 0, DataFile.BLOCK_BYTES, offsets.next());
        if (engine.tryNow(op)) {
          hits++;
        } else {
          engine.submit(op);
          op.await();
        }
        DataFile.requireBlock(op.transferred());
      }
      if (hits < (long) count * LEAST_HITS_PERCENT / 100) {
        throw new IllegalStateException(
            "only " + hits + " of " + count + " reads came from the page cache: " + data.path());
      }
    }

    @Override
    public void close() {
      buffer.close();
    }
  }
}
