package io.ringwell.net;

import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;

/// What a provider does for one connection: turns plain text into records and back, and says by
/// itself what the protocol wants said. Reads from pipes and writes to pipes; neither reads nor
/// flushes any.
///
/// **Threads.** [#open], [#isEnded], [#isOwing] and [#shake] are the receiving thread's. Those that
/// write to the transport ([#seal], [#say], [#end]) are made by whoever holds the lock of the
/// sending side, beside the receiving thread: the engine serialises what it must. [#close] comes
/// when both have ended.
///
/// **Errors** are an `SSLException` that says what the protocol's trouble is; afterwards the engine
/// may have an alert to [#say].
interface TlsEngine extends AutoCloseable {
  /// What a handshake waits for.
  enum Need {
    /// That [#say] is called, and that the peer gets it.
    SAY,
    /// That [#open] gets more from the peer.
    HEAR,
    /// Nothing: hands are shaken.
    NOTHING
  }

  /// Goes on with the handshake as far as that is possible by computing.
  Need shake() throws IOException;

  /// Opens records from the offset `at` of `read` on, which has some bytes there; what was in them
  /// is committed to `plain`, not flushed. Opens a few at the most: the caller looks in between.
  ///
  /// @return how many bytes of `read` are done with; 0 where no record is there as a whole
  long open(PipeRead read, long at, PipeWriter plain) throws IOException;

  /// Whether the peer's close_notify came.
  boolean isEnded();

  /// Whether the last [#open] left the engine something to say.
  boolean isOwing();

  /// Seals all of `plain`, which is not advanced, into records, which are committed, not flushed.
  void seal(PipeRead plain, PipeWriter records) throws IOException;

  /// Whether there is something to say: handshakes, new keys, alerts.
  boolean hasToSay();

  /// Commits all that is to be said.
  void say(PipeWriter records) throws IOException;

  /// Commits a close_notify, behind what is to be said.
  void end(PipeWriter records) throws IOException;

  /// What came of the handshake, once that is done.
  TlsSession session() throws IOException;

  /// Lets go of what the engine has outside the heap. Once.
  @Override
  void close();
}
