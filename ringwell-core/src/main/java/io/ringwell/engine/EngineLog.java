package io.ringwell.engine;

import io.ringwell.sys.Errno;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Says once which engine is in use, and once what it lacks.
final class EngineLog {
  private static final System.Logger LOG = System.getLogger("io.ringwell.engine");
  private static final Set<EngineInfo> SAID = ConcurrentHashMap.newKeySet();

  private static final AtomicBoolean REFUSED = new AtomicBoolean();

  private EngineLog() {}

  static void opened(EngineInfo info) {
    if (SAID.size() > 64 || !SAID.add(info)) {
      return;
    }
    LOG.log(
        info.degraded().isEmpty() ? System.Logger.Level.DEBUG : System.Logger.Level.INFO,
        "engine {0} ({1}), features {2}, without {3}",
        info.kind().label(),
        info.why(),
        info.features(),
        info.degraded());
  }

  static void callbacksRefused(RuntimeException e) {
    if (!REFUSED.compareAndSet(false, true)) {
      return;
    }
    LOG.log(System.Logger.Level.WARNING, "the executor for callbacks refused one", e);
  }

  static void workerFailed(Throwable e) {
    LOG.log(System.Logger.Level.ERROR, "a worker failed", e);
  }

  static void listenerFailed(Throwable e) {
    LOG.log(System.Logger.Level.ERROR, "a listener of completions failed", e);
  }

  static void degraded(String what) {
    LOG.log(System.Logger.Level.INFO, "{0}", what);
  }

  static void closeFailed(String name, int errno) {
    LOG.log(System.Logger.Level.WARNING, "close {0}: {1}", name, Errno.name(errno));
  }
}
