import org.jspecify.annotations.NullMarked;

/// The `ringwell` command.
@NullMarked
module io.ringwell.cli {
  requires info.picocli;
  requires io.ringwell.core;
  requires me.tongfei.progressbar;
  requires static org.jspecify;
}
