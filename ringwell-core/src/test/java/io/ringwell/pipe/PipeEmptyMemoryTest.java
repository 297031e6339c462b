package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.IoBuffer;
import io.ringwell.memory.PoolOptions;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What empty pipes keep is had by whoever waits for the pool.
@Timeout(60)
class PipeEmptyMemoryTest {
  private static final int SEGMENT = 64 << 10;

  private final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(4 << 20));
  private final List<Pipe> pipes = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() {
    for (Pipe pipe : pipes) {
      pipe.close();
    }
    assertThat(pool.stats().inUseBytes()).isZero();
    pool.close();
  }

  private Pipe open() {
    Pipe pipe = new Pipe(pool, Rig.options().withSegments(SEGMENT, SEGMENT));
    pipes.add(pipe);
    return pipe;
  }

  private static void send(Pipe pipe, byte value) throws IOException {
    pipe.writer().reserve(1);
    pipe.writer().memory().set(ValueLayout.JAVA_BYTE, pipe.writer().position(), value);
    pipe.writer().commit(1);
    pipe.writer().tryFlush();
  }

  private static void readAll(Pipe pipe) throws IOException {
    PipeRead read = pipe.reader().read();
    read.advance(read.end());
  }

  /// All memory, if it can be had without waiting for anybody who does anything.
  private IoBuffer all() throws IOException {
    return Objects.requireNonNull(pool.acquire(pool.maxBytes(), () -> true), "all memory");
  }

  @Test
  void anEmptyPipeGivesItsLastSegmentToWhoWaits() throws IOException {
    Pipe pipe = open();
    send(pipe, (byte) 1);
    readAll(pipe);
    assertThat(pool.stats().inUseBytes()).as("kept").isEqualTo(SEGMENT);
    all().close();
    send(pipe, (byte) 2);
    PipeRead read = pipe.reader().read();
    assertThat(read.start()).isEqualTo(1);
    assertThat(read.get(1)).isEqualTo((byte) 2);
    read.advance(read.end());
  }

  @Test
  void manyEmptyPipesLeaveMemoryForAnother() throws IOException {
    for (long left = pool.maxBytes(); left > 0; left -= SEGMENT) {
      Pipe pipe = open();
      send(pipe, (byte) 1);
      readAll(pipe);
    }
    assertThat(pool.tryAcquire(1)).isNull();
    Pipe one = open();
    send(one, (byte) 7);
    assertThat(one.reader().read().get(0)).isEqualTo((byte) 7);
  }

  @Test
  void whoEmptiesAPipeWhileSomebodyWaitsGivesItBack() throws Exception {
    Pipe pipe = open();
    send(pipe, (byte) 1);
    Parked<IoBuffer> parked = Parked.of(() -> pool.acquire(pool.maxBytes()));
    readAll(pipe);
    parked.end().close();
  }

  @Test
  void aWindowThatNothingWasWrittenToIsGivenBackByTheFlush() throws Exception {
    Pipe pipe = open();
    pipe.writer().reserve(1);
    Parked<IoBuffer> parked = Parked.of(() -> pool.acquire(pool.maxBytes()));
    assertThat(pipe.writer().tryFlush()).isEqualTo(FlushResult.OPEN);
    parked.end().close();
  }

  /// The reader found the tail in use; nobody waits yet when the writer lets go of it.
  @Test
  void aPipeThatKeepsNothingHasNothingWhenItIsEmpty() throws IOException {
    Pipe pipe = new Pipe(pool, Rig.options().withSegments(SEGMENT, SEGMENT).withKeepBytes(0));
    pipes.add(pipe);
    send(pipe, (byte) 1);
    pipe.writer().reserve(1);
    readAll(pipe);
    pipe.writer().tryFlush();
    assertThat(pool.stats().inUseBytes()).isZero();
    send(pipe, (byte) 2);
    assertThat(pipe.reader().read().get(1)).isEqualTo((byte) 2);
  }

  /// It waits for what only itself has: appended, and read while it had the tail.
  @Test
  void aWriterDoesNotWaitForWhatItsOwnEmptyPipeHas() throws IOException {
    Pipe pipe = open();
    IoBuffer given = all();
    assertThat(pipe.writer().tryAppend(given.freeze())).isTrue();
    pipe.writer().tryFlush();
    assertThat(pipe.writer().tryReserve(1)).isZero();
    readAll(pipe);
    assertThat(pipe.writer().reserve(1)).isPositive();
  }

  /// What was not read stays, and what the writer has a window of.
  @Test
  void whatIsInUseIsNotGiven() throws IOException {
    Pipe pipe = open();
    send(pipe, (byte) 5);
    assertThat(pool.acquire(pool.maxBytes(), () -> true)).isNull();
    pipe.writer().reserve(1);
    readAll(pipe);
    assertThat(pool.acquire(pool.maxBytes(), () -> true)).isNull();
    pipe.writer().memory().set(ValueLayout.JAVA_BYTE, pipe.writer().position(), (byte) 6);
    pipe.writer().commit(1);
    pipe.writer().tryFlush();
    assertThat(pipe.reader().read().get(1)).isEqualTo((byte) 6);
  }

  /// One goes on until the other has had all memory, that many times.
  @Test
  void whoWaitsMeetsAPipeThatIsInUse() throws Exception {
    Pipe pipe = open();
    int rounds = 2_000;
    FutureTask<Void> taking =
        new FutureTask<>(() -> {
          for (int i = 0; i < rounds; i++) {
            pool.acquire(pool.maxBytes()).close();
          }
          return null;
        });
    FutureTask<Void> reading =
        new FutureTask<>(() -> {
          byte next = 0;
          PipeRead read = pipe.reader().read();
          while (!read.isEmpty()) {
            for (long at = read.start(); at < read.end(); at++) {
              assertThat(read.get(at)).isEqualTo(next++);
            }
            read.advance(read.end());
            read = pipe.reader().read();
          }
          return null;
        });
    Thread.ofPlatform().start(reading);
    Thread.ofPlatform().start(taking);
    byte next = 0;
    while (!taking.isDone()) {
      send(pipe, next++);
    }
    taking.get();
    pipe.writer().complete();
    reading.get();
  }
}
