package io.ringwell.kv;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A step allocates nothing: as the JVM compiles it, compiled by the first compiler alone, and
/// interpreted, where no compiler can make an object go away.
class StepAllocationTest {
  @Test
  void stepsAllocateNothing() throws Exception {
    Map<String, Long> bytes = new LinkedHashMap<>();
    // Counted on a platform thread.
    Thread thread =
        Thread.ofPlatform()
            .start(() ->
                StepAllocation.kinds()
                    .forEach((name, kind) -> {
                      try (KvIterator entries = kind.get()) {
                        bytes.put(name, StepAllocation.bytesARound(entries));
                      } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                      }
                    }));
    thread.join();
    assertThat(bytes).hasSize(8).allSatisfy((name, count) -> assertThat(count).isZero());
  }

  @Test
  void interpretedStepsAllocateNothing() throws Exception {
    assertNothingIn("-Xint");
  }

  @Test
  void stepsOfTheFirstCompilerAllocateNothing() throws Exception {
    assertNothingIn("-XX:TieredStopAtLevel=1");
  }

  private static void assertNothingIn(String flag) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(flag);
    command.add("-cp");
    command.add(classPath());
    command.add(StepAllocation.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("merge of eight: 0 bytes");
  }

  /// What this JVM has as modules, and the tests that one of them is patched with.
  private static String classPath() throws Exception {
    Class<?> type = StepAllocation.class;
    String own = type.getName().replace('.', '/') + ".class";
    String file = Path.of(requireNonNull(type.getResource("/" + own), own).toURI()).toString();
    String tests = file.substring(0, file.length() - own.length());
    String modules = System.getProperty("jdk.module.path", System.getProperty("java.class.path"));
    return tests + File.pathSeparator + modules;
  }
}
