/** A host as typed (name or literal) and a port number or service name. No brackets around IPv6. */
export type InetEndpoint = { readonly kind: 'inet'; readonly host: string; readonly port: number | string };

/**
 * A name in the file system, or, behind a NUL, one of the abstract namespace (unix(7)): as Python has it. '' is none.
 * `inode`: of a socket without a name, what tells it apart from every other.
 */
export type UnixEndpoint = { readonly kind: 'unix'; readonly path: string; readonly inode?: number };

/** Where a socket stands, or is to. What it has hangs on its kind: who reads a host or a port is asked about every other. */
export type Endpoint = InetEndpoint | UnixEndpoint;

export const isInet = (endpoint: Endpoint): endpoint is InetEndpoint => endpoint.kind === 'inet';

export const inetOrNull = (endpoint: Endpoint | null | undefined): InetEndpoint | null =>
  endpoint && isInet(endpoint) ? endpoint : null;

/** The host of an address that has one. */
export const hostAt = (endpoint: Endpoint | null | undefined): string | undefined =>
  endpoint?.kind === 'inet' ? endpoint.host : undefined;

/** The port of an address that has one. */
export const portAt = (endpoint: Endpoint | null | undefined): number | string | undefined =>
  endpoint?.kind === 'inet' ? endpoint.port : undefined;

/** Whether it tells its socket apart from others: of Unix sockets without a name not all do. */
export const isIdentity = (endpoint: Endpoint): boolean =>
  endpoint.kind === 'inet' || endpoint.path !== '' || endpoint.inode !== undefined;

export const inet = (host: string, port: number | string): InetEndpoint => ({ kind: 'inet', host, port });

export const unix = (path: string, inode?: number): UnixEndpoint =>
  inode === undefined ? { kind: 'unix', path } : { kind: 'unix', path, inode };
