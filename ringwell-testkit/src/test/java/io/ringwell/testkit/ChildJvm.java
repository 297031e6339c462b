package io.ringwell.testkit;

import io.ringwell.engine.Engine;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.opentest4j.TestAbortedException;

/// A JVM of its own, for what a process can do once only: losing system calls, and being looked at
/// from a child. It runs on the class path, whatever this one runs on.
final class ChildJvm {
  private static final long LIMIT_SECONDS = 240;

  /// How it ended.
  ///
  /// @param output what it wrote, both streams
  record Outcome(int exit, String output) {}

  private ChildJvm() {}

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /// The command that runs `main` in a JVM like this one.
  static List<String> command(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dringwell.check=poison");
    command.add("-Xmx512m");
    command.add("-cp");
    command.add(classPath());
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  static Outcome run(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("child", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Outcome(-1, "no end after " + LIMIT_SECONDS + " s: " + Files.readString(output));
      }
      return new Outcome(process.exitValue(), Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }

  /// Where the classes of this test come from, modules or not.
  private static String classPath() {
    Set<Path> places = new LinkedHashSet<>();
    List<Class<?>> needed =
        List.of(
            Engine.class,
            FaultEngine.class,
            ChildJvm.class,
            Test.class,
            Testable.class,
            TestAbortedException.class,
            Assertions.class,
            NullMarked.class);
    for (Class<?> each : needed) {
      Path place = placeOf(each);
      places.add(place);
      // Tests are patched into their module, which then says where its main classes are.
      Path tests = place.resolveSibling("test-classes");
      if (Files.isDirectory(place) && Files.isDirectory(tests)) {
        places.add(tests);
      }
    }
    return places.stream().map(Path::toString).collect(Collectors.joining(":"));
  }

  private static Path placeOf(Class<?> one) {
    try {
      return Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
