package io.ringwell.kv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Children that are opened when they are reached, or are likely to be next, and closed when
/// another is stood in. At most three are open: the one stood in, the one about to be, and its
/// neighbour.
///
/// Under a lock, which is held for none of the calls that it leads to: a close may come from any
/// thread.
final class LazyChildren implements ConcatChildren {
  /// A child that is open or being opened.
  private record Held(int index, CompletableFuture<KvIterator> child) {
    /// Now, or when it has been opened; ends waits for it.
    void close() {
      if (!child.cancel(false) && !child.isCompletedExceptionally()) {
        KvIterator opened = child.join();
        if (opened != null) {
          opened.close();
        }
      }
    }
  }

  private final List<KvOpener> openers;
  private final KvBounds[] bounds;
  private final List<Held> held = new ArrayList<>();
  private boolean closed;

  LazyChildren(List<? extends KvOpener> openers) {
    this.openers = List.copyOf(openers);
    this.bounds = this.openers.stream().map(KvOpener::bounds).toArray(KvBounds[]::new);
  }

  @Override
  public int count() {
    return bounds.length;
  }

  @Override
  public KvBounds bounds(int index) {
    return bounds[index];
  }

  @Override
  public @Nullable KvIterator get(int index) throws IOException {
    CompletableFuture<KvIterator> child = open(index);
    if (!child.isDone()) {
      return null;
    }
    try {
      KvIterator opened = child.join();
      if (opened == null) {
        throw new IOException("the opener of child " + index + " gave none");
      }
      return opened;
    } catch (CompletionException | CancellationException e) {
      forget(index);
      throw new IOException("child " + index + " of the concatenation cannot be opened", cause(e));
    }
  }

  @Override
  public CompletionStage<Void> opening(int index) {
    synchronized (held) {
      for (Held it : held) {
        if (it.index == index) {
          return it.child.handle((opened, failure) -> null);
        }
      }
    }
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void settle(int index, int neighbour) {
    List<Held> left = new ArrayList<>();
    synchronized (held) {
      held.removeIf(it -> it.index != index && it.index != neighbour && left.add(it));
    }
    left.forEach(Held::close);
    if (neighbour >= 0 && neighbour < count()) {
      // A failure is told when the child is reached, if it ever is.
      var _ = open(neighbour);
    }
  }

  @Override
  public void close() {
    List<Held> left;
    synchronized (held) {
      closed = true;
      left = List.copyOf(held);
      held.clear();
    }
    left.forEach(Held::close);
  }

  private CompletableFuture<KvIterator> open(int index) {
    CompletableFuture<KvIterator> child = new CompletableFuture<>();
    synchronized (held) {
      for (Held it : held) {
        if (it.index == index) {
          return it.child;
        }
      }
      if (closed) {
        throw new IllegalStateException("the iterator is closed");
      }
      held.add(new Held(index, child));
    }
    try {
      var _ =
          openers
              .get(index)
              .open()
              .whenComplete((opened, failure) -> {
                if (failure != null) {
                  child.completeExceptionally(failure);
                } else if (!child.complete(opened) && opened != null) {
                  // It was given up in between.
                  opened.close();
                }
              });
    } catch (Throwable e) {
      child.completeExceptionally(e);
    }
    return child;
  }

  private void forget(int index) {
    synchronized (held) {
      held.removeIf(it -> it.index == index);
    }
  }

  private static Throwable cause(Throwable e) {
    Throwable cause = e.getCause();
    return e instanceof CompletionException && cause != null ? cause : e;
  }
}
