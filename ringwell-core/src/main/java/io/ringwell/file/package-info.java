/// Files for users: positional reads into managed memory, writes of owned bytes, direct I/O in
/// blocks, copies. Everything here is built of an engine's operations.
package io.ringwell.file;
