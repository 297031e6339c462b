package io.ringwell.memory;

import io.ringwell.sys.LockLimit;

/// Opens secure pools of the sizes that it is given, and says what came of it.
final class SecureLimitMain {
  private SecureLimitMain() {}

  public static void main(String[] args) {
    for (String bytes : args) {
      PoolOptions options = PoolOptions.ofMaxBytes(Long.parseLong(bytes)).withName("secrets");
      try {
        BufferPool pool = BufferPool.secure(options);
        System.out.println("locked: " + LockLimit.now().lockedBytes() + " for " + pool);
      } catch (SecureMemoryException e) {
        System.out.println("refused: " + e.getMessage());
        System.out.println("left locked: " + LockLimit.now().lockedBytes());
      }
    }
  }
}
