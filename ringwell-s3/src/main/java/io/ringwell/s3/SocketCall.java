package io.ringwell.s3;

import io.ringwell.memory.CopyCounter;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// One request for a range.
final class SocketCall extends SocketWork implements RangeTransport.Call {
  private final SocketRanges ranges;
  private final RangeTransport.Ask what;
  private final RangeTransport.Receiver into;

  /// With the lock of this held.
  private RangeTransport.@Nullable Call instead;

  SocketCall(
      SocketRanges ranges, Sockets sockets, RangeTransport.Ask what, RangeTransport.Receiver into) {
    super(sockets);
    this.ranges = ranges;
    this.what = what;
    this.into = into;
  }

  @Override
  public void cancel() {
    super.cancel();
    RangeTransport.Call other;
    synchronized (this) {
      other = instead;
    }
    if (other != null) {
      other.cancel();
    }
  }

  @Override
  RequestSigner.Signed sign() {
    return sockets.signer().sign(what);
  }

  @Override
  AnswerHead ask(Wire wire, RequestSigner.Signed request) throws IOException {
    wire.write(request.text().rewind());
    return AnswerHead.read(wire, rest);
  }

  /// To ask twice changes nothing.
  @Override
  boolean isSent() {
    return false;
  }

  /// Reads leave nothing behind.
  @Override
  boolean isHandedOver() {
    return false;
  }

  @Override
  void isElsewhere() {
    RangeTransport.Call other = ranges.fetchElsewhere(what, into);
    synchronized (this) {
      instead = other;
    }
    if (isCancelled()) {
      other.cancel();
    }
  }

  @Override
  void ended(@Nullable Throwable failure) {
    into.ended(failure);
  }

  @Override
  boolean take(AnswerHead head, Wire wire) throws IOException {
    long length = head.length();
    String etag = head.header("etag");
    into.begins(etag == null ? "" : etag, head.header("content-range"), length);
    long copied = wire.copied();
    try {
      take(length, wire);
    } finally {
      CopyCounter.add(wire.copied() - copied);
    }
    return true;
  }

  private void take(long length, Wire wire) throws IOException {
    for (long left = length; left > 0; ) {
      ByteBuffer room = into.room();
      int bytes;
      if (rest.hasRemaining()) {
        bytes = Math.min(rest.remaining(), room.remaining());
        room.put(room.position(), rest, rest.position(), bytes);
        room.position(room.position() + bytes);
        rest.position(rest.position() + bytes);
        CopyCounter.add(bytes);
      } else {
        bytes = wire.read(room);
      }
      if (bytes < 0) {
        throw new EOFException("the store ended the connection with " + left + " bytes to come");
      }
      heard();
      into.arrived(bytes);
      left -= bytes;
    }
  }
}
