package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.FileCalls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.Selector;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Platform threads that carry operations out by blocking calls: all of the portable engine, and
/// the ring engine's helpers.
///
/// They are started as work comes, up to a limit, and end after idle seconds; waiting costs
/// nothing.
final class Workers implements Carrier {
  private static final long IDLE_SECONDS = 10;

  private final AbstractEngine engine;
  private final boolean overChannels;
  private final WorkQueue queue;
  private final int limit;
  private final List<Thread> threads = new ArrayList<>();
  private final Timeouts timeouts = new Timeouts();
  private final PipeWait pipes = new PipeWait();
  private final SocketPoller sockets = new SocketPoller(this::run, Selector::open);
  private final AtomicInteger running = new AtomicInteger();
  private boolean ended;

  Workers(AbstractEngine engine, boolean overChannels, int limit, int capacity) {
    this.engine = engine;
    this.overChannels = overChannels;
    this.limit = limit;
    this.queue = new WorkQueue(capacity);
  }

  boolean offer(Operation op) {
    op.carrier = this;
    if (!queue.offer(op)) {
      return false;
    }
    startOneIfWanted();
    return true;
  }

  void offerParking(Operation op) throws InterruptedIOException {
    op.carrier = this;
    try {
      queue.offerParking(op);
    } catch (InterruptedException e) {
      InterruptedIOException told =
          new InterruptedIOException("interrupted while the queue was full: " + op);
      told.initCause(e);
      throw told;
    }
    startOneIfWanted();
  }

  void offerAgain(Operation op) {
    op.carrier = this;
    queue.offerAgain(op);
    startOneIfWanted();
  }

  private void startOneIfWanted() {
    if (!queue.wantsWorker()) {
      return;
    }
    synchronized (threads) {
      if (threads.size() >= limit || (ended && !threads.isEmpty())) {
        return;
      }
      Thread thread = new EngineThread(engine, this::work, "ringwell-worker-" + threads.size());
      thread.start(); // first: one that does not start is none
      threads.add(thread);
    }
  }

  private void work() {
    boolean regular = false;
    FileHandle line = null;
    try {
      while (true) {
        Operation op = queue.take(WorkQueue.idleNanos(IDLE_SECONDS), line);
        line = null;
        if (op != null) {
          op.submitted();
          line = WorkQueue.lineOf(op);
          run(op);
          continue;
        }
        synchronized (threads) {
          if (!queue.wantsWorker()) {
            threads.remove(Thread.currentThread());
            regular = true;
            return;
          }
        }
      }
    } catch (RuntimeException | Error e) {
      EngineLog.workerFailed(e);
      throw e;
    } finally {
      if (!regular) {
        synchronized (threads) {
          threads.remove(Thread.currentThread());
        }
        if (line != null) {
          queue.leaveLine(line);
        }
        startOneIfWanted();
      }
    }
  }

  @Override
  public void run(Operation op) {
    RingSubmitter lender = op.lender;
    try {
      int refusal = refusal(op);
      if (refusal != 0) {
        op.attempted(-refusal);
      } else if (op.kind == CloseKind.INSTANCE) {
        close(op);
      } else if (op.kind == TimeoutKind.INSTANCE) {
        timeouts.start(op);
      } else if (isOnChannel(op)) {
        attemptOnChannel(op);
      } else {
        attempt(op);
      }
    } finally {
      if (lender != null) {
        lender.lentBack();
      }
    }
  }

  private void attempt(Operation op) {
    boolean nothing = op.kind.transfers() && op.remaining() == 0;
    running.incrementAndGet();
    int result;
    try {
      result = nothing ? 0 : call(op);
    } catch (RuntimeException | Error e) {
      op.broke(e);
      result = -Errno.EIO;
    } finally {
      running.decrementAndGet();
    }
    long pause = op.kind.pauseNanos(op, result);
    if (pause > 0) {
      timeouts.pause(op, pause, () -> offerAgain(op));
    } else {
      op.attempted(result);
    }
  }

  /// Without a ring, sockets are channels.
  private boolean isOnChannel(Operation op) {
    return op.kind instanceof SocketKind && engine instanceof ThreadEngine;
  }

  private void attemptOnChannel(Operation op) {
    boolean nothing = op.kind.transfers() && op.remaining() == 0;
    int result;
    try {
      engine.counters.syscalls.add(1);
      result = nothing ? 0 : onChannel(op);
    } catch (RuntimeException | Error e) {
      op.broke(e);
      result = -Errno.EIO;
    }
    long pause = op.kind.pauseNanos(op, result);
    if (pause > 0) {
      op.cause = null;
      timeouts.pause(op, pause, () -> offerAgain(op));
    } else if (result == -Errno.EAGAIN) {
      SelectableChannel connecting = op.connecting;
      sockets.await(op, connecting != null ? connecting : op.handle().socketChannel());
    } else {
      op.attempted(result);
    }
  }

  private static int onChannel(Operation op) {
    try {
      return op.kind.channel(op);
    } catch (IOException | RuntimeException e) {
      op.cause = e;
      return -errnoOf(e);
    }
  }

  /// Closes a channel that nobody got.
  void closeChannel(SelectableChannel channel) {
    sockets.close(
        channel,
        failure -> {
          if (failure != null) {
            EngineLog.closeFailed("a socket", errnoOf(failure));
          }
        });
  }

  private int refusal(Operation op) {
    if (engine.isClosing() && op.kind.waitsForEvent(op)) {
      return Errno.ECANCELED;
    }
    if (op.deadlineNanos != Long.MAX_VALUE && op.deadlineNanos - System.nanoTime() <= 0) {
      // ECANCELED becomes ETIME where the deadline has passed; a timeout takes a raw ETIME for
      // success.
      return Errno.ECANCELED;
    }
    return op.cancelled && op.kind != CloseKind.INSTANCE ? Errno.ECANCELED : 0;
  }

