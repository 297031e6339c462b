package io.ringwell.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import io.ringwell.pipe.PipeRead;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LIZ_Result;

/// The writer's end, with bytes that were not flushed, meets a read that asks to be told.
///
/// What the read came with; how often it was told; whether the end is seen at last, with all bytes.
@JCStressTest
@Outcome(id = "nothing, 1, true", expect = ACCEPTABLE, desc = "The reader waited, and was told.")
@Outcome(
    id = "bytes, 0, true",
    expect = ACCEPTABLE_INTERESTING,
    desc = "The bytes were there, the end was not.")
@Outcome(id = "end, 0, true", expect = ACCEPTABLE, desc = "The end was first.")
@State
public class CompleteMeetsRead extends Meeting {
  public CompleteMeetsRead() {
    super(OPTIONS);
    put(1);
  }

  @Actor
  public void complete() {
    writer.complete();
  }

  @Actor
  public void read(LIZ_Result result) {
    PipeRead read = readToldOf();
    if (read == null) {
      result.r1 = "nothing";
    } else {
      result.r1 = read.isCompleted() ? "end" : "bytes";
      read.advance(read.start());
    }
  }

  @Arbiter
  public void end(LIZ_Result result) {
    result.r2 = told.get();
    PipeRead read = read();
    result.r3 = read != null && read.isCompleted() && read.size() == Long.BYTES;
    pipe.close();
  }
}
