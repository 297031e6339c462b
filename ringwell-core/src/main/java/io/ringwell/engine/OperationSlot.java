package io.ringwell.engine;

import io.ringwell.sys.Errno;
import java.nio.channels.SelectableChannel;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The engine's side of an [Operation]: from its beginning to its end, and how it goes on after
/// each attempt.
///
/// Engines work with raw results, one for each attempt. What they mean is decided once for all
/// engines: [Attempt] says whether a further one is due, and here a link behind is started or
/// cancelled.
abstract sealed class OperationSlot extends OperationState permits Operation {
  // How far it is. Written by whoever works on it; handed over by queue and state.
  @Nullable CompletableFuture<Operation> future;
  @Nullable Engine engine;
  @Nullable CompletionSink sink;
  @Nullable LinkedRun run;
  long transferred;
  int attemptLimit = Integer.MAX_VALUE;

  /// Attempts in a row that were answered with EINTR or EAGAIN.
  int retries;

  int errno;
  @Nullable Throwable cause;
  long startNanos;
  long userData;

  /// The ring that has it, for whoever cancels it: known before the submission of a first operation
  /// returns, and of a link when its turn comes, by [#loopIsKnown].
  @Nullable RingLoop loop;

  /// The ring that has lent the operation to a worker.
  @Nullable RingSubmitter lender;

  private @Nullable AbstractEngine insideEngine;
  @Nullable FileInfo info;

  /// The channel that is being connected, where there is no ring.
  @Nullable SelectableChannel connecting;

  /// What a send without a copy answered, until the kernel lets go of its memory.
  int sent;

  /// Whether it has taken bytes, and holds that memory.
  boolean unconfirmed;

  @Nullable Carrier carrier;
  int continued;
  int cancelRepeats;
  private @Nullable Runnable task;

  /// Next in a [CompletionQueue].
  @Nullable Operation nextDone;

  /// How many are in that queue with this one and those before it, as long as it is the newest.
  int arrivedCount;

  private Operation self() {
    return (Operation) this;
  }

  /// FREE becomes QUEUED: memory is lent, and the operation is the engine's.
  void begin(Engine engine) {
    int now = state;
    if (now != FREE) {
      throw new IllegalStateException(
          now == DONE ? "prepare the operation anew: " + self() : "in flight already: " + self());
    }
    AbstractEngine root = (AbstractEngine) engine.root();
    enterGates(root);
    boolean lent = false;
    try {
      lend();
      lent = true;
    } finally {
      if (!lent) {
        leaveGates();
      }
    }
    this.engine = engine;
    sink = null;
    run = null;
    errno = 0;
    cause = null;
    retries = 0;
    continued = 0;
    cancelRepeats = 0;
    attemptLimit = Integer.MAX_VALUE;
    loop = null;
    lender = null;
    carrier = null;
    becomeQueued();
  }

  /// QUEUED becomes FREE again: the engine did not take it.
  void unbegin() {
    giveBack();
    leaveGates();
    if (kind == CloseKind.INSTANCE) {
      handle().unstartClose();
    }
    becomeFree();
  }

  /// From its submission to its completion an operation is inside the gates of its files, or inside
  /// its engine's where it has none: so a close waits for all that was submitted before it.
  private void enterGates(AbstractEngine root) {
    root.requireOpen();
    if (kind == CloseKind.INSTANCE) {
      handle().startClose(root);
      if (!root.gate.enter()) {
        handle().unstartClose();
        throw AbstractEngine.closed();
      }
      insideEngine = root;
      return;
    }
    insideEngine = null;
    if (file == null) {
      if (!root.gate.enter()) {
        throw AbstractEngine.closed();
      }
      insideEngine = root;
      return;
    }
    file.enter(root);
    if (otherFile != null) {
      boolean both = false;
      try {
        otherFile.enter(root);
        both = true;
      } finally {
        if (!both) {
          file.gate.exit();
        }
      }
    }
  }

  private void leaveGates() {
    if (insideEngine != null) {
      insideEngine.gate.exit();
      return;
    }
    handle().gate.exit();
    if (otherFile != null) {
      otherFile.gate.exit();
    }
  }

  /// FREE becomes DONE on the caller's own thread, without an engine having had it.
  void doneAtOnce() {
    errno = 0;
    becomeDone();
  }

  long remaining() {
    return length - transferred;
  }

