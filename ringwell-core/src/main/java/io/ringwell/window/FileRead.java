package io.ringwell.window;

import org.jspecify.annotations.Nullable;

/// Where a slot's bytes came from, as [FileReads] knows it: from the start of the read for as long
/// as the slot has the bytes. Used again and again by its slot, so that reading allocates nothing.
final class FileRead {
  final FileReads reads;
  final FileRange range;

  /// Whether a claim began there since the read began: what was read may not be what the file has.
  volatile boolean outdated;

  // With the lock of the FileReads held.
  boolean linked;
  @Nullable FileRead before;
  @Nullable FileRead after;

  FileRead(FileReads reads) {
    this.reads = reads;
    this.range = new FileRange("read for a window", reads);
  }

  /// As [FileReads#leave].
  void leave() {
    reads.leave(this);
  }
}
