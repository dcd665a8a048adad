import { type LookupAddress, lookup, lookupService } from 'node:dns';
import { isErrorCode } from '../core/error-table.ts';
import type { Endpoint, Family } from '../core/names.ts';
import { type Failure, failure } from '../core/outcome.ts';
import { literalFamily } from './literal.ts';
import type { Report } from './report.ts';
import { isServiceName, serviceByName } from './services.ts';

type LookupError = NodeJS.ErrnoException | null;

const families = { AF_INET: 4, AF_INET6: 6 } as const;

/** libuv's UV_EAI_NODATA; Node words it ENOTFOUND as it does EAI_NONAME. */
const uvNoData = -3007;

/** getaddrinfo's error under glibc's name. */
const resolverFailure = (error: NodeJS.ErrnoException, name: string): Failure => {
  if (error.errno === uvNoData) return failure('EAI_NODATA', name);
  if (error.code === 'ENOTFOUND') return failure('EAI_NONAME', name);
  const code = error.code ?? '';
  return isErrorCode(code) ? failure(code, name) : failure('EAI_FAIL', name);
};

const portOf = async (port: number | string): Promise<number | Failure> => {
  if (!isServiceName(port)) return Number(port);
  const found = await serviceByName(port);
  return found.kind === 'number' ? Number(found.number) : failure('EAI_SERVICE', port);
};

let asked = 0;

/** Questions that the system's resolver has not answered yet: each keeps a thread of libuv's pool. */
export const lookupsInFlight = (): number => asked;

/** Counts a question until it is answered. */
const counted = <T extends readonly unknown[]>(answer: (...values: T) => void): ((...values: T) => void) => {
  asked++;
  return (...values) => {
    asked--;
    answer(...values);
  };
};

/**
 * getaddrinfo of the system's resolver: the addresses in its order, each once. A literal is answered without a
 * look-up, and refused where it is of another family (Node would answer with the family it has).
 */
export const getaddrinfo = async (
  host: string,
  service: number | string,
  family: Family | undefined,
  report: Report,
): Promise<void> => {
  const port = await portOf(service);
  if (typeof port !== 'number') return report(port);
  const literal = literalFamily(host);
  if (literal !== 0) {
    const fits = !family || families[family] === literal;
    return report(
      fits ? { kind: 'endpoints', endpoints: [{ host, port }] } : failure('EAI_ADDRFAMILY', host),
    );
  }
  if (host === '') return report(failure('EAI_NONAME', host));
  const answered = (error: LookupError, found: readonly LookupAddress[]) => {
    if (error) return report(resolverFailure(error, host));
    const endpoints: Endpoint[] = found.map(({ address }) => ({ host: address, port }));
    report(endpoints.length > 0 ? { kind: 'endpoints', endpoints } : failure('EAI_NONAME', host));
  };
  const wanted = { family: family ? families[family] : 0, all: true, order: 'verbatim' } as const;
  lookup(host, wanted, counted(answered));
};

/** getnameinfo with NI_NAMEREQD, whose answers are gethostbyaddr's: from /etc/hosts, then DNS. */
const nameOf = (address: string, report: Report) => {
  const answered = (error: LookupError, text: string) => {
    if (!error) report({ kind: 'text', text });
    else report(failure(error.code === 'EAI_AGAIN' ? 'TRY_AGAIN' : 'HOST_NOT_FOUND', address));
  };
  lookupService(address, 0, counted(answered));
};

/** gethostbyaddr: a name is looked up first, as CPython does, so that a bad one is a gaierror. */
export const gethostbyaddr = (host: string, report: Report): void => {
  if (literalFamily(host) !== 0) return nameOf(host, report);
  void getaddrinfo(host, 0, undefined, outcome => {
    if (outcome.kind !== 'endpoints') return report(outcome);
    nameOf(outcome.endpoints[0]!.host, report);
  });
};
