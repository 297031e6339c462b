package io.ringwell.search;

import java.util.Map;

/// What a search counted.
///
/// @param files searched
/// @param matchedFiles of these, with a match
/// @param directories listed
/// @param bytes read
/// @param syscalls made, the engine's included
/// @param stalls waits for bytes that were not there yet
/// @param routes files by how they were read
/// @param engine the engine that was opened, or `none`
public record SearchStats(
    long files,
    long matchedFiles,
    long directories,
    long bytes,
    long syscalls,
    long stalls,
    Map<SearchRoute, Long> routes,
    String engine) {
  public SearchStats {
    routes = Map.copyOf(routes);
  }
}
