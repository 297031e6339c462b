package io.ringwell.s3;

import io.ringwell.memory.CopyCounter;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/// A connection with TLS by the JDK's engine, which decrypts a record in place and copies it to
/// where it belongs. What of a record does not fit there any more is copied once more.
///
/// What is received lies in an array, into which the JDK copies it: the engine decrypts arrays as
/// they are, and any other memory by way of arrays that it makes for each record. So it is two
/// copies, which are counted, in place of three that could not be, and a quarter less garbage.
final class TlsWire implements Wire {
  /// Four records: fewer system calls.
  private static final int RECEIVED_RECORDS = 4;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final SSLEngine engine;

  /// Received and not decrypted yet, from its position to its limit.
  private final ByteBuffer received;

  private final ByteBuffer sending;

  /// Decrypted and not asked for yet, from its position to its limit.
  private final ByteBuffer spilled;

  private final ByteBuffer[] targets;

  /// Shakes hands; parks.
  TlsWire(SocketChannel channel, SSLEngine engine) throws IOException {
    this.channel = channel;
    this.engine = engine;
    int packet = engine.getSession().getPacketBufferSize();
    received = ByteBuffer.allocate(RECEIVED_RECORDS * packet).limit(0);
    sending = ByteBuffer.allocateDirect(packet);
    spilled = ByteBuffer.allocateDirect(engine.getSession().getApplicationBufferSize()).limit(0);
    targets = new ByteBuffer[] {NOTHING, spilled};
    engine.beginHandshake();
    go(engine.getHandshakeStatus());
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
            case NEED_WRAP -> send(NOTHING);
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
    CopyCounter.add(Math.max(0, got));
    return got >= 0;
  }

  private HandshakeStatus send(ByteBuffer from) throws IOException {
    sending.clear();
    SSLEngineResult result = engine.wrap(from, sending);
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
        CopyCounter.add(bytes);
        return bytes;
      }
      SSLEngineResult result = unwrap(into);
      CopyCounter.add(result.bytesProduced());
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
  public void write(ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      afterwards(send(from));
    }
  }

  /// Without TLS's last word: an answer says itself how long it is.
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
