package io.ringwell.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A tmpfs for the time of a test, which takes root; the test is skipped where it is refused.
final class Mounted implements AutoCloseable {
  private final Path point;

  private Mounted(Path point) {
    this.point = point;
  }

  /// @param options as mount(8) takes them, such as `size=4m`
  static Mounted tmpfs(Path point, String options) throws IOException, InterruptedException {
    Process mount = start("mount", "-t", "tmpfs", "-o", options, "tmpfs", point.toString());
    String said = new String(mount.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assumeTrue(mount.waitFor() == 0, "mounting is refused here: " + said.strip());
    return new Mounted(point);
  }

  private static Process start(String... command) throws IOException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, "cannot mount: " + e.getMessage());
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      int code = start("umount", point.toString()).waitFor();
      if (code != 0) {
        throw new IOException("umount " + point + " answered " + code);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
