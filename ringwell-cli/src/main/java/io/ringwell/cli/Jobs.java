package io.ringwell.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Does things at once, at most so many and within a bound of memory, each on a virtual thread.
/// What fails is told, counted, and does not keep the others.
///
/// Started and finished by one thread, which parks where too many run. Its interrupt is handed on
/// to all that run, and is thrown when they have ended: each has removed by then what it had not
/// finished.
final class Jobs implements AutoCloseable {
  /// Small objects take a round trip each: so many at once are worth it.
  static final int DEFAULT_AT_ONCE = 16;

  /// Something to do.
  interface Job {
    void run() throws IOException;
  }

  /// What one takes is counted in this, in bytes.
  private static final long UNIT_BYTES = 64 << 10;

  private final Standard standard;
  private final int units;
  private final int least;
  private final Semaphore room;
  private final Set<Thread> running = new HashSet<>();
  private long failed;
  private boolean ending;

  Jobs(Standard standard) {
    this(standard, DEFAULT_AT_ONCE, DEFAULT_AT_ONCE * UNIT_BYTES);
  }

  /// @param maxBytes what all together may take
  Jobs(Standard standard, int atOnce, long maxBytes) {
    this.standard = standard;
    this.units = Math.clamp(maxBytes / UNIT_BYTES, atOnce, Integer.MAX_VALUE);
    this.least = units / atOnce;
    this.room = new Semaphore(units);
  }

  /// Starts one when there is room for it.
  void start(Job job) throws InterruptedIOException {
    start(0, job, Failure::describe);
  }

  /// @param bytes what it may take at the most; one that takes more than there is runs alone
  /// @param words how a failure is told
  void start(long bytes, Job job, Function<Exception, String> words) throws InterruptedIOException {
    int share = Math.clamp((bytes + UNIT_BYTES - 1) / UNIT_BYTES, least, units);
    try {
      room.acquire(share);
    } catch (InterruptedException e) {
      throw interrupted();
    }
    Thread thread = Thread.ofVirtual().unstarted(() -> run(job, words, share));
    synchronized (running) {
      running.add(thread);
    }
    thread.start();
  }

  /// Does it on this thread.
  void run(Job job) throws InterruptedIOException {
    InterruptedIOException end = attempt(job, Failure::describe);
    if (end != null) {
      throw end;
    }
  }

  private void run(Job job, Function<Exception, String> words, int share) {
    try {
      InterruptedIOException end = attempt(job, words);
      assert end == null || ending : end;
    } finally {
      synchronized (running) {
        running.remove(Thread.currentThread());
      }
      room.release(share);
    }
  }

  private @Nullable InterruptedIOException attempt(Job job, Function<Exception, String> words) {
    try {
      job.run();
    } catch (InterruptedIOException e) {
      return e;
    } catch (IOException | RuntimeException e) {
      standard.fail(words.apply(e));
      synchronized (running) {
        failed++;
      }
    }
    return null;
  }

  /// Waits for all that were started.
  ///
  /// @return how many failed
  long finish() throws InterruptedIOException {
    try {
      room.acquire(units);
    } catch (InterruptedException e) {
      throw interrupted();
    }
    room.release(units);
    synchronized (running) {
      return failed;
    }
  }

  private static InterruptedIOException interrupted() {
    return new InterruptedIOException("interrupted");
  }

  /// Ends what still runs, and waits for it.
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    synchronized (running) {
      ending = true;
      running.forEach(Thread::interrupt);
    }
    room.acquireUninterruptibly(units);
    room.release(units);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
