package io.ringwell.engine;

import java.util.Locale;

/// The operations that engines know. [Engine#supports] tells which of them one can carry out.
public enum OpCode {
  NOP,
  OPEN,
  CLOSE,
  READ,
  WRITE,
  READV,
  WRITEV,
  FSYNC,
  FDATASYNC,
  SYNC_FILE_RANGE,
  ALLOCATE,
  PUNCH_HOLE,
  STATX,
  TRUNCATE,
  RENAME,
  UNLINK,
  MKDIR,
  MADVISE,
  SPLICE,
  TIMEOUT,
  LOCK,
  CLONE,
  COPY_RANGE,
  SEEK,
  SET_ATTRIBUTES,
  READ_FILE,
  LISTEN,
  ACCEPT,
  CONNECT,
  RECEIVE,
  SEND,
  SHUTDOWN;

  /// The name that messages use, such as `punch hole`.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
