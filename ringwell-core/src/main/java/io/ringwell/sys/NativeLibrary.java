package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Optional;

/// A shared library beside libc, loaded once for the process and never unloaded.
///
/// **Functions** take and return 64-bit integers only, whatever C declares: pointers, sizes, `int`.
/// Where a processor passes arguments in registers (all that have 64 bits do), a narrower argument
/// is the register's lower part, with the sign extended as those want it that look; of a narrower
/// result the caller takes the lower part, of none nothing. So a hundred functions have seven
/// shapes: each shape costs milliseconds to bind, each function of a shape next to nothing.
///
/// Functions are called by the `call` methods, which compile to the bare call where the handle is a
/// constant. Nothing is checked: who passes a wrong address ends the process.
public final class NativeLibrary {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemorySegment ALL = everything();

  private final SymbolLookup symbols;

  private NativeLibrary(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /// The library of that name, as dlopen(3) finds it; empty where there is none, or where native
  /// access is denied.
  @SuppressWarnings("restricted")
  public static Optional<NativeLibrary> open(String name) {
    try {
      return Optional.of(new NativeLibrary(SymbolLookup.libraryLookup(name, Arena.global())));
    } catch (IllegalArgumentException | IllegalCallerException _) {
      return Optional.empty();
    }
  }

  /// @throws UnsatisfiedLinkError if the library has no such function
  @SuppressWarnings("restricted")
  public MethodHandle function(String name, int arguments) {
    MemoryLayout[] all = new MemoryLayout[arguments];
    Arrays.fill(all, JAVA_LONG);
    MemorySegment symbol =
        symbols.find(name).orElseThrow(() -> new UnsatisfiedLinkError("no function " + name));
    return LINKER.downcallHandle(symbol, FunctionDescriptor.of(JAVA_LONG, all));
  }

  /// The address of a function that C may call from now on. It must not throw.
  @SuppressWarnings("restricted")
  public static long callback(MethodHandle target, FunctionDescriptor descriptor) {
    return LINKER.upcallStub(target, descriptor, Arena.global()).address();
  }

  @SuppressWarnings("restricted")
  private static MemorySegment everything() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }

  /// Memory of the library, for as long as that keeps it.
  public static MemorySegment memory(long address, long bytes) {
    return ALL.asSlice(address, bytes);
  }

  /// The text that ends with a zero byte; the empty one for the null pointer.
  public static String text(long address) {
    return address == 0 ? "" : ALL.getString(address);
  }

  /// The same in another charset, of bytes that are zero at the end alone.
  static String text(long address, Charset charset) {
    long end = address;
    while (ALL.get(JAVA_BYTE, end) != 0) {
      end++;
    }
    return new String(ALL.asSlice(address, end - address).toArray(JAVA_BYTE), charset);
  }

  public static long call(MethodHandle function) {
    try {
      return (long) function.invokeExact();
    } catch (Throwable t) {
      throw Native.broken("a function", t);
    }
  }

  public static long call(MethodHandle function, long a) {
    try {
      return (long) function.invokeExact(a);
    } catch (Throwable t) {
      throw Native.broken("a function", t);
    }
  }

  public static long call(MethodHandle function, long a, long b) {
    try {
      return (long) function.invokeExact(a, b);
    } catch (Throwable t) {
      throw Native.broken("a function", t);
    }
  }

  public static long call(MethodHandle function, long a, long b, long c) {
    try {
      return (long) function.invokeExact(a, b, c);
    } catch (Throwable t) {
      throw Native.broken("a function", t);
    }
  }

  public static long call(MethodHandle function, long a, long b, long c, long d) {
    try {
      return (long) function.invokeExact(a, b, c, d);
    } catch (Throwable t) {
      throw Native.broken("a function", t);
    }
  }

  public static long call(MethodHandle function, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) function.invokeExact(a, b, c, d, e, f);
    } catch (Throwable t) {
      throw Native.broken("a function", t);
    }
  }
}
