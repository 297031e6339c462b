import org.jspecify.annotations.NullMarked;

/// File I/O on io_uring, with threads where there is none.
///
/// The module binds libc through `java.lang.foreign`: start the JVM with
/// `--enable-native-access=io.ringwell.core` (on the class path: `ALL-UNNAMED`).
///
/// `io.ringwell.sys` is for Ringwell's own modules, of one version with this one.
@NullMarked
@SuppressWarnings("module") // Compiled before the module that it opens the bindings to.
module io.ringwell.core {
  requires jdk.jfr;
  requires static org.jspecify;

  exports io.ringwell;
  exports io.ringwell.engine;
  exports io.ringwell.file;
  exports io.ringwell.memory;
  exports io.ringwell.pipe;
  exports io.ringwell.sink;
  exports io.ringwell.sys to
      io.ringwell.net,
      io.ringwell.search;
  exports io.ringwell.uring;
  exports io.ringwell.window;
}
