/// Line search in files and trees: patterns, ignore rules, routes of reading.
///
/// [Search] is the way in. What it prints is what ripgrep 13 prints for the same switches, when its
/// output is not a terminal.
package io.ringwell.search;
