package io.ringwell.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Runs the command in a JVM of its own, from a copy of its modules that every user may read.
final class Child {
  private static final String MODULE = "io.ringwell.cli";

  private final Path modules;

  private Child(Path modules) {
    this.modules = modules;
  }

  /// @param modules where the copy goes: an empty directory below others that everybody may enter
  static Child in(Path modules) throws IOException {
    String path = System.getProperty("jdk.module.path", System.getProperty("java.class.path"));
    int number = 0;
    for (String entry : path.split(File.pathSeparator)) {
      Path from = Path.of(entry);
      if (Files.exists(from)) {
        // In a folder of its own, under its own name: an automatic module is called after it.
        Path folder = Files.createDirectory(modules.resolve(Integer.toString(number++)));
        copy(from, folder.resolve(String.valueOf(from.getFileName())));
      }
    }
    return new Child(modules);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      files.forEach(file -> {
        try {
          Files.copy(file, to.resolve(from.relativize(file).toString()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }
  }

  /// @param before what to start the JVM with, such as setpriv(1)
  ProcessBuilder command(List<String> before, Object... args) throws IOException {
    List<String> words = new ArrayList<>(before);
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    words.add("--enable-native-access=io.ringwell.core");
    try (Stream<Path> entries = Files.list(modules)) {
      words.add("-p");
      words.add(String.join(File.pathSeparator, entries.map(Path::toString).toList()));
    }
    words.addAll(List.of("-m", MODULE + "/" + Main.class.getName()));
    Arrays.stream(args).map(Object::toString).forEach(words::add);
    return new ProcessBuilder(words);
  }

  Run run(List<String> before, Object... args) throws IOException, InterruptedException {
    Path err = Files.createTempFile("ringwell", ".err");
    try {
      Process process = command(before, args).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      byte[] out = process.getInputStream().readAllBytes();
      return new Run(process.waitFor(), out, Files.readString(err, StandardCharsets.UTF_8));
    } finally {
      Files.delete(err);
    }
  }
}
