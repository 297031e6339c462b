package io.ringwell.window;

import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// Reads whatever a test says; remembers whether it was closed.
class ScriptedSource implements WindowSource {
  final AtomicBoolean closed = new AtomicBoolean();
  final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
  byte[] content = Scratch.pattern(1, 300_000);
  boolean hold;

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public long size() {
    return content.length;
  }

  @Override
  public void read(long position, IoBuffer into, long length, Completion done) throws IOException {
    Runnable answer = () -> done.complete(fill(position, into, length));
    if (hold) {
      held.add(answer);
    } else {
      answer.run();
    }
  }

  final long fill(long position, IoBuffer into, long length) {
    int from = (int) Math.min(position, content.length);
    int count = (int) Math.min(length, content.length - from);
    MemorySegment.copy(content, from, into.segment(), ValueLayout.JAVA_BYTE, 0, count);
    return count;
  }

  @Override
  public void close() {
    closed.set(true);
  }
}
