package io.ringwell.net;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.pipe.FlushResult;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeReader;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Carries what comes from one side to the other, as a tunnel or a proxy does.
///
/// The end of a stream ends the stream behind it, and leaves the other direction alone; what broke
/// off breaks off the other side. Who takes nothing makes the one who sends wait.
///
/// **Cost.** Large pieces change hands without a copy; small ones are copied, which costs less, and
/// counted. A pipe whose memory is bounded ([io.ringwell.pipe.PipeOptions#maxMemoryBytes]) gets
/// copies alone: what is handed over would not count there.
public final class Relay {
  /// From here on handing memory over costs less than copying it.
  private static final long LARGE_BYTES = 32 << 10;

  private Relay() {}

  /// Carries both ways until both have ended, then completes the halves; parks. One direction is
  /// carried by the calling thread, the other by a virtual one.
  ///
  /// @throws IOException what broke off
  /// @throws InterruptedIOException where the thread was interrupted, which ends both directions;
  ///   it stays so
  public static void between(Duplex one, Duplex other) throws IOException {
    CompletableFuture<Void> back = new CompletableFuture<>();
    Thread carrier =
        Thread.startVirtualThread(() -> {
          try {
            carry(other.input(), one.output());
            back.complete(null);
          } catch (IOException | RuntimeException | Error e) {
            back.completeExceptionally(e);
          }
        });
    IOException failure = null;
    try {
      carry(one.input(), other.output());
    } catch (IOException e) {
      failure = e;
    } catch (RuntimeException | Error e) {
      failure = new IOException(e); // the other direction is waited for all the same
    }
    try {
      back.get();
    } catch (ExecutionException e) {
      IOException told =
          e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
      if (failure == null) {
        failure = told;
      } else if (failure != told) { // one failure ends both directions, most often
        failure.addSuppressed(told);
      }
    } catch (InterruptedException e) {
      // The halves are their owner's again with the return, who may close them: none is in use
      // then.
      carrier.interrupt();
      back.handle((_, _) -> true).join();
      Thread.currentThread().interrupt(); // as the pipes leave it
      throw (IOException)
          new InterruptedIOException("interrupted in a relay")
              .initCause(failure == null ? e : failure);
    }
    if (failure != null) {
      throw failure;
    }
  }

  /// Carries until `from` ends, and completes both halves; parks. Where either fails, the other is
  /// completed with that, at once: what broke off does not wait for who takes nothing.
  public static void carry(PipeReader from, PipeWriter to) throws IOException {
    // Who waits on one side is told of the end of the other.
    AtomicReference<@Nullable Throwable> broke = new AtomicReference<>();
    to.onReaderCompleted(_ -> from.cancelPending());
    from.onWriterCompleted(error -> {
      if (error != null) {
        broke.set(error);
        to.cancelPending();
      }
    });
    try {
      while (true) {
        PipeRead read = from.read();
        if (!read.isEmpty()) {
          pass(read, to);
        } else if (read.isCompleted()) {
          break;
        } else {
          read.advance(read.start()); // cancelled: the flush tells why
        }
        if (to.flush() == FlushResult.COMPLETED) {
          break;
        }
      }
      from.complete();
      to.complete();
    } catch (CancellationException e) {
      IOException why = told(broke.get(), e);
      from.complete(why);
      to.complete(why);
      throw why;
    } catch (IOException | RuntimeException | Error e) {
      from.complete(e);
      to.complete(e);
      throw e;
    }
  }

  /// A wait for room was ended, most likely since `from` broke off: then that is told.
  private static IOException told(@Nullable Throwable broke, CancellationException cancelled) {
    if (broke instanceof IOException io) {
      return io;
    }
    return new IOException("a relay was broken off", broke != null ? broke : cancelled);
  }

  private static void pass(PipeRead read, PipeWriter to) throws InterruptedIOException {
    if (read.size() < LARGE_BYTES || to.options().maxMemoryBytes() > 0) {
      long end = read.end();
      do {
        to.write(read.window());
      } while (read.nextFragment());
      read.advance(end);
      return;
    }
    try (BytesChain chain = read.detach(read.end())) {
      // What comes from a pipe that holds more goes in parts.
      long most = Math.max(1, to.options().maxBuffered() >> 2);
      for (Bytes fragment : chain.fragments()) {
        for (long at = 0; at < fragment.size(); at += most) {
          append(fragment.slice(at, Math.min(most, fragment.size() - at)), to);
        }
      }
    }
  }

  private static void append(Bytes bytes, PipeWriter to) throws InterruptedIOException {
    boolean taken = false;
    try {
      to.append(bytes);
      taken = true;
    } finally {
      if (!taken) {
        bytes.close();
      }
    }
  }
}
