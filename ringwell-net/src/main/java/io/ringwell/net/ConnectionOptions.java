package io.ringwell.net;

import io.ringwell.memory.BufferPool;
import io.ringwell.pipe.PipeOptions;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How connections are made. Immutable; each `with` method returns a changed copy. A time of zero
/// is no limit.
///
/// @param pool where the pipes have their memory from; null for the engine's own. It stays the
///   caller's
/// @param input the pipe of what comes: its thresholds are how much the peer may be ahead
/// @param output the pipe of what goes
/// @param connectTime how long a connect may take, over all addresses of a host
/// @param receiveTime how long nothing may come while something could
/// @param sendTime how long the peer may take none of what is to be sent
/// @param closeTime how long [Connection#close] waits for the peer to take what was flushed
/// @param noDelay whether small pieces go out at once (TCP_NODELAY)
/// @param zeroCopyBytes pieces of that size and more are sent from where they lie, without a copy
///   inside the kernel, and their memory is free when the peer has them, for which it has
///   `sendTime`; 0 for none
public record ConnectionOptions(
    @Nullable BufferPool pool,
    PipeOptions input,
    PipeOptions output,
    Duration connectTime,
    Duration receiveTime,
    Duration sendTime,
    Duration closeTime,
    boolean noDelay,
    long zeroCopyBytes) {
  /// Connections are many, and what each may hold is to be little.
  static final PipeOptions PIPES =
      PipeOptions.defaults().withThresholds(64 << 10, 32 << 10).withKeepBytes(128 << 10);

  private static final ConnectionOptions DEFAULTS =
      new ConnectionOptions(
          null,
          PIPES,
          PIPES,
          Duration.ofSeconds(30),
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofSeconds(10),
          true,
          0);

  public ConnectionOptions {
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(output, "output");
    requireTime("connectTime", connectTime);
    requireTime("receiveTime", receiveTime);
    requireTime("sendTime", sendTime);
    requireTime("closeTime", closeTime);
    if (zeroCopyBytes < 0) {
      throw new IllegalArgumentException("zeroCopyBytes is negative: " + zeroCopyBytes);
    }
  }

  private static void requireTime(String name, Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException(name + " is negative: " + time);
    }
  }

  /// Memory of the engine's pool; pipes that pause at 64 KiB, resume below 32 KiB, and keep 128
  /// KiB; 30 seconds to connect, 10 to close, no other limit, and no delay.
  public static ConnectionOptions defaults() {
    return DEFAULTS;
  }

  public ConnectionOptions withPool(BufferPool pool) {
    return new ConnectionOptions(
        pool, input, output, connectTime, receiveTime, sendTime, closeTime, noDelay, zeroCopyBytes);
  }

  public ConnectionOptions withPipes(PipeOptions input, PipeOptions output) {
    return new ConnectionOptions(
        pool, input, output, connectTime, receiveTime, sendTime, closeTime, noDelay, zeroCopyBytes);
  }

  public ConnectionOptions withConnectTime(Duration time) {
    return new ConnectionOptions(
        pool, input, output, time, receiveTime, sendTime, closeTime, noDelay, zeroCopyBytes);
  }

  public ConnectionOptions withReceiveTime(Duration time) {
    return new ConnectionOptions(
        pool, input, output, connectTime, time, sendTime, closeTime, noDelay, zeroCopyBytes);
  }

  public ConnectionOptions withSendTime(Duration time) {
    return new ConnectionOptions(
        pool, input, output, connectTime, receiveTime, time, closeTime, noDelay, zeroCopyBytes);
  }

  public ConnectionOptions withCloseTime(Duration time) {
    return new ConnectionOptions(
        pool, input, output, connectTime, receiveTime, sendTime, time, noDelay, zeroCopyBytes);
  }

  public ConnectionOptions withNoDelay(boolean on) {
    return new ConnectionOptions(
        pool, input, output, connectTime, receiveTime, sendTime, closeTime, on, zeroCopyBytes);
  }

  public ConnectionOptions withZeroCopyBytes(long bytes) {
    return new ConnectionOptions(
        pool, input, output, connectTime, receiveTime, sendTime, closeTime, noDelay, bytes);
  }

  /// When a limit of `time` from now is over, as [System#nanoTime] has it.
  static long deadline(Duration time) {
    return time.isZero() ? Long.MAX_VALUE : System.nanoTime() + time.toNanos();
  }
}
