package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.SocketCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;

/// Whether the peer of a socket has broken off and a send alone was told.
///
/// The kernel tells of a reset once (`sk_err`): a send that meets it is told, and the receive is
/// answered 0, as if the peer had ended. Nobody may take what was cut off for whole, so a receive
/// that is answered 0 asks here.
///
/// **With a descriptor** the kernel knows: over, and no end has come ([SocketCalls#isReset]). A
/// send of the Unix domain looks for the end first, and leaves the error for the receive.
///
/// **With a channel** each send is watched. It holds the lock, which is uncontended but for a
/// receive that is answered 0: that waits until a send that is being made has its answer, and no
/// longer, since none waits for the peer.
final class PeerReset {
  private final FileHandle socket;

  /// Bytes that were received; of use where there is a descriptor. The ring's thread's alone there.
  private long received;

  private boolean sendWasTold;

  PeerReset(FileHandle socket) {
    this.socket = socket;
  }

  void received(int bytes) {
    received += bytes;
  }

  /// For a receive that was answered 0.
  boolean wasTold() {
    if (socket.descriptor >= 0) {
      return !socket.isUnixSocket() && SocketCalls.isReset(socket.descriptor, received);
    }
    synchronized (this) {
      return sendWasTold;
    }
  }

  /// Writes what there is room for. A failure is taken for the reset, however it is worded, unless
  /// it is known to be none: who is told of one too many asks again, who is told of one too few
  /// takes what was cut off for whole.
  synchronized int write(WritableByteChannel to, ByteBuffer bytes) throws IOException {
    try {
      return to.write(bytes);
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      sendWasTold |= Workers.errnoOf(e) != Errno.EPIPE;
      throw e;
    }
  }
}
