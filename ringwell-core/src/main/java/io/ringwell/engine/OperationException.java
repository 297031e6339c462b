package io.ringwell.engine;

import io.ringwell.sys.Errno;
import java.nio.file.FileSystemException;

/// An operation failed. The message names the operation, the file, the place and the error by its
/// errno name; each can also be asked for.
///
/// `read /data/log at 4096 for 512 bytes: EIO (Input/output error)`
public final class OperationException extends FileSystemException {
  private static final long serialVersionUID = 1L;

  private final OpCode operation;
  private final long offset;
  private final long length;
  private final long transferred;
  private final int errno;
  private final String text;

  OperationException(Operation op, int errno) {
    super(op.target(), op.otherPath != null ? op.otherPath.toString() : null, Errno.name(errno));
    this.operation = op.kind.code;
    this.offset = op.kind.hasOffset() ? op.offset : -1;
    this.length = op.kind.hasLength() ? op.length : -1;
    this.transferred = op.transferred;
    this.errno = errno;
    this.text = describe(op.kind.remedy(op, errno));
  }

  private String describe(String remedy) {
    StringBuilder s = new StringBuilder(operation.label());
    if (getFile() != null) {
      s.append(' ').append(getFile());
    }
    if (getOtherFile() != null) {
      s.append(" to ").append(getOtherFile());
    }
    if (offset >= 0) {
      s.append(" at ").append(offset);
    }
    if (length >= 0) {
      s.append(" for ").append(length).append(" bytes");
    }
    if (transferred > 0) {
      s.append(", after ").append(transferred);
    }
    s.append(": ").append(errnoName()).append(" (").append(Errno.describe(errno)).append(')');
    return remedy.isEmpty() ? s.toString() : s.append("; ").append(remedy).toString();
  }

  @Override
  public String getMessage() {
    return text;
  }

  public OpCode operation() {
    return operation;
  }

  /// Where in the file, in bytes; -1 where the operation has no place.
  public long offset() {
    return offset;
  }

  /// How much was asked for, in bytes; -1 where the operation has no length.
  public long length() {
    return length;
  }

  /// How much was done before it failed, in bytes.
  public long transferred() {
    return transferred;
  }

  /// The number as Linux has it, on every platform.
  public int errno() {
    return errno;
  }

  /// The name, such as `ENOSPC`.
  public String errnoName() {
    return Errno.name(errno);
  }
}
