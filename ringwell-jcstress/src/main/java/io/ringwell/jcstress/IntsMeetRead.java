package io.ringwell.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.ringwell.pipe.IntRead;
import io.ringwell.pipe.IntWriter;
import io.ringwell.pipe.TypedPipe;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LIZ_Result;

/// Ints that are flushed meet a read that asks to be told: it sees what was written, plainly, and
/// no wake-up is lost.
///
/// What the read came with; how often it was told; whether all is there at the end.
@JCStressTest
@Outcome(id = "all, 0, true", expect = ACCEPTABLE, desc = "The flush was first.")
@Outcome(id = "nothing, 1, true", expect = ACCEPTABLE, desc = "The reader waited, and was told.")
@State
public class IntsMeetRead {
  private final TypedPipe<IntWriter, IntRead> pipe =
      TypedPipe.ofInts(Meeting.POOL, Meeting.OPTIONS);
  private final AtomicInteger told = new AtomicInteger();
  private final int value = ThreadLocalRandom.current().nextInt();

  @Actor
  public void write() {
    if (pipe.writer().tryReserve(2) < 2) {
      throw new IllegalStateException("no memory");
    }
    pipe.writer().put(0, value);
    pipe.writer().put(1, ~value);
    pipe.writer().commit(2);
    Meeting.must(() -> pipe.writer().tryFlush());
  }

  @Actor
  public void read(LIZ_Result result) {
    IntRead read = Meeting.must(() -> pipe.reader().tryRead(told::incrementAndGet));
    result.r1 = read == null ? "nothing" : isAll(read) ? "all" : "other";
    if (read != null) {
      read.advance(read.start());
    }
  }

  @Arbiter
  public void end(LIZ_Result result) {
    result.r2 = told.get();
    IntRead read = Meeting.must(() -> pipe.reader().tryRead());
    result.r3 = read != null && isAll(read);
    pipe.close();
  }

  private boolean isAll(IntRead read) {
    return read.size() == 2 && read.get(read.start()) == value && read.get(1) == ~value;
  }
}
