package io.ringwell.file;

/// How [FileCopy] copies. Start from [#defaults()] and change what matters.
///
/// @param route by which way the bytes go
/// @param direct whether they go past the page cache, which only [Route#RING] can
/// @param preserve whether the copy gets permissions, access and modification time of the source
/// @param verify whether the copy is read again and compared before it takes its name. It is read
///   past the page cache where the file system can
/// @param durability what is brought to the device before the copy takes its name; with
///   [Durability#FULL] the name itself, too
public record CopyOptions(
    Route route, boolean direct, boolean preserve, boolean verify, Durability durability) {
  /// By which way the bytes of a file go.
  public enum Route {
    /// The first of the others that the two files can take.
    AUTO,
    /// The copy shares the storage of the source until one of them is changed (ioctl_ficlone(2)).
    REFLINK,
    /// The kernel copies (copy_file_range(2)).
    RANGE,
    /// Reads and writes through the engine, several in flight, from the same memory.
    RING
  }

  public CopyOptions {
    if (direct && route != Route.AUTO && route != Route.RING) {
      throw new IllegalArgumentException(
          "direct I/O goes by the route ring, and " + route + " was asked for");
    }
  }

  /// Any route, through the page cache, without attributes, check or sync.
  public static CopyOptions defaults() {
    return new CopyOptions(Route.AUTO, false, false, false, Durability.NONE);
  }

  public CopyOptions withRoute(Route route) {
    return new CopyOptions(route, direct, preserve, verify, durability);
  }

  public CopyOptions withDirect(boolean direct) {
    return new CopyOptions(route, direct, preserve, verify, durability);
  }

  public CopyOptions withPreserve(boolean preserve) {
    return new CopyOptions(route, direct, preserve, verify, durability);
  }

  public CopyOptions withVerify(boolean verify) {
    return new CopyOptions(route, direct, preserve, verify, durability);
  }

  public CopyOptions withDurability(Durability durability) {
    return new CopyOptions(route, direct, preserve, verify, durability);
  }
}
