package io.ringwell.cli;

import io.ringwell.uring.Opcode;
import io.ringwell.uring.Probe;
import io.ringwell.uring.Ring;
import io.ringwell.uring.RingOptions;
import io.ringwell.uring.RingUnavailableException;
import java.util.ArrayList;
import java.util.List;

/// The operations of io_uring that Ringwell uses, as the kernel has them or not.
///
/// @param count how many operations the kernel's ring has in all
/// @param refusal why the kernel could not be asked; empty where it was
record RingOperations(List<String> has, List<String> lacks, int count, String refusal) {
  private record Named(String name, int opcode) {}

  private static final Named[] USED = {
    new Named("nop", Opcode.NOP),
    new Named("readv", Opcode.READV),
    new Named("writev", Opcode.WRITEV),
    new Named("fsync", Opcode.FSYNC),
    new Named("read_fixed", Opcode.READ_FIXED),
    new Named("write_fixed", Opcode.WRITE_FIXED),
    new Named("sync_file_range", Opcode.SYNC_FILE_RANGE),
    new Named("timeout", Opcode.TIMEOUT),
    new Named("async_cancel", Opcode.ASYNC_CANCEL),
    new Named("link_timeout", Opcode.LINK_TIMEOUT),
    new Named("fallocate", Opcode.FALLOCATE),
    new Named("openat", Opcode.OPENAT),
    new Named("close", Opcode.CLOSE),
    new Named("statx", Opcode.STATX),
    new Named("read", Opcode.READ),
    new Named("write", Opcode.WRITE),
    new Named("madvise", Opcode.MADVISE),
    new Named("splice", Opcode.SPLICE),
    new Named("renameat", Opcode.RENAMEAT),
    new Named("unlinkat", Opcode.UNLINKAT),
    new Named("mkdirat", Opcode.MKDIRAT),
    new Named("ftruncate", Opcode.FTRUNCATE),
  };

  private static final int PROBE_ENTRIES = 8;

  /// Opens a ring for a moment and asks.
  static RingOperations probe() {
    List<String> has = new ArrayList<>();
    List<String> lacks = new ArrayList<>();
    try (Ring ring = Ring.open(RingOptions.of(PROBE_ENTRIES))) {
      Probe probe = ring.probe();
      for (Named one : USED) {
        (probe.supports(one.opcode) ? has : lacks).add(one.name);
      }
      return new RingOperations(has, lacks, probe.count(), "");
    } catch (RingUnavailableException e) {
      return new RingOperations(has, lacks, 0, Failure.describe(e));
    }
  }
}
