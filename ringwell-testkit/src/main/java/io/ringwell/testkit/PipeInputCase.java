package io.ringwell.testkit;

import io.ringwell.pipe.PipeReader;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/// What fills a pipe from elsewhere, so that [PipeInputContract] can be held against it. Each test
/// has an origin of its own, with a pipe of its own.
public interface PipeInputCase {
  /// Where the bytes come from. For the test's thread.
  interface Origin extends AutoCloseable {
    /// Of the pipe that is filled.
    PipeReader reader();

    /// There is more; may park where the pipe is full.
    void give(byte[] content) throws IOException;

    /// That was all.
    void end() throws IOException;

    /// It breaks off.
    void breakOff() throws IOException;

    /// Completes when nobody fills the pipe any more, however that ended.
    CompletionStage<?> over();

    @Override
    void close() throws IOException;
  }

  Origin origin() throws IOException;

  /// The pipe's bound, in bytes.
  long mostBuffered();

  /// Whether what is given is there before the origin has ended.
  boolean isLive();

  /// Whether the origin can break off, and its reader hears of it.
  boolean isFragile();

  /// Whether whoever fills the pipe notices that nobody reads.
  boolean noticesItsReader();
}
