package io.ringwell.cli;

import io.ringwell.net.Address;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// `ringwell tunnel`: connections to one address go on to another, with TLS on either side.
@Command(
    name = "tunnel",
    sortOptions = false,
    description = {
      "Listen at one address, and carry each connection on to another, until Ctrl-C.",
      "The end of one direction and a connection that breaks off pass through. With",
      "--cert and --key who connects speaks TLS, with --client the other side does;",
      "with both it is opened and sealed again."
    })
final class TunnelCommand implements Callable<Integer> {
  /// An address as an argument.
  static final class AddressConverter implements ITypeConverter<Address> {
    @Override
    public Address convert(String text) {
      try {
        return Address.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  private final Standard standard;

  @Option(
      names = "--listen",
      required = true,
      converter = AddressConverter.class,
      paramLabel = "HOST:PORT",
      description = {
        "Where to listen; [IPV6]:PORT and unix:/path, too. :PORT is every address of",
        "this machine, port 0 one that is free."
      })
  private Address listen = Address.of("127.0.0.1", 0);

  @Option(
      names = "--to",
      required = true,
      converter = AddressConverter.class,
      paramLabel = "HOST:PORT",
      description = "Where the connections go on to.")
  private Address to = Address.of("127.0.0.1", 0);

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description = {
        "Accept TLS, with this certificate and those that lead to an authority behind",
        "it, in PEM."
      })
  private @Nullable Path certificates;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "The certificate's private key in PEM, not encrypted.")
  private @Nullable Path key;

  @Option(
      names = "--client",
      description = "Connect by TLS; the certificate there has to be for the host of --to.")
  private boolean client;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "Trust these authorities there, in PEM, and no others (without: the JDK's).")
  private @Nullable Path authorities;

  @Option(
      names = "--secure",
      description = {
        "Keep plain text in memory that is locked, not dumped and zeroed, 128 KiB for",
        "each connection; TLS is OpenSSL's."
      })
  private boolean secure;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "Carry so many at once, the others wait; 1024, with --secure 64.")
  private @Nullable Integer connections;

  @Option(names = "--json", description = "Say where it listens as one JSON object on one line.")
  private boolean json;

  TunnelCommand(Standard standard) {
    this.standard = standard;
  }

  @Override
  public Integer call() throws IOException {
    TunnelPlan.Wishes wishes =
        new TunnelPlan.Wishes(
            listen, to, certificates, key, client, authorities, secure, connections);
    try (TunnelPlan plan = TunnelPlan.of(wishes);
        Tunnel tunnel = Tunnel.open(plan, standard::fail)) {
      say(plan, tunnel.address());
      serveUntilInterrupted(tunnel);
      int broken = tunnel.end();
      if (broken > 0) {
        standard.fail(broken + (broken == 1 ? " connection" : " connections") + " broken off");
      }
    }
    return Main.OK;
  }

  private void say(TunnelPlan plan, Address at) {
    if (json) {
      standard
          .out()
          .println(
              new Json()
                  .put("listen", at.toString())
                  .put("to", to.toString())
                  .put("accepts", plan.accepting() == null ? "plain" : "tls")
                  .put("connects", plan.connecting() == null ? "plain" : "tls")
                  .put("secure", secure)
                  .put("connections", plan.connections()));
    } else {
      standard.say(at + " to " + to + plan + ", until Ctrl-C");
    }
    standard.out().flush();
  }

  /// Ctrl-C is how it ends; the thread that accepts ends with the tunnel.
  private static void serveUntilInterrupted(Tunnel tunnel) throws IOException {
    CountDownLatch ended = new CountDownLatch(1);
    AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    Thread.startVirtualThread(() -> {
      try {
        tunnel.serve();
      } catch (IOException e) {
        failure.set(e);
      } finally {
        ended.countDown();
      }
    });
    try {
      ended.await();
    } catch (InterruptedException e) {
      return; // what was asked for
    }
    IOException why = failure.get();
    if (why != null) {
      throw why;
    }
  }
}
