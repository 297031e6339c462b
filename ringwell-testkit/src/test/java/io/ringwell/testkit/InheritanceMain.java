package io.ringwell.testkit;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.OpenFlag;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Looks at its own descriptors from a child that libc starts: unlike `ProcessBuilder`, system(3)
/// closes none by itself. Run by [InheritanceTest].
final class InheritanceMain {
  private InheritanceMain() {}

  public static void main(String[] arguments) throws Throwable {
    Path directory = Path.of(arguments[0]);
    List<String> before = inherited(directory);
    // FileChannel leaves its descriptors to whoever libc starts.
    for (Engines kind : List.of(Engines.URING, Engines.THREADS)) {
      try (Engine engine = kind.open(EngineOptions.defaults())) {
        int flags = OpenFlag.READ | OpenFlag.WRITE | OpenFlag.CREATE;
        for (int i = 0; i < 5; i++) {
          engine.open(directory.resolve("file" + i), flags, 0644);
        }
        List<String> now = inherited(directory);
        if (!now.equals(before)) {
          throw new AssertionError(
              kind + ": a child inherits " + now + ", before it was " + before);
        }
      }
    }
    System.out.println("a child inherits " + before);
    System.exit(0);
  }

  @SuppressWarnings("restricted")
  private static List<String> inherited(Path directory) throws Throwable {
    Path list = directory.resolve("list");
    Linker linker = Linker.nativeLinker();
    var system =
        linker.downcallHandle(
            linker.defaultLookup().find("system").orElseThrow(),
            FunctionDescriptor.of(JAVA_INT, ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      String command = "ls -l /proc/self/fd > '" + list + "'";
      int exit = (int) system.invokeExact(arena.allocateFrom(command));
      if (exit != 0) {
        throw new IOException(command + " ends with " + exit);
      }
    }
    // Of "... 3 -> /some/file" the target. The JVM leaves its jars open to children, as it likes.
    return Files.readAllLines(list).stream()
        .filter(line -> line.contains(" -> "))
        .map(line -> line.substring(line.indexOf(" -> ") + 4))
        .filter(target -> target.startsWith(directory.toString()) || target.startsWith("anon_"))
        .filter(target -> !target.equals(list.toString()))
        .sorted()
        .toList();
  }
}
