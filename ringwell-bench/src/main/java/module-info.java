import org.jspecify.annotations.NullMarked;

/// Benches on JMH, with peers. Compiled as a module, run from the class path: JMH starts its forks
/// with `-cp` and reaches into what it generates.
@NullMarked
module io.ringwell.bench {
  requires io.ringwell.core;
  requires io.ringwell.search;
  requires jasyncfio;
  requires java.management;
  requires jdk.unsupported;
  requires jmh.core;
  requires static org.jspecify;
}
