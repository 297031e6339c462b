package io.ringwell.s3;

import io.ringwell.memory.BytesChain;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Stands before another way out, and is opened and shut by a test. What is held back keeps its
/// memory, cancelled or not, as a connection would.
final class GatedTransport implements PayloadTransport, io.ringwell.testkit.SinkCase.Gate {
  private final PayloadTransport way;
  private final ArrayDeque<Held> held = new ArrayDeque<>();
  private boolean holding;
  private boolean broken;

  GatedTransport(PayloadTransport way) {
    this.way = way;
  }

  @Override
  public Sending send(Outgoing what, BytesChain body) {
    Held waits;
    synchronized (this) {
      if (broken) {
        // What the store itself says to it.
        S3Location nowhere = new S3Location("no-such-bucket", what.to().key());
        return way.send(
            new Outgoing(nowhere, what.part(), what.options(), what.crc(), what.md5()), body);
      }
      if (!holding) {
        return way.send(what, body);
      }
      waits = new Held(what, body);
      held.add(waits);
    }
    return waits;
  }

  @Override
  public synchronized void hold() {
    holding = true;
  }

  @Override
  public synchronized int held() {
    return held.size();
  }

  @Override
  public void release() {
    List<Held> all;
    synchronized (this) {
      holding = false;
      all = new ArrayList<>(held);
      held.clear();
    }
    all.forEach(Held::go);
  }

  @Override
  public synchronized String breakDown() {
    broken = true;
    // Or, where the store closes the connection over its answer, that of this bucket there was
    // none.
    return "no-such-bucket";
  }

  @Override
  public synchronized void heal() {
    broken = false;
  }

  private final class Held implements Sending {
    private final Outgoing what;
    private final BytesChain body;
    private final CompletableFuture<String> letGo = new CompletableFuture<>();
    private @Nullable Sending sent;
    private boolean cancelled;

    Held(Outgoing what, BytesChain body) {
      this.what = what;
      this.body = body;
    }

    void go() {
      Sending mine;
      synchronized (this) {
        if (cancelled) {
          letGo.completeExceptionally(
              Failures.of(what.to(), what.operation(), new CancellationException("cancelled")));
          return;
        }
        mine = way.send(what, body);
        sent = mine;
      }
      var _ =
          mine.letGo()
              .whenComplete((etag, failure) -> {
                if (failure == null) {
                  letGo.complete(etag);
                } else {
                  letGo.completeExceptionally(Failures.unwrap(failure));
                }
              });
    }

    @Override
    public CompletionStage<String> letGo() {
      return letGo;
    }

    @Override
    public synchronized void cancel() {
      cancelled = true;
      if (sent != null) {
        sent.cancel();
      }
    }
  }
}
