package io.ringwell.search;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.Semaphore;

/// Where results go: a file's stay together. Any number of threads.
final class Output {
  private final WritableByteChannel to;

  /// Held by the file whose results are being written: by any of its threads.
  private final Semaphore turn = new Semaphore(1);

  Output(WritableByteChannel to) {
    this.to = to;
  }

  /// Waits until no other file is being written.
  void begin() {
    turn.acquireUninterruptibly();
  }

  /// Between [#begin] and [#end].
  void write(byte[] bytes, int length) {
    ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
    try {
      while (rest.hasRemaining()) {
        to.write(rest);
      }
    } catch (IOException e) {
      throw new OutputException(e);
    }
  }

  void end() {
    turn.release();
  }
}
