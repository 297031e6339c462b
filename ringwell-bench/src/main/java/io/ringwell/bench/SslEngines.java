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
    sealed = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
    opened = ByteBuffer.allocate(client.getSession().getApplicationBufferSize());
    shakeHands();
    for (int i = 0; i < ON_THE_WAY; i++) {
      empty.add(ByteBuffer.allocate(client.getSession().getPacketBufferSize()));
    }
  }

  private void shakeHands() throws IOException {
    client.beginHandshake();
    server.beginHandshake();
    boolean moved = true;
    while (moved) {
      moved = carry(client, server);
      moved |= carry(server, client);
    }
    if (client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
      throw new IOException("hands are not shaken: " + client.getHandshakeStatus());
    }
  }

  /// Takes what one has to say to the other; false where it is nothing.
  private boolean carry(SSLEngine from, SSLEngine to) throws IOException {
    runTasks(from);
    boolean moved = false;
    plain.clear().limit(0);
    while (from.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      sealed.clear();
      from.wrap(plain, sealed);
      sealed.flip();
      while (sealed.hasRemaining()) {
        opened.clear();
        SSLEngineResult result = to.unwrap(sealed, opened);
        runTasks(to);
        if (result.getStatus() != Status.OK) {
          throw new IOException("a handshake's record is not taken: " + result);
        }
      }
      runTasks(from);
      moved = true;
    }
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
    opened.clear();
    while (from.hasRemaining()) {
      if (server.unwrap(from, opened).getStatus() != Status.OK) {
        throw new IOException("a record is not unwrapped");
      }
    }
  }
}
