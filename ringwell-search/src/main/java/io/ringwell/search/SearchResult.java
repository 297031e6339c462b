package io.ringwell.search;

import java.util.Map;

/// How a search went.
///
/// @param matched whether any line matched
/// @param failed whether something could not be searched
/// @param stats what was counted
/// @param reasons why files were read as they were, with how many
public record SearchResult(
    boolean matched, boolean failed, SearchStats stats, Map<String, Long> reasons) {
  public SearchResult {
    reasons = Map.copyOf(reasons);
  }
}
