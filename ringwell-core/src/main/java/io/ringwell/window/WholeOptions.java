package io.ringwell.window;

import java.util.Objects;

/// How [WholeFiles] reads. Immutable; start from [#defaults()].
///
/// @param inFlight files that are worked on at once, those that wait for their turn included
/// @param order in which contents are handed out
/// @param maxFileBytes the largest file, in bytes; a larger one fails, since a [ManagedReader] is
///   for such
public record WholeOptions(int inFlight, Order order, long maxFileBytes) {
  /// Twice what one enter submits by default: one batch is prepared while another is in the kernel.
  private static final int DEFAULT_IN_FLIGHT = 128;

  private static final long DEFAULT_MAX_FILE_BYTES = 64 << 20;
  private static final int MOST_IN_FLIGHT = 4096;

  /// In which order contents are handed out.
  public enum Order {
    /// As they come: no file waits for another.
    COMPLETION,
    /// As the paths were given: what is complete waits for those before it.
    INPUT
  }

  /// @throws IllegalArgumentException where a value is out of its range
  public WholeOptions {
    Objects.requireNonNull(order, "order");
    if (inFlight < 1 || inFlight > MOST_IN_FLIGHT) {
      throw new IllegalArgumentException(
          "inFlight must be from 1 to " + MOST_IN_FLIGHT + ", not " + inFlight);
    }
    if (maxFileBytes < 1) {
      throw new IllegalArgumentException("maxFileBytes must be positive, not " + maxFileBytes);
    }
  }

  /// 128 files at once, in the order of completion, 64 MiB each at the most.
  public static WholeOptions defaults() {
    return new WholeOptions(DEFAULT_IN_FLIGHT, Order.COMPLETION, DEFAULT_MAX_FILE_BYTES);
  }

  public WholeOptions withInFlight(int files) {
    return new WholeOptions(files, order, maxFileBytes);
  }

  public WholeOptions withOrder(Order newOrder) {
    return new WholeOptions(inFlight, newOrder, maxFileBytes);
  }

  public WholeOptions withMaxFileBytes(long bytes) {
    return new WholeOptions(inFlight, order, bytes);
  }
}
