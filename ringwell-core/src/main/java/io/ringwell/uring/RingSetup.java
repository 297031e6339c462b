package io.ringwell.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringwell.sys.Errno;
import io.ringwell.sys.FileCalls;
import io.ringwell.sys.Platform;
import io.ringwell.sys.RingCalls;
import io.ringwell.sys.RingMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// The steps of setting a ring up: what is asked for, what the kernel then grants, and the way back
/// when a step fails.
final class RingSetup {
  private static final int SETUP_SQPOLL = 1 << 1;

  /// `IORING_REGISTER_RING_FDS`; its argument is a `struct io_uring_rsrc_update`, 16 bytes.
  private static final int REGISTER_RING_FDS = 20;

  private static final RingFeature[] NEWEST_FIRST = {
    RingFeature.NO_SQARRAY,
    RingFeature.DEFER_TASKRUN,
    RingFeature.SINGLE_ISSUER,
    RingFeature.TASKRUN_FLAG,
    RingFeature.COOP_TASKRUN,
    RingFeature.SUBMIT_ALL,
    RingFeature.CQSIZE,
  };

  final Arena arena = Arena.ofConfined();
  final Set<RingFeature> features;
  final boolean kernelPolls;
  final int fd;
  final Layout layout;
  final MemorySegment queues;
  final MemorySegment entries;
  final int registeredIndex;

  static Ring open(RingOptions options) throws RingUnavailableException {
    if (!Platform.SYSCALLS) {
      throw new RingUnavailableException(
          "io_uring needs Linux on x86-64 or aarch64, and this is " + Platform.describe(), 0);
    }
    return new Ring(new RingSetup(options));
  }

  private RingSetup(RingOptions options) throws RingUnavailableException {
    kernelPolls = options.pollThread();
    EnumSet<RingFeature> wanted = wanted(options);
    MemorySegment params = arena.allocate(Layout.PARAMS_BYTES, Long.BYTES);
    int result = create(options, wanted, params);
    if (result < 0) {
      arena.close();
      throw RingUnavailableException.of("io_uring_setup", -result);
    }
    fd = result;
    layout = new Layout(params);
    try {
      if ((layout.features() & Layout.FEATURE_NODROP) == 0) {
        throw RingUnavailableException.of("io_uring before Linux 5.5", Errno.ENOSYS);
      }
      if ((layout.features() & Layout.FEATURE_EXT_ARG) == 0) {
        wanted.remove(RingFeature.EXT_ARG);
      }
      if ((layout.features() & Layout.FEATURE_CQE_SKIP) == 0) {
        wanted.remove(RingFeature.DIRECT_FILES);
      }
      queues = mapQueues();
      entries = map((long) layout.submissionEntries() * Submission.BYTES, Layout.ENTRIES_OFFSET);
      if (!wanted.contains(RingFeature.NO_SQARRAY)) {
        fillArray();
      }
      askForSockets(wanted);
      registeredIndex = wanted.contains(RingFeature.REGISTERED_RING) ? registerRing() : -1;
      if (registeredIndex < 0) {
        wanted.remove(RingFeature.REGISTERED_RING);
      }
    } catch (RingUnavailableException e) {
      arena.close();
      FileCalls.close(fd);
      throw e;
    }
    features = Collections.unmodifiableSet(wanted);
  }

  /// Without a dependency on what is left out, and without what a polling kernel thread excludes
  /// (`IORING_SETUP_DEFER_TASKRUN` and `COOP_TASKRUN` are refused with `SQPOLL`).
  private static EnumSet<RingFeature> wanted(RingOptions options) {
    EnumSet<RingFeature> wanted = EnumSet.noneOf(RingFeature.class);
    wanted.addAll(options.features());
    if (options.pollThread()) {
      wanted.remove(RingFeature.DEFER_TASKRUN);
      wanted.remove(RingFeature.COOP_TASKRUN);
      wanted.remove(RingFeature.TASKRUN_FLAG);
    }
    settle(wanted);
    return wanted;
  }

  private static void settle(Set<RingFeature> wanted) {
    if (!wanted.contains(RingFeature.SINGLE_ISSUER)) {
      wanted.remove(RingFeature.DEFER_TASKRUN);
    }
    if (!wanted.contains(RingFeature.COOP_TASKRUN) && !wanted.contains(RingFeature.DEFER_TASKRUN)) {
      wanted.remove(RingFeature.TASKRUN_FLAG);
    }
  }

  private int create(RingOptions options, Set<RingFeature> wanted, MemorySegment params) {
    while (true) {
      int flags = kernelPolls ? SETUP_SQPOLL : 0;
      for (RingFeature feature : wanted) {
        flags |= feature.setupFlag;
      }
      int completions = wanted.contains(RingFeature.CQSIZE) ? options.completionEntries() : 0;
      Layout.request(params, flags, completions, options.pollIdleMillis());
      int result = RingCalls.setup(options.entries(), params);
      if (result != -Errno.EINVAL || !dropNewest(wanted)) {
        return result;
      }
    }
  }

  private static boolean dropNewest(Set<RingFeature> wanted) {
    for (RingFeature feature : NEWEST_FIRST) {
      if (wanted.remove(feature)) {
        settle(wanted);
        return true;
      }
    }
    return false;
  }

  /// Both queues lie in one mapping since Linux 5.4 (`IORING_FEAT_SINGLE_MMAP`), which `NODROP`
  /// implies.
  private MemorySegment mapQueues() throws RingUnavailableException {
    long submissionBytes =
        layout.submissionArray() + (long) layout.submissionEntries() * Integer.BYTES;
    long completionBytes =
        layout.completions() + (long) layout.completionEntries() * Layout.COMPLETION_BYTES;
    return map(Math.max(submissionBytes, completionBytes), Layout.QUEUES_OFFSET);
  }

  private MemorySegment map(long bytes, long offset) throws RingUnavailableException {
    long address = RingMemory.map(fd, bytes, offset);
    if (RingMemory.isError(address)) {
      throw RingUnavailableException.of("mmap of the ring", (int) -address);
    }
    return RingMemory.own(address, bytes, arena);
  }

  /// Slot i of the index array always names entry i, so it is written once.
  private void fillArray() {
    for (int i = 0; i < layout.submissionEntries(); i++) {
      queues.set(JAVA_INT, layout.submissionArray() + (long) i * Integer.BYTES, i);
    }
  }

  private void askForSockets(Set<RingFeature> wanted) throws RingUnavailableException {
    Probe probe = Probe.of(fd);
    if (!probe.supports(Opcode.SEND_ZC)) {
      wanted.remove(RingFeature.SEND_ZC);
    }
    if (!probe.supports(Opcode.SOCKET)) { // came together
      wanted.remove(RingFeature.POLL_FIRST);
    }
  }

  private int registerRing() {
    MemorySegment update = arena.allocate(16, Long.BYTES);
    update.set(JAVA_INT, 0, -1);
    update.set(JAVA_LONG, 8, fd);
    int result = RingCalls.register(fd, REGISTER_RING_FDS, update, 1);
    return result == 1 ? update.get(JAVA_INT, 0) : -1;
  }
}
