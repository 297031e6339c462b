package io.ringwell.uring;

/// Flags of one submission (`IOSQE_*` of `linux/io_uring.h`).
public final class SqeFlags {
  /// The descriptor is an index into the registered files.
  public static final int FIXED_FILE = 1;

  /// Starts only when all before it are complete.
  public static final int DRAIN = 1 << 1;

  /// The next submission starts when this one has succeeded in full.
  public static final int LINK = 1 << 2;

  /// As [#LINK], however this one ends.
  public static final int HARDLINK = 1 << 3;

  /// Goes to a kernel worker without trying inline.
  public static final int ASYNC = 1 << 4;

  /// No completion is posted on success.
  public static final int CQE_SKIP_SUCCESS = 1 << 6;

  private SqeFlags() {}
}
