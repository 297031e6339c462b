import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/// Copies a jar, its classes written again in the class version of Java 25, with stack maps.
///
/// An AOT cache leaves classes out that are older than version 50. picocli's are 49, and without
/// them each start of the command parses and verifies them again, 60 to 130 ms
/// (docs/decisions/0008).
///
/// `java NewerClasses.java FROM.jar TO.jar`
final class NewerClasses {
  private NewerClasses() {}

  public static void main(String[] args) throws IOException {
    Path from = Path.of(args[0]);
    URL[] jar = {from.toUri().toURL()};
    try (URLClassLoader classes = new URLClassLoader(jar);
        ZipInputStream in = new ZipInputStream(Files.newInputStream(from));
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(Path.of(args[1])))) {
      ClassFile files =
          ClassFile.of(
              StackMapsOption.GENERATE_STACK_MAPS,
              ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(classes)));
      out.setLevel(0); // read at each start, stored once
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        byte[] bytes = in.readAllBytes();
        out.putNextEntry(new ZipEntry(entry.getName()));
        out.write(isOrdinaryClass(entry.getName()) ? newer(files, bytes) : bytes);
        out.closeEntry();
      }
    }
  }

  private static boolean isOrdinaryClass(String name) {
    return name.endsWith(".class") && !name.endsWith("module-info.class");
  }

  private static byte[] newer(ClassFile files, byte[] old) {
    ClassTransform again =
        (to, element) -> {
          switch (element) {
            case ClassFileVersion _ -> to.withVersion(ClassFile.JAVA_25_VERSION, 0);
            // Code has to be taken apart for its stack map to be made.
            case MethodModel method ->
                to.transformMethod(
                    method, MethodTransform.transformingCode(CodeTransform.ACCEPT_ALL));
            default -> to.with(element);
          }
        };
    return files.transformClass(files.parse(old), again);
  }
}
