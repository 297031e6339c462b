package io.ringwell.net;

import io.ringwell.pipe.PipeReader;
import io.ringwell.pipe.PipeWriter;

/// Something to read from and something to write to: a connection, or a stage before one, such as
/// TLS. Protocol code asks for no more.
///
/// What is written goes out when it is flushed. Completing the output ends that direction, once all
/// that was flushed is out, and the other goes on; completing it with an error breaks off. Where
/// the peer has ended its direction, a read is completed; where it broke off, reads and flushes
/// throw why.
///
/// **Threads.** One reads and one writes; both may be the same.
public interface Duplex {
  /// What comes. Who does not read it makes the peer wait.
  PipeReader input();

  /// What goes.
  PipeWriter output();
}
