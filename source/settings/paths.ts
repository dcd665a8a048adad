import { join } from 'node:path';
import envPaths from 'env-paths';

/** Where settings, history and the spool live: the XDG folders on Linux, their like elsewhere. */
export const settingsPaths = () => {
  const folders = envPaths('sockbench', { suffix: '' });
  return {
    settings: join(folders.config, 'settings.yaml'),
    history: join(folders.data, 'history.json'),
    /** env-paths has XDG_STATE_HOME under this name. Which labs are done. */
    progress: join(folders.log, 'progress.json'),
    /** A folder of its own. */
    spool: join(folders.log, 'spool'),
    /** A folder of its own: a report of each crash. */
    crashes: join(folders.log, 'crashes'),
  };
};
