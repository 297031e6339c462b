package io.ringwell.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringwell.sys.Errno;
import io.ringwell.sys.FileCalls;
import io.ringwell.sys.Native;
import io.ringwell.sys.RingCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One io_uring instance and its two queues.
///
/// **Ownership.** The thread that opens a ring owns it: every method but [#toString] throws
/// [WrongThreadException] on another. Use a long-lived platform thread: operations of a thread that
/// exits may fail or hang. Memory and descriptors named in a submission stay the caller's, who
/// keeps them alive until that submission's own completion has arrived; a cancelled one has its own
/// completion, too.
///
/// **Use.** Take entries with [#next()] and fill them; [#enter] submits all that were taken and may
/// wait; [#advance()] moves to each completion that has arrived, which [#userData()] and
/// [#result()] then describe. Nothing bounds what is in flight but the caller, who keeps it at most
/// [#completionEntries()], so that the completion queue never overflows.
///
/// **Cost.** Taking, filling and reaping touch mapped memory only and allocate nothing. An enter is
/// one system call.
///
/// **Errors.** What the kernel answers to an operation is in its completion, as minus the error
/// number. A refused enter is told by [#enter]'s result; a refused set-up by
/// [RingUnavailableException].
public final class Ring implements AutoCloseable {
  private static final VarHandle INT = JAVA_INT.varHandle();

  private static final int ENTER_GETEVENTS = 1;
  private static final int ENTER_SQ_WAKEUP = 1 << 1;
  private static final int ENTER_EXT_ARG = 1 << 3;
  private static final int ENTER_REGISTERED_RING = 1 << 4;

  /// In place of flags, which are never none: every call has [#ENTER_GETEVENTS].
  private static final int SUBMITTED_ALREADY = 0;

  // struct io_uring_getevents_arg: sigmask u64, its size u32, padding u32, timespec's address u64.
  private static final int WAIT_ARGUMENT_BYTES = 24;
  private static final int TIMESPEC_BYTES = 16;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Arena arena;
  private final int fd;
  private final int enterFd;
  private final int enterFlags;
  private final boolean kernelPolls;
  private final Set<RingFeature> features;

  private final MemorySegment queues;
  private final Submission submission;
  private final MemorySegment callState;
  private final MemorySegment waitArgument;
  private final MemorySegment timespec;

  private final int submissionMask;
  private final int submissionEntries;
  private final long submissionHeadAt;
  private final long submissionTailAt;
  private final long submissionFlagsAt;

  private final int completionMask;
  private final long completionHeadAt;
  private final long completionTailAt;
  private final long completionOverflowAt;
  private final long completionsAt;

  // Tail as filled by us, tail as the kernel has been told, and the same for completions' head.
  private int tail;
  private int told;
  private int head;
  private int readableTail;
  private long completionAt;
  private boolean closed;

  Ring(RingSetup setup) {
    Layout layout = setup.layout;
    arena = setup.arena;
    fd = setup.fd;
    features = setup.features;
    kernelPolls = setup.kernelPolls;
    boolean registered = setup.registeredIndex >= 0;
    enterFd = registered ? setup.registeredIndex : fd;
    enterFlags = registered ? ENTER_REGISTERED_RING : 0;
    queues = setup.queues;
    submission = new Submission(setup.entries);
    callState = Native.newCallState();
    waitArgument = arena.allocate(WAIT_ARGUMENT_BYTES, Long.BYTES);
    timespec = arena.allocate(TIMESPEC_BYTES, Long.BYTES);
    waitArgument.set(JAVA_LONG, 16, timespec.address());

    submissionEntries = layout.submissionEntries();
    submissionMask = submissionEntries - 1;
    submissionHeadAt = layout.submissionHead();
    submissionTailAt = layout.submissionTail();
    submissionFlagsAt = layout.submissionFlags();
    completionMask = layout.completionEntries() - 1;
    completionHeadAt = layout.completionHead();
    completionTailAt = layout.completionTail();
    completionOverflowAt = layout.completionOverflow();
    completionsAt = layout.completions();
    tail = (int) INT.getAcquire(queues, submissionTailAt);
    told = tail;
    head = (int) INT.getAcquire(queues, completionHeadAt);
    readableTail = head;
  }

