package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.net.Address;
import io.ringwell.net.Connection;
import io.ringwell.net.ListenOptions;
import io.ringwell.net.Listener;
import io.ringwell.net.Relay;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// `ringwell tunnel`: connections to one address go on to another.
@Command(
    name = "tunnel",
    sortOptions = false,
    description = {
      "Listen at one address, and carry each connection on to another, until Ctrl-C.",
      "The end of one direction and a connection that breaks off pass through."
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

  @Option(names = "--json", description = "Say where it listens as one JSON object on one line.")
  private boolean json;

  TunnelCommand(Standard standard) {
    this.standard = standard;
  }

  @Override
  public Integer call() throws IOException {
    ListenOptions options =
        ListenOptions.defaults()
            .withOnFailure((peer, failure) -> standard.fail(Failure.describe(failure)));
    try (Engine engine = Engine.open()) {
      try (Listener listener = Listener.open(engine, listen, options)) {
        say(listener.address());
        serveUntilInterrupted(engine, listener);
        listener.abort();
      }
    }
    return Main.OK;
  }

  private void say(Address at) {
    if (json) {
      standard.out().println(new Json().put("listen", at.toString()).put("to", to.toString()));
    } else {
      standard.say(at + " to " + to + ", until Ctrl-C");
    }
    standard.out().flush();
  }

  /// Ctrl-C is how it ends: the listener, on a thread of its own, ends with it.
  private void serveUntilInterrupted(Engine engine, Listener listener) throws IOException {
    CountDownLatch ended = new CountDownLatch(1);
    IOException[] failure = new IOException[1];
    Thread.ofVirtual()
        .start(() -> {
          try {
            listener.serve(incoming -> carry(engine, incoming));
          } catch (IOException e) {
            failure[0] = e;
          } finally {
            ended.countDown();
          }
        });
    try {
      ended.await();
    } catch (InterruptedException e) {
      return; // what was asked for
    }
    if (failure[0] != null) {
      throw failure[0];
    }
  }

  private void carry(Engine engine, Connection incoming) throws IOException {
    try (Connection outgoing = Connection.connect(engine, to)) {
      Relay.between(incoming, outgoing);
    }
  }
}
