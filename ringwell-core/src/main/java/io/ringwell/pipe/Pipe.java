package io.ringwell.pipe;

import io.ringwell.memory.BufferPool;

/// A stream of bytes from one who writes to one who reads, in memory that the pipe manages.
///
/// ```java
/// Pipe pipe = new Pipe(pool);
/// PipeWriter writer = pipe.writer();
/// MemorySegment window = writer.window(5);
/// window.setString(0, "hello");
/// writer.commit(5);
/// writer.flush(); // now the reader sees it
///
/// PipeRead read = pipe.reader().read();
/// MemorySegment seen = read.window();
/// read.advance(read.end()); // used; its memory may be used again
/// ```
///
/// **Memory** is the pool's: nothing that goes through the pipe is ever elsewhere. What was
/// consumed goes back while the pipe is in use, segment by segment, but for
/// [PipeOptions#keepBytes]; the rest when the writer is complete and all was read, or when the
/// reader is complete and the writer flushes or completes.
///
/// **Bounds.** What is written and not examined makes [PipeWriter#flush] wait; what is written and
/// not consumed never exceeds [PipeOptions#maxBuffered]. [PipeOptions#maxMemoryBytes] bounds the
/// memory for that: many pipes of one pool never wait for each other where it has so much for each.
///
/// **Threads.** One writes and one reads, each half one call at a time; both may be the same
/// thread, and each may change between calls. The halves' `cancelPending` may be called from
/// anywhere. Between them there is no lock, and nothing is allocated to write, flush, read and
/// advance in steady state.
public final class Pipe implements AutoCloseable {
  private final PipeCore core;
  private final PipeWriter writer;
  private final PipeReader reader;

  /// A pipe with memory of `pool` and [PipeOptions#defaults].
  public Pipe(BufferPool pool) {
    this(pool, PipeOptions.defaults());
  }

  /// A pipe with memory of `pool`, which stays the caller's. Of a secure pool it keeps none
  /// ([PipeOptions#keepBytes] is 0), whatever the options say: the pool zeroes what comes back.
  public Pipe(BufferPool pool, PipeOptions options) {
    PipeOptions own = pool.isSecure() ? options.withKeepBytes(0) : options;
    ByteSupply supply = new ByteSupply(pool, own.keepBytes(), own.maxMemoryBytes());
    core = new PipeCore(own, supply);
    supply.belongTo(core);
    writer = new PipeWriter(core, pool.isSecure());
    reader = new PipeReader(core, pool);
  }

  public PipeWriter writer() {
    return writer;
  }

  public PipeReader reader() {
    return reader;
  }

  /// How it was made.
  public PipeOptions options() {
    return core.options;
  }

  /// Makes the pipe as new, with offsets from 0.
  ///
  /// @throws IllegalStateException unless both halves are complete, and no call waits: one that was
  ///   told of the end has to have returned, a stage to be complete, a `then` to have run. So has
  ///   each half's `complete` on another thread, or else to have come to the callbacks
  public void reset() {
    core.reset();
    writer.reset();
    reader.reset();
  }

  /// Closes both halves. What was not read is let go.
  @Override
  public void close() {
    try {
      writer.close();
    } finally {
      reader.close(); // though a callback has thrown
    }
  }

  @Override
  public String toString() {
    return "Pipe[consumed %d, examined %d, flushed %d]"
        .formatted(core.consumed.get(), core.relieved.get(), core.flushed.get());
  }
}
