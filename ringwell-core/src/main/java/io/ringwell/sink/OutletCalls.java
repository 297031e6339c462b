package io.ringwell.sink;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Makes the calls to a sink's outlet, one at a time, on a virtual thread that is started when
/// there is something to do and ends when there is not: an idle sink has none. What comes next, and
/// what came of it, is [SinkState]'s to know.
final class OutletCalls implements Runnable {
  private interface Call {
    void make() throws IOException;
  }

  private final String name;
  private final Outlet outlet;
  private final SinkState state;

  OutletCalls(String name, Outlet outlet, SinkState state) {
    this.name = name;
    this.outlet = outlet;
    this.state = state;
  }

  void start() {
    Thread.ofVirtual().name("ringwell-sink").start(this);
  }

  @Override
  public void run() {
    while (true) {
      Step step = state.next();
      switch (step.kind()) {
        case NONE -> {
          return;
        }
        case WRITE -> begin(step.toWrite());
        case FLUSH -> state.flushed(step.flushed(), attempt(outlet::flush));
        case FINISH -> state.finished(attempt(() -> outlet.finish(state.taken())));
        case ABANDON -> state.abandoned(attempt(() -> outlet.abandon(state.error())));
        case CLOSE -> state.ended(attempt(outlet::close));
      }
    }
  }

  private void begin(Write write) {
    CompletionStage<@Nullable Void> stage;
    try {
      stage = outlet.write(write.bytes);
    } catch (Throwable e) {
      state.written(write, asIo(e));
      return;
    }
    stage.whenComplete(
        (nothing, failure) -> state.written(write, failure == null ? null : asIo(failure)));
  }

  /// An outlet's own exceptions end the sink, never its thread.
  private @Nullable IOException attempt(Call call) {
    try {
      call.make();
      return null;
    } catch (Throwable e) {
      return asIo(e);
    }
  }

  private IOException asIo(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof IOException io
        ? io
        : new IOException(name + " failed: " + cause, cause);
  }
}
