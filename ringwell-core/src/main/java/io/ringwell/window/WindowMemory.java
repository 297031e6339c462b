package io.ringwell.window;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.IoBuffer;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A bound on the memory of many readers together, windows read ahead included.
///
/// **Promise.** A reader that could be opened can always have one window: that much is set aside
/// when it is opened, and a reader for which nothing can be set aside is refused, by name. What is
/// not set aside goes to whoever asks first. Windows that readers keep because they may be of use
/// again are taken from them when another reader needs the memory for what it was asked for, never
/// for reading ahead.
///
/// The promise is about this bound. A pool that others empty can still be empty: then a seek that
/// parks waits for it, and other forms fail by name.
///
/// **Detached** windows belong to whoever detached them and count no more; they still occupy the
/// pool.
///
/// **Threads.** Any. A lock is taken when a reader gets or gives back memory, which in steady use
/// it does not: it uses its own again.
public final class WindowMemory {
  /// How long the opening of a reader waits for others to move on.
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final BufferPool pool;
  private final long maxBytes;
  private final List<Account> accounts = new ArrayList<>();
  private int nextVictim;
  private long charged;
  private long promised;
  private long reclaimed;

  /// Who waits to set memory aside: until they have it, nobody gets more than was set aside for
  /// him.
  private final AtomicInteger opening = new AtomicInteger();

  /// Who waits for it in the middle of a seek.
  private final AtomicInteger seeking = new AtomicInteger();

  private WindowMemory(BufferPool pool, long maxBytes) {
    this.pool = pool;
    this.maxBytes = maxBytes;
  }

  /// At most `maxBytes` bytes of `pool`.
  ///
  /// @throws IllegalArgumentException where the pool is smaller than that
  public static WindowMemory of(BufferPool pool, long maxBytes) {
    if (maxBytes < 1 || maxBytes > pool.maxBytes()) {
      throw new IllegalArgumentException(
          "maxBytes must be from 1 to the pool's " + pool.maxBytes() + ", not " + maxBytes);
    }
    return new WindowMemory(pool, maxBytes);
  }

  /// Half of `pool`: the rest is left for detached windows and other I/O.
  public static WindowMemory of(BufferPool pool) {
    return of(pool, Math.max(1, pool.maxBytes() / 2));
  }

  /// The bound, in bytes.
  public long maxBytes() {
    return maxBytes;
  }

  /// The largest window that it can hold: the pool gives whole blocks.
  long largestWindow() {
    return Long.highestOneBit(maxBytes);
  }

  /// What is held or set aside now, in bytes.
  public synchronized long usedBytes() {
    return charged;
  }

  BufferPool pool() {
    return pool;
  }

  /// What was taken from readers for others so far, in bytes.
  public synchronized long reclaimedBytes() {
    return reclaimed;
  }

  /// What one reader has and is promised.
  static final class Account {
    final long reserved;
    final long maxBytes;
    final WindowSlots slots;
    long used;

    /// Where it stands in the list; -1 once it is closed.
    int index;

    Account(long reserved, long maxBytes, WindowSlots slots) {
      this.reserved = reserved;
      this.maxBytes = maxBytes;
      this.slots = slots;
    }

    private long charge() {
      return Math.max(reserved, used);
    }
  }

  /// A block of the pool is a power of two, whatever was asked for.
  static long blockBytes(long bytes) {
    long highest = Long.highestOneBit(bytes);
    return highest == bytes ? bytes : highest << 1;
  }

