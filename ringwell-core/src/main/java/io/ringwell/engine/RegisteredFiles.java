package io.ringwell.engine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringwell.sys.Errno;
import io.ringwell.uring.Ring;
import io.ringwell.uring.RingFeature;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The table of registered files of one ring: operations on them skip the look-up of the
/// descriptor. A file that finds no place works without. The ring's thread's alone.
final class RegisteredFiles {
  private static final int REGISTER_FILES = 2;
  private static final int REGISTER_FILES_UPDATE = 6;

  /// For files with a descriptor.
  private static final int PLACES = 512;

  /// For files that are opened into a place, and have no descriptor ([FileChains]). All together
  /// are below the 1024 that an unprivileged process may open by default, which bounds the table.
  private static final int DIRECT_PLACES = 256;

  /// `struct io_uring_files_update`: offset u32, padding u32, address of the descriptors u64.
  private static final int UPDATE_BYTES = 16;

  private final Ring ring;
  private final String degraded;
  private final int[] free = new int[PLACES];
  private int freeCount;
  private final int[] freeDirect = new int[DIRECT_PLACES];
  private int freeDirectCount;
  private final MemorySegment update = Arena.ofAuto().allocate(UPDATE_BYTES, Long.BYTES);
  private final MemorySegment descriptor = Arena.ofAuto().allocate(JAVA_INT);

  RegisteredFiles(Ring ring) {
    this.ring = ring;
    if (!ring.has(RingFeature.FIXED_FILES)) {
      degraded = "fixed_files: switched off";
      return;
    }
    int result;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment none = arena.allocate(JAVA_INT, PLACES + DIRECT_PLACES);
      none.fill((byte) -1);
      result = ring.register(REGISTER_FILES, none, PLACES + DIRECT_PLACES);
    }
    if (result < 0) {
      degraded = "fixed_files: " + Errno.name(-result);
      return;
    }
    degraded = "";
    for (int i = 0; i < PLACES; i++) {
      free[freeCount++] = PLACES - 1 - i;
    }
    for (int i = 0; i < DIRECT_PLACES; i++) {
      freeDirect[freeDirectCount++] = PLACES + DIRECT_PLACES - 1 - i;
    }
  }

  /// Why there is no table; empty where there is one.
  String degraded() {
    return degraded;
  }

  /// Whether there is a place to open a file into.
  boolean hasPlace() {
    return freeDirectCount > 0;
  }

  int takePlace() {
    return freeDirect[--freeDirectCount];
  }

  /// Nothing is in that place any more.
  void givePlace(int place) {
    freeDirect[freeDirectCount++] = place;
  }

  void add(FileHandle file) {
    if (freeCount > 0) {
      int index = free[freeCount - 1];
      if (set(index, file.descriptor)) {
        freeCount--;
        file.fixedIndex = index;
      }
    }
  }

  void remove(FileHandle file) {
    if (file.fixedIndex >= 0 && set(file.fixedIndex, -1)) {
      free[freeCount++] = file.fixedIndex;
    }
    file.fixedIndex = -1;
  }

  private boolean set(int index, int fd) {
    descriptor.set(JAVA_INT, 0, fd);
    update.set(JAVA_INT, 0, index);
    update.set(JAVA_INT, 4, 0);
    update.set(JAVA_LONG, 8, descriptor.address());
    return ring.register(REGISTER_FILES_UPDATE, update, 1) == 1;
  }
}
