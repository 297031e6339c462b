package io.ringwell.testkit;

import io.ringwell.engine.CompletionSink;
import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineAccess;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpCode;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// An engine around another that makes faults happen, chosen by a seed ([FaultPlan]).
///
/// ```java
/// try (Engine engine = new FaultEngine(Engine.open(), FaultPlan.benign(42))) { ... }
/// ```
///
/// **What it does.** Attempts at transfers are made shorter than asked for; attempts are answered
/// with EINTR, EAGAIN, EIO or ENOSPC without having been made; results are turned into errors after
/// the work was done; writes are told to have moved less than they did, and so are repeated in
/// part; completions are held back, so that they arrive late and out of order; operations are
/// cancelled; reads on the caller's thread miss. The kernel sees real operations and the caller
/// real results: nothing is claimed that did not happen, save that an error was.
///
/// **What it leaves alone.** A close always reaches the system, and what an open opened is always
/// handed on, so that no descriptor is lost. Operations of a chain fail at its head alone, before
/// anything of the chain was done: a result that is altered later would contradict what the members
/// behind it did already.
///
/// **Ownership.** It closes the engine inside. **Threads.** As any engine; late completions are
/// told by a thread of its own, which ends with [#close].
public final class FaultEngine extends WrappingEngine {
  private static final int EINTR = 4;
  private static final int EIO = 5;
  private static final int EAGAIN = 11;
  private static final int ENOSPC = 28;

  private final FaultPlan plan;
  private final AtomicLong attempts = new AtomicLong();
  private final LateTeller teller = new LateTeller();

  /// @param inner does the work, and is closed with this one
  public FaultEngine(Engine inner, FaultPlan plan) {
    super(inner);
    this.plan = plan;
  }

  /// What it does, and the seed to do it again.
  public FaultPlan plan() {
    return plan;
  }

  @Override
  public boolean tryNow(Operation op) {
    return !chance(dice(), plan.missed()) && inner.tryNow(op);
  }

  @Override
  public boolean accept(Operation op) {
    SplittableRandom dice = dice();
    int answer = answerBefore(op, dice);
    if (answer != 0 && teller.tell(() -> answer(op, answer), delayNanos(dice))) {
      return true;
    }
    prepare(op, dice);
    boolean cancel = chance(dice, plan.cancelled()) && op.code() != OpCode.CLOSE;
    if (!inner.accept(op)) {
      return false;
    }
    if (cancel) {
      inner.cancel(op);
    }
    return true;
  }

  @Override
  public void again(Operation op) {
    SplittableRandom dice = dice();
    int answer = answerBefore(op, dice);
    if (answer != 0 && teller.tell(() -> answer(op, answer), delayNanos(dice))) {
      return;
    }
    prepare(op, dice);
    inner.again(op);
  }

  /// Tells what was held back, then closes the engine inside.
  @Override
  public void close() {
    teller.close();
    inner.close();
  }

  private void answer(Operation op, int result) {
    EngineAccess.answer(op, inner.root(), result);
  }

  /// The result of an attempt that is not made at all, or 0 for one that is made.
  private int answerBefore(Operation op, SplittableRandom dice) {
    if (op.code() == OpCode.CLOSE) {
      return 0;
    }
    if (chance(dice, plan.interrupted())) {
      return -EINTR;
    }
    // On what is not seekable, and for a lock, EAGAIN is an answer and no reason to try again.
    FileHandle file = EngineAccess.file(op);
    boolean retried = op.code() != OpCode.LOCK && (file == null || file.isSeekable());
    if (retried && chance(dice, plan.again())) {
      return -EAGAIN;
    }
    return chance(dice, plan.failed() / 2) ? error(op, dice) : 0;
  }

  private static int error(Operation op, SplittableRandom dice) {
    boolean writing =
        switch (op.code()) {
          case WRITE, WRITEV, ALLOCATE -> true;
          default -> false;
        };
    return writing && dice.nextBoolean() ? -ENOSPC : -EIO;
  }

  /// Bounds the next attempt of each operation of a chain, and gets between it and its result.
  private void prepare(Operation first, SplittableRandom dice) {
    Operation op = first;
    while (op != null) {
      intercept(op);
      shorten(op, dice);
      op = EngineAccess.linked(op);
    }
  }

  private void intercept(Operation op) {
    Interception mine = new Interception();
    CompletionSink before = EngineAccess.intercept(op, mine);
    // An operation that comes again, or that the queue had no room for, has one already.
    if (before instanceof Interception known && known.engine() == this) {
      EngineAccess.intercept(op, known);
    } else {
      mine.next = before;
    }
  }

  private void shorten(Operation op, SplittableRandom dice) {
    FileHandle file = EngineAccess.file(op);
    boolean possible =
        file == null
            ? op.code() == OpCode.READ_FILE
            : file.isSeekable() || op.code() == OpCode.SEND || op.code() == OpCode.RECEIVE;
    if (!possible || !chance(dice, plan.shortened())) {
      return;
    }
    int unit = file == null ? 1 : Math.max(file.offsetAlign(), file.memoryAlign());
    long units = EngineAccess.remaining(op) / unit;
    if (units > 1) {
      long some = dice.nextLong(1, Math.min(units, Integer.MAX_VALUE / unit));
      EngineAccess.limitAttempt(op, (int) some * unit);
    }
  }

  private SplittableRandom dice() {
    return new SplittableRandom(plan.seed() * 0x9e3779b97f4a7c15L + attempts.getAndIncrement());
  }

  private static boolean chance(SplittableRandom dice, double rate) {
    return rate > 0 && dice.nextDouble() < rate;
  }

  private long delayNanos(SplittableRandom dice) {
    return dice.nextLong(plan.longestDelay().toNanos() + 1);
  }

  /// Between one operation and its results.
  private final class Interception implements CompletionSink {
    @Nullable CompletionSink next;

    FaultEngine engine() {
      return FaultEngine.this;
    }

    @Override
    public void attempted(Operation op, int result) {
      SplittableRandom dice = dice();
      int told = altered(op, result, dice);
      boolean late = chance(dice, plan.delayed());
      if (!late || !teller.tell(() -> EngineAccess.deliver(op, next, told), delayNanos(dice))) {
        EngineAccess.deliver(op, next, told);
      }
    }

    private int altered(Operation op, int result, SplittableRandom dice) {
      // What is linked behind has seen the true result.
      if (result < 0 || EngineAccess.linked(op) != null) {
        return result;
      }
      boolean mayFail =
          switch (op.code()) {
            case READ, WRITE, READV, WRITEV, FSYNC, FDATASYNC, SYNC_FILE_RANGE, READ_FILE -> true;
            default -> false;
          };
      return mayFail && chance(dice, plan.failed() / 2)
          ? error(op, dice)
          : understated(op, result, dice);
    }

    /// A write that is told to have moved less than it did is repeated in part, which changes
    /// nothing. A direct one may so stop off its grid, as it does on a device that fills up.
    private int understated(Operation op, int result, SplittableRandom dice) {
      FileHandle file = EngineAccess.file(op);
      boolean repeatable =
          (op.code() == OpCode.WRITE || op.code() == OpCode.WRITEV)
              && file != null
              && file.isSeekable()
              && (file.flags() & OpenFlag.APPEND) == 0;
      int least = file == null ? 1 : file.offsetAlign();
      return repeatable && result > least && chance(dice, plan.shortened())
          ? dice.nextInt(least, result)
          : result;
    }
  }
}
