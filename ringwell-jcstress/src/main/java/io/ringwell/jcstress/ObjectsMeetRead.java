package io.ringwell.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.ringwell.pipe.ObjectPipe;
import io.ringwell.pipe.ObjectRead;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/// Objects that are flushed meet a read that asks to be told: it sees all of them and what they
/// were given before, plainly, and no wake-up is lost.
///
/// The sum of what the read came with, 0 where it did not; how often it was told; the sum at the
/// end.
@JCStressTest
@Outcome(id = "3, 0, 3", expect = ACCEPTABLE, desc = "The flush was first.")
@Outcome(id = "0, 1, 3", expect = ACCEPTABLE, desc = "The reader waited, and was told.")
@State
public class ObjectsMeetRead {
  private final ObjectPipe<Box> pipe = new ObjectPipe<>(Meeting.OPTIONS);
  private final AtomicInteger told = new AtomicInteger();

  @Actor
  public void write() {
    pipe.writer().tryWrite(new Box(1));
    pipe.writer().tryWrite(new Box(2));
    Meeting.must(() -> pipe.writer().tryFlush());
  }

  @Actor
  public void read(III_Result result) {
    ObjectRead<Box> read = Meeting.must(() -> pipe.reader().tryRead(told::incrementAndGet));
    if (read != null) {
      result.r1 = sum(read);
      read.advance(read.start());
    }
  }

  @Arbiter
  public void end(III_Result result) {
    result.r2 = told.get();
    ObjectRead<Box> read = Meeting.must(() -> pipe.reader().tryRead());
    result.r3 = read == null ? -1 : sum(read);
    pipe.close();
  }

  private static int sum(ObjectRead<Box> read) {
    int sum = 0;
    for (long i = read.start(); i < read.end(); i++) {
      sum += read.get(i).value;
    }
    return sum;
  }

  /// Not final: nothing but the pipe makes it visible.
  private static final class Box {
    private int value;

    Box(int value) {
      this.value = value;
    }
  }
}
