import org.jspecify.annotations.NullMarked;

/// Searches files and trees for lines that match, as ripgrep does, on Ringwell's engine.
@NullMarked
module io.ringwell.search {
  requires transitive io.ringwell.core;
  requires static org.jspecify;
  requires re2j;

  exports io.ringwell.search;
}
