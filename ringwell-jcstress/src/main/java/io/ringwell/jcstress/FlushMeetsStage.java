package io.ringwell.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.ringwell.pipe.PipeRead;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/// A flush meets a read as a stage, which asks for more than what is there and was examined, so
/// that two flushes may bring it: it completes once, and with all of it.
///
/// How often it completed, how many bytes it came with; how many there are at the end.
@JCStressTest
@Outcome(id = "1, 16, 16", expect = ACCEPTABLE, desc = "It came with all that it asked for.")
@State
public class FlushMeetsStage extends Meeting {
  public FlushMeetsStage() {
    super(OPTIONS);
    put(1);
    flush();
    PipeRead read = readNow();
    read.advance(read.start(), read.end());
  }

  @Actor
  public void write() {
    put(2);
    flush();
  }

  @Actor
  public void read(III_Result result) {
    reader
        .readAtLeastAsync(2 * Long.BYTES)
        .thenAccept(read -> {
          told.incrementAndGet();
          result.r2 = (int) read.size();
          read.advance(read.start());
        });
  }

  @Arbiter
  public void end(III_Result result) {
    result.r1 = told.get();
    PipeRead read = read();
    result.r3 = read == null ? -1 : (int) read.size();
    pipe.close();
  }
}
