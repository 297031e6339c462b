package io.ringwell.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// fio(1), run as a process.
final class Fio {
  private static final String RATE = "\" : \\{[^}]*?\"bw_bytes\" : ([0-9]+)";

  private Fio() {}

  /// Sequential direct writes over the whole file, by io_uring with registered file and buffers.
  ///
  /// @param anew whether the file is made by it: its room is allocated, and not written yet
  /// @return bytes a second
  static double writeRate(DataFile file, int blockBytes, int depth, boolean anew)
      throws IOException, InterruptedException {
    if (anew) {
      Files.deleteIfExists(file.path());
    }
    return rate(
        "write",
        List.of(
            "fio",
            "--name=claims",
            "--filename=" + file.path(),
            "--size=" + file.bytes(),
            "--rw=write",
            "--overwrite=" + (anew ? 0 : 1),
            "--direct=1",
            "--bs=" + blockBytes,
            "--iodepth=" + depth,
            "--ioengine=io_uring",
            "--registerfiles=1",
            "--fixedbufs=1",
            "--output-format=json"));
  }

  /// Sequential direct reads of the whole file, in the same way.
  ///
  /// @return bytes a second
  static double readRate(Path file, int blockBytes, int depth)
      throws IOException, InterruptedException {
    return rate(
        "read",
        List.of(
            "fio",
            "--name=scan",
            "--filename=" + file,
            "--readonly",
            "--rw=read",
            "--direct=1",
            "--bs=" + blockBytes,
            "--iodepth=" + depth,
            "--ioengine=io_uring",
            "--registerfiles=1",
            "--fixedbufs=1",
            "--output-format=json"));
  }

  private static double rate(String direction, List<String> command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    Matcher rate = Pattern.compile("\"" + direction + RATE, Pattern.DOTALL).matcher(report);
    if (exit != 0 || !rate.find()) {
      throw new IOException("fio ended with " + exit + ": " + report);
    }
    return Double.parseDouble(rate.group(1));
  }
}
