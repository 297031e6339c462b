package io.ringwell.engine;

import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/// What has an operation in its hands between submission and completion: a ring's loop, or the
/// workers. Knows how to run one by a blocking call, and what to do with files.
interface Carrier {
  /// Runs `op` by a blocking call on the calling thread, a worker.
  void run(Operation op);

  /// Makes a handle of a descriptor that `op` opened.
  FileHandle adopt(Operation op, int descriptor);

  /// Makes a handle of a socket that `op` made or accepted: a descriptor, or else a channel.
  FileHandle adoptSocket(Operation op, int descriptor, @Nullable SelectableChannel channel);

  /// The operation has ended: counts it, and hands it back to its caller.
  void finish(Operation op);
}
