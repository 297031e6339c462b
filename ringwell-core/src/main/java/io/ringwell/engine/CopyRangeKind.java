package io.ringwell.engine;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringwell.sys.Errno;
import io.ringwell.sys.TransferCalls;

/// Copies inside the kernel (copy_file_range(2)), one attempt: the result is the bytes copied, 0 at
/// the end of the first file.
final class CopyRangeKind extends WorkerKind {
  static final CopyRangeKind INSTANCE = new CopyRangeKind();

  private CopyRangeKind() {
    super(OpCode.COPY_RANGE);
  }

  @Override
  int call(Operation op) {
    Scratch offsets = op.scratch(2L * Long.BYTES);
    offsets.memory().set(JAVA_LONG, 0, op.offset);
    offsets.memory().set(JAVA_LONG, 8, op.otherOffset);
    return (int)
        TransferCalls.copyFileRange(
            op.handle().descriptor,
            offsets.address(),
            op.otherHandle().descriptor,
            offsets.address() + Long.BYTES,
            Math.min(op.length, MAX_DIRECT_BYTES),
            0);
  }

  @Override
  void succeeded(Operation op, int result) {
    op.transferred = result;
  }

  @Override
  boolean hasOffset() {
    return true;
  }

  @Override
  boolean hasLength() {
    return true;
  }

  @Override
  String remedy(Operation op, int errno) {
    return errno == Errno.EXDEV || errno == Errno.EOPNOTSUPP || errno == Errno.EINVAL
        ? "the kernel cannot copy between these files: read and write instead"
        : "";
  }
}
