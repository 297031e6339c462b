package io.ringwell.net;

import io.ringwell.memory.BufferPool;
import io.ringwell.pipe.FlushResult;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeReader;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.net.Socket;

/// A plain socket as two pipes, by two threads that copy. Closing it waits for what is to go.
final class SocketPipes implements Duplex, AutoCloseable {
  private static final int BYTES = 16 << 10;

  private final Socket socket;
  private final Pipe incoming;
  private final Pipe outgoing;
  private final Thread receiving;
  private final Thread sending;

  SocketPipes(Socket socket, BufferPool pool) {
    this.socket = socket;
    incoming = new Pipe(pool);
    outgoing = new Pipe(pool);
    receiving = Thread.startVirtualThread(this::receive);
    sending = Thread.startVirtualThread(this::send);
  }

  @Override
  public PipeReader input() {
    return incoming.reader();
  }

  @Override
  public PipeWriter output() {
    return outgoing.writer();
  }

  private void receive() {
    PipeWriter to = incoming.writer();
    byte[] bytes = new byte[BYTES];
    try {
      int count = socket.getInputStream().read(bytes);
      while (count >= 0) {
        to.write(bytes, 0, count);
        if (to.flush() == FlushResult.COMPLETED) {
          break;
        }
        count = socket.getInputStream().read(bytes);
      }
      to.complete();
    } catch (IOException e) {
      to.complete(e);
    }
  }

  private void send() {
    PipeReader from = outgoing.reader();
    try {
      boolean more = true;
      while (more) {
        PipeRead read = from.read();
        socket.getOutputStream().write(read.toArray());
        more = !read.isCompleted();
        read.advance(read.end());
      }
      socket.shutdownOutput();
    } catch (IOException e) {
      from.complete(e);
    }
    from.complete();
  }

  @Override
  public void close() throws IOException {
    output().complete();
    input().complete();
    try {
      sending.join();
      socket.close();
      receiving.join();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
