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
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A package uses only packages of a lower layer, and nobody uses what Ringwell goes without.
class LayersTest {
  /// Every package, from the lowest layer up; those of one layer do not use each other. A new
  /// package is added here, and to ARCHITECTURE.md.
  private static final List<Set<String>> LAYERS =
      List.of(
          Set.of("io.ringwell.sys"),
          Set.of("io.ringwell.memory", "io.ringwell.uring"),
          Set.of("io.ringwell.engine", "io.ringwell.pipe"),
          Set.of("io.ringwell.file"),
          Set.of("io.ringwell.window"),
          Set.of("io.ringwell.sink"),
          Set.of("io.ringwell"),
          Set.of("io.ringwell.net.openssl"),
          Set.of(
              "io.ringwell.testkit",
              "io.ringwell.search",
              "io.ringwell.kv",
              "io.ringwell.net",
              "io.ringwell.s3",
              "io.ringwell.s3local"),
          Set.of("io.ringwell.kv.table"),
          Set.of("io.ringwell.cli", "io.ringwell.bench"));

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

  /// And only one package has sys bind those of another library than libc (docs/decisions/0015).
  @Test
  void onlyThePackageOfOpenSslLoadsALibrary() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.ringwell.sys", "io.ringwell.net.openssl")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.ringwell.sys.NativeLibrary")
        .check(RINGWELL);
  }

  private static DescribedPredicate<JavaClass> areInCore() {
    return DescribedPredicate.describe(
        "are in ringwell-core", type -> layer(type.getPackageName()) <= layer("io.ringwell"));
  }

  /// -1 where it has none.
  private static int layer(String name) {
    for (int i = 0; i < LAYERS.size(); i++) {
      if (LAYERS.get(i).contains(name)) {
        return i;
      }
    }
    return -1;
  }

  private static final class UseOnlyLowerLayers extends ArchCondition<JavaClass> {
    UseOnlyLowerLayers() {
      super("use only packages of lower layers");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
      int layer = layer(type.getPackageName());
      if (layer < 0) {
        events.add(
            SimpleConditionEvent.violated(
                type, type.getPackageName() + " has no layer in LayersTest"));
        return;
      }
      for (Dependency use : type.getDirectDependenciesFromSelf()) {
        String used = use.getTargetClass().getBaseComponentType().getPackageName();
        if (layer(used) >= layer && !used.equals(type.getPackageName())) {
          events.add(SimpleConditionEvent.violated(type, use.getDescription()));
        }
      }
    }
  }
}
