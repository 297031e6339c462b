package io.ringwell.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import one.jasyncfio.AsyncFile;
import one.jasyncfio.EventExecutor;

/// jasyncfio: io_uring through JNI, an event thread, a future for every read. Its default executor,
/// which has no other engine to fall back to.
///
/// One thread keeps the reads in flight and waits for the oldest. Starting them from the futures'
/// callbacks is no choice: its event thread then leaves them until its sleep of a second is over
/// (32 reads a second).
final class Jasyncfio implements Peer {
  private final DataFile data;
  private final EventExecutor executor;
  private final AsyncFile file;

  Jasyncfio(DataFile data) {
    this.data = data;
    this.executor = EventExecutor.initDefault();
    this.file = AsyncFile.open(data.path(), executor).join();
  }

  @Override
  public Reader reader(long seed) {
    return new Loop(seed);
  }

  @Override
  public void close() throws IOException {
    file.close().join();
    try {
      executor.close();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private final class Loop implements Reader {
    private final Offsets offsets;
    private final ByteBuffer[] buffers = new ByteBuffer[PeerName.DEPTH];

    Loop(long seed) {
      offsets = new Offsets(data.bytes(), seed);
      for (int slot = 0; slot < PeerName.DEPTH; slot++) {
        buffers[slot] = ByteBuffer.allocateDirect(DataFile.BLOCK_BYTES);
      }
    }

    @Override
    public void read(int count) {
      @SuppressWarnings({"unchecked", "rawtypes"})
      CompletableFuture<Integer>[] inFlight = new CompletableFuture[PeerName.DEPTH];
      for (int i = 0; i < count + PeerName.DEPTH; i++) {
        int slot = i % PeerName.DEPTH;
        if (i >= PeerName.DEPTH && i - PeerName.DEPTH < count) {
          DataFile.requireBlock(inFlight[slot].join());
        }
        if (i < count) {
          inFlight[slot] = file.read(buffers[slot].clear(), offsets.next(), DataFile.BLOCK_BYTES);
        }
      }
    }

    @Override
    public void close() {}
  }
}
