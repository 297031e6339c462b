package io.ringwell.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.ringwell.pipe.PipeRead;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ILI_Result;

/// The reader's close, while a read waits, meets the flush that this waits for, which has used
/// memory to pass as well as bytes given away: the stage ends once, and all comes back once.
///
/// How often it ended; how; how often the bytes came back.
@JCStressTest
@Outcome(id = "1, read, 1", expect = ACCEPTABLE, desc = "The flush was first.")
@Outcome(id = "1, closed, 1", expect = ACCEPTABLE, desc = "The close was first.")
@State
public class CloseMeetsArrival extends Meeting {
  private final CompletionStage<PipeRead> stage;

  public CloseMeetsArrival() {
    super(OPTIONS.withKeepBytes(512));
    fill(8);
    flush();
    PipeRead read = readNow();
    read.advance(read.end());
    stage = reader.readAsync();
  }

  @Actor
  public void write() {
    if (!writer.tryAppend(owned())) {
      throw new IllegalStateException("no room");
    }
    flush();
  }

  @Actor
  public void close() {
    reader.close();
  }

  @Arbiter
  public void end(ILI_Result result) {
    var _ =
        stage.handle((read, error) -> {
          result.r1++;
          result.r2 = error == null ? "read" : how(error);
          return read;
        });
    writer.complete();
    result.r3 = released.get();
  }

  private static String how(Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    return cause != null
            && String.valueOf(cause.getMessage()).startsWith("the reader of the pipe is complete")
        ? "closed"
        : error.toString();
  }
}
