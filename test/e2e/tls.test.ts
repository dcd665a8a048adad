import { afterAll, it } from 'vitest';
import { hasProgram } from '../cli/piping.ts';
import { available } from '../drivers/native.ts';
import { certificates } from '../support/certificates.ts';
import { startPeer } from './foreign.ts';
import { start } from './terminal.ts';

const files = certificates();
afterAll(files.dispose);

const hasOpenssl = hasProgram('openssl', 'version');

const serve = async () => {
  const { cert, key } = files.good;
  const server = startPeer('openssl', ['s_server', '-accept', '127.0.0.1:0', '-cert', cert, '-key', key]);
  const [, port] = await server.until(/ACCEPT 127\.0\.0\.1:(\d+)/);
  return { server, port };
};

it.runIf(available && hasOpenssl)(
  'sockbench connect tls:// shows what was agreed on, and what is received',
  async () => {
    const { server, port } = await serve();
    const terminal = start({
      args: ['connect', `tls://127.0.0.1:${port}`, '--ca', files.ca],
      cols: 160,
      rows: 40,
    });
    try {
      await terminal.ready();
      await terminal.until(/TLS over TCP over IPv4, ESTAB/);
      await terminal.until(/TLSv1\.3, TLS_AES_256_GCM_SHA384.*verified/);
      server.say('greetings');
      await terminal.until(/greetings/);
    } finally {
      await terminal.dispose();
      await server.stop('SIGKILL');
    }
  },
);

it.runIf(available && hasOpenssl)(
  'a certificate that nobody trusts is told on the screen, with what to do',
  async () => {
    const { server, port } = await serve();
    // Wide enough for the log to keep the sentence whole once its message has gone.
    const terminal = start({ args: ['connect', `tls://127.0.0.1:${port}`], cols: 300, rows: 40 });
    try {
      await terminal.ready();
      await terminal.until(/nobody who is trusted here has signed the certificate/);
      await terminal.until(/ssl\.SSLCertVerificationError/);
    } finally {
      await terminal.dispose();
      await server.stop('SIGKILL');
    }
  },
);

it.runIf(available)('sockbench listen tls:// makes a certificate where none is named', async () => {
  const terminal = start({ args: ['listen', 'tls://127.0.0.1:0'], cols: 160, rows: 40 });
  try {
    await terminal.ready();
    await terminal.until(/s1\.wrap server = ok \(with a certificate made on the spot\)/);
  } finally {
    await terminal.dispose();
  }
});
