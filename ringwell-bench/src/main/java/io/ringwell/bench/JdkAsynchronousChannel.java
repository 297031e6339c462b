package io.ringwell.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// [AsynchronousFileChannel] with the JDK's default group: on Linux a pool of threads that call
/// pread(2). Each completion starts the next read from its handler, which spares it the way back to
/// the thread that waits.
final class JdkAsynchronousChannel implements Peer {
  private final DataFile data;
  private final AsynchronousFileChannel channel;

  JdkAsynchronousChannel(DataFile data) throws IOException {
    this.data = data;
    this.channel = AsynchronousFileChannel.open(data.path(), StandardOpenOption.READ);
  }

  @Override
  public Reader reader(long seed) {
    return new Loop(seed);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private final class Loop implements Reader, CompletionHandler<Integer, Integer> {
    private final Offsets[] offsets = new Offsets[PeerName.DEPTH];
    private final ByteBuffer[] buffers = new ByteBuffer[PeerName.DEPTH];
    private final AtomicInteger toStart = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile CountDownLatch idle = new CountDownLatch(0);

    Loop(long seed) {
      for (int slot = 0; slot < PeerName.DEPTH; slot++) {
        offsets[slot] = new Offsets(data.bytes(), seed * PeerName.DEPTH + slot);
        buffers[slot] = ByteBuffer.allocateDirect(DataFile.BLOCK_BYTES);
      }
    }

    @Override
    public void read(int count) throws InterruptedException {
      toStart.set(count);
      idle = new CountDownLatch(PeerName.DEPTH);
      for (int slot = 0; slot < PeerName.DEPTH; slot++) {
        next(slot);
      }
      idle.await();
      Throwable failed = failure.get();
      if (failed != null) {
        throw new IllegalStateException(failed);
      }
    }

    private void next(int slot) {
      if (failure.get() != null || toStart.getAndDecrement() <= 0) {
        idle.countDown();
        return;
      }
      channel.read(buffers[slot].clear(), offsets[slot].next(), slot, this);
    }

    @Override
    public void completed(Integer transferred, Integer slot) {
      if (transferred == DataFile.BLOCK_BYTES) {
        next(slot);
      } else {
        failed(new IllegalStateException("a read moved " + transferred + " bytes"), slot);
      }
    }

    @Override
    public void failed(Throwable why, Integer slot) {
      failure.compareAndSet(null, why);
      idle.countDown();
    }

    @Override
    public void close() {}
  }
}
