package io.ringwell.engine;

import io.ringwell.uring.RingFeature;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/// The bounds and choices of an engine. Start from [#defaults()] and change what matters.
///
/// @param choice which engine
/// @param rings rings, each with a thread of its own; a file stays with one of them
/// @param queueCapacity operations that may wait in each ring's queue, or in the pool's; a power of
///   two
/// @param inFlight operations that each ring may have in flight
/// @param socketOperations operations on sockets that each ring may have in flight beside those:
///   they wait for peers, at most one receive and one send for each connection. One more fails with
///   ENOBUFS
/// @param batch operations that one enter submits at the most. Larger batches save system calls and
///   let the first of them wait for the last
/// @param workers threads that make blocking calls: all of the portable engine's, and the ring's
///   helpers for what a ring cannot do or does worse
/// @param poolBytes what [Engine#pool] may hold at the most, in bytes
/// @param registerMemory whether the pool's memory is registered with the rings
/// @param features kernel features that the rings may use
/// @param pollThread whether a kernel thread polls for submissions (SQPOLL), which burns a
///   processor while there is work
/// @param spins how often an idle ring thread looks again before it sleeps, after it had work
/// @param callbacks where stages are completed. Never the ring's own thread: what is chained to a
///   stage may block
public record EngineOptions(
    Choice choice,
    int rings,
    int queueCapacity,
    int inFlight,
    int socketOperations,
    int batch,
    int workers,
    long poolBytes,
    boolean registerMemory,
    Set<RingFeature> features,
    boolean pollThread,
    int spins,
    Executor callbacks) {
  /// The property that names the engine: `uring`, `threads` or `channels`.
  public static final String ENGINE_PROPERTY = "ringwell.engine";

  /// Which engine to open.
  public enum Choice {
    /// io_uring where it can be had, else threads.
    BEST,
    URING,
    THREADS,
    CHANNELS
  }

  private static final int MAX_IN_FLIGHT = 16384;

  public EngineOptions {
    require("rings", rings, 1, 64);
    require("queueCapacity", queueCapacity, 2, 1 << 20);
    if (Integer.bitCount(queueCapacity) != 1) {
      throw new IllegalArgumentException(
          "queueCapacity must be a power of two, not " + queueCapacity);
    }
    require("inFlight", inFlight, 1, MAX_IN_FLIGHT);
    require("socketOperations", socketOperations, 1, MAX_IN_FLIGHT);
    require("batch", batch, 1, 4096);
    require("workers", workers, 1, 1024);
    require("spins", spins, 0, 1_000_000);
    if (poolBytes < 1 << 20) {
      throw new IllegalArgumentException("poolBytes must be at least 1 MiB, not " + poolBytes);
    }
    features = Set.copyOf(features);
  }

  private static void require(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + " must be from " + min + " to " + max + ", not " + value);
    }
  }

  /// One ring, 4096 waiting, 1024 in flight and 4096 on sockets, 64 a batch, 256 MiB of memory at
  /// the most.
  public static EngineOptions defaults() {
    int processors = Runtime.getRuntime().availableProcessors();
    return new EngineOptions(
        choiceByProperty(),
        1,
        4096,
        1024,
        4096,
        64,
        Math.max(4, 2 * processors),
        256L << 20,
        true,
        RingFeature.enabled(),
        false,
        processors > 1 ? 200 : 0,
        ForkJoinPool.commonPool());
  }

  private static Choice choiceByProperty() {
    String name = System.getProperty(ENGINE_PROPERTY, "best");
    try {
      return Choice.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "-D" + ENGINE_PROPERTY + " takes best, uring, threads or channels, not '" + name + "'",
          e);
    }
  }

  public EngineOptions withChoice(Choice choice) {
    return copy(
        choice, rings, queueCapacity, inFlight, socketOperations, batch, workers, poolBytes);
  }

  public EngineOptions withRings(int rings) {
    return copy(
        choice, rings, queueCapacity, inFlight, socketOperations, batch, workers, poolBytes);
  }

  public EngineOptions withQueueCapacity(int capacity) {
    return copy(choice, rings, capacity, inFlight, socketOperations, batch, workers, poolBytes);
  }

  public EngineOptions withInFlight(int inFlight) {
    return copy(
        choice, rings, queueCapacity, inFlight, socketOperations, batch, workers, poolBytes);
  }

  public EngineOptions withSocketOperations(int operations) {
    return copy(choice, rings, queueCapacity, inFlight, operations, batch, workers, poolBytes);
  }

  public EngineOptions withBatch(int batch) {
    return copy(
        choice, rings, queueCapacity, inFlight, socketOperations, batch, workers, poolBytes);
  }

  public EngineOptions withWorkers(int workers) {
    return copy(
        choice, rings, queueCapacity, inFlight, socketOperations, batch, workers, poolBytes);
  }

  public EngineOptions withPoolBytes(long bytes) {
    return copy(choice, rings, queueCapacity, inFlight, socketOperations, batch, workers, bytes);
  }

  private EngineOptions copy(
      Choice choice,
      int rings,
      int queueCapacity,
      int inFlight,
      int socketOperations,
      int batch,
      int workers,
      long poolBytes) {
    return new EngineOptions(
        choice,
        rings,
        queueCapacity,
        inFlight,
        socketOperations,
        batch,
        workers,
        poolBytes,
        registerMemory,
        features,
        pollThread,
        spins,
        callbacks);
  }

  private EngineOptions copy(
      boolean registerMemory,
      Set<RingFeature> features,
      boolean pollThread,
      int spins,
      Executor callbacks) {
    return new EngineOptions(
        choice,
        rings,
        queueCapacity,
        inFlight,
        socketOperations,
        batch,
        workers,
        poolBytes,
        registerMemory,
        features,
        pollThread,
        spins,
        callbacks);
  }

  public EngineOptions withRegisteredMemory(boolean register) {
    return copy(register, features, pollThread, spins, callbacks);
  }

  /// The same without some kernel features.
  public EngineOptions without(RingFeature... left) {
    EnumSet<RingFeature> fewer = EnumSet.noneOf(RingFeature.class);
    fewer.addAll(features);
    for (RingFeature feature : left) {
      fewer.remove(feature);
    }
    return copy(registerMemory, fewer, pollThread, spins, callbacks);
  }

  public EngineOptions withPollThread(boolean pollThread) {
    return copy(registerMemory, features, pollThread, spins, callbacks);
  }

  public EngineOptions withSpins(int spins) {
    return copy(registerMemory, features, pollThread, spins, callbacks);
  }

  public EngineOptions withCallbacks(Executor callbacks) {
    return copy(registerMemory, features, pollThread, spins, callbacks);
  }
}
