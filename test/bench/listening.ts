/** Tells whoever started this program where it listens. */
export const listening = (address: string | { port: number | string } | null): void => {
  if (address === null || typeof address === 'string') throw new Error(`no port in ${address}`);
  console.log('listening', address.port);
};
