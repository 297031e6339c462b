package io.ringwell.testkit;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineInfo;
import io.ringwell.engine.EngineOptions;
import io.ringwell.uring.RingUnavailableException;

/// What is to hold in a process that io_uring is forbidden to: run by [RefusedRingTest].
final class RefusedRingMain {
  private RefusedRingMain() {}

  public static void main(String[] arguments) {
    try (Engine engine = Engine.open()) {
      require(engine.info().kind() == EngineInfo.Kind.THREADS, engine.info());
      require(engine.info().why().contains("EPERM"), engine.info());
      System.out.println("why: " + engine.info().why());
    }
    try (Engine ring = Engine.uring(EngineOptions.defaults())) {
      throw new AssertionError("a ring was opened: " + ring.info());
    } catch (RingUnavailableException e) {
      require(String.valueOf(e.getMessage()).contains("EPERM"), e);
    }
    try (Engine ring =
        Engine.open(EngineOptions.defaults().withChoice(EngineOptions.Choice.URING))) {
      throw new AssertionError("a ring was opened: " + ring.info());
    } catch (IllegalStateException e) {
      require(String.valueOf(e.getMessage()).contains("EPERM"), e);
    }
    ContractRunner runner = new ContractRunner();
    runner.runAll(new BestEngine());
    runner.throwFailures();
    System.out.println(
        "contract: " + runner.passed() + " passed, " + runner.skipped() + " skipped");
    System.exit(0);
  }

  private static void require(boolean held, Object said) {
    if (!held) {
      throw new AssertionError(String.valueOf(said));
    }
  }

  private static final class BestEngine extends EngineContract {
    @Override
    protected Engine openEngine(EngineOptions options) {
      return Engine.open(options);
    }

    @Override
    public boolean thorough() {
      return false;
    }
  }
}
