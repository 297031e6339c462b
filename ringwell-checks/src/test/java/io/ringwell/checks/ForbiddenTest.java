package io.ringwell.checks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.lang.reflect.AccessibleObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// No JNI, no Unsafe, no reflection into the JDK, and no polling with sleeps.
class ForbiddenTest {
  private static final JavaClasses RINGWELL = Ringwell.classes();

  @Test
  void unsafeIsNotUsed() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("sun..", "jdk.internal..")
        .check(RINGWELL);
  }

  @Test
  void nativeLibrariesAreNotLoadedByHand() {
    noClasses()
        .should()
        .callMethod(System.class, "load", String.class)
        .orShould()
        .callMethod(System.class, "loadLibrary", String.class)
        .orShould()
        .callMethod(Runtime.class, "load", String.class)
        .orShould()
        .callMethod(Runtime.class, "loadLibrary", String.class)
        .check(RINGWELL);
    noMethods().should().haveModifier(JavaModifier.NATIVE).check(RINGWELL);
  }

  @Test
  void accessIsNotForced() {
    noClasses()
        .should()
        .callMethod(AccessibleObject.class, "setAccessible", boolean.class)
        .orShould()
        .callMethod(AccessibleObject.class, "trySetAccessible")
        .check(RINGWELL);
  }

  @Test
  void coreDoesNotSleep() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.ringwell.testkit..", "io.ringwell.cli..", "io.ringwell.bench..")
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", long.class, int.class)
        .orShould()
        .callMethod(Thread.class, "sleep", Duration.class)
        .check(RINGWELL);
  }
}
