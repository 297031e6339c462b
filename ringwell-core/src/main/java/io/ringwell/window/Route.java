package io.ringwell.window;

/// How the bytes of a window come into memory.
public enum Route {
  /// preadv2(2) with `RWF_NOWAIT` on the caller's thread, which never waits for a device; what is
  /// not in the page cache goes to the engine.
  PREAD_NOWAIT("a read of the page cache on the caller's thread"),
  /// A read by the engine: its ring, or its threads where it has none.
  RING("a read by the engine"),
  /// A read by the engine past the page cache (O_DIRECT). Not on every file system.
  DIRECT("a direct read past the page cache"),
  /// A read by the engine that leaves nothing in the page cache (`RWF_DONTCACHE`, Linux 6.14). Not
  /// on every file system.
  UNCACHED("a read that leaves the page cache as it was"),
  /// The file itself, mapped and faulted in beforehand. Only where [ReaderOptions#allowMapped()]
  /// permits it: read there what it costs when a file is truncated.
  MAPPED("a map of the file, faulted in beforehand"),
  /// No reading at all: the bytes are in memory.
  MEMORY("bytes that are in memory already"),
  /// Whatever a [WindowSource] does.
  SOURCE("the source's own read");

  private final String words;

  Route(String words) {
    this.words = words;
  }

  /// What it is, in a few words.
  public String words() {
    return words;
  }

  /// Whether a file can be read this way.
  boolean isForFiles() {
    return this != MEMORY && this != SOURCE;
  }
}
