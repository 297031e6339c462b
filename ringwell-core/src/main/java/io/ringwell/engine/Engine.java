package io.ringwell.engine;

import io.ringwell.memory.BufferPool;
import io.ringwell.sys.Platform;
import io.ringwell.uring.RingUnavailableException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;

/// Carries out [Operation]s asynchronously, for any number of threads at once.
///
/// **Which.** [#open(EngineOptions)] takes io_uring where it can be had and threads where it
/// cannot; [#info()] says which, and why. The contract is the same.
///
/// **Bounds.** What waits is bounded by the queue's capacity, what runs by the limit of operations
/// in flight. Over that, [#submit] parks and [#trySubmit] refuses; nothing grows.
///
/// **Blocking.** [#submit] parks only while the queue is full; [#close] waits for what is in
/// flight; everything else returns at once. On a virtual thread, parking unmounts.
///
/// **Wrapping.** An engine around another (for faults, for records) implements [#accept], [#again]
/// and [#root] and puts itself between results with [EngineAccess].
public interface Engine extends AutoCloseable {
  /// io_uring where it can be had, else threads; `-Dringwell.engine=uring|threads|channels` decides
  /// otherwise.
  static Engine open() {
    return open(EngineOptions.defaults());
  }

  /// The engine that the options name, or the best that there is.
  ///
  /// @throws IllegalStateException where the options insist on one that cannot be had
  static Engine open(EngineOptions options) {
    return switch (options.choice()) {
      case URING -> {
        try {
          yield uring(options);
        } catch (RingUnavailableException e) {
          throw new IllegalStateException("io_uring was asked for: " + e.getMessage(), e);
        }
      }
      case THREADS -> threads(options, "asked for");
      case CHANNELS -> channels(options, "asked for");
      case BEST -> {
        try {
          yield uring(options);
        } catch (RingUnavailableException e) {
          yield Platform.SYSCALLS ? threads(options, e.reason()) : channels(options, e.reason());
        }
      }
    };
  }

  /// The io_uring actor.
  ///
  /// @throws RingUnavailableException where io_uring is absent or refused
  static Engine uring(EngineOptions options) throws RingUnavailableException {
    return UringEngine.open(options);
  }

  /// A bounded pool of threads that make the system calls.
  static Engine threads(EngineOptions options, String why) {
    if (!Platform.SYSCALLS) {
      throw new IllegalStateException(
          "system calls are bound for Linux on x86-64 and aarch64, and this is "
              + Platform.describe());
    }
    return new ThreadEngine(options, false, why);
  }

  /// A bounded pool of threads over `FileChannel` alone, for every platform.
  static Engine channels(EngineOptions options, String why) {
    return new ThreadEngine(options, true, why);
  }

  /// What this engine is, why it was taken, what it has and lacks.
  EngineInfo info();

  /// Whether this engine can carry out `code` at all; a file or its file system may still refuse.
  boolean supports(OpCode code);

  /// What the engine counted so far.
  EngineStats stats();

  /// Memory for I/O. Where the engine is a ring that may lock memory, any slice of it is read into
  /// and written from without mapping it for each operation.
  BufferPool pool();

  /// Hands `op`, and those linked behind it, to the engine; parks while the queue is full.
  ///
  /// @throws java.util.concurrent.RejectedExecutionException where the queue is full and this is a
  ///   thread of the engine, which would wait for itself: that of a [CompletionListener]; the
  ///   operation was not submitted
  /// @throws InterruptedIOException where the thread was interrupted while it was parked; the
  ///   operation was not submitted
  /// @throws IllegalStateException where the engine or the operation's file is closed, or the
  ///   operation is in flight
  default void submit(Operation op) throws InterruptedIOException {
    beginChain(this, op);
    boolean accepted = false;
    try {
      accepted = accept(op);
      if (!accepted) {
        awaitRoom(op);
        accepted = true;
      }
    } finally {
      if (!accepted) {
        unbeginChain(op, Operation.MAX_LINKED);
      }
    }
  }

