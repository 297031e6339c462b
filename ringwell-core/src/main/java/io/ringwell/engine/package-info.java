/// Engines that carry out file operations asynchronously, all under one contract: the io_uring
/// actor, and the portable thread pool.
///
/// An [Operation] is a slot that its caller owns and may use again; an [Engine] carries it out; the
/// caller waits by parking, through a stage, or by polling. What differs between engines is speed
/// and what [Engine#supports] says, never meaning.
package io.ringwell.engine;
