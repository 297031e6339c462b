import org.jspecify.annotations.NullMarked;

/// Connections over TCP and Unix domain sockets, through Ringwell's engine.
@NullMarked
module io.ringwell.net {
  requires transitive io.ringwell.core;
  requires static org.jspecify;

  exports io.ringwell.net;
}
