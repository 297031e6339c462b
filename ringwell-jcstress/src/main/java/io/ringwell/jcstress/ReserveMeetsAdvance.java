package io.ringwell.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import io.ringwell.pipe.PipeRead;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/// A writer that reserves meets a reader that makes room in two steps, of 16 and of 24 bytes of 48
/// in a pipe that holds 64: the window is what the steps left, and the hard cap is never exceeded.
///
/// How long the window is, of which 24 bytes are asked for.
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "None was consumed.")
@Outcome(id = "32", expect = ACCEPTABLE_INTERESTING, desc = "One step was seen.")
@Outcome(id = "56", expect = ACCEPTABLE, desc = "Both were seen.")
@State
public class ReserveMeetsAdvance extends Meeting {
  private final PipeRead read;

  public ReserveMeetsAdvance() {
    super(OPTIONS.withThresholds(0, 0).withMaxBuffered(64).withSegments(512, 512));
    fill(48);
    flush();
    read = readNow();
  }

  @Actor
  public void advance() {
    read.advance(16);
    readNow().advance(40);
  }

  @Actor
  public void reserve(J_Result result) {
    result.r1 = writer.tryReserve(24);
  }

  @Arbiter
  public void end() {
    pipe.close();
  }
}
