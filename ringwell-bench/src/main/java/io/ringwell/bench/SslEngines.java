package io.ringwell.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/// A client and a server of the JDK, with nothing around them but buffers on the heap.
final class SslEngines {
  private static final int RECORD = 16 << 10;

  /// All that one side says before it listens again.
  private static final int FLIGHT = 128 << 10;

  /// Records on their way between two threads: half a megabyte, as a pipe holds.
  private static final int ON_THE_WAY = 32;

  private final SSLEngine client;
  private final SSLEngine server;
  private final ByteBuffer plain = ByteBuffer.allocate(RECORD);
  private final ByteBuffer sealed;
  private final ByteBuffer opened;
  private final BlockingQueue<ByteBuffer> full = new ArrayBlockingQueue<>(ON_THE_WAY);
  private final BlockingQueue<ByteBuffer> empty = new ArrayBlockingQueue<>(ON_THE_WAY);

  SslEngines(TlsKeys keys) throws IOException, GeneralSecurityException {
    SSLContext context = keys.context();
    client = context.createSSLEngine("localhost", 443);
    client.setUseClientMode(true);
    server = context.createSSLEngine();
    server.setUseClientMode(false);
    sealed = ByteBuffer.allocate(packets());
    opened = ByteBuffer.allocate(client.getSession().getApplicationBufferSize());
    shakeHands();
    for (int i = 0; i < ON_THE_WAY; i++) {
      empty.add(ByteBuffer.allocate(packets()));
    }
  }

  /// What is wrapped at once may take more than one record, each of which wants room for the
  /// largest.
  private int packets() {
    return 2 * client.getSession().getPacketBufferSize();
  }

  private void shakeHands() throws IOException {
    client.beginHandshake();
    server.beginHandshake();
    ByteBuffer up = ByteBuffer.allocate(FLIGHT);
    ByteBuffer down = ByteBuffer.allocate(FLIGHT);
    boolean moved = true;
    while (moved) {
      moved = carry(client, server, up);
      moved |= carry(server, client, down);
    }
    if (client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
      throw new IOException("hands are not shaken: " + client.getHandshakeStatus());
    }
  }

  /// Takes what one has to say to the other, as far as that one listens; false where it is nothing.
  private boolean carry(SSLEngine from, SSLEngine to, ByteBuffer way) throws IOException {
    boolean moved = false;
    plain.clear().limit(0);
    while (from.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      from.wrap(plain, way);
      runTasks(from);
      moved = true;
    }
    way.flip();
    while (way.hasRemaining() && to.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
      opened.clear();
      SSLEngineResult result = to.unwrap(way, opened);
      runTasks(to);
      if (result.getStatus() != Status.OK) {
        throw new IOException("a handshake's record is not taken: " + result);
      }
      moved = true;
    }
    way.compact();
    return moved;
  }

  private static void runTasks(SSLEngine engine) {
    for (Runnable task = engine.getDelegatedTask(); task != null; ) {
      task.run();
      task = engine.getDelegatedTask();
    }
  }

  /// Wraps and unwraps on this thread.
  void alternate(long total) throws IOException {
    for (long left = total; left > 0; left -= RECORD) {
      wrap(sealed);
      unwrap(sealed);
    }
  }

  /// Wraps on another thread.
  void sideBySide(long total) throws Exception {
    FutureTask<Long> wrapping =
        new FutureTask<>(() -> {
          for (long left = total; left > 0; left -= RECORD) {
            ByteBuffer record = empty.take();
            wrap(record);
            full.put(record);
          }
          return total;
        });
    Thread.ofPlatform().name("wrapper").start(wrapping);
    for (long left = total; left > 0; left -= RECORD) {
      ByteBuffer record = full.take();
      unwrap(record);
      empty.put(record);
    }
    wrapping.get();
  }

  private void wrap(ByteBuffer into) throws IOException {
    plain.clear();
    into.clear();
    while (plain.hasRemaining()) {
      if (client.wrap(plain, into).getStatus() != Status.OK) {
        throw new IOException("a record is not wrapped");
      }
    }
    into.flip();
  }

  private void unwrap(ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      opened.clear();
      if (server.unwrap(from, opened).getStatus() != Status.OK) {
        throw new IOException("a record is not unwrapped");
      }
    }
  }
}
