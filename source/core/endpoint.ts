/** A host as typed (name or literal) and a port number or service name. No brackets around IPv6. */
export type InetEndpoint = { readonly kind: 'inet'; readonly host: string; readonly port: number | string };

/** Where a socket stands, or is to. What it has hangs on its kind: who reads a host or a port is asked about every other. */
export type Endpoint = InetEndpoint;

export const inet = (host: string, port: number | string): InetEndpoint => ({ kind: 'inet', host, port });
