package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineInfo;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringwell doctor`: which engine, on which kernel, with which features, and what is degraded and
/// why. Exit code 0 also where something is.
@Command(
    name = "doctor",
    sortOptions = false,
    description = {
      "Show the engine, kernel features and limits, and what is degraded and why.",
      "For PATH: its file system, alignment for direct I/O, and cached share."
    },
    footer = {
      "",
      "-Dringwell.engine=uring|threads|channels names the engine, and",
      "-Dringwell.uring.disable=FEATURE,... leaves kernel features out; doctor shows",
      "the effect. It exits 0 when something is degraded."
    })
final class DoctorCommand implements Callable<Integer> {
  private final Standard standard;

  @Option(names = "--json", description = "Print one JSON object on one line.")
  private boolean json;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PATH",
      description = "A file or directory to look at.")
  private @Nullable Path path;

  DoctorCommand(Standard standard) {
    this.standard = standard;
  }

  @Override
  public Integer call() throws IOException {
    try (Engine engine = Engine.open()) {
      // A read makes the pool commit memory, which is registered then, or refused.
      readSomething(engine);
      EngineInfo info = engine.info();
      PathReport report = path == null ? null : PathReport.of(engine, path);
      FeatureReport features = FeatureReport.of(info);
      RingOperations operations = RingOperations.probe();
      if (json) {
        standard.out().println(json(engine, info, features, operations, report));
      } else {
        print(engine, info, features, operations, report);
      }
    }
    return Main.OK;
  }

  /// Any file will do; what the answer is does not matter.
  private static void readSomething(Engine engine) throws IOException {
    Path file = Path.of(System.getProperty("java.home", "."), "release");
    int bytes = 512;
    try (IoBuffer buffer = engine.pool().acquire(bytes)) {
      FileHandle handle = engine.open(file, OpenFlag.READ, 0);
      try {
        Operation read = new Operation().read(handle, buffer, 0, bytes, 0);
        engine.submit(read);
        read.await();
      } finally {
        engine.close(handle);
      }
    }
  }

  private void print(
      Engine engine,
      EngineInfo info,
      FeatureReport features,
      RingOperations operations,
      @Nullable PathReport report) {
    KernelFacts kernel = KernelFacts.read();
    Table table = new Table(standard.out());
    table.row("ringwell", Main.version().substring("ringwell ".length()));
    table.row("engine", info.kind().label() + ": " + info.why());
    table.row("kernel", kernel.name()).more(kernel.disabledMeaning());
    table.row("java", java() + ", " + Runtime.getRuntime().availableProcessors() + " processors");
    table.row("limits", "locked memory " + limit(Limit.lockedMemory(), true));
    table.more("open files " + limit(Limit.openFiles(), false));
    table.row("memory", memory(engine, info));
    String label = "features";
    for (FeatureReport.Row row : features.rows()) {
      table.row(label, (row.used() ? "yes  " : "no   ") + Table.pad(row.name(), 17) + row.why());
      label = "";
    }
    table.row("operations", operations(operations));
    if (!operations.lacks().isEmpty()) {
      table.more("lacks " + String.join(", ", operations.lacks()) + ": threads do these");
    }
    label = "degraded";
    for (String one : features.degraded()) {
      table.row(label, one);
      label = "";
    }
    if (features.degraded().isEmpty()) {
      table.row(label, "nothing");
    }
    if (report != null) {
      report.print(table);
    }
  }

  private static String java() {
    return System.getProperty("java.vm.name", "?")
        + " "
        + Runtime.version()
        + ", "
        + System.getProperty("java.vendor", "?");
  }

  private static String operations(RingOperations operations) {
    return operations.refusal().isEmpty()
        ? "the kernel's ring has "
            + operations.count()
            + ", among them "
            + operations.has().size()
            + " of the "
            + (operations.has().size() + operations.lacks().size())
            + " that Ringwell uses"
        : "no ring to ask: " + operations.refusal();
  }

  private static String memory(Engine engine, EngineInfo info) {
    String committed =
        ByteSize.format(engine.pool().stats().committedBytes())
            + " of at most "
            + ByteSize.format(engine.pool().maxBytes());
    return registered(info)
        ? committed + ", registered with the ring"
        : committed + ", not registered";
  }

  private static boolean registered(EngineInfo info) {
    return info.features().contains("fixed_buffers")
        && info.degraded().stream().noneMatch(one -> one.startsWith("fixed_buffers"));
  }

  private static String limit(@Nullable Limit limit, boolean bytes) {
    return limit == null
        ? "unknown"
        : amount(limit.soft(), bytes) + " (may be raised to " + amount(limit.hard(), bytes) + ")";
  }

  private static String amount(long value, boolean bytes) {
    if (value == Limit.UNLIMITED) {
      return "unlimited";
    }
    return bytes ? ByteSize.format(value) : Long.toString(value);
  }

  private static Json json(
      Engine engine,
      EngineInfo info,
      FeatureReport features,
      RingOperations operations,
      @Nullable PathReport report) {
    KernelFacts kernel = KernelFacts.read();
    List<Json> rows = new ArrayList<>();
    for (FeatureReport.Row row : features.rows()) {
      rows.add(
          new Json()
              .put("name", row.name())
              .put("used", row.used())
              .put("why", row.why())
              .put("since", row.since()));
    }
    Json json =
        new Json()
            .put("version", Main.version().substring("ringwell ".length()))
            .put("engine", info.kind().label())
            .put("why", info.why())
            .put("kernel", kernel.name())
            .put("io_uring_disabled", kernel.uringDisabled())
            .put("java", Runtime.version().toString())
            .put("java_vendor", System.getProperty("java.vendor", "?"))
            .put("processors", Runtime.getRuntime().availableProcessors())
            .put("locked_memory", limits(Limit.lockedMemory()))
            .put("open_files", limits(Limit.openFiles()))
            .put("memory_committed", engine.pool().stats().committedBytes())
            .put("memory_max", engine.pool().maxBytes())
            .put("memory_registered", registered(info))
            .putObjects("features", rows)
            .put("ring_operations", operations.count())
            .putStrings("operations", operations.has())
            .putStrings("operations_lacking", operations.lacks())
            .putStrings("degraded", features.degraded());
    if (!operations.refusal().isEmpty()) {
      json.put("ring_refusal", operations.refusal());
    }
    return report == null ? json : json.put("path", report.json());
  }

  /// Soft and hard limit, null where there is none.
  private static Json limits(@Nullable Limit limit) {
    Json json = new Json();
    if (limit != null) {
      json.putOrNull("soft", Limit.orNull(limit.soft()));
      json.putOrNull("hard", Limit.orNull(limit.hard()));
    }
    return json;
  }
}
