package io.ringwell.jcstress;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.ringwell.pipe.PipeRead;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/// A writer that goes on in the memory it has meets the advance that would give this back, since
/// all is read: one of both has it.
///
/// What is read at the end, of what was written.
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "It is what was written.")
@State
public class WriteMeetsGiveBack extends Meeting {
  private final long value = ThreadLocalRandom.current().nextLong();
  private final PipeRead read;

  public WriteMeetsGiveBack() {
    super(OPTIONS);
    put(0);
    flush();
    read = readNow();
  }

  @Actor
  public void advance() {
    read.advance(read.end());
  }

  @Actor
  public void write() {
    put(value);
    flush();
  }

  @Arbiter
  public void end(Z_Result result) {
    PipeRead last = readNow();
    result.r1 =
        last.size() == Long.BYTES
            && last.memory().get(JAVA_LONG_UNALIGNED, last.position()) == value;
    pipe.close();
  }
}
