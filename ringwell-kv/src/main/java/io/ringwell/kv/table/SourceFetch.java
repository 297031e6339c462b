package io.ringwell.kv.table;

import io.ringwell.memory.IoBuffer;
import io.ringwell.window.WindowSource;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A read of a [WindowSource]: of an object in a store, or of memory.
///
/// The source may use the buffer itself, not just its memory, until it tells the end. So where the
/// owner lets go before, the end gives it back:
///
/// | state | left by |
/// |---|---|
/// | READING | the source's completion, or the owner's [#release] |
/// | ENDED | never: the owner's release gives the memory back |
/// | ORPHANED | never: the completion gives the memory back |
final class SourceFetch extends Fetch implements WindowSource.Completion {
  private enum State {
    READING,
    ENDED,
    ORPHANED
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.READING);
  private final WindowSource source;
  private final IoBuffer buffer;
  private final AtomicBoolean told = new AtomicBoolean();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();

  // Written before `ready` is completed.
  private long read;
  private @Nullable IOException failure;

  /// Nothing is read yet: [#begin].
  SourceFetch(WindowSource source, long start, long end, Room room) {
    super(start, end, room);
    this.source = source;
    this.buffer = room.buffer();
  }

  /// Whether the source was asked. The owner's alone.
  private boolean begun;

  /// Begins to read; on a thread of its own where the source may wait.
  void begin() {
    begun = true;
    buffer.lend();
    if (source.isNonBlocking()) {
      run();
    } else {
      Thread.ofVirtual().name("ringwell-kv-read").start(this::run);
    }
  }

  private void run() {
    try {
      source.read(start, buffer, end - start, this);
    } catch (IOException e) {
      threw(e);
    } catch (RuntimeException e) {
      threw(new IOException(source.name() + " failed to read", e));
    }
  }

  /// What comes behind the end of the read is for the thread's handler of what nobody caught.
  private void threw(IOException cause) {
    if (!told.compareAndSet(false, true)) {
      Thread here = Thread.currentThread();
      here.getUncaughtExceptionHandler().uncaughtException(here, cause);
      return;
    }
    failure = cause;
    end();
  }

  @Override
  public void complete(long bytes) {
    requireFirst();
    if (bytes < 0 || bytes > end - start) {
      failure =
          new IOException(
              source.name()
                  + " says that it read "
                  + bytes
                  + " bytes where "
                  + (end - start)
                  + " were asked for");
    }
    read = bytes;
    end();
  }

  @Override
  public void fail(IOException cause) {
    requireFirst();
    failure = cause;
    end();
  }

  private void requireFirst() {
    if (!told.compareAndSet(false, true)) {
      throw new IllegalStateException("a read of " + source.name() + " was completed twice");
    }
  }

  private void end() {
    buffer.giveBack();
    if (!state.compareAndSet(State.READING, State.ENDED)) {
      room.close();
    }
    ready.complete(null);
  }

  @Override
  void release() {
    if (!begun || !state.compareAndSet(State.READING, State.ORPHANED)) {
      room.close();
    }
  }

  @Override
  boolean isDone() {
    return ready.isDone();
  }

  @Override
  CompletionStage<Void> ready() {
    return ready.minimalCompletionStage();
  }

  @Override
  boolean wasCached() {
    return false;
  }

  @Override
  void check() throws IOException {
    IOException why = failure;
    if (why != null) {
      throw why;
    }
    if (read < end - start) {
      throw FileFetch.shorter(source.name(), start, end - start, read);
    }
  }
}
