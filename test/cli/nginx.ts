import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Certificates } from '../support/certificates.ts';
import { hasProgram, startProgram, temporaryFolder } from './piping.ts';

/** Debian's is built with WebDAV; only root may name a user. */
export const hasNginx = hasProgram('nginx', '-v') && process.getuid?.() === 0;

const nginxConfiguration = (folder: string, port: number, { good }: Certificates): string => `
daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 64; }
http {
  access_log off; client_max_body_size 8m; client_body_temp_path ${folder}/body;
  server {
    listen 127.0.0.1:${port} ssl; ssl_certificate ${good.cert}; ssl_certificate_key ${good.key};
    ssl_protocols TLSv1.2 TLSv1.3;
    location / { root ${folder}/www; dav_methods PUT; }
  }
}`;

/** nginx with TLS, which takes files by PUT and gives them back; on a listener of the test's own, which it inherits: no port that was free a moment ago. */
export const startNginx = async (files: Certificates): Promise<number> => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'www'), { mode: 0o777 });
  const listener = net.createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as net.AddressInfo;
  const configuration = join(folder, 'nginx.conf');
  writeFileSync(configuration, `user root;${nginxConfiguration(folder, port, files)}`);
  const { fd } = (listener as unknown as { _handle: { fd: number } })._handle;
  const args = ['-c', configuration, '-p', folder, '-e', join(folder, 'early.log')];
  const env = { ...process.env, NGINX: '3;' };
  const nginx = startProgram('nginx', args, ['ignore', 'pipe', 'pipe', fd], env);
  // Killed, it would leave its worker behind.
  onTestFinished(async () => {
    nginx.child.kill('SIGTERM');
    await nginx.ended;
  });
  // nginx has it from here on: left open here it would be accepted from here as well.
  listener.close();
  return port;
};
