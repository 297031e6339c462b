package io.ringwell.kv.table;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/// A part of a table file that is being read, or was.
///
/// **Threads.** That of its owner; [#ready] completes on any.
abstract sealed class Fetch permits FileFetch, SourceFetch {
  /// Where in the file it begins, in bytes.
  final long start;

  /// Where it ends.
  final long end;

  /// Where the bytes are, from [#start] on, once the read has ended.
  final Room room;

  Fetch(long start, long end, Room room) {
    this.start = start;
    this.end = end;
    this.room = room;
  }

  /// Whether the read has ended, well or badly. Never blocks.
  abstract boolean isDone();

  /// Completes when the read has ended, never exceptionally.
  abstract CompletionStage<Void> ready();

  /// Parks until the read has ended.
  ///
  /// @throws InterruptedIOException if the thread is interrupted; the read goes on
  void await() throws IOException {
    try {
      ready().toCompletableFuture().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException told = new InterruptedIOException("interrupted while waiting for I/O");
      told.initCause(e);
      throw told;
    } catch (ExecutionException e) {
      throw new IOException("a stage that never fails has failed", e.getCause());
    }
  }

  /// Whether its bytes were in memory already, so that it did not wait for a device.
  abstract boolean wasCached();

  /// What a read that has ended was good for.
  ///
  /// @throws IOException why it failed; also where the file is shorter than it was
  abstract void check() throws IOException;

  /// Gives the memory back, as far as its owner is concerned: now, or when the read has ended.
  abstract void release();
}
