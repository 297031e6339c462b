package io.ringwell.pipe;

/// What a flush came to. What was committed is with the reader in every case but [#COMPLETED].
public enum FlushResult {
  /// The writer may go on.
  OPEN,

  /// The reader has so much to look at that the writer is to wait. Only from
  /// [PipeWriter#tryFlush()], which does not.
  PENDING,

  /// [PipeWriter#cancelPending()] was called: the wait is over, once.
  CANCELLED,

  /// The reader is complete. Whatever is written is let go unread.
  COMPLETED
}