  /// Sets aside `reserved` bytes for a reader; parks for a while where others still use what is not
  /// theirs to keep. Null where there is no room for it.
  synchronized @Nullable Account open(long reserved, long readersMax, WindowSlots slots)
      throws InterruptedIOException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    opening.incrementAndGet();
    try {
      while (!makeRoom(reserved, null)) {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (promised + reserved > maxBytes || millis <= 0) {
          return null;
        }
        wait(millis);
      }
    } catch (InterruptedException e) {
      InterruptedIOException told =
          new InterruptedIOException("interrupted while waiting for memory for a reader");
      told.initCause(e);
      throw told;
    } finally {
      opening.decrementAndGet();
      if (seeking.get() > 0) {
        notifyAll();
      }
    }
    Account account = new Account(reserved, readersMax, slots);
    charged += reserved;
    promised += reserved;
    account.index = accounts.size();
    accounts.add(account);
    return account;
  }

  /// Parks until the bound has room for a window of `bytes`, after taking what others only keep.
  ///
  /// @return false where `deadline` ([System#nanoTime]) has come first
  synchronized boolean awaitRoom(Account account, long bytes, long deadline)
      throws InterruptedIOException {
    seeking.incrementAndGet();
    try {
      while (opening.get() > 0 || !makeRoom(growth(account, blockBytes(bytes)), account)) {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (millis <= 0) {
          return false;
        }
        wait(millis);
      }
      return true;
    } catch (InterruptedException e) {
      InterruptedIOException told =
          new InterruptedIOException("interrupted while waiting for memory for a window");
      told.initCause(e);
      throw told;
    } finally {
      seeking.decrementAndGet();
    }
  }

  /// Whether somebody waits for what readers merely keep.
  boolean isPressed() {
    return opening.get() > 0 || seeking.get() > 0;
  }

  /// Ends an account whose memory has been given back.
  @SuppressWarnings("ReferenceEquality") // Accounts have identity.
  synchronized void close(Account account) {
    if (account.index >= 0) {
      charged -= account.charge();
      promised -= account.reserved;
      notifyAll();
      Account last = accounts.removeLast();
      if (last != account) {
        accounts.set(account.index, last);
        last.index = account.index;
      }
      account.index = -1;
    }
  }

  /// A buffer, or null where the bound or the pool has none now.
  ///
  /// @param demanded whether somebody waits for what will be read, so that others' kept windows may
  ///   be taken for it
  @Nullable IoBuffer acquire(Account account, long bytes, boolean demanded) {
    long block = blockBytes(bytes);
    if (!take(account, block, demanded)) {
      return null;
    }
    IoBuffer buffer = null;
    try {
      buffer = pool.tryAcquire(bytes);
      if (buffer == null && demanded && reclaimForPool(account, bytes)) {
        buffer = pool.tryAcquire(bytes);
      }
      return buffer;
    } finally {
      if (buffer == null) {
        release(account, block);
      }
    }
  }

  private synchronized boolean take(Account account, long block, boolean demanded) {
    // One window there must be, whatever its block takes.
    if (account.used > 0 && account.used + block > account.maxBytes) {
      return false;
    }
    long before = account.charge();
    long growth = growth(account, block);
    if (growth > 0 && opening.get() > 0) {
      return false;
    }
    if (charged + growth > maxBytes && !(demanded && makeRoom(growth, account))) {
      return false;
    }
    account.used += block;
    charged += account.charge() - before;
    return true;
  }

  /// What a further block adds to what the account is charged with.
  private static long growth(Account account, long block) {
    return Math.max(account.reserved, account.used + block) - account.charge();
  }

  /// The account's buffer went back to the pool, or into other hands.
  synchronized void release(Account account, long block) {
    long before = account.charge();
    account.used -= block;
    if (account.index >= 0) {
      charged += account.charge() - before;
    }
    if (isPressed()) {
      notifyAll();
    }
  }

  /// Whether `bytes` more fit, after taking what others only keep.
  private boolean makeRoom(long bytes, @Nullable Account asking) {
    for (int i = 0; i < accounts.size() && charged + bytes > maxBytes; i++) {
      Account victim = next();
      if (victim != asking && victim.used > victim.reserved) {
        takeFrom(victim);
      }
    }
    return charged + bytes <= maxBytes;
  }

  /// Takes kept windows until the pool has got `bytes` back, or there are no more.
  private synchronized boolean reclaimForPool(Account asking, long bytes) {
    long freed = 0;
    for (int i = 0; i < accounts.size() && freed < bytes; i++) {
      Account victim = next();
      if (victim != asking) {
        freed += takeFrom(victim);
      }
    }
    return freed > 0;
  }

  /// Reader after reader, from where the last time ended.
  private Account next() {
    nextVictim = nextVictim + 1 < accounts.size() ? nextVictim + 1 : 0;
    return accounts.get(nextVictim);
  }

  private long takeFrom(Account victim) {
    long before = victim.charge();
    long taken = victim.slots.surrender();
    victim.used -= taken;
    charged += victim.charge() - before;
    reclaimed += taken;
    return taken;
  }

  @Override
  public synchronized String toString() {
    return "WindowMemory["
        + charged
        + " of "
        + maxBytes
        + " bytes, "
        + accounts.size()
        + " readers]";
  }
}
