package io.ringwell.file;

import io.ringwell.engine.OpenFlag;

/// How a file is opened. Start from [#read()], [#write()] or [#readWrite()].
///
/// @param flags bits of [OpenFlag]
/// @param mode permissions of a file that is created, before the umask
/// @param handOff whether a read may be answered on the caller's thread
public record OpenOptions(int flags, int mode, HandOff handOff) {
  private static final int DEFAULT_MODE = 0666;

  /// Where reads are carried out.
  public enum HandOff {
    /// What lies in the page cache is read on the caller's thread, which never waits for a device;
    /// everything else goes to the engine.
    AUTO,
    /// Every read goes to the engine.
    ALWAYS
  }

  /// For reading.
  public static OpenOptions read() {
    return new OpenOptions(OpenFlag.READ, DEFAULT_MODE, HandOff.AUTO);
  }

  /// For writing to a file that is there.
  public static OpenOptions write() {
    return new OpenOptions(OpenFlag.WRITE, DEFAULT_MODE, HandOff.AUTO);
  }

  /// For reading and writing a file that is there.
  public static OpenOptions readWrite() {
    return new OpenOptions(OpenFlag.READ | OpenFlag.WRITE, DEFAULT_MODE, HandOff.AUTO);
  }

  /// Creates the file where it is missing.
  public OpenOptions create() {
    return with(OpenFlag.CREATE);
  }

  /// Creates the file, and fails with EEXIST where it is there.
  public OpenOptions createNew() {
    return with(OpenFlag.CREATE | OpenFlag.EXCLUSIVE);
  }

  /// Cuts an existing file to no bytes.
  public OpenOptions truncate() {
    return with(OpenFlag.TRUNCATE);
  }

  /// Every write goes to the end of the file.
  public OpenOptions append() {
    return with(OpenFlag.APPEND);
  }

  /// Past the page cache.
  public OpenOptions direct() {
    return with(OpenFlag.DIRECT);
  }

  /// Every write is complete when its data are on the device.
  public OpenOptions dataSync() {
    return with(OpenFlag.DSYNC);
  }

  /// Every write is complete when data and metadata are on the device.
  public OpenOptions fullSync() {
    return with(OpenFlag.SYNC);
  }

  /// Fails with ELOOP where the path ends in a symbolic link.
  public OpenOptions noFollow() {
    return with(OpenFlag.NO_FOLLOW);
  }

  /// The permissions of a file that is created, such as 0600, before the umask.
  public OpenOptions withMode(int mode) {
    return new OpenOptions(flags, mode, handOff);
  }

  public OpenOptions withHandOff(HandOff handOff) {
    return new OpenOptions(flags, mode, handOff);
  }

  private OpenOptions with(int flag) {
    return new OpenOptions(flags | flag, mode, handOff);
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
