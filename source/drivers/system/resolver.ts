import { type LookupAddress, lookup, lookupService } from 'node:dns';
import { networkInterfaces } from 'node:os';
import { canonicalHost, familyOf } from '../../core/addresses/ip.ts';
import { type Failure, type Found, failure } from '../../core/calls/outcome.ts';
import type { InetFamily, SocketType } from '../../core/model/names.ts';
import { isErrorCode } from '../../core/words/error-table.ts';
import { decodeSocketAddress, encodeSocketAddress } from '../native/socket-address.ts';
import type { Report } from '../sockets/report.ts';
import { literalFamily } from './literal.ts';
import { socketsFor } from './service-ports.ts';

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

/** What is asked for: null is Python's None. */
export type Question = {
  readonly host: string | null;
  readonly port: number | string | null;
  readonly family?: InetFamily;
  readonly type?: SocketType;
};

/** This machine, where no name is given; an address that no interface has sorts last (RFC 6724, rule 1). */
const loopbacks = (family: InetFamily | undefined): readonly string[] => {
  const hosts = { AF_INET: '127.0.0.1', AF_INET6: '::1' };
  if (family) return [hosts[family]];
  const six = Object.values(networkInterfaces()).some(all => all?.some(({ address }) => address === '::1'));
  return six ? [hosts.AF_INET6, hosts.AF_INET] : [hosts.AF_INET, hosts.AF_INET6];
};

/** A literal as the system spells it; one with its zone as it is, since a connect needs that. */
const spelt = (host: string): string => {
  const family = host.includes(':') ? 'AF_INET6' : 'AF_INET';
  return host.includes('%') ? host : decodeSocketAddress(encodeSocketAddress(family, { host, port: 0 })).host;
};

const ofLiteral = (host: string, family: InetFamily | undefined): readonly string[] | Failure => {
  if (!family || families[family] === literalFamily(host)) return [spelt(host)];
  const mapped = canonicalHost(host);
  return family === 'AF_INET' && familyOf(mapped) === family ? [mapped] : failure('EAI_ADDRFAMILY', host);
};

/** The hosts of an answer, or why there is none; what is no literal is looked up. */
const withHosts = ({ host, port, family }: Question, then: (found: readonly string[] | Failure) => void) => {
  // glibc takes * for no name, and has no answer to no name and no service.
  if (host === null || host === '*')
    return then(port === null || port === '*' ? failure('EAI_NONAME') : loopbacks(family));
  if (literalFamily(host) !== 0) return then(ofLiteral(host, family));
  if (host === '') return then(failure('EAI_NONAME', host));
  const answered = (error: LookupError, found: readonly LookupAddress[]) => {
    if (error) then(resolverFailure(error, host));
    else then(found.length > 0 ? found.map(({ address }) => address) : failure('EAI_NONAME', host));
  };
  const wanted = { family: family ? families[family] : 0, all: true, order: 'verbatim' } as const;
  lookup(host, wanted, counted(answered));
};

/**
 * getaddrinfo of the system's resolver: the addresses in its order, each with every socket that the service is for. A
 * literal is answered without a look-up, and refused where it is of another family (Node would answer with the family it
 * has); IPv4 in IPv6 is of both.
 */
export const getaddrinfo = async (question: Question, report: Report): Promise<void> => {
  const service = await socketsFor(question.port, question.type);
  if ('kind' in service) return report(service);
  const { sockets, ...rest } = service;
  withHosts(question, found => {
    if ('kind' in found) return report(found);
    const endpoints = found.flatMap(host =>
      sockets.map(({ port, type, protocol }): Found => ({ kind: 'inet', host, port, type, protocol })),
    );
    report({ kind: 'endpoints', endpoints, ...rest });
  });
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
  void getaddrinfo({ host, port: 0 }, outcome => {
    if (outcome.kind !== 'endpoints') return report(outcome);
    nameOf(outcome.endpoints[0]!.host, report);
  });
};
