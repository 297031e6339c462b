package io.ringwell.uring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ringwell.sys.RingCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/// Which operations the kernel's io_uring has, as it tells itself (`IORING_REGISTER_PROBE`).
public final class Probe {
  private static final int REGISTER_PROBE = 8;
  private static final int MAX_OPERATIONS = 256;
  private static final int HEADER_BYTES = 16;
  private static final int ENTRY_BYTES = 8;
  private static final int SUPPORTED = 1;

  private final BitSet supported;

  private Probe(BitSet supported) {
    this.supported = supported;
  }

  static Probe of(int ring) throws RingUnavailableException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(HEADER_BYTES + MAX_OPERATIONS * ENTRY_BYTES, 8);
      int result = RingCalls.register(ring, REGISTER_PROBE, answer, MAX_OPERATIONS);
      if (result < 0) {
        throw RingUnavailableException.of("io_uring_register(PROBE)", -result);
      }
      BitSet supported = new BitSet(MAX_OPERATIONS);
      int count = Byte.toUnsignedInt(answer.get(JAVA_BYTE, 1));
      for (int i = 0; i < count; i++) {
        long at = HEADER_BYTES + (long) i * ENTRY_BYTES;
        if ((answer.get(JAVA_SHORT, at + 2) & SUPPORTED) != 0) {
          supported.set(Byte.toUnsignedInt(answer.get(JAVA_BYTE, at)));
        }
      }
      return new Probe(supported);
    }
  }

  /// Whether the kernel has this operation, one of [Opcode].
  public boolean supports(int opcode) {
    return supported.get(opcode);
  }

  /// How many operations the kernel has.
  public int count() {
    return supported.cardinality();
  }
}
