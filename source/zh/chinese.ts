import type { Catalogue } from '../core/words/translate.ts';
import bench from './bench.json' with { type: 'json' };
import cli from './cli.json' with { type: 'json' };
import commands from './commands.json' with { type: 'json' };
import core from './core.json' with { type: 'json' };
import others from './others.json' with { type: 'json' };
import settings from './settings.json' with { type: 'json' };
import ui from './ui.json' with { type: 'json' };

/** Each room's sentences in Chinese; `others` are those of labs, traces, formats, drivers and files. */
export const rooms = { core, commands, ui, cli, bench, settings, others };

export const chinese: Catalogue = Object.assign({}, ...Object.values(rooms));
