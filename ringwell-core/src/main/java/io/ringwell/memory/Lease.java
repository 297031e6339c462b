package io.ringwell.memory;

import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/// Leak tracking: what one handle owes, remembered outside the handle.
///
/// While the handle is open the lease is registered with a cleaner. If the handle becomes
/// unreachable first, the cleaner's thread reports it and releases in its place; memory that is
/// lent stays lent.
final class Lease implements Runnable {
  private static final class Holder {
    static final Cleaner CLEANER = Cleaner.create();
  }

  private final String kind;
  private final long size;
  private final Block block;
  private final int generation;
  private final Throwable site;
  private volatile boolean settled;
  private Cleaner.@Nullable Cleanable registration;

  private Lease(String kind, long size, Block block, int generation) {
    this.kind = kind;
    this.size = size;
    this.block = block;
    this.generation = generation;
    Throwable acquired = block.site;
    this.site = new AllocationSite(kind, size, acquired);
    if (acquired == null) {
      block.site = site;
    }
  }

  /// Begins to watch `handle`, which owes one reference of `block`.
  static Lease of(Object handle, String kind, long size, Block block, int generation) {
    Lease lease = new Lease(kind, size, block, generation);
    lease.registration = Holder.CLEANER.register(handle, lease);
    return lease;
  }

  /// The handle was closed by its owner.
  void settle() {
    settled = true;
    Cleaner.Cleanable known = registration;
    if (known != null) {
      known.clean();
    }
  }

  /// Called by the cleaner: from [#settle], or because the handle is gone.
  @Override
  public void run() {
    if (!settled) {
      settled = true;
      // Memory first: who waits for the report may then count on finding the memory back.
      block.release(generation);
      LeakReports.add(new LeakReport(kind, size, site));
    }
  }

  /// Carries a stack trace: that of the handle, caused by that of its memory's first handle.
  private static final class AllocationSite extends Throwable {
    private static final long serialVersionUID = 1;

    AllocationSite(String kind, long size, @Nullable Throwable acquired) {
      super(kind + " of " + size + " bytes was made here", acquired);
    }
  }
}
