package io.ringwell.bench;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.PoolOptions;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeOptions;
import java.lang.foreign.Arena;
import java.util.Locale;
import java.util.Map;

/// Pipes beside `java.nio.channels.Pipe` and okio's, taking turns in one JVM; median of seven,
/// `-Drounds=N` changes that.
///
/// | argument | what |
/// |---|---|
/// | `bytes` | one thread writes pieces of 64 KiB and of 1 KiB, another reads; what that allocates |
/// | `ints` | the same of a pipe of ints, beside one of bytes, both by their own methods that copy |
/// | `message` | 16 bytes written and read on one thread |
/// | `append` | bytes given away whole, of 64 KiB to 16 MiB |
///
/// Every contender copies each byte once into its pipe, from memory of the writer's own, and once
/// out of it, to memory of the reader's: for `java.nio.channels.Pipe` both copies are the kernel's.
public final class PipeComparison {
  private static final long POOL_BYTES = 64 << 20;
  private static final int[] PIECES = {64 << 10, 1 << 10};
  private static final int MESSAGES = 2_000_000;
  private static final int APPENDS = 1_000_000;
  private static final double NANOS_PER_MICRO = 1000;

  private PipeComparison() {}

  /// Runs what the arguments name; the figures go to standard output.
  public static void main(String[] arguments) throws Exception {
    String[] all = {"bytes", "ints", "message", "append"};
    try (BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(POOL_BYTES))) {
      for (String what : arguments.length == 0 ? all : arguments) {
        switch (what) {
          case "bytes" -> bytes(pool);
          case "ints" -> ints(pool);
          case "message" -> message(pool);
          case "append" -> append(pool);
          default -> throw new IllegalArgumentException("unknown: " + what);
        }
      }
    }
  }

  private static void bytes(BufferPool pool) throws Exception {
    for (int piece : PIECES) {
      System.out.println("bytes, pieces of " + piece);
      Contest contest = new Contest("MiB/s");
      try (ByteCarry pipe = new ByteCarry(pool, PipeOptions.defaults(), piece);
          BareCarry bare = new BareCarry(piece)) {
        PipeTurns ours = new PipeTurns("pipe", pipe);
        ours.enter(contest);
        new PipeTurns("the two copies alone", bare).enter(contest);
        new PipeTurns("java.nio.channels.Pipe", new NioCarry(piece)).enter(contest);
        for (long most : new long[] {64 << 10, 1 << 20}) {
          String name = "okio.Pipe of %d KiB".formatted(most >> 10);
          new PipeTurns(name, new OkioCarry(most, piece)).enter(contest);
        }
        contest.run();
        ours.printAllocated();
      }
    }
  }

  private static void ints(BufferPool pool) throws Exception {
    for (int piece : PIECES) {
      System.out.println("bytes and ints, pieces of " + piece);
      Contest contest = new Contest("MiB/s");
      try (CountedCarry bytes = new CountedCarry(pool, PipeOptions.defaults(), piece);
          ByteCarry byHand = new ByteCarry(pool, PipeOptions.defaults(), piece);
          IntCarry ints = new IntCarry(pool, PipeOptions.defaults(), piece)) {
        new PipeTurns("pipe", bytes).enter(contest);
        new PipeTurns("pipe, copied by hand", byHand).enter(contest);
        PipeTurns typed = new PipeTurns("pipe of ints", ints);
        typed.enter(contest);
        contest.run();
        typed.printAllocated();
      }
    }
  }

  private static void message(BufferPool pool) throws Exception {
    System.out.println("a message of " + PipeMessages.BYTES + " bytes, written and read");
    Contest contest = new Contest("messages/us");
    try (Pipe pipe = new Pipe(pool);
        PipeMessages messages = new PipeMessages(pipe)) {
      contest.add("pipe", () -> rate(messages::ours, MESSAGES));
      contest.add("okio.Pipe", () -> rate(messages::okio, MESSAGES));
      contest.add("java.nio.channels.Pipe", () -> rate(messages::nio, MESSAGES / 10));
      printNanos(contest.run());
      System.out.printf(
          Locale.ROOT, "allocated for each by the pipe: %.2f B%n", messages.allocated(MESSAGES));
    }
  }

  private static void append(BufferPool pool) throws Exception {
    System.out.println("bytes appended, flushed, read and let go");
    Contest contest = new Contest("appends/us");
    try (Arena arena = Arena.ofShared();
        Pipe pipe = new Pipe(pool)) {
      for (long size : new long[] {64 << 10, 1 << 20, 16 << 20}) {
        Bytes bytes = Bytes.adopt(arena.allocate(size), () -> {});
        String name = (size >> 10) + " KiB";
        contest.add(name, () -> rate(count -> PipeMessages.append(pipe, bytes, count), APPENDS));
      }
      printNanos(contest.run());
    }
  }

  private static double rate(PipeMessages.Loop loop, int count) throws Exception {
    long start = System.nanoTime();
    loop.run(count);
    return count * NANOS_PER_MICRO / (System.nanoTime() - start);
  }

  private static void printNanos(Map<String, Double> perMicro) {
    perMicro.forEach((name, rate) ->
        System.out.printf(Locale.ROOT, "%-36s %,12.1f ns%n", name, NANOS_PER_MICRO / rate));
  }
}
