package io.ringwell.net;

import java.util.Objects;
import java.util.function.BiConsumer;

/// How a [Listener] is made. Immutable; each `with` method returns a changed copy.
///
/// @param connections how the connections are made
/// @param maxConnections connections that are open at once; more wait to be accepted
/// @param backlog how many the kernel lets wait
/// @param onFailure is told of handlers that threw, with the name of the peer; on the handler's
///   thread
public record ListenOptions(
    ConnectionOptions connections,
    int maxConnections,
    int backlog,
    BiConsumer<String, Throwable> onFailure) {
  private static final System.Logger LOG = System.getLogger("io.ringwell.net");

  private static final ListenOptions DEFAULTS =
      new ListenOptions(
          ConnectionOptions.defaults(),
          1500,
          1024,
          (peer, failure) ->
              LOG.log(System.Logger.Level.DEBUG, peer + ": handler failed", failure));

  public ListenOptions {
    Objects.requireNonNull(connections, "connections");
    Objects.requireNonNull(onFailure, "onFailure");
    if (maxConnections < 1) {
      throw new IllegalArgumentException("maxConnections must be positive: " + maxConnections);
    }
    if (backlog < 1) {
      throw new IllegalArgumentException("backlog must be positive: " + backlog);
    }
  }

  /// 1500 connections at once, 1024 waiting; failures of handlers are logged at DEBUG.
  public static ListenOptions defaults() {
    return DEFAULTS;
  }

  public ListenOptions withConnections(ConnectionOptions options) {
    return new ListenOptions(options, maxConnections, backlog, onFailure);
  }

  public ListenOptions withMaxConnections(int count) {
    return new ListenOptions(connections, count, backlog, onFailure);
  }

  public ListenOptions withBacklog(int count) {
    return new ListenOptions(connections, maxConnections, count, onFailure);
  }

  public ListenOptions withOnFailure(BiConsumer<String, Throwable> told) {
    return new ListenOptions(connections, maxConnections, backlog, told);
  }
}
