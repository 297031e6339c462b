package io.ringwell.bench;

import io.ringwell.engine.Engine;
import io.ringwell.file.Durability;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.IoBuffer;
import io.ringwell.sink.FileSinkOptions;
import io.ringwell.sink.Sink;
import io.ringwell.sink.Sinks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/// A new file of 1 MiB pieces: by a sink, each piece in memory of its own from the pool, by a loop
/// of `FileChannel.write` from one direct buffer, and past the page cache by a sink and by fio.
/// Nothing is synced.
final class SinkTurns {
  private static final int PIECE_BYTES = 1 << 20;
  private static final int DIRECT_DEPTH = 8;

  private final Engine engine;
  private final DataFile file;

  SinkTurns(Engine engine, DataFile file) {
    this.engine = engine;
    this.file = file;
  }

  /// Through the page cache.
  void buffered() throws Exception {
    ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE_BYTES);
    Contest contest = new Contest("MiB/s", 1);
    contest.add("FileChannel.write", () -> timed(() -> write(buffer)));
    contest.add("sink", () -> timed(() -> send(options())));
    run(contest);
  }

  /// Past the page cache.
  void direct(Path forFio) throws Exception {
    DataFile theirs = new DataFile(forFio, file.bytes());
    theirs.make();
    Contest contest = new Contest("MiB/s", 1);
    contest.add("fio, a new file, depth " + DIRECT_DEPTH, () -> fio(theirs, true));
    contest.add("fio, over one that is there", () -> fio(theirs, false));
    contest.add("sink", () -> timed(() -> send(options().withDirect())));
    contest.add(
        "sink, length known",
        () -> timed(() -> send(options().withDirect().withExpectedBytes(file.bytes()))));
    run(contest);
  }

  private static double fio(DataFile to, boolean anew) throws Exception {
    return Fio.writeRate(to, PIECE_BYTES, DIRECT_DEPTH, anew) / (1 << 20);
  }

  private void run(Contest contest) throws Exception {
    long copied = CopyCounter.bytesCopied();
    contest.run();
    System.out.println((CopyCounter.bytesCopied() - copied) + " bytes of payload copied");
    System.out.println(engine.info());
  }

  private static FileSinkOptions options() {
    return FileSinkOptions.defaults().withDurability(Durability.NONE);
  }

  /// What it does to others: see [Beside].
  void beside() throws Exception {
    ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE_BYTES);
    Beside.print("nothing", () -> Thread.sleep(Duration.ofSeconds(2)));
    Beside.print("FileChannel.write", () -> timed(() -> write(buffer)));
    Beside.print("sink", () -> timed(() -> send(options())));
    Beside.print("sink, direct", () -> timed(() -> send(options().withDirect())));
  }

  private interface Body {
    void run() throws IOException;
  }

  private double timed(Body body) throws IOException {
    Files.deleteIfExists(target());
    long start = System.nanoTime();
    body.run();
    return file.bytes() / 1048576.0 / ((System.nanoTime() - start) / 1e9);
  }

  private Path target() {
    return Path.of(file.path() + ".new");
  }

  private void write(ByteBuffer buffer) throws IOException {
    try (FileChannel channel =
        FileChannel.open(target(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long at = 0; at < file.bytes(); at += PIECE_BYTES) {
        buffer.clear();
        buffer.putLong(0, at);
        if (channel.write(buffer, at) != PIECE_BYTES) {
          throw new IOException("short");
        }
      }
    }
  }

  private void send(FileSinkOptions options) throws IOException {
    try (Sink sink = Sinks.file(engine, target(), options)) {
      for (long at = 0; at < file.bytes(); at += PIECE_BYTES) {
        IoBuffer piece = engine.pool().acquire(PIECE_BYTES);
        piece.byteBuffer().putLong(0, at);
        sink.send(piece.freeze());
      }
      sink.complete();
    }
  }
}
