package io.ringwell.checks;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

/// The classes of all modules, read once. What JMH generates is not ours to judge.
final class Ringwell {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("jmh_generated"))
          .withImportOption(location -> !location.contains("/checks/"))
          .importPackages("io.ringwell");

  private Ringwell() {}

  static JavaClasses classes() {
    return CLASSES;
  }
}