  /// Becomes DONE and tells whoever waits. The last thing that an engine does with an operation:
  /// from here on the caller may use it again.
  ///
  /// @param announcements where completions for queues are gathered; null to announce at once
  void finish(Executor callbacks, @Nullable Announcements announcements) {
    if (errno != 0) {
      kind.failed(self());
    }
    giveBack();
    // The gates are left last, when whoever waits for the file's close may see this operation as
    // done; by then the fields may be those of its next use.
    Gate first = insideEngine != null ? insideEngine.gate : handle().gate;
    Gate second = insideEngine == null && otherFile != null ? otherFile.gate : null;
    CompletionQueue queue = completions;
    CompletionListener told = listener;
    CompletableFuture<Operation> stage = future;
    OperationException failed = stage != null && errno != 0 ? failure(errno) : null;
    engine = null;
    run = null;
    sink = null;
    if (queue == null) {
      markDone();
      Thread parked = waiter;
      if (parked != null) {
        LockSupport.unpark(parked);
      }
    } else if (announcements != null && linked == null) {
      // A link announces itself at once: the one behind it may complete on another thread.
      announcements.add(queue, self());
    } else {
      queue.add(self());
    }
    if (stage != null) {
      complete(stage, failed, callbacks);
    }
    first.exit();
    if (second != null) {
      second.exit();
    }
    if (told != null) {
      tell(told);
    }
  }

  private void tell(CompletionListener told) {
    try {
      told.completed(self());
    } catch (RuntimeException | Error e) {
      EngineLog.listenerFailed(e);
    }
  }

  /// An executor that refuses (it was shut down, or is full) must neither lose the completion nor
  /// end the engine's thread: a thread of its own tells the stage then.
  private void complete(
      CompletableFuture<Operation> stage, @Nullable OperationException failed, Executor callbacks) {
    Operation done = self();
    Runnable tell =
        () -> {
          if (failed == null) {
            stage.complete(done);
          } else {
            stage.completeExceptionally(failed);
          }
        };
    try {
      callbacks.execute(tell);
    } catch (RuntimeException e) {
      EngineLog.callbacksRefused(e);
      Thread.startVirtualThread(tell);
    }
  }

  Carrier carrier() {
    return Objects.requireNonNull(carrier);
  }

  /// This operation as a task of a worker; made once.
  Runnable task() {
    Runnable own = task;
    if (own == null) {
      own = () -> carrier().run(self());
      task = own;
    }
    return own;
  }

  /// One attempt ended: told to a wrapping engine first, where there is one.
  void attempted(int result) {
    CompletionSink outer = sink;
    if (outer == null) {
      settle(result);
    } else {
      outer.attempted(self(), result);
    }
  }

  /// Takes the result of an attempt: goes on, or finishes, and so do those linked behind.
  void settle(int result) {
    LinkedRun linkedRun = run;
    if (linkedRun != null) {
      linkedRun.settle(self(), result);
      return;
    }
    if (advance(result)) {
      Objects.requireNonNull(engine).again(self());
      return;
    }
    Operation next = linked;
    Engine owner = Objects.requireNonNull(engine);
    boolean succeeded = errno == 0;
    Carrier mine = carrier();
    mine.finish(self());
    if (next != null) {
      if (succeeded) {
        owner.again(next);
      } else {
        cancelChain(next, mine);
      }
    }
  }

  /// An operation failed: those linked behind it are cancelled.
  static void cancelChain(Operation first, Carrier carrier) {
    Operation op = first;
    while (op != null) {
      Operation next = op.linked;
      op.errno = Errno.ECANCELED;
      carrier.finish(op);
      op = next;
    }
  }

  /// Something that should not happen did, in code of ours: told to the caller of this operation,
  /// while the thread that met it goes on with the others.
  void broke(Throwable e) {
    errno = Errno.EIO;
    cause = e;
  }

  /// Books the result of one attempt.
  ///
  /// @return whether another attempt is due; otherwise the operation has ended, with `errno`
  boolean advance(int raw) {
    if (errno != 0) {
      return false;
    }
    try {
      return Attempt.book(self(), raw);
    } catch (RuntimeException | Error e) {
      broke(e);
      return false;
    }
  }

  /// @param errno its own, or what a waiter is told who does not wait for that
  OperationException failure(int errno) {
    OperationException failure = new OperationException(self(), errno);
    if (cause != null) {
      failure.initCause(cause);
    }
    return failure;
  }

  String describe() {
    String name =
        switch (state) {
          case FREE -> "free";
          case QUEUED -> "queued";
          case SUBMITTED -> "submitted";
          case ABANDONED -> "abandoned";
          default -> "done";
        };
    return kind.code.label()
        + (target() != null ? " " + target() : "")
        + (kind.hasOffset() ? " at " + offset : "")
        + (kind.hasLength() ? " for " + length + " bytes" : "")
        + " ("
        + name
        + ")";
  }
}
