package io.ringwell.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.ringwell.pipe.FlushResult;
import io.ringwell.pipe.PipeRead;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LIL_Result;

/// An advance that lets a paused writer go on meets the flush that asks to be told of it: no
/// wake-up is lost, and none comes twice.
///
/// What the flush said; how often it was told; what a flush says at the end.
@JCStressTest
@Outcome(id = "OPEN, 0, OPEN", expect = ACCEPTABLE, desc = "The advance was first.")
@Outcome(id = "PENDING, 1, OPEN", expect = ACCEPTABLE, desc = "The writer waited, and was told.")
@State
public class AdvanceMeetsPause extends Meeting {
  private final PipeRead read;

  public AdvanceMeetsPause() {
    super(OPTIONS.withThresholds(16, 8));
    put(1);
    put(2);
    if (flush() != FlushResult.PENDING) {
      throw new IllegalStateException("not paused");
    }
    read = readNow();
  }

  @Actor
  public void advance() {
    read.advance(read.end());
  }

  @Actor
  public void flush(LIL_Result result) {
    result.r1 = flushToldOf();
  }

  @Arbiter
  public void end(LIL_Result result) {
    result.r2 = told.get();
    result.r3 = flush();
    pipe.close();
  }
}