  private int call(Operation op) {
    engine.counters.syscalls.add(op.kind.callCount());
    if (!overChannels) {
      boolean pipe = op.kind.transfers() && !op.handle().isSeekable();
      return pipe && !pipes.awaitReady(op) ? -Errno.ECANCELED : op.kind.call(op);
    }
    try {
      return op.kind.channel(op);
    } catch (IOException | RuntimeException e) {
      op.cause = e;
      return -errnoOf(e);
    }
  }

  /// The number that the system call would have answered, as near as the JDK's exceptions tell.
  static int errnoOf(Exception e) {
    return switch (e) {
      case NoSuchFileException _ -> Errno.ENOENT;
      case AccessDeniedException _ -> Errno.EACCES;
      case FileAlreadyExistsException _ -> Errno.EEXIST;
      case DirectoryNotEmptyException _ -> Errno.ENOTEMPTY;
      case NotDirectoryException _ -> Errno.ENOTDIR;
      case ClosedChannelException _ -> Errno.EBADF;
      case NonReadableChannelException _ -> Errno.EBADF;
      case NonWritableChannelException _ -> Errno.EBADF;
      case UnsupportedOperationException _ -> Errno.EOPNOTSUPP;
      default -> errnoOfText(String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT));
    };
  }

  /// The system words its messages in the language of the process, the JDK its own in English.
  private static int errnoOfText(String text) {
    int[] told = {
      Errno.ENOSPC,
      Errno.EISDIR,
      Errno.ENOTDIR,
      Errno.EROFS,
      Errno.EMFILE,
      Errno.EFBIG,
      Errno.ELOOP,
      Errno.ENAMETOOLONG,
      Errno.EXDEV,
      Errno.EINVAL,
      Errno.EPERM,
      Errno.EACCES,
      Errno.ENOENT,
      Errno.EPIPE,
      Errno.ECONNRESET,
      Errno.ECONNREFUSED,
      Errno.ETIMEDOUT,
      Errno.EADDRINUSE,
      Errno.EADDRNOTAVAIL,
      Errno.ENETUNREACH,
      Errno.EHOSTUNREACH,
      Errno.ENOTCONN,
      Errno.EAGAIN,
      Errno.ENOMEM,
      Errno.ENOBUFS,
    };
    for (int errno : told) {
      String spoken = Errno.spoken(errno).toLowerCase(Locale.ROOT);
      if (text.contains(Errno.describe(errno).toLowerCase(Locale.ROOT))
          || (!spoken.isEmpty() && text.contains(spoken))) {
        return errno;
      }
    }
    // What the JDK says of its own.
    return text.equals("connection reset") ? Errno.ECONNRESET : Errno.EIO;
  }

  /// The descriptor is closed when the last call on it has left. The thread that leaves last may be
  /// a caller's, so it only queues the close anew.
  private void close(Operation op) {
    FileHandle file = op.handle();
    if (op.arguments == CloseKind.SHUT) {
      engine.openFiles.remove(file);
      if (file.hasSocketChannel()) {
        sockets.close(
            file.socketChannel(), failure -> op.attempted(failure == null ? 0 : -errnoOf(failure)));
      } else {
        op.attempted(call(op));
      }
      return;
    }
    file.gate.close(() -> {
      op.arguments = CloseKind.SHUT;
      offerAgain(op);
    });
  }

  @Override
  public FileHandle adopt(Operation op, int descriptor) {
    return adopt(op, FileFacts.of(descriptor, op.arguments), descriptor, null);
  }

  FileHandle adopt(Operation op, FileChannel channel) {
    return adopt(op, FileFacts.PORTABLE, -1, channel);
  }

  private FileHandle adopt(
      Operation op, FileFacts facts, int descriptor, @Nullable FileChannel channel) {
    Carrier carrier = engine.carrierForFiles(this);
    FileHandle file =
        new FileHandle(engine, carrier, op.firstPath(), op.arguments, facts, descriptor, channel);
    engine.openFiles.add(file);
    return file;
  }

  @Override
  public FileHandle adoptSocket(Operation op, int descriptor, @Nullable SelectableChannel channel) {
    return engine.adoptSocket(this, op, descriptor, channel);
  }

  @Override
  public void finish(Operation op) {
    engine.countAndFinish(op);
  }

  /// Closes a file that was left open, whose gate is shut, on the calling thread.
  void closeNow(FileHandle file) {
    engine.openFiles.remove(file);
    int result = file.descriptor < 0 ? closeChannel(file) : FileCalls.close(file.descriptor);
    if (result < 0 && result != -Errno.EINTR) {
      EngineLog.closeFailed(file.name(), -result);
    }
  }

  private static int closeChannel(FileHandle file) {
    try {
      if (file.hasSocketChannel()) {
        file.socketChannel().close();
      } else {
        file.channelOrThrow().close();
      }
      return 0;
    } catch (IOException e) {
      return -errnoOf(e);
    }
  }

  void cancel(Operation op) {
    timeouts.cancel(op);
    pipes.cancel(op);
    sockets.cancel(op);
  }

  int waiting() {
    return queue.size();
  }

  int running() {
    return running.get();
  }

  /// The engine is closing: what might never complete is cancelled, whoever waits for room leaves.
  void startEnding() {
    queue.startClosing();
    timeouts.cancelAll();
    pipes.stop();
    sockets.stop();
  }

  /// Nothing is in flight any more: waits for the threads to end.
  void end() {
    timeouts.end();
    sockets.end();
    List<Thread> left;
    synchronized (threads) {
      ended = true;
      left = List.copyOf(threads);
    }
    queue.end();
    boolean interrupted = false;
    for (Thread thread : left) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
