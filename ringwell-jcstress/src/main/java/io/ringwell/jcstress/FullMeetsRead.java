package io.ringwell.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.ringwell.pipe.PipeRead;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZIZ_Result;

/// A writer that finds no room meets a reader that has examined all and waits for more, in vain: it
/// is told that the pipe is full.
///
/// Whether the read came at once; how often it was told; whether a read is full at the end.
@JCStressTest
@Outcome(id = "true, 0, true", expect = ACCEPTABLE, desc = "The writer was first.")
@Outcome(id = "false, 1, true", expect = ACCEPTABLE, desc = "The reader waited, and was told.")
@State
public class FullMeetsRead extends Meeting {
  public FullMeetsRead() {
    super(OPTIONS.withThresholds(0, 0).withMaxBuffered(24));
    fill(16);
    flush();
    PipeRead read = readNow();
    read.advance(read.start(), read.end());
  }

  @Actor
  public void write() {
    if (writer.tryReserve(16) != 0) {
      throw new IllegalStateException("there is room");
    }
  }

  @Actor
  public void read(ZIZ_Result result) {
    PipeRead read = readToldOf();
    if (read != null) {
      result.r1 = true;
      read.advance(read.start(), read.end());
    }
  }

  @Arbiter
  public void end(ZIZ_Result result) {
    result.r2 = told.get();
    PipeRead read = read();
    result.r3 = read != null && read.isFull();
    pipe.close();
  }
}
