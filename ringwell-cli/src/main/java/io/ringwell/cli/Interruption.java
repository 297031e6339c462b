package io.ringwell.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What Ctrl-C does: the command's thread is interrupted and gets the time to remove what is
/// unfinished, before the JVM ends (with exit code 130, as the JVM itself has it).
final class Interruption {
  private static final long PATIENCE_SECONDS = 10;

  private final CountDownLatch finished = new CountDownLatch(1);

  private Interruption() {}

  static Interruption guard(Thread thread) {
    Interruption interruption = new Interruption();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> interruption.end(thread), "ringwell-interruption"));
    return interruption;
  }

  private void end(Thread thread) {
    if (finished.getCount() == 0) {
      return;
    }
    thread.interrupt();
    try {
      boolean inTime = finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!inTime) {
        System.err.println("ringwell: gave up waiting; a temporary file may be left behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The command is through: nothing is unfinished.
  void finished() {
    finished.countDown();
  }
}
