package io.ringwell.testkit;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;

/// Forbids io_uring to this process, as containers do, and becomes the program that its arguments
/// name: seccomp(2) answers EPERM for io_uring_setup(2), io_uring_enter(2) and
/// io_uring_register(2), and the filter outlives execve(2).
final class SeccompLauncher {
  /// What is said where there is no seccomp to use.
  static final int NO_SECCOMP = 77;

  private static final int PR_SET_SECCOMP = 22;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int SECCOMP_MODE_FILTER = 2;

  /// `AUDIT_ARCH_X86_64` and `AUDIT_ARCH_AARCH64`.
  private static final Map<String, Integer> ARCHITECTURES =
      Map.of("amd64", 0xc000003e, "aarch64", 0xc00000b7);

  private static final int IO_URING_SETUP = 425;
  private static final int IO_URING_REGISTER = 427;
  private static final int EPERM = 1;

  /// `struct seccomp_data`: the call's number at 0, the architecture at 4.
  private static final int NUMBER = 0;

  private static final int ARCHITECTURE = 4;

  // Of linux/bpf_common.h and linux/seccomp.h.
  private static final int LOAD_WORD = 0x20;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int JUMP_IF_GREATER = 0x25;
  private static final int JUMP_IF_AT_LEAST = 0x35;
  private static final int RETURN = 0x06;
  private static final int ALLOW = 0x7fff0000;
  private static final int ERRNO = 0x00050000;

  /// `struct sock_filter`: code u16, jump if true u8, jump if false u8, operand u32.
  private static final int INSTRUCTION_BYTES = 8;

  private SeccompLauncher() {}

  @SuppressWarnings("restricted")
  public static void main(String[] command) throws Throwable {
    Integer architecture = ARCHITECTURES.get(System.getProperty("os.arch"));
    if (architecture == null) {
      System.exit(NO_SECCOMP);
      return;
    }
    Linker linker = Linker.nativeLinker();
    MethodHandle prctl =
        linker.downcallHandle(
            linker.defaultLookup().find("prctl").orElseThrow(),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    MethodHandle execv =
        linker.downcallHandle(
            linker.defaultLookup().find("execv").orElseThrow(),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    Arena arena = Arena.global();
    MemorySegment program = program(arena, architecture);
    int denied = (int) prctl.invokeExact(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
    int filtered =
        (int)
            prctl.invokeExact(
                PR_SET_SECCOMP, (long) SECCOMP_MODE_FILTER, program.address(), 0L, 0L);
    if (denied != 0 || filtered != 0) {
      System.out.println("prctl answers " + denied + " and " + filtered);
      System.exit(NO_SECCOMP);
    }
    MemorySegment arguments = arena.allocate(ADDRESS, command.length + 1L);
    for (int i = 0; i < command.length; i++) {
      arguments.setAtIndex(ADDRESS, i, arena.allocateFrom(command[i]));
    }
    arguments.setAtIndex(ADDRESS, command.length, MemorySegment.NULL);
    int failed = (int) execv.invokeExact(arena.allocateFrom(command[0]), arguments);
    System.out.println("execv of " + command[0] + " answers " + failed);
    System.exit(1);
  }

  private static MemorySegment program(Arena arena, int architecture) {
    int[][] instructions = {
      {LOAD_WORD, 0, 0, ARCHITECTURE},
      {JUMP_IF_EQUAL, 0, 4, architecture},
      {LOAD_WORD, 0, 0, NUMBER},
      {JUMP_IF_AT_LEAST, 0, 2, IO_URING_SETUP},
      {JUMP_IF_GREATER, 1, 0, IO_URING_REGISTER},
      {RETURN, 0, 0, ERRNO | EPERM},
      {RETURN, 0, 0, ALLOW},
    };
    MemorySegment code = arena.allocate((long) instructions.length * INSTRUCTION_BYTES, 8);
    for (int i = 0; i < instructions.length; i++) {
      long at = (long) i * INSTRUCTION_BYTES;
      code.set(JAVA_SHORT, at, (short) instructions[i][0]);
      code.set(JAVA_BYTE, at + 2, (byte) instructions[i][1]);
      code.set(JAVA_BYTE, at + 3, (byte) instructions[i][2]);
      code.set(JAVA_INT, at + 4, instructions[i][3]);
    }
    // struct sock_fprog: length u16, address at 8.
    MemorySegment program = arena.allocate(16, 8);
    program.set(JAVA_SHORT, 0, (short) instructions.length);
    program.set(ADDRESS, 8, code);
    return program;
  }
}
