import { chmodSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';

/** The other program at a door: each says JSON, a line a message. */
export type Guest = {
  readonly say: (message: unknown) => void;
  /** The next message; null where the other has gone, or said what is none. */
  readonly hear: () => Promise<unknown>;
  readonly gone: Promise<void>;
  readonly close: () => void;
};

/** The longest message, in bytes: a path and a little more. */
const longest = 8_192;

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
};

const guestAt = (socket: Socket): Guest => {
  let text = '';
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  let changed = () => {};
  let over = false;
  socket.setEncoding('utf8');
  socket.on('data', (piece: string) => {
    text += piece;
    if (text.length > longest) socket.destroy();
    changed();
  });
  socket.on('error', () => {});
  socket.once('close', () => {
    over = true;
    changed();
    resolve();
  });
  const take = (): unknown => {
    const end = text.indexOf('\n');
    if (end < 0) return over ? null : undefined;
    const line = text.slice(0, end);
    text = text.slice(end + 1);
    return parsed(line);
  };
  return {
    say: message => void socket.write(`${JSON.stringify(message)}\n`),
    hear: () =>
      new Promise(tell => {
        changed = () => {
          const message = take();
          if (message === undefined) return;
          changed = () => {};
          tell(message);
        };
        changed();
      }),
    gone,
    close: () => socket.destroy(),
  };
};

/** A Unix socket at a path, for this user alone; closed, the path is free. */
export const openDoor = (
  path: string,
  meet: (guest: Guest) => void,
): Promise<{ readonly close: () => void }> =>
  new Promise((resolve, reject) => {
    const guests = new Set<Socket>();
    const server = createServer(socket => {
      guests.add(socket);
      socket.once('close', () => guests.delete(socket));
      meet(guestAt(socket));
    });
    server.once('error', reject);
    server.listen({ path }, () => {
      chmodSync(path, 0o600);
      resolve({
        close: () => {
          server.close();
          for (const guest of guests) guest.destroy();
        },
      });
    });
  });

/** Null where nobody listens there. */
export const knockAt = (path: string): Promise<Guest | null> =>
  new Promise(resolve => {
    const socket = connect({ path });
    socket.once('connect', () => resolve(guestAt(socket)));
    socket.once('error', () => resolve(null));
  });
