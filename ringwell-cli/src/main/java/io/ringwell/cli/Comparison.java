package io.ringwell.cli;

import io.ringwell.window.ManagedReader;
import io.ringwell.window.Readiness;
import io.ringwell.window.Window;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Compares what two readers read, byte by byte.
final class Comparison {
  private Comparison() {}

  /// @throws IOException naming the first place where they differ
  static void requireSame(ManagedReader one, ManagedReader other) throws IOException {
    long at = 0;
    while (true) {
      Readiness first = one.await(at);
      Readiness second = other.await(at);
      if (first != second) {
        throw differ(one, other, at, "one of them ends there");
      }
      if (first == Readiness.END) {
        return;
      }
      long end = Math.min(one.window().end(), other.window().end());
      MemorySegment left = part(one.window(), at, end);
      MemorySegment right = part(other.window(), at, end);
      long mismatch = left.mismatch(right);
      if (mismatch >= 0) {
        throw differ(one, other, at + mismatch, "the copy is not the same");
      }
      at = end;
    }
  }

  private static MemorySegment part(Window window, long from, long end) {
    return window.segment().asSlice(from - window.position(), end - from);
  }

  private static IOException differ(ManagedReader one, ManagedReader other, long at, String how) {
    return new IOException(
        one.name() + " and " + other.name() + " differ at offset " + at + ": " + how);
  }
}
