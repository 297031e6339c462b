package io.ringwell.bench;

import io.ringwell.engine.Engine;
import io.ringwell.file.OpenOptions;
import io.ringwell.window.ManagedWriter;
import io.ringwell.window.WriteClaim;
import io.ringwell.window.WriterOptions;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file written anew from its beginning to its end, 64 KiB at a time, of which a long changes: by
/// claims, by a loop of `FileChannel.write` from a direct buffer, and past the page cache by claims
/// and by fio.
final class ClaimTurns {
  private static final int CLAIM_BYTES = 64 << 10;
  private static final long FEW_BYTES = 512 << 10;
  private static final int DIRECT_DEPTH = 16;
  private static final long LEAST_NANOS = 500_000_000;

  private final Engine engine;
  private final DataFile file;

  ClaimTurns(Engine engine, DataFile file) {
    this.engine = engine;
    this.file = file;
  }

  /// Through the page cache; nothing is synced.
  void buffered() throws Exception {
    ByteBuffer buffer = ByteBuffer.allocateDirect(CLAIM_BYTES);
    WriterOptions defaults = WriterOptions.of(OpenOptions.write());
    WriterOptions few = defaults.withMaxClaim(CLAIM_BYTES).withMaxInFlightBytes(FEW_BYTES);
    WriteClaim claim = new WriteClaim();
    try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.WRITE);
        ManagedWriter writer = ManagedWriter.open(engine, file.path(), defaults);
        ManagedWriter narrow = ManagedWriter.open(engine, file.path(), few)) {
      Contest contest = new Contest("MiB/s");
      contest.add("FileChannel.write", () -> timed(() -> write(channel, buffer)));
      contest.add("claims, 8 MiB in flight", () -> timed(() -> claim(writer, claim)));
      contest.add("claims, 512 KiB in flight", () -> timed(() -> claim(narrow, claim)));
      contest.run();
      System.out.println(engine.info());
    }
  }

  /// Past the page cache, 16 at a time.
  void direct(Path forFio) throws Exception {
    DataFile theirs = new DataFile(forFio, file.bytes());
    theirs.make();
    WriterOptions options =
        WriterOptions.of(OpenOptions.write().direct())
            .withMaxClaim(CLAIM_BYTES)
            .withMaxInFlightBytes((long) DIRECT_DEPTH * CLAIM_BYTES);
    try (ManagedWriter writer = ManagedWriter.open(engine, file.path(), options)) {
      Contest contest = new Contest("MiB/s", 1);
      contest.add(
          "fio, io_uring, depth " + DIRECT_DEPTH,
          () -> Fio.writeRate(theirs, CLAIM_BYTES, DIRECT_DEPTH, false) / (1 << 20));
      WriteClaim claim = new WriteClaim();
      contest.add(
          "claims, " + DIRECT_DEPTH + " at a time", () -> timed(() -> claim(writer, claim)));
      contest.run();
      System.out.println(engine.info());
    }
  }

  private interface Body {
    void run() throws IOException;
  }

  /// Over and over for half a second.
  private double timed(Body body) throws IOException {
    long start = System.nanoTime();
    long nanos = 0;
    long bytes = 0;
    while (nanos < LEAST_NANOS) {
      body.run();
      bytes += file.bytes();
      nanos = System.nanoTime() - start;
    }
    return bytes / 1048576.0 / (nanos / 1e9);
  }

  private void write(FileChannel channel, ByteBuffer buffer) throws IOException {
    for (long at = 0; at < file.bytes(); at += CLAIM_BYTES) {
      buffer.clear();
      buffer.putLong(0, at);
      if (channel.write(buffer, at) != CLAIM_BYTES) {
        throw new IOException("short");
      }
    }
  }

  /// Commits are not waited for one by one: the last flush tells what failed.
  private void claim(ManagedWriter writer, WriteClaim claim) throws IOException {
    for (long at = 0; at < file.bytes(); at += CLAIM_BYTES) {
      writer.beginWrite(claim, at, CLAIM_BYTES);
      claim.segment().set(ValueLayout.JAVA_LONG_UNALIGNED, 0, at);
      writer.commit(claim);
    }
    writer.flush();
  }
}
