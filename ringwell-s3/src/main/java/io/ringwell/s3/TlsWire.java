package io.ringwell.s3;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/// A connection with TLS, whose engine decrypts a record in place and copies it to where it
/// belongs. What of a record does not fit there any more is copied once more.
///
/// What is received lies in memory of this class: for the JDK's engine in an array, into which the
/// JDK copies it, since it decrypts arrays as they are and any other memory by way of arrays that
/// it makes for each record; for BoringSSL beyond the heap, from where that copies it. So it is two
/// copies either way.
final class TlsWire implements Wire {
  /// Four records: fewer system calls.
  private static final int RECEIVED_RECORDS = 4;

  /// For the same reason.
  private static final int SENT_RECORDS = 8;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final SSLEngine engine;

  /// Received and not decrypted yet, from its position to its limit.
  private final ByteBuffer received;

  private final ByteBuffer sending;

  /// What the largest record takes.
  private final int packetBytes;

  /// Decrypted and not asked for yet, from its position to its limit.
  private final ByteBuffer spilled;

  private final ByteBuffer[] targets;
  private long copied;
  private boolean closed;

  private TlsWire(SocketChannel channel, SSLEngine engine, boolean isNative) {
    this.channel = channel;
    this.engine = engine;
    int packet = engine.getSession().getPacketBufferSize();
    packetBytes = packet;
    int bytes = RECEIVED_RECORDS * packet;
    received = (isNative ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes)).limit(0);
    int room = SENT_RECORDS * packet;
    // The JDK encrypts arrays in place, and other memory by way of arrays that it makes.
    sending = isNative ? ByteBuffer.allocateDirect(room) : ByteBuffer.allocate(room);
    // BoringSSL wants room for the record as it was sent.
    spilled =
        ByteBuffer.allocateDirect(Math.max(packet, engine.getSession().getApplicationBufferSize()))
            .limit(0);
    targets = new ByteBuffer[] {NOTHING, spilled};
  }

  /// Shakes hands; parks. Owns both from then on.
  ///
  /// @param isNative whether the engine is BoringSSL's
  static TlsWire over(SocketChannel channel, SSLEngine engine, boolean isNative)
      throws IOException {
    TlsWire wire = new TlsWire(channel, engine, isNative);
    boolean done = false;
    try {
      engine.beginHandshake();
      wire.go(engine.getHandshakeStatus());
      done = true;
      return wire;
    } finally {
      if (!done) {
        wire.close();
      }
    }
  }

  /// Does what the engine needs before it can go on.
  private void go(HandshakeStatus first) throws IOException {
    HandshakeStatus status = first;
    while (status != HandshakeStatus.FINISHED && status != HandshakeStatus.NOT_HANDSHAKING) {
      status =
          switch (status) {
            case NEED_TASK -> {
              for (Runnable task = engine.getDelegatedTask();
                  task != null;
                  task = engine.getDelegatedTask()) {
                task.run();
              }
              yield engine.getHandshakeStatus();
            }
            case NEED_WRAP -> send(0, NOTHING);
            default -> {
              SSLEngineResult result = unwrap(NOTHING);
              if (result.getStatus() == Status.CLOSED || (isShort(result) && !fill())) {
                throw new EOFException("the store ended the connection while shaking hands");
              }
              yield result.getHandshakeStatus();
            }
          };
    }
  }

  private static boolean isShort(SSLEngineResult result) {
    return result.getStatus() == Status.BUFFER_UNDERFLOW;
  }

  private SSLEngineResult unwrap(ByteBuffer into) throws IOException {
    spilled.clear();
    targets[0] = into;
    SSLEngineResult result = engine.unwrap(received, targets);
    spilled.flip();
    return result;
  }

  /// @return false where there is no more
  private boolean fill() throws IOException {
    received.compact();
    int got = channel.read(received);
    received.flip();
    copied += Math.max(0, got);
    return got >= 0;
  }

  /// Encrypts some of what is there from `first` on, as many records as have room, and sends them.
  private HandshakeStatus send(int first, ByteBuffer... from) throws IOException {
    sending.clear();
    SSLEngineResult result;
    do {
      result = engine.wrap(from, first, from.length - first, sending);
    } while (result.getStatus() == Status.OK
        && result.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
        && result.bytesConsumed() > 0
        && from[from.length - 1].hasRemaining()
        && sending.remaining() >= packetBytes);
    sending.flip();
    while (sending.hasRemaining()) {
      channel.write(sending);
    }
    if (result.getStatus() == Status.CLOSED) {
      throw new EOFException("the store has ended the connection");
    }
    return result.getHandshakeStatus();
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int start = into.position();
    while (into.position() == start) {
      if (spilled.hasRemaining()) {
        int bytes = Math.min(spilled.remaining(), into.remaining());
        into.put(start, spilled, spilled.position(), bytes).position(start + bytes);
        spilled.position(spilled.position() + bytes);
        copied += bytes;
        return bytes;
      }
      SSLEngineResult result = unwrap(into);
      copied += result.bytesProduced();
      if (result.getStatus() == Status.CLOSED || (isShort(result) && !fill())) {
        return -1;
      }
      if (result.getStatus() == Status.OK) {
        afterwards(result.getHandshakeStatus());
      }
    }
    return into.position() - start;
  }

  /// Keys are renewed and tickets given in between. What the store has to say to that comes with
  /// the next read.
  private void afterwards(HandshakeStatus status) throws IOException {
    if (status == HandshakeStatus.NEED_TASK || status == HandshakeStatus.NEED_WRAP) {
      go(status);
    }
  }

  @Override
  public long copied() {
    return copied;
  }

  @Override
  public void write(ByteBuffer... from) throws IOException {
    for (int first = 0; first < from.length; first++) {
      while (from[first].hasRemaining()) {
        afterwards(send(first, from));
      }
    }
  }

  /// Without TLS's last word: an answer says itself how long it is.
  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      Tls.release(engine);
      channel.close();
    }
  }
}