  /// Sets a ring up, owned by the calling thread, with as many of the wanted features as the kernel
  /// has.
  ///
  /// @throws RingUnavailableException where io_uring is absent or refused
  public static Ring open(RingOptions options) throws RingUnavailableException {
    return RingSetup.open(options);
  }

  /// The next free entry to fill, or null when the queue is full: [#enter] makes room. Every entry
  /// taken is submitted by the next enter.
  public @Nullable Submission next() {
    if (tail - (int) INT.getAcquire(queues, submissionHeadAt) >= submissionEntries) {
      return null;
    }
    return submission.at(tail++ & submissionMask);
  }

  /// Free entries of the submission queue.
  public int room() {
    return submissionEntries - (tail - (int) INT.getAcquire(queues, submissionHeadAt));
  }

  /// Entries taken that the kernel has not consumed.
  public int unsubmitted() {
    return tail - (int) INT.getAcquire(queues, submissionHeadAt);
  }

  /// Submits what was taken and waits until at least `minComplete` completions can be read; 0 does
  /// not wait, but lets completions that are due arrive.
  ///
  /// Allocates nothing, under any compiler, unless the kernel refuses the call.
  ///
  /// @return how many submissions the kernel consumed, or minus the error number: EINTR, EAGAIN and
  ///   EBUSY leave the rest queued, to be tried again after completions have been read. A signal
  ///   that ends the wait of a call that submitted is not told
  public int enter(int minComplete) {
    int flags = publish(minComplete, enterFlags | ENTER_GETEVENTS);
    if (flags == SUBMITTED_ALREADY) {
      return consumed(tail - told);
    }
    int toSubmit = tail - told;
    int result = RingCalls.enter(enterFd, toSubmit, minComplete, flags, 0, 0);
    return consumed(result >= 0 ? result : enterAgain(toSubmit, minComplete, flags));
  }

  /// After a refused call, which took nothing: the same without waiting, for the error number. What
  /// refused the first may have passed by then, as a signal has. (EBADR, a completion dropped for
  /// want of memory, is told once only: but a queue that never overflows drops none.)
  private int enterAgain(int toSubmit, int minComplete, int flags) {
    int result = RingCalls.explainedEnter(callState, enterFd, toSubmit, 0, flags, 0, 0);
    return result == 0 && minComplete > 0 ? -Errno.EINTR : result;
  }

  /// As [#enter(int)], waiting at most `nanos`; `-ETIME` when they have passed. Needs
  /// [RingFeature#EXT_ARG]. Allocates where the compiler does not see through it.
  public int enter(int minComplete, long nanos) {
    if (!features.contains(RingFeature.EXT_ARG)) {
      throw new UnsupportedOperationException("this ring has no ext_arg");
    }
    timespec.set(JAVA_LONG, 0, nanos / NANOS_PER_SECOND);
    timespec.set(JAVA_LONG, 8, nanos % NANOS_PER_SECOND);
    int flags = publish(minComplete, enterFlags | ENTER_GETEVENTS | ENTER_EXT_ARG);
    if (flags == SUBMITTED_ALREADY) {
      return consumed(tail - told);
    }
    return consumed(
        RingCalls.explainedEnter(
            callState,
            enterFd,
            tail - told,
            minComplete,
            flags,
            waitArgument.address(),
            WAIT_ARGUMENT_BYTES));
  }

  /// Shows the kernel what was taken. The flags of the call that has to follow, or
  /// [#SUBMITTED_ALREADY] where the kernel's own poller sees it without one.
  private int publish(int minComplete, int flags) {
    INT.setRelease(queues, submissionTailAt, tail);
    if (kernelPolls) {
      // The flag is written by the poller after its last look at the tail (io_uring_setup(2)).
      VarHandle.fullFence();
      if (((int) INT.getAcquire(queues, submissionFlagsAt) & Layout.SQ_NEED_WAKEUP) != 0) {
        return flags | ENTER_SQ_WAKEUP;
      }
      if (minComplete == 0 && !overflowed()) {
        return SUBMITTED_ALREADY;
      }
    }
    return flags;
  }

