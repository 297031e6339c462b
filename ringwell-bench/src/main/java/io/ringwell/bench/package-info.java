/// Ringwell beside its peers: the same file, the same blocks, the same run.
///
/// A [Peer] is one way to read a file, opened; a [Reader] is one thread's loop over it. The benches
/// know no more than these two.
package io.ringwell.bench;
