/**
 * The errors a call can end with: [errno, Python class, Python's text]. Numbers are Linux's (errno.h, netdb.h),
 * null where Python's exception has none; classes are those of PEP 3151; texts are glibc's strerror and
 * gai_strerror as CPython 3.11 shows them. `{call}` stands for the call's name.
 */
export const errorTable = {
  E2BIG: [7, 'OSError', 'Argument list too long'],
  EACCES: [13, 'PermissionError', 'Permission denied'],
  EADDRINUSE: [98, 'OSError', 'Address already in use'],
  EADDRNOTAVAIL: [99, 'OSError', 'Cannot assign requested address'],
  EAFNOSUPPORT: [97, 'OSError', 'Address family not supported by protocol'],
  EAGAIN: [11, 'BlockingIOError', 'Resource temporarily unavailable'],
  EALREADY: [114, 'BlockingIOError', 'Operation already in progress'],
  EBADF: [9, 'OSError', 'Bad file descriptor'],
  EBUSY: [16, 'OSError', 'Device or resource busy'],
  ECONNABORTED: [103, 'ConnectionAbortedError', 'Software caused connection abort'],
  ECONNREFUSED: [111, 'ConnectionRefusedError', 'Connection refused'],
  ECONNRESET: [104, 'ConnectionResetError', 'Connection reset by peer'],
  EDESTADDRREQ: [89, 'OSError', 'Destination address required'],
  EEXIST: [17, 'FileExistsError', 'File exists'],
  EFAULT: [14, 'OSError', 'Bad address'],
  EHOSTDOWN: [112, 'OSError', 'Host is down'],
  EHOSTUNREACH: [113, 'OSError', 'No route to host'],
  EINPROGRESS: [115, 'BlockingIOError', 'Operation now in progress'],
  EINTR: [4, 'InterruptedError', 'Interrupted system call'],
  EINVAL: [22, 'OSError', 'Invalid argument'],
  EIO: [5, 'OSError', 'Input/output error'],
  EISCONN: [106, 'OSError', 'Transport endpoint is already connected'],
  EISDIR: [21, 'IsADirectoryError', 'Is a directory'],
  EMFILE: [24, 'OSError', 'Too many open files'],
  EMSGSIZE: [90, 'OSError', 'Message too long'],
  ENETDOWN: [100, 'OSError', 'Network is down'],
  ENETRESET: [102, 'OSError', 'Network dropped connection on reset'],
  ENETUNREACH: [101, 'OSError', 'Network is unreachable'],
  ENFILE: [23, 'OSError', 'Too many open files in system'],
  ENOBUFS: [105, 'OSError', 'No buffer space available'],
  ENODEV: [19, 'OSError', 'No such device'],
  ENOENT: [2, 'FileNotFoundError', 'No such file or directory'],
  ENOMEM: [12, 'OSError', 'Cannot allocate memory'],
  ENOPROTOOPT: [92, 'OSError', 'Protocol not available'],
  ENOSPC: [28, 'OSError', 'No space left on device'],
  ENOSYS: [38, 'OSError', 'Function not implemented'],
  ENOTCONN: [107, 'OSError', 'Transport endpoint is not connected'],
  ENOTDIR: [20, 'NotADirectoryError', 'Not a directory'],
  ENOTSOCK: [88, 'OSError', 'Socket operation on non-socket'],
  ENOTTY: [25, 'OSError', 'Inappropriate ioctl for device'],
  ENXIO: [6, 'OSError', 'No such device or address'],
  EOPNOTSUPP: [95, 'OSError', 'Operation not supported'],
  EOVERFLOW: [75, 'OSError', 'Value too large for defined data type'],
  EPERM: [1, 'PermissionError', 'Operation not permitted'],
  EPIPE: [32, 'BrokenPipeError', 'Broken pipe'],
  EPROTO: [71, 'OSError', 'Protocol error'],
  EPROTONOSUPPORT: [93, 'OSError', 'Protocol not supported'],
  EPROTOTYPE: [91, 'OSError', 'Protocol wrong type for socket'],
  ERANGE: [34, 'OSError', 'Numerical result out of range'],
  EROFS: [30, 'OSError', 'Read-only file system'],
  ESHUTDOWN: [108, 'BrokenPipeError', 'Cannot send after transport endpoint shutdown'],
  ESOCKTNOSUPPORT: [94, 'OSError', 'Socket type not supported'],
  ETIMEDOUT: [110, 'TimeoutError', 'Connection timed out'],

  EAI_ADDRFAMILY: [-9, 'socket.gaierror', 'Address family for hostname not supported'],
  EAI_AGAIN: [-3, 'socket.gaierror', 'Temporary failure in name resolution'],
  EAI_BADFLAGS: [-1, 'socket.gaierror', 'Bad value for ai_flags'],
  EAI_FAIL: [-4, 'socket.gaierror', 'Non-recoverable failure in name resolution'],
  EAI_FAMILY: [-6, 'socket.gaierror', 'ai_family not supported'],
  EAI_MEMORY: [-10, 'socket.gaierror', 'Memory allocation failure'],
  EAI_NODATA: [-5, 'socket.gaierror', 'No address associated with hostname'],
  EAI_NONAME: [-2, 'socket.gaierror', 'Name or service not known'],
  EAI_SERVICE: [-8, 'socket.gaierror', 'Servname not supported for ai_socktype'],
  EAI_SOCKTYPE: [-7, 'socket.gaierror', 'ai_socktype not supported'],
  HOST_NOT_FOUND: [1, 'socket.herror', 'Unknown host'],
  TRY_AGAIN: [2, 'socket.herror', 'Host name lookup failure'],
  NO_SERVICE: [null, 'OSError', 'service/proto not found'],

  /** The bench's own deadline passed; `socket.timeout` is the same class. */
  TIMEOUT: [null, 'TimeoutError', 'timed out'],
  /** Cancelled by the person. */
  INTERRUPTED: [null, 'KeyboardInterrupt', ''],
  /** The person closed the socket while the call was in flight: in CPython nothing happens to the call. */
  CLOSED: [null, '', 'in CPython the call would stay blocked'],
  /** Bytes that are no UTF-8, where a file object in a text mode reads or writes them; the detail is Python's text. */
  DECODE: [null, 'UnicodeDecodeError', "'utf-8' codec can't decode bytes"],
  OVERFLOW: [null, 'OverflowError', '{call}(): port must be 0-65535.'],
  TIMED_OUT_OBJECT: [null, 'OSError', 'cannot read from timed out object'],
  /** A name for a Unix socket that does not fit into a sockaddr_un. */
  PATH_TOO_LONG: [null, 'OSError', 'AF_UNIX path too long'],
  /** TLS's own: the numbers are those of SSL_get_error(3), and no errno. What OpenSSL says is the detail. */
  SSL: [1, 'ssl.SSLError', 'unknown error'],
  /** The peer's certificate was not taken: `verify` says which of X509_V_ERR it was. */
  SSL_CERT: [1, 'ssl.SSLCertVerificationError', 'certificate verify failed'],
  /** The stream has ended, and TLS had not said so. */
  SSL_EOF: [8, 'ssl.SSLEOFError', 'EOF occurred in violation of protocol'],
  /** What Python's ssl refuses: datagram sockets. */
  NOT_IMPLEMENTED: [null, 'NotImplementedError', ''],
  SSL_WANT_READ: [2, 'ssl.SSLWantReadError', 'The operation did not complete (read)'],
  SSL_WANT_WRITE: [3, 'ssl.SSLWantWriteError', 'The operation did not complete (write)'],
  VALUE: [null, 'ValueError', 'invalid value'],
  TYPE: [null, 'TypeError', 'an integer is required'],
  MEMORY: [null, 'MemoryError', ''],
  /** A number that does not fit into the structure which the system takes. */
  STRUCT: [null, 'struct.error', 'argument out of range'],
  /** A file object that was opened for the other direction. */
  NOT_OPENED_FOR: [null, 'io.UnsupportedOperation', 'not supported'],
  /** This machine or this Node cannot do it; the detail is the reason. */
  UNSUPPORTED: [null, '', 'not possible here'],
  /** What no row describes; the detail is what was said. */
  UNKNOWN: [null, 'OSError', 'unknown error'],
} as const satisfies Record<string, readonly [number | null, string, string]>;

/** Why a call failed: an errno or resolver name, or one of the bench's own words. */
export type ErrorCode = keyof typeof errorTable;

export const errorCodes = Object.keys(errorTable) as readonly ErrorCode[];

export const isErrorCode = (word: string): word is ErrorCode => Object.hasOwn(errorTable, word);