  private int consumed(int result) {
    if (result > 0) {
      told += result;
    }
    return result;
  }

  /// Takes back every entry that the kernel has not consumed: they will not be submitted. For use
  /// after an enter was refused for good.
  public void withdraw() {
    tail = (int) INT.getAcquire(queues, submissionHeadAt);
    told = tail;
    INT.setRelease(queues, submissionTailAt, tail);
  }

  /// Moves to the next completion that has arrived; false when there is none. Moving gives the
  /// completion before back to the kernel.
  public boolean advance() {
    if (completionAt != 0) {
      completionAt = 0;
      head++;
    }
    if (head == readableTail) {
      INT.setRelease(queues, completionHeadAt, head);
      readableTail = (int) INT.getAcquire(queues, completionTailAt);
      if (head == readableTail) {
        return false;
      }
    }
    completionAt = completionsAt + (long) (head & completionMask) * Layout.COMPLETION_BYTES;
    return true;
  }

  /// The number that came with the submission.
  public long userData() {
    return queues.get(JAVA_LONG, completionAt);
  }

  /// What the operation answered: a count or descriptor, or minus the error number.
  public int result() {
    return queues.get(JAVA_INT, completionAt + 8);
  }

  /// `IORING_CQE_F_*` of this completion.
  public int completionFlags() {
    return queues.get(JAVA_INT, completionAt + 12);
  }

  /// Whether a completion can be read, or would be after an enter that does not wait.
  public boolean completionsDue() {
    return (int) INT.getAcquire(queues, completionTailAt) != head
        || ((int) INT.getAcquire(queues, submissionFlagsAt)
                & (Layout.SQ_TASKRUN | Layout.SQ_CQ_OVERFLOW))
            != 0;
  }

  private boolean overflowed() {
    return ((int) INT.getAcquire(queues, submissionFlagsAt) & Layout.SQ_CQ_OVERFLOW) != 0;
  }

  /// Completions that the kernel could not queue since set-up; 0 unless far too much is in flight.
  public int droppedCompletions() {
    return (int) INT.getAcquire(queues, completionOverflowAt);
  }

  /// io_uring_register(2) on this ring.
  ///
  /// @return what the call returns, or minus the error number
  public int register(int opcode, MemorySegment argument, int count) {
    checkOpen();
    return RingCalls.register(fd, opcode, argument, count);
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the ring is closed");
    }
  }

  /// What the kernel says it can do.
  ///
  /// @throws RingUnavailableException where the kernel (before 5.6) cannot be asked
  public Probe probe() throws RingUnavailableException {
    checkOpen();
    return Probe.of(fd);
  }

  public Set<RingFeature> features() {
    return features;
  }

  public boolean has(RingFeature feature) {
    return features.contains(feature);
  }

  public int submissionEntries() {
    return submissionEntries;
  }

  public int completionEntries() {
    return completionMask + 1;
  }

  /// The ring's descriptor, for what this class does not do.
  public int fileDescriptor() {
    return fd;
  }

  /// Unmaps the queues and closes the descriptor. The caller has read the completions of all that
  /// was in flight: the kernel may go on writing to memory of operations that were not.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    arena.close();
    int result = FileCalls.close(fd);
    assert result == 0 || result == -Errno.EINTR : "close of a ring answered " + result;
  }

  @Override
  public String toString() {
    return "Ring[fd="
        + fd
        + ", taken="
        + Integer.toUnsignedString(tail)
        + ", submitted="
        + Integer.toUnsignedString(told)
        + ", reaped="
        + Integer.toUnsignedString(head)
        + ", features="
        + features
        + (closed ? ", closed]" : "]");
  }
}
