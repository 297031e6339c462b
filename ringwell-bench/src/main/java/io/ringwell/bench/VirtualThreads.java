package io.ringwell.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/// 256 virtual threads, each with one blocking read of 4 KiB at a time, through Ringwell's
/// AsyncFile and through FileChannel: reads a second, the ticks that a timer of 1 kHz on a virtual
/// thread keeps beside them, and the platform threads that the JVM had at its peak, compared with
/// the same threads without I/O.
///
/// `cold` drops the machine's page cache before each run, which takes root; `direct` reads past it.
///
/// Runs in the order none, Ringwell, FileChannel: the platform threads that FileChannel makes the
/// JVM add stay for half a minute.
public final class VirtualThreads {
  private static final int THREADS = 256;
  private static final String USAGE =
      "usage: VirtualThreads cold|direct [--seconds N] [--file F] [--mib N]";

  private VirtualThreads() {}

  /// Runs it; the figures go to standard output.
  public static void main(String[] arguments) throws IOException, InterruptedException {
    boolean direct = false;
    boolean cold = false;
    int seconds = 5;
    Path file = DataFile.defaultPath();
    long mib = 0;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "cold" -> cold = true;
        case "direct" -> direct = true;
        case "--seconds" -> seconds = Integer.parseInt(argument(arguments, ++i));
        case "--file" -> file = Path.of(argument(arguments, ++i));
        case "--mib" -> mib = Long.parseLong(argument(arguments, ++i));
        default -> refuse("unknown: " + arguments[i] + "\n" + USAGE);
      }
    }
    if (cold == direct) {
      refuse(USAGE);
    }
    if (cold && !DataFile.canDropCache()) {
      refuse("cold drops the machine's page cache, which takes root; take direct instead");
    }
    // Cold: more than is read in a run, so that few blocks are met twice.
    DataFile data = new DataFile(file, (mib != 0 ? mib : cold ? 8192 : 1024) << 20);
    data.make();
    compare(data, direct, seconds);
  }

  private static String argument(String[] arguments, int i) {
    if (i == arguments.length) {
      refuse(USAGE);
    }
    return arguments[i];
  }

  private static void refuse(String why) {
    System.err.println(why);
    System.exit(2);
  }

  private static void compare(DataFile data, boolean direct, int seconds)
      throws IOException, InterruptedException {
    System.out.printf(
        Locale.ROOT,
        "%d virtual threads, 4 KiB random reads of %d MiB, %s, %d s, %d processors%n",
        THREADS,
        data.bytes() >> 20,
        direct ? "O_DIRECT" : "cold",
        seconds,
        Runtime.getRuntime().availableProcessors());
    VirtualThreadRun.Result none = run(new NoReads(), true, seconds);
    print("no I/O", none, none);
    try (Peer ringwell = new RingwellFile(data, direct)) {
      print("AsyncFile on io_uring", run(ringwell, direct, seconds), none);
    }
    try (Peer channel = new JdkFileChannel(data, direct)) {
      print("FileChannel", run(channel, direct, seconds), none);
    }
  }

  private static VirtualThreadRun.Result run(Peer peer, boolean direct, int seconds)
      throws IOException, InterruptedException {
    if (!direct) {
      DataFile.dropCache();
    }
    return new VirtualThreadRun(peer, THREADS).run(seconds);
  }

  private static void print(
      String name, VirtualThreadRun.Result result, VirtualThreadRun.Result none) {
    String rate =
        result == none ? "-" : String.format(Locale.ROOT, "%,.0f", result.readsPerSecond());
    System.out.printf(
        Locale.ROOT,
        "%-22s %10s reads/s   timer kept %5.1f %% of its ticks   %3d platform threads (%+d)%n",
        name,
        rate,
        result.ticksPercent(),
        result.peakThreads(),
        result.peakThreads() - none.peakThreads());
  }
}