  /// Hands `op`, and those linked behind it, to the engine, or answers false where the queue is
  /// full. Never blocks, allocates nothing.
  default boolean trySubmit(Operation op) {
    beginChain(this, op);
    boolean accepted = false;
    try {
      accepted = accept(op);
      return accepted;
    } finally {
      if (!accepted) {
        unbeginChain(op, Operation.MAX_LINKED);
      }
    }
  }

  /// Hands `ops[from]` to `ops[to - 1]` to the engine with one wake-up; parks while the queue is
  /// full. Where one of them is refused with an exception, those before it are submitted and it and
  /// those behind it are not.
  default void submit(Operation[] ops, int from, int to) throws InterruptedIOException {
    for (int i = from; i < to; i++) {
      submit(ops[i]);
    }
  }

  /// Tries a read or a send on the calling thread, which waits neither for a device nor for a peer:
  /// what lies in the page cache is read without a hand-off, a whole file ([Operation#readFile])
  /// where its name does, too; what is at most 4 KiB and finds room in the socket is sent. An
  /// operation with a stage, a link, a listener or a [CompletionQueue] is left alone: give it one
  /// when this has answered false. So is a send on a thread of an engine, to which an entry in its
  /// ring costs less.
  ///
  /// @return true where the operation is done; false where it must be submitted, and then goes on
  ///   where this stopped
  default boolean tryNow(Operation op) {
    return false;
  }

  /// Asks that `op` be cancelled. It still completes, on its own: with ECANCELED, or as if nothing
  /// had been asked. What a device has begun can usually not be cancelled.
  void cancel(Operation op);

  /// Opens a file; parks.
  ///
  /// @param flags bits of [OpenFlag]
  /// @param mode permissions of a file that is created, before the umask
  default FileHandle open(Path path, int flags, int mode) throws IOException {
    Operation op = new Operation().open(path, flags, mode);
    submit(op);
    op.await();
    return op.openedFile();
  }

  /// Closes a file; parks until the operations in flight on it have completed.
  default void close(FileHandle file) throws IOException {
    Operation op = new Operation().close(file);
    submit(op);
    op.await();
  }

  /// Closes a socket; parks until the operations in flight on it have completed. What waits for a
  /// peer is to be cancelled before.
  default void close(SocketHandle socket) throws IOException {
    Operation op = new Operation().close(socket);
    submit(op);
    op.await();
  }

  /// Refuses what is new, waits until all that is in flight has completed, closes the files that
  /// are still open, and gives the engine's threads and memory back. What waits for an event that
  /// may never come (a timeout, a read of a pipe) is cancelled.
  @Override
  void close();

  // ---- For engines -----------------------------------------------------------------------------

  /// Takes `op` and those linked behind it, or answers false where the queue is full.
  boolean accept(Operation op);

  /// As [#accept], parking until there is room.
  void awaitRoom(Operation op) throws InterruptedIOException;

  /// Takes an operation for a further attempt. Never refuses; from any thread.
  void again(Operation op);

  /// The engine that does the work: this one, or the one inside it.
  Engine root();

  private static void beginChain(Engine engine, Operation first) {
    int begun = 0;
    boolean all = false;
    try {
      for (Operation op = first; op != null; op = op.linked) {
        if (begun == Operation.MAX_LINKED) {
          throw new IllegalArgumentException(
              "a chain has at most " + Operation.MAX_LINKED + " operations");
        }
        op.begin(engine);
        begun++;
      }
      all = true;
    } finally {
      if (!all) {
        unbeginChain(first, begun);
      }
    }
  }

  private static void unbeginChain(Operation first, int count) {
    Operation op = first;
    for (int i = 0; i < count && op != null; i++) {
      op.unbegin();
      op = op.linked;
    }
  }
}
