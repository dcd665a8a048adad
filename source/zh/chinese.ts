import type { Catalogue } from '../core/words/translate.ts';
import bench from './bench.json' with { type: 'json' };
import cli from './cli.json' with { type: 'json' };
import commands from './commands.json' with { type: 'json' };
import core from './core.json' with { type: 'json' };
import drivers from './drivers.json' with { type: 'json' };
import files from './files.json' with { type: 'json' };
import formats from './formats.json' with { type: 'json' };
import labs from './labs.json' with { type: 'json' };
import settings from './settings.json' with { type: 'json' };
import traces from './traces.json' with { type: 'json' };
import ui from './ui.json' with { type: 'json' };

/** Each room's sentences in Chinese. */
export const rooms = {
  core,
  commands,
  ui,
  cli,
  bench,
  settings,
  labs,
  traces,
  formats,
  drivers,
  files,
};

export const chinese: Catalogue = Object.assign({}, ...Object.values(rooms));
