package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Error numbers by name, as errno(3) and the kernel's `asm-generic/errno.h` give them.
///
/// Every engine reports these Linux numbers, those that run elsewhere too: a caller compares one
/// set of values everywhere.
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int EINTR = 4;
  public static final int EIO = 5;
  public static final int ENXIO = 6;
  public static final int EBADF = 9;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EFAULT = 14;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int EXDEV = 18;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int EINVAL = 22;
  public static final int ENFILE = 23;
  public static final int EMFILE = 24;
  public static final int ETXTBSY = 26;
  public static final int EFBIG = 27;
  public static final int ENOSPC = 28;
  public static final int ESPIPE = 29;
  public static final int EROFS = 30;
  public static final int EPIPE = 32;
  public static final int ENAMETOOLONG = 36;
  public static final int ENOSYS = 38;
  public static final int ENOTEMPTY = 39;
  public static final int ELOOP = 40;
  public static final int EBADR = 53;
  public static final int ETIME = 62;
  public static final int EOVERFLOW = 75;
  public static final int EOPNOTSUPP = 95;
  public static final int EADDRINUSE = 98;
  public static final int EADDRNOTAVAIL = 99;
  public static final int ENETUNREACH = 101;
  public static final int ECONNABORTED = 103;
  public static final int ECONNRESET = 104;
  public static final int ENOBUFS = 105;
  public static final int ENOTCONN = 107;
  public static final int ETIMEDOUT = 110;
  public static final int ECONNREFUSED = 111;
  public static final int EHOSTUNREACH = 113;
  public static final int EALREADY = 114;
  public static final int ECANCELED = 125;

  // Index is the number; "NAME text" as strerror(3) words it.
  private static final String[] TEXT = new String[133];

  static {
    TEXT[1] = "EPERM Operation not permitted";
    TEXT[2] = "ENOENT No such file or directory";
    TEXT[3] = "ESRCH No such process";
    TEXT[4] = "EINTR Interrupted system call";
    TEXT[5] = "EIO Input/output error";
    TEXT[6] = "ENXIO No such device or address";
    TEXT[7] = "E2BIG Argument list too long";
    TEXT[8] = "ENOEXEC Exec format error";
    TEXT[9] = "EBADF Bad file descriptor";
    TEXT[10] = "ECHILD No child processes";
    TEXT[11] = "EAGAIN Resource temporarily unavailable";
    TEXT[12] = "ENOMEM Cannot allocate memory";
    TEXT[13] = "EACCES Permission denied";
    TEXT[14] = "EFAULT Bad address";
    TEXT[15] = "ENOTBLK Block device required";
    TEXT[16] = "EBUSY Device or resource busy";
    TEXT[17] = "EEXIST File exists";
    TEXT[18] = "EXDEV Invalid cross-device link";
    TEXT[19] = "ENODEV No such device";
    TEXT[20] = "ENOTDIR Not a directory";
    TEXT[21] = "EISDIR Is a directory";
    TEXT[22] = "EINVAL Invalid argument";
    TEXT[23] = "ENFILE Too many open files in system";
    TEXT[24] = "EMFILE Too many open files";
    TEXT[25] = "ENOTTY Inappropriate ioctl for device";
    TEXT[26] = "ETXTBSY Text file busy";
    TEXT[27] = "EFBIG File too large";
    TEXT[28] = "ENOSPC No space left on device";
    TEXT[29] = "ESPIPE Illegal seek";
    TEXT[30] = "EROFS Read-only file system";
    TEXT[31] = "EMLINK Too many links";
    TEXT[32] = "EPIPE Broken pipe";
    TEXT[33] = "EDOM Numerical argument out of domain";
    TEXT[34] = "ERANGE Numerical result out of range";
    TEXT[35] = "EDEADLK Resource deadlock avoided";
    TEXT[36] = "ENAMETOOLONG File name too long";
    TEXT[37] = "ENOLCK No locks available";
    TEXT[38] = "ENOSYS Function not implemented";
    TEXT[39] = "ENOTEMPTY Directory not empty";
    TEXT[40] = "ELOOP Too many levels of symbolic links";
    TEXT[42] = "ENOMSG No message of desired type";
    TEXT[43] = "EIDRM Identifier removed";
    TEXT[44] = "ECHRNG Channel number out of range";
    TEXT[45] = "EL2NSYNC Level 2 not synchronized";
    TEXT[46] = "EL3HLT Level 3 halted";
    TEXT[47] = "EL3RST Level 3 reset";
    TEXT[48] = "ELNRNG Link number out of range";
    TEXT[49] = "EUNATCH Protocol driver not attached";
    TEXT[50] = "ENOCSI No CSI structure available";
    TEXT[51] = "EL2HLT Level 2 halted";
    TEXT[52] = "EBADE Invalid exchange";
    TEXT[53] = "EBADR Invalid request descriptor";
    TEXT[54] = "EXFULL Exchange full";
    TEXT[55] = "ENOANO No anode";
    TEXT[56] = "EBADRQC Invalid request code";
    TEXT[57] = "EBADSLT Invalid slot";
    TEXT[59] = "EBFONT Bad font file format";
    TEXT[60] = "ENOSTR Device not a stream";
    TEXT[61] = "ENODATA No data available";
    TEXT[62] = "ETIME Timer expired";
    TEXT[63] = "ENOSR Out of streams resources";
    TEXT[64] = "ENONET Machine is not on the network";
    TEXT[65] = "ENOPKG Package not installed";
    TEXT[66] = "EREMOTE Object is remote";
    TEXT[67] = "ENOLINK Link has been severed";
    TEXT[68] = "EADV Advertise error";
    TEXT[69] = "ESRMNT Srmount error";
    TEXT[70] = "ECOMM Communication error on send";
    TEXT[71] = "EPROTO Protocol error";
    TEXT[72] = "EMULTIHOP Multihop attempted";
    TEXT[73] = "EDOTDOT RFS specific error";
    TEXT[74] = "EBADMSG Bad message";
    TEXT[75] = "EOVERFLOW Value too large for defined data type";
    TEXT[76] = "ENOTUNIQ Name not unique on network";
    TEXT[77] = "EBADFD File descriptor in bad state";
    TEXT[78] = "EREMCHG Remote address changed";
    TEXT[79] = "ELIBACC Can not access a needed shared library";
    TEXT[80] = "ELIBBAD Accessing a corrupted shared library";
    TEXT[81] = "ELIBSCN .lib section in a.out corrupted";
    TEXT[82] = "ELIBMAX Attempting to link in too many shared libraries";
    TEXT[83] = "ELIBEXEC Cannot exec a shared library directly";
    TEXT[84] = "EILSEQ Invalid or incomplete multibyte or wide character";
    TEXT[85] = "ERESTART Interrupted system call should be restarted";
    TEXT[86] = "ESTRPIPE Streams pipe error";
    TEXT[87] = "EUSERS Too many users";
    TEXT[88] = "ENOTSOCK Socket operation on non-socket";
    TEXT[89] = "EDESTADDRREQ Destination address required";
    TEXT[90] = "EMSGSIZE Message too long";
    TEXT[91] = "EPROTOTYPE Protocol wrong type for socket";
    TEXT[92] = "ENOPROTOOPT Protocol not available";
    TEXT[93] = "EPROTONOSUPPORT Protocol not supported";
    TEXT[94] = "ESOCKTNOSUPPORT Socket type not supported";
    TEXT[95] = "EOPNOTSUPP Operation not supported";
    TEXT[96] = "EPFNOSUPPORT Protocol family not supported";
    TEXT[97] = "EAFNOSUPPORT Address family not supported by protocol";
    TEXT[98] = "EADDRINUSE Address already in use";
    TEXT[99] = "EADDRNOTAVAIL Cannot assign requested address";
    TEXT[100] = "ENETDOWN Network is down";
    TEXT[101] = "ENETUNREACH Network is unreachable";
    TEXT[102] = "ENETRESET Network dropped connection on reset";
    TEXT[103] = "ECONNABORTED Software caused connection abort";
    TEXT[104] = "ECONNRESET Connection reset by peer";
    TEXT[105] = "ENOBUFS No buffer space available";
    TEXT[106] = "EISCONN Transport endpoint is already connected";
    TEXT[107] = "ENOTCONN Transport endpoint is not connected";
    TEXT[108] = "ESHUTDOWN Cannot send after transport endpoint shutdown";
    TEXT[109] = "ETOOMANYREFS Too many references: cannot splice";
    TEXT[110] = "ETIMEDOUT Connection timed out";
    TEXT[111] = "ECONNREFUSED Connection refused";
    TEXT[112] = "EHOSTDOWN Host is down";
    TEXT[113] = "EHOSTUNREACH No route to host";
    TEXT[114] = "EALREADY Operation already in progress";
    TEXT[115] = "EINPROGRESS Operation now in progress";
    TEXT[116] = "ESTALE Stale file handle";
    TEXT[117] = "EUCLEAN Structure needs cleaning";
    TEXT[118] = "ENOTNAM Not a XENIX named type file";
    TEXT[119] = "ENAVAIL No XENIX semaphores available";
    TEXT[120] = "EISNAM Is a named type file";
    TEXT[121] = "EREMOTEIO Remote I/O error";
    TEXT[122] = "EDQUOT Disk quota exceeded";
    TEXT[123] = "ENOMEDIUM No medium found";
    TEXT[124] = "EMEDIUMTYPE Wrong medium type";
    TEXT[125] = "ECANCELED Operation canceled";
    TEXT[126] = "ENOKEY Required key not available";
    TEXT[127] = "EKEYEXPIRED Key has expired";
    TEXT[128] = "EKEYREVOKED Key has been revoked";
    TEXT[129] = "EKEYREJECTED Key was rejected by service";
    TEXT[130] = "EOWNERDEAD Owner died";
    TEXT[131] = "ENOTRECOVERABLE State not recoverable";
    TEXT[132] = "ERFKILL Operation not possible due to RF-kill";
  }

  private Errno() {}

  /// The name, such as `EIO`; `E<number>` for one that is not known.
  public static String name(int errno) {
    String text = text(errno);
    return text == null ? "E" + errno : text.substring(0, text.indexOf(' '));
  }

  /// What it means in words, such as `Input/output error`.
  public static String describe(int errno) {
    String text = text(errno);
    return text == null ? "Unknown error" : text.substring(text.indexOf(' ') + 1);
  }

  /// What strerror(3) of this process says, in the language of its locale: the messages of the
  /// JDK's exceptions hold that text. Empty where it is not known: on another system than Linux,
  /// whose numbers differ, or where native access is denied. The first call binds and asks, the
  /// others look it up.
  public static String spoken(int errno) {
    return errno >= 0 && errno < Spoken.TEXT.length ? Spoken.TEXT[errno] : "";
  }

  /// Of its own, since hardly any process asks.
  private static final class Spoken {
    static final String[] TEXT = texts();

    private static String[] texts() {
      String[] texts = new String[Errno.TEXT.length];
      Arrays.fill(texts, "");
      if (!Platform.SYSCALLS) {
        return texts;
      }
      try {
        MethodHandle strerror =
            Native.plain("strerror", FunctionDescriptor.of(JAVA_LONG, JAVA_INT)).orElse(null);
        for (int errno = 0; strerror != null && errno < texts.length; errno++) {
          if (Errno.TEXT[errno] != null) {
            texts[errno] = NativeLibrary.text((long) strerror.invokeExact(errno), charset());
          }
        }
      } catch (IllegalCallerException | LinkageError _) {
        // Denied: those that were asked for before stay known.
      } catch (Throwable t) {
        throw Native.broken("strerror", t);
      }
      return texts;
    }

    /// As the JDK reads what the system says.
    private static Charset charset() {
      return Charset.forName(System.getProperty("sun.jnu.encoding", ""), Charset.defaultCharset());
    }
  }

  private static @Nullable String text(int errno) {
    return errno >= 0 && errno < TEXT.length ? TEXT[errno] : null;
  }
}
