package io.ringwell.bench;

import io.ringwell.engine.Engine;
import io.ringwell.file.AsyncFile;
import io.ringwell.file.OpenOptions;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;

/// What a user writes first: a blocking [AsyncFile#read] into a buffer that is used again, as
/// AsyncFile is by default, with the page-cache shortcut where the file is not opened for direct
/// I/O.
final class RingwellFile implements Peer {
  private final DataFile data;
  private final Engine engine;
  private final AsyncFile file;

  RingwellFile(DataFile data, boolean direct) throws IOException {
    this.data = data;
    this.engine = Uring.open();
    OpenOptions options = direct ? OpenOptions.read().direct() : OpenOptions.read();
    this.file = AsyncFile.open(engine, data.path(), options);
  }

  @Override
  public Reader reader(long seed) throws IOException {
    return new Loop(seed);
  }

  @Override
  public void close() throws IOException {
    file.close();
    engine.close();
  }

  private final class Loop implements Reader {
    private final Offsets offsets;
    private final IoBuffer buffer;

    Loop(long seed) throws IOException {
      offsets = new Offsets(data.bytes(), seed);
      buffer = engine.pool().acquire(DataFile.BLOCK_BYTES);
    }

    @Override
    public void read(int count) throws IOException {
      for (int i = 0; i < count; i++) {
        DataFile.requireBlock(file.read(offsets.next(), buffer, 0, DataFile.BLOCK_BYTES));
      }
    }

    @Override
    public void close() {
      buffer.close();
    }
  }
}
