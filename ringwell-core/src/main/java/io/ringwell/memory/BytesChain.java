package io.ringwell.memory;

import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Immutable bytes in several pieces, in order, as one value. Never joined by copying unless asked.
///
/// **Ownership.** The chain owns its fragments and closes them with itself; a fragment got from
/// [#fragments] is borrowed. It is closed once; a closed chain throws `IllegalStateException`.
///
/// **Lending.** [#lend] and [#giveBack] hold the memory of all fragments without allocating;
/// closing the chain in between takes effect with the last giveBack.
///
/// **Threads.** All methods may be called from any thread.
///
/// **Cost.** [#append] is amortised constant; [#slice] and [#share] make a handle for each fragment
/// they touch.
public final class BytesChain implements AutoCloseable {
  private static final VarHandle CLOSED;

  static {
    try {
      CLOSED = MethodHandles.lookup().findVarHandle(BytesChain.class, "closed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // One array is handed from chain to chain by append; only the one open chain of them writes it,
  // and only beyond its own count.
  private final Bytes[] parts;
  private final int count;
  private final long size;
  private volatile boolean closed;

  private BytesChain(Bytes[] parts, int count, long size) {
    this.parts = parts;
    this.count = count;
    this.size = size;
  }

  /// A chain of `fragments`, which it owns from now on. Each must be an open handle, and none may
  /// occur twice.
  ///
  /// @throws IllegalStateException if one is closed; then all stay with the caller
  public static BytesChain of(Bytes... fragments) {
    return adopting(fragments.clone());
  }

  /// The same for a list.
  public static BytesChain of(List<Bytes> fragments) {
    return adopting(fragments.toArray(Bytes[]::new));
  }

  private static BytesChain adopting(Bytes[] fragments) {
    return new BytesChain(fragments, fragments.length, sizeOf(fragments));
  }

  private static long sizeOf(Bytes[] fragments) {
    long sum = 0;
    for (Bytes fragment : fragments) {
      sum = Math.addExact(sum, fragment.size());
    }
    return sum;
  }

  /// This chain with `fragment` at its end. Takes ownership of both: this handle is closed, and the
  /// new one owns all fragments.
  public BytesChain append(Bytes fragment) {
    long newSize = Math.addExact(size, fragment.size());
    end();
    Bytes[] to =
        count < parts.length
            ? parts
            : Arrays.copyOf(parts, Math.max(4, Math.addExact(count, count)));
    to[count] = fragment;
    return new BytesChain(to, count + 1, newSize);
  }

  /// Length of all fragments together, in bytes.
  public long size() {
    checkOpen();
    return size;
  }

  /// The fragments in order, borrowed: they stay the chain's and are closed with it.
  public List<Bytes> fragments() {
    checkOpen();
    return Collections.unmodifiableList(Arrays.asList(parts).subList(0, count));
  }

  /// `length` bytes from `from` on, as a new chain of new handles. Empty fragments are left out.
  ///
  /// @throws IndexOutOfBoundsException if the range is not within the chain
  public BytesChain slice(long from, long length) {
    Objects.checkFromIndexSize(from, length, size);
    checkOpen();
    List<Bytes> taken = new ArrayList<>();
    try {
      long begin = 0;
      for (int i = 0; i < count && begin < from + length; i++) {
        Bytes part = parts[i];
        long partSize = part.size();
        long first = Math.max(from, begin);
        long last = Math.min(from + length, begin + partSize);
        if (first < last) {
          taken.add(part.slice(first - begin, last - first));
        }
        begin += partSize;
      }
    } catch (RuntimeException | Error e) {
      closeAll(taken.toArray(Bytes[]::new), taken.size(), e);
      throw e;
    }
    return adopting(taken.toArray(Bytes[]::new));
  }

  /// The same bytes as a new chain of new handles.
  public BytesChain share() {
    return slice(0, size);
  }

  /// Whether any fragment is secure ([Bytes#isSecure]): then the chain is treated as secure.
  public boolean isSecure() {
    for (int i = 0; i < count; i++) {
      if (parts[i].isSecure()) {
        return true;
      }
    }
    return false;
  }

  /// All bytes in one piece, as a new handle; the chain stays as it is. A chain of one fragment
  /// shares it; of more, they are copied into memory outside any pool, which is counted.
  ///
  /// @throws IllegalStateException if they would have to be copied and the chain is secure
  public Bytes join() {
    checkOpen();
    if (count == 1) {
      return parts[0].share();
    }
    if (isSecure()) {
      throw new IllegalStateException(
          "secure bytes are not joined in ordinary memory; use join with a secure pool");
    }
    MemorySegment memory = Unpooled.allocate(size);
    copyTo(memory, 0);
    return Unpooled.bytesOf(memory);
  }

  /// The same, copied into memory of `pool` where the chain has more or fewer fragments than one;
  /// parks until there is some.
  ///
  /// @throws IllegalStateException if the chain is secure and the pool is not
  /// @throws IllegalArgumentException if the chain is larger than [BufferPool#maxBufferBytes]
  /// @throws InterruptedIOException if the thread is interrupted while it waits for memory
  public Bytes join(BufferPool pool) throws InterruptedIOException {
    checkOpen();
    if (count == 1) {
      return parts[0].share();
    }
    if (isSecure() && !pool.isSecure()) {
      throw new IllegalStateException("secure bytes are not joined in memory of " + pool);
    }
    IoBuffer memory = pool.acquire(size);
    try {
      copyTo(memory.segment(), 0);
      return memory.freeze();
    } catch (RuntimeException | Error e) {
      memory.close();
      throw e;
    }
  }

  /// Copies all bytes to `target`; counted.
  ///
  /// @throws IndexOutOfBoundsException if they do not fit there
  public void copyTo(MemorySegment target, long targetOffset) {
    checkOpen();
    Objects.checkFromIndexSize(targetOffset, size, target.byteSize());
    long at = targetOffset;
    for (int i = 0; i < count; i++) {
      long length = parts[i].size();
      parts[i].copyTo(0, target, at, length);
      at += length;
    }
  }

  /// Lends all fragments to the kernel until [#giveBack], as [Bytes#lend] does; all or none.
  ///
  /// @throws IllegalStateException if the chain or a fragment is closed
  public void lend() {
    checkOpen();
    int done = 0;
    try {
      while (done < count) {
        parts[done].lend();
        done++;
      }
    } catch (IllegalStateException e) {
      giveBack(done);
      throw e;
    }
  }

  /// Ends one [#lend]; legal after a close, and then the last one frees the memory.
  ///
  /// @throws IllegalStateException if the memory is not lent
  public void giveBack() {
    giveBack(count);
  }

  private void giveBack(int first) {
    for (int i = 0; i < first; i++) {
      parts[i].giveBack();
    }
  }

  public boolean isClosed() {
    return closed;
  }

  /// Closes the chain and its fragments.
  ///
  /// @throws IllegalStateException if it is closed already, or if a fragment was; the others are
  ///   closed all the same
  @Override
  public void close() {
    end();
    RuntimeException failure = closeAll(parts, count, null);
    if (failure != null) {
      throw failure;
    }
  }

  /// Closes every part; a failure is added to `first` if there is one, else returned.
  private static @Nullable RuntimeException closeAll(
      Bytes[] parts, int count, @Nullable Throwable first) {
    Throwable seen = first;
    RuntimeException own = null;
    for (int i = 0; i < count; i++) {
      try {
        parts[i].close();
      } catch (RuntimeException e) {
        if (seen == null) {
          seen = own = e;
        } else if (seen != e) { // one error may end several
          seen.addSuppressed(e);
        }
      }
    }
    return own;
  }

  private void end() {
    if (!CLOSED.compareAndSet(this, false, true)) {
      throw new IllegalStateException("use of a chain that is closed or was appended to");
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("use of a chain that is closed or was appended to");
    }
  }

  @Override
  public String toString() {
    return "BytesChain["
        + count
        + " fragments, "
        + size
        + " bytes, "
        + (closed ? "closed" : "open")
        + "]";
  }
}
