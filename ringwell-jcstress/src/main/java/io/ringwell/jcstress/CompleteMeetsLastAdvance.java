package io.ringwell.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.ringwell.pipe.PipeRead;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/// The writer's end meets the advance behind the last bytes: each of both lets all memory go if the
/// other has come before, and one of them does so, once.
///
/// How often bytes that were given away came back, when nothing but that was done.
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "Once.")
@State
public class CompleteMeetsLastAdvance extends Meeting {
  private final PipeRead read;

  public CompleteMeetsLastAdvance() {
    super(OPTIONS);
    writer.tryAppend(owned());
    flush();
    read = readNow();
  }

  @Actor
  public void complete() {
    writer.complete();
  }

  @Actor
  public void advance() {
    read.advance(read.end());
  }

  @Arbiter
  public void end(I_Result result) {
    result.r1 = released.get();
    pipe.close();
  }
}
