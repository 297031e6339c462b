/// Pipes: one writes, one reads, and memory in between that the pipe manages.
///
/// [io.ringwell.pipe.Pipe] has the two halves, [io.ringwell.pipe.PipeWriter] and
/// [io.ringwell.pipe.PipeReader]. The writer fills windows of the pipe's memory or gives bytes
/// away; the reader sees what has come, says how far it has used it and how far it has looked, and
/// waits for more. Nothing is copied in between.
package io.ringwell.pipe;
