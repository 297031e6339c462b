package io.ringwell.net;

import io.ringwell.engine.CompletionListener;
import io.ringwell.engine.Engine;
import io.ringwell.engine.Operation;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/// One direction of a connection: one operation that is submitted again and again, each step of it
/// begun by the end of the one before, on whatever thread that was.
///
/// **Stopping.** Whoever stops it says so first (`stop`) and then cancels; a step submits first and
/// then looks whether it is to stop. So one of the two sees the other.
abstract class Direction implements CompletionListener {
  private static final int ECANCELED = 125;
  static final int ETIME = 62;

  final Connection connection;
  final Engine engine;
  final Operation op = new Operation();
  private volatile @Nullable Throwable stop;

  /// Of the step under way.
  private boolean ended;

  Direction(Connection connection) {
    this.connection = connection;
    this.engine = connection.engine();
  }

  /// Why it is to stop; null as long as it is not.
  final @Nullable Throwable stop() {
    return stop;
  }

  /// Has it end soon, on its own thread, with `why` unless it was stopped before.
  final void stop(Throwable why) {
    synchronized (this) {
      if (stop == null) {
        stop = why;
      }
    }
    wake();
    engine.cancel(op);
  }

  /// Ends a wait for the pipe.
  abstract void wake();

  /// One step: the operation has ended.
  abstract void step() throws IOException;

  /// Tells those at the pipe that it ends, and then the connection, whatever the former throw.
  abstract void tellEnd(@Nullable Throwable error);

  /// Whatever goes wrong in a step ends the direction: nobody else would.
  @Override
  public final void completed(Operation done) {
    try {
      step();
    } catch (IOException | RuntimeException | Error e) {
      end(e);
    }
  }

  /// It ends, with an error where there is one. Once.
  final void end(@Nullable Throwable error) {
    if (!ended) {
      ended = true;
      tellEnd(error);
    }
  }

  /// Carries `op` out on this thread, where that takes no wait.
  ///
  /// @return whether it is done; false where it is to be submitted, which tells of a closed engine
  final boolean tryNow() {
    try {
      return engine.tryNow(op);
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /// Hands `op` to the engine. The engine's own thread never waits for room in its queue: another
  /// does.
  final void submit() {
    op.listener(this);
    try {
      if (engine.trySubmit(op)) {
        cancelIfStopped();
      } else {
        Thread.startVirtualThread(this::submitParking);
      }
    } catch (IllegalStateException e) {
      end(new ConnectionException(connection + ": the engine is closed", e));
    }
  }

  private void submitParking() {
    try {
      engine.submit(op);
      cancelIfStopped();
    } catch (IllegalStateException | InterruptedIOException e) {
      end(new ConnectionException(connection + ": the engine is closed", e));
    }
  }

  private void cancelIfStopped() {
    if (stop != null) {
      engine.cancel(op);
    }
  }

  /// Why the operation failed, for those at the pipe.
  final Throwable failure(String what, java.time.Duration limit) {
    Throwable why = stop;
    if (why != null && op.errno() == ECANCELED) {
      return why;
    }
    try {
      op.result();
      return new ConnectionException(connection + ": " + what + " failed");
    } catch (IOException e) {
      String text =
          op.errno() == ETIME
              ? connection + ": " + what + " for " + limit.toMillis() + " ms"
              : connection + ": " + e.getMessage();
      return new ConnectionException(text, e);
    }
  }
}
