package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The process's address space: mmap(2), munmap(2), mprotect(2), madvise(2), mlock(2).
///
/// [#get] is empty where libc has no such calls (Windows) or native access is denied; then
/// [#whyAbsent] says why and callers use memory of `java.lang.foreign` instead. Bound when first
/// asked for. Every call returns what the system call returns, or minus the error number. Addresses
/// are raw: who maps also decides when nobody can touch the memory any more.
public final class NativeMemory {
  public static final int PROT_NONE = 0;
  public static final int PROT_READ = 1;
  public static final int PROT_WRITE = 2;

  public static final int MAP_SHARED = 0x01;
  public static final int MAP_PRIVATE = 0x02;
  public static final int MAP_FIXED = 0x10;

  // asm-generic/mman.h on Linux (x86-64 and aarch64 agree), sys/mman.h on macOS.
  public static final int MAP_ANONYMOUS = Platform.LINUX ? 0x20 : 0x1000;
  public static final int MAP_NORESERVE = Platform.LINUX ? 0x4000 : 0x40;

  /// Linux only, 0 elsewhere: faults all pages in before mmap(2) returns.
  public static final int MAP_POPULATE = Platform.LINUX ? 0x8000 : 0;

  public static final int MADV_NORMAL = 0;
  public static final int MADV_RANDOM = 1;
  public static final int MADV_SEQUENTIAL = 2;
  public static final int MADV_WILLNEED = 3;

  /// On Linux private pages read as zero afterwards; on macOS it is a hint that keeps them.
  public static final int MADV_DONTNEED = 4;

  /// Linux only: a child of fork(2) does not get the range, and its pages are never shared with it.
  public static final int MADV_DONTFORK = 10;

  /// Linux only: the range is left out of core dumps.
  public static final int MADV_DONTDUMP = 16;

  private static final boolean MAC =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");

  // _SC_PAGESIZE in bits/confname.h (Linux) and unistd.h (macOS).
  private static final int SC_PAGESIZE = MAC ? 29 : 30;

  private final MethodHandle mmap;
  private final MethodHandle munmap;
  private final MethodHandle mprotect;
  private final MethodHandle madvise;
  private final MethodHandle mlock;
  private final MethodHandle munlock;
  private final long pageSize;

  private NativeMemory() {
    mmap =
        bind(
            "mmap",
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    munmap = bind("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    mprotect = bind("mprotect", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    madvise = bind("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    mlock = bind("mlock", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    munlock = bind("munlock", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    pageSize = askPageSize();
  }

  private static final class Holder {
    static final @Nullable NativeMemory INSTANCE;
    static final String WHY;

    static {
      NativeMemory found = null;
      String why = "";
      if (!Platform.LINUX && !MAC) {
        why = "no mmap(2) on " + System.getProperty("os.name");
      } else {
        try {
          found = new NativeMemory();
        } catch (UnsupportedOperationException | IllegalCallerException | LinkageError e) {
          why = e.toString();
        }
      }
      INSTANCE = found;
      WHY = why;
    }
  }

  private static MethodHandle bind(String name, FunctionDescriptor descriptor) {
    return Native.withErrno(name, descriptor)
        .orElseThrow(() -> new UnsupportedOperationException("libc has no " + name + "(2)"));
  }

  /// The calls, or empty where there are none; never throws.
  public static Optional<NativeMemory> get() {
    return Optional.ofNullable(Holder.INSTANCE);
  }

  /// Why [#get] is empty; the empty string where it is not.
  public static String whyAbsent() {
    return Holder.WHY;
  }

  /// Bytes of a page, the unit of every range below.
  public long pageSize() {
    return pageSize;
  }

  /// mmap(2). The address, or minus the error number (an address is never negative: user space ends
  /// far below 2^63).
  public long mmap(long address, long bytes, int protection, int flags, int fd, long offset) {
    MemorySegment state = Native.callState();
    try {
      long result = (long) mmap.invokeExact(state, address, bytes, protection, flags, fd, offset);
      return result == -1 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("mmap", t);
    }
  }

  /// munmap(2). 0, or minus the error number.
  public int munmap(long address, long bytes) {
    MemorySegment state = Native.callState();
    try {
      return outcome((int) munmap.invokeExact(state, address, bytes), state);
    } catch (Throwable t) {
      throw Native.broken("munmap", t);
    }
  }

  /// mprotect(2). 0, or minus the error number.
  public int mprotect(long address, long bytes, int protection) {
    MemorySegment state = Native.callState();
    try {
      return outcome((int) mprotect.invokeExact(state, address, bytes, protection), state);
    } catch (Throwable t) {
      throw Native.broken("mprotect", t);
    }
  }

  /// madvise(2). 0, or minus the error number.
  public int madvise(long address, long bytes, int advice) {
    MemorySegment state = Native.callState();
    try {
      return outcome((int) madvise.invokeExact(state, address, bytes, advice), state);
    } catch (Throwable t) {
      throw Native.broken("madvise", t);
    }
  }

  /// mlock(2). 0, or minus the error number: `ENOMEM` or `EPERM` when `RLIMIT_MEMLOCK` refuses.
  public int mlock(long address, long bytes) {
    MemorySegment state = Native.callState();
    try {
      return outcome((int) mlock.invokeExact(state, address, bytes), state);
    } catch (Throwable t) {
      throw Native.broken("mlock", t);
    }
  }

  /// munlock(2). 0, or minus the error number.
  public int munlock(long address, long bytes) {
    MemorySegment state = Native.callState();
    try {
      return outcome((int) munlock.invokeExact(state, address, bytes), state);
    } catch (Throwable t) {
      throw Native.broken("munlock", t);
    }
  }

  private static int outcome(int result, MemorySegment state) {
    return result < 0 ? -Native.errno(state) : result;
  }

  private static long askPageSize() {
    // sysconf cannot fail for this name; 4096 is what every processor without an answer uses.
    return Native.plain("sysconf", FunctionDescriptor.of(JAVA_LONG, JAVA_INT))
        .map(handle -> {
          try {
            return (long) handle.invokeExact(SC_PAGESIZE);
          } catch (Throwable t) {
            throw Native.broken("sysconf", t);
          }
        })
        .filter(bytes -> bytes > 0)
        .orElse(4096L);
  }
}
