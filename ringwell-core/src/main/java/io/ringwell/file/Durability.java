package io.ringwell.file;

/// What a sync brings to the device.
public enum Durability {
  /// Nothing: the kernel writes when it sees fit.
  NONE,
  /// The data, and what reading them needs (fdatasync(2)).
  DATA,
  /// Data and all metadata (fsync(2)).
  FULL
}
