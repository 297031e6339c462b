package io.ringwell.net;

import io.ringwell.memory.BufferPool;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/// A pool that tells of requests for memory before they are granted.
final class WatchedPool {
  interface Watch {
    void asked() throws IOException;
  }

  private WatchedPool() {}

  static BufferPool of(BufferPool pool, Watch watch) {
    InvocationHandler handler =
        (_, method, arguments) -> {
          if (method.getName().equals("tryAcquire")) {
            watch.asked();
          }
          try {
            return method.invoke(pool, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    Class<?>[] types = {BufferPool.class};
    return (BufferPool) Proxy.newProxyInstance(BufferPool.class.getClassLoader(), types, handler);
  }
}
