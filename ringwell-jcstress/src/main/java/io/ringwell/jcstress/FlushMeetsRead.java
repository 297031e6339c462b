package io.ringwell.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.ringwell.pipe.PipeRead;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/// A flush meets a read that asks to be told: no wake-up is lost, and none comes twice.
///
/// Whether the read came at once; how often it was told; how many bytes there are at the end.
@JCStressTest
@Outcome(id = "1, 0, 8", expect = ACCEPTABLE, desc = "The flush was first.")
@Outcome(id = "0, 1, 8", expect = ACCEPTABLE, desc = "The reader waited, and was told.")
@State
public class FlushMeetsRead extends Meeting {
  public FlushMeetsRead() {
    super(OPTIONS);
  }

  @Actor
  public void write() {
    put(1);
    flush();
  }

  @Actor
  public void read(III_Result result) {
    PipeRead read = readToldOf();
    if (read != null) {
      result.r1 = 1;
      read.advance(read.start());
    }
  }

  @Arbiter
  public void end(III_Result result) {
    result.r2 = told.get();
    PipeRead read = read();
    result.r3 = read == null ? -1 : (int) read.size();
    pipe.close();
  }
}
