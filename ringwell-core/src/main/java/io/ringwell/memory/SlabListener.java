package io.ringwell.memory;

import java.lang.foreign.MemorySegment;

/// Hears of the slabs that a pool commits, for instance to register them with a ring.
///
/// A slab is told once, before any buffer from it is handed out; those already committed are told
/// while the listener is added. From then on the slab's memory stays where it is until the pool is
/// closed and its last buffer is back: [BufferPool#trim] does nothing while a pool has a listener.
///
/// Called on the acquiring thread with the pool's lock held, hence one call at a time: an
/// implementation must not block, must not call the pool, and should only note the slab and return.
/// What it throws reaches the acquirer, and the slab counts as told.
@FunctionalInterface
public interface SlabListener {
  /// A slab may be used from now on.
  ///
  /// @param index its number: (address - [BufferPool#baseAddress]) >>> [BufferPool#slabShift]
  /// @param slab all of its memory; valid until the pool's memory is unmapped
  void slabCommitted(int index, MemorySegment slab);
}
