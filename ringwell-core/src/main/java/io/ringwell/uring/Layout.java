package io.ringwell.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/// `struct io_uring_params` of `linux/io_uring.h`, 120 bytes: what set-up is asked for and where
/// the kernel then put the queues.
final class Layout {
  static final int PARAMS_BYTES = 120;
  static final int COMPLETION_BYTES = 16;

  /// `IORING_OFF_SQ_RING` and `IORING_OFF_SQES`.
  static final long QUEUES_OFFSET = 0L;

  static final long ENTRIES_OFFSET = 0x10000000L;

  static final int FEATURE_SINGLE_MMAP = 1;
  static final int FEATURE_NODROP = 1 << 1;
  static final int FEATURE_EXT_ARG = 1 << 8;
  static final int FEATURE_CQE_SKIP = 1 << 11;

  static final int SQ_NEED_WAKEUP = 1;
  static final int SQ_CQ_OVERFLOW = 1 << 1;
  static final int SQ_TASKRUN = 1 << 2;

  private final MemorySegment params;

  Layout(MemorySegment params) {
    this.params = params;
  }

  private int field(int offset) {
    return params.get(JAVA_INT, offset);
  }

  int submissionEntries() {
    return field(0);
  }

  int completionEntries() {
    return field(4);
  }

  int features() {
    return field(20);
  }

  int submissionHead() {
    return field(40);
  }

  int submissionTail() {
    return field(44);
  }

  int submissionFlags() {
    return field(56);
  }

  int submissionArray() {
    return field(64);
  }

  int completionHead() {
    return field(80);
  }

  int completionTail() {
    return field(84);
  }

  int completionOverflow() {
    return field(96);
  }

  int completions() {
    return field(100);
  }

  static void request(MemorySegment params, int flags, int completionEntries, int pollIdleMillis) {
    params.fill((byte) 0);
    params.set(JAVA_INT, 4, completionEntries);
    params.set(JAVA_INT, 8, flags);
    params.set(JAVA_INT, 16, pollIdleMillis);
  }
}
