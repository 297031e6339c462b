package io.ringwell.uring;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/// One entry of the submission queue (`struct io_uring_sqe`, 64 bytes): a flyweight that
/// [Ring#next()] moves from entry to entry. It is valid until the next call of that.
public final class Submission {
  static final int BYTES = 64;

  private final MemorySegment entries;
  private long base;

  Submission(MemorySegment entries) {
    this.entries = entries;
  }

  Submission at(int index) {
    base = (long) index * BYTES;
    return this;
  }

  /// Writes the whole entry. The arguments are the fields of `struct io_uring_sqe` by the names
  /// that io_uring_enter(2) uses; what an operation does not use is 0.
  ///
  /// @param opcode one of [Opcode]
  /// @param flags a union of [SqeFlags]
  /// @param ioPriority as ioprio_set(2) encodes it
  /// @param file a descriptor, or an index where `flags` has [SqeFlags#FIXED_FILE]
  /// @param operationFlags `rw_flags`, `fsync_flags`, `open_flags` … of the operation
  /// @param bufferIndex index of the registered memory, for fixed reads and writes
  /// @param fileIndex `splice_fd_in`, or index plus one of a direct descriptor
  public void set(
      int opcode,
      int flags,
      int ioPriority,
      int file,
      long offset,
      long address,
      int length,
      int operationFlags,
      long userData,
      int bufferIndex,
      int fileIndex) {
    MemorySegment e = entries;
    long b = base;
    e.set(
        JAVA_LONG,
        b,
        (opcode & 0xffL) | (flags & 0xffL) << 8 | (ioPriority & 0xffffL) << 16 | (long) file << 32);
    e.set(JAVA_LONG, b + 8, offset);
    e.set(JAVA_LONG, b + 16, address);
    e.set(JAVA_LONG, b + 24, (length & 0xffffffffL) | (long) operationFlags << 32);
    e.set(JAVA_LONG, b + 32, userData);
    e.set(JAVA_LONG, b + 40, (bufferIndex & 0xffffL) | (long) fileIndex << 32);
    e.set(JAVA_LONG, b + 48, 0L);
    e.set(JAVA_LONG, b + 56, 0L);
  }

  /// Joins this entry to the one before or after it: adds to the flags already written.
  public void addFlags(int flags) {
    entries.set(JAVA_LONG, base, entries.get(JAVA_LONG, base) | (flags & 0xffL) << 8);
  }

  /// A read of `length` bytes at `offset` of `file` into memory at `address`.
  public void read(int file, long address, int length, long offset, long userData) {
    set(Opcode.READ, 0, 0, file, offset, address, length, 0, userData, 0, 0);
  }

  /// The same from a registered file into registered memory.
  public void readFixed(
      int fileIndex, int bufferIndex, long address, int length, long offset, long userData) {
    set(
        Opcode.READ_FIXED,
        SqeFlags.FIXED_FILE,
        0,
        fileIndex,
        offset,
        address,
        length,
        0,
        userData,
        bufferIndex,
        0);
  }

  /// A write of `length` bytes from memory at `address` to `offset` of `file`.
  public void write(int file, long address, int length, long offset, long userData) {
    set(Opcode.WRITE, 0, 0, file, offset, address, length, 0, userData, 0, 0);
  }

  /// The same from registered memory to a registered file.
  public void writeFixed(
      int fileIndex, int bufferIndex, long address, int length, long offset, long userData) {
    set(
        Opcode.WRITE_FIXED,
        SqeFlags.FIXED_FILE,
        0,
        fileIndex,
        offset,
        address,
        length,
        0,
        userData,
        bufferIndex,
        0);
  }

  /// Nothing, completed at once.
  public void nop(long userData) {
    set(Opcode.NOP, 0, 0, -1, 0, 0, 0, 0, userData, 0, 0);
  }
}
