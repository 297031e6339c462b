/// io_uring itself, for one owning thread: set-up, submission and completion queues, registration.
///
/// This is what the engine's actor stands on, and it can be used alone by an expert who owns the
/// thread. It knows nothing of files or buffers: descriptors and addresses are plain numbers, and
/// the caller keeps memory alive until its own completion arrives.
package io.ringwell.uring;
