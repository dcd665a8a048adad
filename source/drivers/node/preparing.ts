import { stat } from 'node:fs/promises';
import { isInet } from '../../core/addresses/endpoint.ts';
import { type Call, goesTo } from '../../core/calls/call.ts';
import type { CallSpec } from '../../core/calls/call-spec.ts';
import { calls } from '../../core/calls/calls.ts';
import type { Driver } from '../../core/calls/driver.ts';
import type { EndsChoice } from '../system/capabilities.ts';
import { literalFamily } from '../system/literal.ts';
import { isServiceName, readServices, servicesAreRead } from '../system/services-file.ts';
import { nodeCrypto } from '../tls/late-crypto.ts';
import { readSystem, systemIsRead } from '../tls/tls-context.ts';
import { tlsIsKnown, tlsLibrary } from '../tls/tls-library.ts';

/** Something that is made ready once a process, before the first call that needs it. */
type Preparation = {
  readonly needed: (call: Call) => boolean;
  readonly done: () => boolean;
  readonly run: () => Promise<void>;
};

/** The call that brings a socket into being: it waits for koffi and the self-test, some 15 ms. */
export const isFirst = ({ name }: Call): boolean => calls[name].returns === 'socket';

/** /etc/services, which the first name of a service reads. */
const services: Preparation = {
  needed: call =>
    calls[call.name].asks === 'services' ||
    (call.name === 'getaddrinfo' && call.port !== null && isServiceName(call.port)) ||
    ('address' in call && isInet(call.address) && isServiceName(call.address.port)),
  done: servicesAreRead,
  run: readServices,
};

let poolIsStarted = false;

/** libuv starts its thread pool with the first job (its documentation, "Thread pool work scheduling"). */
const pool: Preparation = {
  needed: call =>
    calls[call.name].asks === 'resolver' ||
    ('address' in call && isInet(call.address) && literalFamily(call.address.host) === 0),
  done: () => poolIsStarted,
  run: async () => {
    await stat('/').catch(() => {});
    poolIsStarted = true;
  },
};

const isLibraryMissing = (): boolean => typeof tlsLibrary() === 'string';

/** Node's OpenSSL with its functions, and what reads certificates. */
const tls: Preparation = {
  needed: ({ name }) => name === 'wrap',
  done: tlsIsKnown,
  run: async () => {
    nodeCrypto();
    tlsLibrary();
  },
};

/** Whom the system trusts, where no file says whom else. */
const trust: Preparation = {
  needed: call =>
    call.name === 'wrap' &&
    call.side === 'client' &&
    !call.settings?.insecure &&
    call.settings?.cafile === undefined,
  done: () => systemIsRead() || (tlsIsKnown() && isLibraryMissing()),
  run: async () => {
    const library = tlsLibrary();
    if (typeof library !== 'string') readSystem(library);
  },
};

/** Driver.prepare. */
export const createPreparing = (choice: EndsChoice): NonNullable<Driver['prepare']> => {
  const selfTest: Preparation = {
    needed: isFirst,
    done: choice.settled,
    run: choice.settle,
  };
  let left: readonly Preparation[] = [selfTest, services, pool, tls, trust];
  const prepare = (call: Call): Promise<void> => {
    const missing = left.filter(one => one.needed(call) && !one.done());
    return Promise.all(missing.map(one => one.run())).then(() => {
      left = left.filter(one => !one.done());
    });
  };
  /** Asked for every call, and hardly ever is anything: what only goes to the kernel by a socket that is there needs nothing. */
  const isReady = (call: Call, { moves }: CallSpec): boolean => moves !== null && goesTo(call) === undefined;
  return (call, spec = calls[call.name]) => {
    if (isReady(call, spec)) return null;
    for (const one of left) if (one.needed(call) && !one.done()) return prepare(call);
    return null;
  };
};
