package io.ringwell.pipe;

import io.ringwell.memory.Bytes;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Arrays of the Java heap. One is kept, so that a steady flow needs no new ones.
final class ObjectSupply implements Supply {
  private final long keep;
  private final AtomicReference<@Nullable Object @Nullable []> spare = new AtomicReference<>();
  private volatile boolean ended;

  ObjectSupply(long keep) {
    this.keep = keep;
  }

  @Override
  public boolean mayFill(long least) {
    return true;
  }

  @Override
  public boolean fill(Segment segment, long size, long least) {
    @Nullable Object[] objects = spare.getAndSet(null);
    if (objects == null || objects.length < size) {
      objects = new Object[Math.toIntExact(size)];
    }
    segment.objects = objects;
    segment.capacity = objects.length;
    return true;
  }

  @Override
  public void await(long least, BooleanSupplier givenUp) {
    throw new AssertionError("the heap has memory or throws");
  }

  @Override
  public void abandon() {}

  @Override
  public boolean isWanted() {
    return false;
  }

  @Override
  public @Nullable Bytes retire(Segment segment) {
    @Nullable Object[] objects = segment.objects;
    segment.forget();
    if (objects != null && objects.length <= keep && !ended) {
      Arrays.fill(objects, null);
      spare.set(objects);
    }
    return null;
  }

  @Override
  public void end() {
    ended = true;
    spare.set(null);
  }

  @Override
  public void begin() {
    ended = false;
  }
}
