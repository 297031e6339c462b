package io.ringwell.window;

/// What a seek of a [ManagedReader] answers. An I/O error is thrown instead.
public enum Readiness {
  /// The window holds the position: touching it neither blocks nor faults.
  READY,
  /// It is being read. Ask again, wait, or do something else meanwhile.
  NOT_READY,
  /// The position is at or behind the end, as it was when it was looked for just now. A file that
  /// grows is seen to have grown by the next seek.
  END
}
