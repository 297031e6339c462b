package io.ringwell.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ringwell.memory.Bytes;
import io.ringwell.net.TlsEngine.Need;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeRead;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// A server of TLS whose steps a test takes one by one. What it says is kept until the peer has to
/// answer, or [#send].
final class HandServer implements AutoCloseable {
  private final TlsEngine engine;
  private final TlsRig rig;
  private final Pipe plain;
  private final Pipe said;

  HandServer(TlsEngine engine, TlsRig rig) {
    this.engine = engine;
    this.rig = rig;
    this.plain = new Pipe(rig.pool);
    this.said = new Pipe(rig.pool);
  }

  /// Shakes hands. What it says when they are, tickets, is kept.
  void shake() throws IOException {
    for (Need need = engine.shake(); need != Need.NOTHING; need = engine.shake()) {
      if (need == Need.SAY) {
        say();
      } else {
        send(Integer.MAX_VALUE);
        hear();
      }
    }
  }

  private void hear() throws IOException {
    PipeRead read = rig.server.input().read();
    long at = read.start();
    long opened = 1;
    while (opened > 0 && at < read.end() && engine.shake() == Need.HEAR) {
      opened = engine.open(read, at, plain.writer());
      at += opened;
    }
    read.advance(at, engine.shake() == Need.HEAR ? read.end() : at);
  }

  void say() throws IOException {
    engine.say(said.writer());
  }

  /// In records as large as may be.
  void seal(String text) throws IOException {
    plain.writer().append(Bytes.copyOf(text.getBytes(US_ASCII)));
    plain.writer().tryFlush();
    PipeRead read = plain.reader().read();
    engine.seal(read, said.writer());
    read.advance(read.end());
  }

  /// Sends all that is kept: what is before `split` as one fragment, and the rest as another.
  void send(int split) throws IOException {
    said.writer().tryFlush();
    PipeRead read = said.reader().tryRead();
    if (read == null) {
      return;
    }
    MemorySegment all = MemorySegment.ofArray(read.toArray());
    read.advance(read.end());
    long first = Math.min(split, all.byteSize());
    sendOne(all.asSlice(0, first));
    if (first < all.byteSize()) {
      sendOne(all.asSlice(first));
    }
  }

  private void sendOne(MemorySegment fragment) throws IOException {
    rig.server.output().append(Bytes.copyOf(fragment));
    rig.server.output().flush();
  }

  @Override
  public void close() {
    plain.close();
    said.close();
    engine.close();
  }
}
