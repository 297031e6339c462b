package io.ringwell.s3;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The threads of a store's own connections: one for each request under way, and no more of those
/// than there may be connections. Who comes later waits without one.
///
/// They are the platform's. A thread that blocks in a read is woken by the kernel; a virtual one by
/// another thread that polls for it, which costs two more switches for each piece that a store
/// sends, and those are as small as 8 KiB: a gibibyte over loopback took 2.0 s and now takes 1.7.
final class SocketThreads implements AutoCloseable {
  /// As many as the SDK's client may have.
  static final int MOST = 64;

  private static final long IDLE_SECONDS = 4;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("ringwell-s3-", 0).factory());

  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int running;

  /// Runs `call` now, or when one of those before it has ended. Does not wait.
  ///
  /// @throws java.util.concurrent.RejectedExecutionException when it is closed
  void execute(Runnable call) {
    synchronized (this) {
      if (running == MOST) {
        waiting.add(call);
        return;
      }
      running++;
    }
    threads.execute(() -> work(call));
  }

  private void work(Runnable first) {
    for (Runnable call = first; call != null; call = next()) {
      call.run();
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable next = waiting.poll();
    if (next == null) {
      running--;
    }
    return next;
  }

  /// @return whether it was still waiting: then it is not going to run
  synchronized boolean remove(Runnable call) {
    return waiting.remove(call);
  }

  /// Takes no more. What runs, and what waits, goes on.
  @Override
  public void close() {
    threads.shutdown();
  }
}
