/// Memory that the kernel may read and write: who owns it, who borrows it, when it is free.
///
/// A [BufferPool] hands out an [IoBuffer], writable and with one owner. Filled, it is frozen into
/// [Bytes], immutable and shared by reference count, sliced and handed on without copying;
/// [BytesChain] strings several together. Memory that is lent to the kernel is not reused before
/// the kernel gives it back, whoever closes what in between. A handle that was closed throws
/// `IllegalStateException` from then on. [CopyCounter] counts the copies that were made all the
/// same, and [LeakReports] the buffers that nobody closed.
package io.ringwell.memory;
