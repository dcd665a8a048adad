import type { ErrorCode } from './error-table.ts';

/**
 * Node's own codes (Node documentation, Errors) and libuv's and c-ares's names, where they differ from errno's. Codes that
 * are errno names stand in the error table.
 */
export const nodeCodes: Readonly<Record<string, ErrorCode | undefined>> = {
  __proto__: null as never,
  ENOTFOUND: 'EAI_NONAME',
  ENODATA: 'EAI_NODATA',
  ESERVFAIL: 'EAI_AGAIN',
  ETIMEOUT: 'EAI_AGAIN',
  EREFUSED: 'EAI_FAIL',
  EBADNAME: 'EAI_NONAME',
  EWOULDBLOCK: 'EAGAIN',
  ENOTSUP: 'EOPNOTSUPP',
  /** libuv: the request was cancelled because its handle was closed. */
  ECANCELED: 'CLOSED',
  ABORT_ERR: 'INTERRUPTED',
  ERR_SOCKET_BAD_PORT: 'OVERFLOW',
  ERR_STREAM_WRITE_AFTER_END: 'EPIPE',
  ERR_STREAM_ALREADY_FINISHED: 'EPIPE',
  ERR_STREAM_DESTROYED: 'EPIPE',
  ERR_STREAM_PREMATURE_CLOSE: 'ECONNRESET',
  ERR_SOCKET_CLOSED: 'EBADF',
  ERR_SOCKET_CLOSED_BEFORE_CONNECTION: 'EBADF',
  ERR_SERVER_NOT_RUNNING: 'EBADF',
  ERR_SOCKET_DGRAM_NOT_RUNNING: 'EBADF',
  ERR_INVALID_FD: 'EBADF',
  ERR_SOCKET_DGRAM_IS_CONNECTED: 'EISCONN',
  ERR_SOCKET_DGRAM_NOT_CONNECTED: 'ENOTCONN',
  ERR_SOCKET_ALREADY_BOUND: 'EINVAL',
  ERR_SERVER_ALREADY_LISTEN: 'EINVAL',
  ERR_SOCKET_CONNECTION_TIMEOUT: 'ETIMEDOUT',
  ERR_INVALID_IP_ADDRESS: 'EAI_NONAME',
  ERR_OUT_OF_RANGE: 'VALUE',
  ERR_INVALID_ARG_TYPE: 'VALUE',
  ERR_INVALID_ARG_VALUE: 'VALUE',
  ERR_FEATURE_UNAVAILABLE_ON_PLATFORM: 'UNSUPPORTED',
};

/** libuv's numbers for getaddrinfo's errors (uv/errno.h); Node words two of them ENOTFOUND. */
export const uvResolver: Readonly<Record<number, ErrorCode | undefined>> = {
  [-3000]: 'EAI_ADDRFAMILY',
  [-3001]: 'EAI_AGAIN',
  [-3002]: 'EAI_BADFLAGS',
  [-3004]: 'EAI_FAIL',
  [-3005]: 'EAI_FAMILY',
  [-3006]: 'EAI_MEMORY',
  [-3007]: 'EAI_NODATA',
  [-3008]: 'EAI_NONAME',
  [-3010]: 'EAI_SERVICE',
  [-3011]: 'EAI_SOCKTYPE',
};

/** Calls that look a name up for an address: their failures are Python's herror. */
export const reverseLookups: ReadonlySet<string> = new Set(['getnameinfo', 'getHostByAddr']);
