package io.ringwell.testkit;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The contract on every engine under faults that no caller may notice, with one seed, test by
/// test. [FaultSeedsTest] has many.
@ParameterizedClass
@EnumSource(Engines.class)
final class FaultContractTest extends EngineContract {
  private final Engines kind;

  FaultContractTest(Engines kind) {
    this.kind = kind;
  }

  @Override
  protected Engine openEngine(EngineOptions options) {
    return new FaultEngine(kind.open(options), FaultPlan.benign(Seeds.first()));
  }

  @Override
  public boolean thorough() {
    return false;
  }
}
