package io.ringwell.window;

import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Something that a writer has in flight, and uses again afterwards. Found by its operation's tag,
/// its index in the writer's table.
abstract class Pending {
  final Operation op = new Operation();

  /// The operation has completed. With the writer's lock held.
  abstract void completed();

  /// What a completed operation failed with; null where it succeeded.
  final @Nullable IOException failure() {
    if (op.errno() == 0) {
      return null;
    }
    try {
      op.result();
      return null;
    } catch (OperationException e) {
      return e;
    }
  }
}
