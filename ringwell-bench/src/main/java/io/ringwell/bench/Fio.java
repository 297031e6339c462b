package io.ringwell.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// fio(1), run as a process.
final class Fio {
  private static final Pattern RATE =
      Pattern.compile("\"write\" : \\{[^}]*?\"bw_bytes\" : ([0-9]+)", Pattern.DOTALL);

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
    Process process =
        new ProcessBuilder(
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
                    "--output-format=json"))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    Matcher rate = RATE.matcher(report);
    if (exit != 0 || !rate.find()) {
      throw new IOException("fio ended with " + exit + ": " + report);
    }
    return Double.parseDouble(rate.group(1));
  }
}
