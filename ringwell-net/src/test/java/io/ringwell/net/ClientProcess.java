package io.ringwell.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.testkit.TestCertificates;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Clients that are processes, so that they can be killed: nobody says anything for them then.
enum ClientProcess {
  /// Says a line, and waits.
  WAITING {
    @Override
    Process start(int port) throws IOException {
      return bash("exec 3<>/dev/tcp/127.0.0.1/" + port + "; echo a line >&3; exec cat <&3");
    }
  },
  /// Sends on and on, and reads nothing.
  SENDING {
    @Override
    Process start(int port) throws IOException {
      return bash(
          "exec 3<>/dev/tcp/127.0.0.1/"
              + port
              + "; echo a line >&3; head -n 1 <&3; exec cat /dev/zero >&3");
    }
  },
  /// The same by openssl(1).
  TLS_WAITING {
    @Override
    Process start(int port) throws IOException {
      Process process = openssl(port, ProcessBuilder.Redirect.PIPE);
      process.getOutputStream().write("a line\n".getBytes(UTF_8));
      process.getOutputStream().flush();
      return process;
    }
  },
  TLS_SENDING {
    @Override
    Process start(int port) throws IOException {
      // What comes back fills the pipe to us, of which a byte is read.
      return openssl(port, ProcessBuilder.Redirect.from(new File("/dev/zero")));
    }
  };

  private static final Path BASH = Path.of("/bin/bash");
  private static final Path OPENSSL = Path.of("/usr/bin/openssl");

  /// Connects to a port here.
  abstract Process start(int port) throws IOException;

  final boolean isTls() {
    return this == TLS_WAITING || this == TLS_SENDING;
  }

  private static Process bash(String script) throws IOException {
    assumeTrue(Files.isExecutable(BASH), "no bash(1)");
    return new ProcessBuilder(BASH.toString(), "-c", script)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static Process openssl(int port, ProcessBuilder.Redirect input) throws IOException {
    assumeTrue(Files.isExecutable(OPENSSL), "no openssl(1): apt-get install openssl");
    return new ProcessBuilder(
            List.of(
                OPENSSL.toString(),
                "s_client",
                "-quiet",
                "-connect",
                "127.0.0.1:" + port,
                "-CAfile",
                TestCertificates.certificate("ca").toString(),
                "-verify_return_error"))
        .redirectInput(input)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
