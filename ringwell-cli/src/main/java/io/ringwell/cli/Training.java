package io.ringwell.cli;

/// Runs in one JVM, one after another, what later runs will load: the launcher fills its cache of
/// classes, and of what their methods did, from such a run. What it prints is for nobody.
///
/// Arguments: a text of 16 MiB or more, and a tree.
final class Training {
  private Training() {}

  public static void main(String[] args) {
    String text = args[0];
    String tree = args[1];
    String literal = "no such text";
    run("doctor");
    run("search", "-F", literal, text);
    // Often enough that what a large tree repeats has a profile.
    for (int i = 0; i < 10; i++) {
      run("search", "-F", literal, tree);
    }
    run("search", "-n", "-i", "[a-z]+Reader(Set)?\\b", tree);
    run("search", "-c", "--stats", "--explain", "-e", "large", "-e", literal, text, "-");
    run("search", "--route", "ring", "-l", literal, text);
    run("search", "--help");
  }

  private static void run(String... args) {
    Main.run(Standard.system(), args);
  }
}
