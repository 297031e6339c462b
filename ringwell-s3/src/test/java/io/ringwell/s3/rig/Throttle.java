package io.ringwell.s3.rig;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Lets so many bytes through in a second, all connections together.
final class Throttle {
  private long bytesPerSecond;
  private long free;

  /// 0 for as many as come.
  synchronized void limit(long newBytesPerSecond) {
    bytesPerSecond = newBytesPerSecond;
    free = System.nanoTime();
  }

  /// Parks until it is these bytes' turn.
  void pass(int bytes) {
    long turn = turn(bytes);
    for (long left = turn - System.nanoTime(); left > 0; left = turn - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
    }
  }

  private synchronized long turn(int bytes) {
    long now = System.nanoTime();
    if (bytesPerSecond == 0) {
      return now;
    }
    free = Math.max(free, now) + TimeUnit.SECONDS.toNanos(bytes) / bytesPerSecond;
    return free;
  }
}
