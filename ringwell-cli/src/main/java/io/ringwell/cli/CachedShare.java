package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;

/// How much of a file lies in the page cache, told from a sample of its blocks.
///
/// Reading with RWF_NOWAIT answers a block that is cached and EAGAIN for one that is not; but the
/// kernel then begins to read ahead, so few blocks are asked, far apart.
///
/// @param sampled blocks that were asked for; 0 where the file is empty
/// @param cached of these, found in the page cache
/// @param supported whether the file system answers such reads
record CachedShare(int sampled, int cached, boolean supported) {
  static final int BLOCK_BYTES = 4096;
  private static final int MAX_SAMPLES = 128;

  static CachedShare sample(Engine engine, FileHandle file, long size) throws IOException {
    long blocks = (size + BLOCK_BYTES - 1) / BLOCK_BYTES;
    int samples = (int) Math.min(blocks, MAX_SAMPLES);
    int cached = 0;
    Operation op = new Operation();
    try (IoBuffer buffer = engine.pool().acquire(BLOCK_BYTES)) {
      for (int i = 0; i < samples; i++) {
        // The middle of each of as many parts.
        long block = (2L * i + 1) * blocks / (2L * samples);
        op.read(file, buffer, 0, BLOCK_BYTES, block * BLOCK_BYTES).noWait();
        engine.submit(op);
        try {
          op.await();
          cached++;
        } catch (OperationException e) {
          if (!e.errnoName().equals("EAGAIN")) {
            return new CachedShare(samples, 0, false);
          }
        }
      }
    }
    return new CachedShare(samples, cached, true);
  }

  int percent() {
    return sampled == 0 ? 100 : (int) Math.round(100.0 * cached / sampled);
  }
}
