package io.ringwell.checks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A package uses only packages of a lower layer, and nobody uses what Ringwell goes without.
class LayersTest {
  /// The layer of every package. A new package is added here, and to ARCHITECTURE.md.
  private static final Map<String, Integer> LAYERS =
      Map.of(
          "io.ringwell.sys", 0,
          "io.ringwell.memory", 1,
          "io.ringwell.uring", 1,
          "io.ringwell.engine", 2,
          "io.ringwell.file", 3,
          "io.ringwell.window", 4,
          "io.ringwell", 6,
          "io.ringwell.testkit", 8,
          "io.ringwell.search", 8,
          "io.ringwell.cli", 9,
          "io.ringwell.bench", 9);

  private static final JavaClasses RINGWELL = Ringwell.classes();

  @Test
  void packagesUseOnlyLowerLayers() {
    classes().should(new UseOnlyLowerLayers()).check(RINGWELL);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("(io.ringwell..)").should().beFreeOfCycles().check(RINGWELL);
  }

  @Test
  void coreUsesTheJdkAlone() {
    classes()
        .that(areInCore())
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.ringwell..", "java..", "jdk.jfr..", "org.jspecify..")
        .check(RINGWELL);
  }

  @Test
  void onlySysBindsNativeFunctions() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.ringwell.sys")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.Linker")
        .check(RINGWELL);
  }

  private static DescribedPredicate<JavaClass> areInCore() {
    return DescribedPredicate.describe(
        "are in ringwell-core", type -> LAYERS.getOrDefault(type.getPackageName(), 0) <= 6);
  }

  private static final class UseOnlyLowerLayers extends ArchCondition<JavaClass> {
    UseOnlyLowerLayers() {
      super("use only packages of lower layers");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
      Integer layer = LAYERS.get(type.getPackageName());
      if (layer == null) {
        events.add(
            SimpleConditionEvent.violated(
                type, type.getPackageName() + " has no layer in LayersTest"));
        return;
      }
      for (Dependency use : type.getDirectDependenciesFromSelf()) {
        String used = use.getTargetClass().getBaseComponentType().getPackageName();
        Integer usedLayer = LAYERS.get(used);
        if (usedLayer != null && usedLayer >= layer && !used.equals(type.getPackageName())) {
          events.add(SimpleConditionEvent.violated(type, use.getDescription()));
        }
      }
    }
  }
}
