package io.ringwell.uring;

/// Operation codes of io_uring (`enum io_uring_op` of `linux/io_uring.h`): those that Ringwell
/// encodes.
public final class Opcode {
  public static final int NOP = 0;
  public static final int READV = 1;
  public static final int WRITEV = 2;
  public static final int FSYNC = 3;
  public static final int READ_FIXED = 4;
  public static final int WRITE_FIXED = 5;
  public static final int SYNC_FILE_RANGE = 8;
  public static final int SENDMSG = 9;
  public static final int TIMEOUT = 11;
  public static final int TIMEOUT_REMOVE = 12;
  public static final int ACCEPT = 13;
  public static final int ASYNC_CANCEL = 14;
  public static final int LINK_TIMEOUT = 15;
  public static final int CONNECT = 16;
  public static final int FALLOCATE = 17;
  public static final int OPENAT = 18;
  public static final int CLOSE = 19;
  public static final int STATX = 21;
  public static final int READ = 22;
  public static final int WRITE = 23;
  public static final int MADVISE = 25;
  public static final int SEND = 26;
  public static final int RECV = 27;
  public static final int SPLICE = 30;
  public static final int SHUTDOWN = 34;
  public static final int RENAMEAT = 35;
  public static final int UNLINKAT = 36;
  public static final int MKDIRAT = 37;
  public static final int SOCKET = 45;
  public static final int SEND_ZC = 47;
  public static final int FTRUNCATE = 55;

  private Opcode() {}
}
