import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { Family, SocketType } from '../../core/model/names.ts';
import { cBytes, cText } from './c-literals.ts';

/** Lines that fill in `at`, and the expression for how long it is. */
export type CAddress = { readonly lines: readonly string[]; readonly size: string };

const isEverywhere = (host: string): boolean => host === '' || host === '*' || host === '0.0.0.0';

const isIpv4 = (host: string): boolean => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);

const ofUnix = (path: string): CAddress => {
  const head = 'struct sockaddr_un at = { .sun_family = AF_UNIX };';
  if (!path.startsWith('\0'))
    return { lines: [head, `strcpy(at.sun_path, ${cText(path)});`], size: 'sizeof at' };
  // A name of the abstract namespace begins with a NUL and is as long as the address says (unix(7)).
  const data = new TextEncoder().encode(path);
  return {
    lines: [head, `memcpy(at.sun_path, ${cBytes(data)}, ${data.length});`],
    size: `offsetof(struct sockaddr_un, sun_path) + ${data.length}`,
  };
};

/** An address as a socket of this kind takes it: IPv4 in numbers by hand, as the man pages have it, what has to be looked up by getaddrinfo. */
export const cAddress = (address: Endpoint, family: Family, type: SocketType): CAddress => {
  if (address.kind === 'unix') return ofUnix(address.path);
  const { host, port } = address;
  if (family === 'AF_INET' && typeof port === 'number' && (isEverywhere(host) || isIpv4(host))) {
    const at = `struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(${port}) };`;
    const lines = isEverywhere(host)
      ? [at, 'at.sin_addr.s_addr = INADDR_ANY;']
      : [at, `inet_pton(AF_INET, ${cText(host)}, &at.sin_addr);`];
    return { lines, size: 'sizeof at' };
  }
  const name = host === '*' ? '' : host;
  return {
    lines: [
      'struct sockaddr_storage at;',
      `socklen_t length = resolve(${family}, ${type}, ${cText(name)}, ${cText(String(port))}, &at);`,
    ],
    size: 'length',
  };
};
