package io.ringwell.bench;

import java.util.concurrent.locks.LockSupport;

/// What the readers' threads are compared with: they park for ten milliseconds where others read,
/// which is little work and keeps every carrier in use.
final class NoReads implements Peer {
  private static final long NANOS = 10_000_000;

  @Override
  public Reader reader(long seed) {
    return new Loop();
  }

  @Override
  public void close() {}

  private static final class Loop implements Reader {
    @Override
    public void read(int count) {
      for (int i = 0; i < count; i++) {
        LockSupport.parkNanos(NANOS);
      }
    }

    @Override
    public void close() {}
  }
}
