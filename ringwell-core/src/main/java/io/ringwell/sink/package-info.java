/// Sinks: bytes are handed over and go where they are to go, uncopied.
///
/// A [Sink] takes [io.ringwell.memory.Bytes] and owns them from then on. [Sinks] makes them: to a
/// file, to memory, to several sinks at once, with a checksum on the way, or to anything for which
/// an [Outlet] is written. A [Source] gives them; [Sources] makes those, and brings them to a sink.
/// Both know streams, channels and `java.util.concurrent.Flow`.
package io.ringwell.sink;
