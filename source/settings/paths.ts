import { join } from 'node:path';
import envPaths from 'env-paths';

/** Where settings and history live: the XDG folders on Linux, their like elsewhere. */
export const settingsPaths = () => {
  const folders = envPaths('sockbench', { suffix: '' });
  return { settings: join(folders.config, 'settings.yaml'), history: join(folders.data, 'history.json') };
};
