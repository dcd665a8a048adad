import type { CallOf } from '../../core/calls/call.ts';
import type { TlsSettings, TlsVersion } from '../../core/model/tls.ts';
import type { PlannedCall } from '../projection/call-plan.ts';
import { pythonText } from './python-literals.ts';

const versionOf = (version: TlsVersion): string => `ssl.TLSVersion.${version.replace('.', '_')}`;

const trustLines = (side: 'client' | 'server', { cafile, insecure }: TlsSettings): string[] => {
  if (insecure) return ['context.check_hostname = False', 'context.verify_mode = ssl.CERT_NONE'];
  const locations = cafile === undefined ? [] : [`context.load_verify_locations(${pythonText(cafile)})`];
  return side === 'server' && cafile !== undefined
    ? [...locations, 'context.verify_mode = ssl.CERT_REQUIRED']
    : locations;
};

const identityLines = (side: 'client' | 'server', { certfile, keyfile }: TlsSettings): string[] => {
  if (certfile !== undefined) {
    const key = keyfile === undefined ? '' : `, ${pythonText(keyfile)}`;
    return [`context.load_cert_chain(${pythonText(certfile)}${key})`];
  }
  return side === 'server' ? ['context.load_cert_chain(self_signed())'] : [];
};

/** Whom the system trusts is asked only where no file is named: create_default_context adds it to none. */
const contextLine = (side: 'client' | 'server', { cafile }: TlsSettings): string => {
  if (side === 'server') return 'context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)';
  return cafile === undefined
    ? 'context = ssl.create_default_context()'
    : `context = ssl.create_default_context(cafile=${pythonText(cafile)})`;
};

const settingLines = ({ alpn, min, max }: TlsSettings): string[] => [
  ...(alpn ? [`context.set_alpn_protocols([${alpn.map(pythonText).join(', ')}])`] : []),
  ...(min ? [`context.minimum_version = ${versionOf(min)}`] : []),
  ...(max ? [`context.maximum_version = ${versionOf(max)}`] : []),
];

const wrapLine = ({ on, side, settings = {} }: CallOf<'wrap'>): string => {
  const how = side === 'server' ? 'server_side=True' : '';
  const host =
    settings.serverHostname === undefined ? '' : `server_hostname=${pythonText(settings.serverHostname)}`;
  return `${on} = context.wrap_socket(${[on, how, host].filter(part => part !== '').join(', ')})`;
};

/** A listener is wrapped by its accepted sockets alone, each by a call of its own. */
const isListener = ({ outcome }: PlannedCall): boolean =>
  outcome?.kind === 'none' && outcome.tls === undefined;

/** The statements that wrap a socket with Python's ssl module. */
export const pythonWrap = (planned: PlannedCall, call: CallOf<'wrap'>): string[] => {
  const { side, settings = {} } = call;
  const trust = trustLines(side, settings).filter(line => side === 'server' || !line.includes('locations'));
  return [
    contextLine(side, settings),
    ...trust,
    ...identityLines(side, settings),
    ...settingLines(settings),
    ...(isListener(planned) ? [] : [wrapLine(call)]),
  ];
};

/** What a server's certificate is where the session made one on the spot: Python makes none itself. */
export const selfSigned = `
def self_signed():
    """A certificate that has signed itself, and its key, in one file: the command openssl makes it."""
    path = os.path.join(tempfile.mkdtemp(), "own.pem")
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=localhost"
    subprocess.run(
        [*command.split(), "-addext", names, "-keyout", path, "-out", path + ".crt"],
        check=True,
        capture_output=True,
    )
    with open(path, "a") as file, open(path + ".crt") as certificate:
        file.write(certificate.read())
    return path

`;
