import { Command, CommanderError } from 'commander';
import { safeText } from '../core/bytes/payload.ts';
import { readable } from '../core/language/parsed.ts';
import { bytesFormat, exportNames } from '../core/model/exports.ts';
import { t } from '../core/words/translate.ts';
import type { AddressFlags } from './address-words.ts';
import { runs } from './crash.ts';
import { type GlobalFlags, withGlobalFlags, withStageFlag } from './global-flags.ts';
import type { RunFlags } from './labs/headless.ts';
import { speak } from './language.ts';
import type { WatchFlags } from './looking/run-watch.ts';
import type { WhyFlags } from './looking/run-why.ts';
import type { PipeFlags } from './pipe/pipe.ts';
import { complainAsIs, printAsIs } from './print.ts';
import { beforeScreen } from './screen/before-screen.ts';
import type { ToOpen } from './screen/to-open.ts';
import type { ExportFlags } from './sessions/export.ts';
import { withTlsFlags } from './tls-flags.ts';
import type { TraceFlags } from './tracing/run-trace.ts';

/** Flags of addresses, as nc has them. */
const withAddressFlags = (command: Command): Command =>
  withTlsFlags(command)
    .argument(
      '[ADDR...]',
      t(
        'PORT, :PORT (every interface), HOST:PORT, HOST PORT, tcp://, udp:// or tls:// URL, unix:/path, unix:@name',
      ),
    )
    .option('-u, --udp', t('datagrams instead of a stream'))
    .option('-4, --ipv4', t('IPv4 only'))
    .option('-6, --ipv6', t('IPv6 only'))
    .option('-p, --port <PORT>', t('the port to listen on; with connect, the local port to connect from'));

type Status = (code: number) => void;

/** The workbench is loaded only where it is needed. */
const workbench = async (flags: GlobalFlags, open: ToOpen | null) => {
  await beforeScreen(flags);
  const { runWorkbench } = await import('./screen/workbench.tsx');
  return runWorkbench(flags, open);
};

const unknownCommand = (program: Command, name: string): string => {
  const names = program.commands.map(command => command.name());
  return t`error: ${safeText(name)} is no command of sockbench: it has ${names.join(', ')}`;
};

const gather = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

const addRelay = (program: Command, status: Status): void => {
  withTlsFlags(program.command('relay'))
    .description(
      t('the workbench, passing on what comes at LISTEN to TARGET and back, each connection a pair of rows'),
    )
    .usage('[options] LISTEN TARGET')
    .argument(
      '[ADDR...]',
      t('two addresses, each as connect has them; with -k, --sni and --ca for the target'),
    )
    .option('-4, --ipv4', t('IPv4 only'))
    .option('-6, --ipv6', t('IPv6 only'))
    .option('--no-screen', t('a line on standard error for each connection that is over instead'))
    .action(async (words: string[], { screen, ...flags }: AddressFlags & { screen: boolean }) => {
      if (screen) return status(await workbench(program.opts(), { verb: 'relay', words, flags }));
      const { runRelay } = await import('./pipe/run-relay.ts');
      const { record, config } = program.opts<GlobalFlags>();
      status(await runRelay(words, flags, { record, config }));
    });
};

const addWorkbench = (program: Command, status: Status): void => {
  program.allowExcessArguments(true).action(async () => {
    const [unknown] = program.args;
    if (unknown !== undefined) program.error(unknownCommand(program, unknown));
    status(await workbench(program.opts(), null));
  });
  for (const verb of ['listen', 'connect'] as const) {
    const does =
      verb === 'listen' ? t('the workbench, listening there') : t('the workbench, connected there');
    const described = withAddressFlags(program.command(verb).description(does));
    if (verb === 'listen')
      described.option('--on <RULE>', t('answer by itself, as in "accept echo"; may be given again'), gather);
    described.action(
      async (words: string[], flags: AddressFlags & { on?: readonly string[] }, command: Command) => {
        if (words.length === 0 && (verb === 'connect' || flags.port === undefined))
          command.error(t("error: missing required argument 'ADDR'"));
        status(await workbench(program.opts(), { verb, words, flags, rules: flags.on ?? [] }));
      },
    );
  }
  addRelay(program, status);
  program
    .command('lab')
    .description(t('the workbench, a lab loaded; without a name the course goes on where it was left'))
    .argument('[NAME-or-FILE]', t('a lab that "sockbench labs" lists, or a lab file'))
    .action(async (lab?: string) =>
      status(await workbench(program.opts(), { verb: 'lab', lab: lab ?? null })),
    );
  program
    .command('replay')
    .description(t('a recorded session in the workbench, under a time cursor'))
    .argument('<FILE>', t('what --record or the command save wrote'))
    .action(async (file: string) => {
      await beforeScreen(program.opts());
      const { runReplay } = await import('./sessions/run-replay.ts');
      status(await runReplay(program.opts(), file));
    });
};

const addHeadless = (program: Command, status: Status): void => {
  program
    .command('run')
    .description(t('labs or lines without a screen'))
    .argument('[NAME-or-FILE...]', t('labs by name or file; - reads lines from standard input'))
    .option('-e, --execute <LINE...>', t('lines to run, one after the other'))
    .option('-k, --keep-going', t('with lines: go on behind an error that no line expects'))
    .option('--timeout <TIME>', t('the run ends then with 1, as in 30s; else a lab has its own, a line 60s'))
    .option('--stage <N>', t('of one lab: as far as this stage'))
    .option('--json', t('JSON lines: entries, a verdict a line, a summary'))
    .option('--junit <FILE>', t('what was expected and found, as JUnit XML'))
    .option('--allow-net', t("a lab of a file may go beyond this machine's loopback"))
    .option('--allow-read', t('a lab of a file may read files outside its folder'))
    .option('--allow-run', t('a lab of a file may start programs'))
    .option('--with-peer', t('somebody outside plays the part that a lab with "needs: peer" describes'))
    .action(async (sources: string[], options: RunFlags) => {
      const { runHeadless } = await import('./labs/headless.ts');
      status(await runHeadless(sources, { ...options, record: program.opts<GlobalFlags>().record }));
    });
  program
    .command('labs')
    .description(t('the built-in labs: the course, and what is done of it'))
    .option('--json', t('as JSON'))
    .option(
      '--reset [NAME]',
      t('forget that it is done and where it was left; without a name, of all of them'),
    )
    .action(async (options: { json?: boolean; reset?: string | true }) => {
      const { listLabs, resetLabs } = await import('./labs/list-labs.ts');
      const { config, lang } = program.opts<GlobalFlags>();
      const { json, reset } = options;
      if (reset !== undefined) return status(await resetLabs(reset === true ? null : reset));
      status(await listLabs(json === true, config, lang));
    });
  program
    .command('export')
    .description(t('a recorded session for other tools'))
    .argument('<FILE>', t('what --record or run --json wrote; - reads standard input'))
    .requiredOption('--to <FORMAT>', [...exportNames, bytesFormat].join(', '))
    .option('--socket <NAME>', t('with --to bytes: whose bytes; those it received'))
    .option('--sent', t('with --to bytes: those it sent'))
    .option('--tls-keys <FILE>', t('with --to pcapng: a key log, as SSLKEYLOGFILE gets it, that it carries'))
    .option('-o, --output <OUT>', t('to this new file, not to standard output'))
    .action(async (file: string, options: ExportFlags) => {
      const { exportSession } = await import('./sessions/export.ts');
      status(await exportSession(file, options));
    });
  program
    .command('keys')
    .description(t('the key table'))
    .option('--json', t('as JSON'))
    .action(async (options: { json?: boolean }) => {
      const { printKeys } = await import('./print-keys.ts');
      status(await printKeys(options.json === true, program.opts<GlobalFlags>().config));
    });
  program
    .command('doctor')
    .description(t('what is from the kernel here, and what is modelled'))
    .option('--json', t('as JSON'))
    .action(async (options: { json?: boolean }) => {
      const { printDoctor } = await import('./doctor.ts');
      status(await printDoctor(options.json === true));
    });
};

const addPiping = (program: Command, status: Status): void => {
  withAddressFlags(program.command('pipe'))
    .description(
      t('standard input and output joined to a socket, for scripts: COMMAND | sockbench pipe ADDR'),
    )
    .option('-l, --listen', t('wait there for one connection instead; port 0 is one that is free, and told'))
    .option('--no-shutdown', t('the end of standard input is not told to the peer'))
    .option(
      '-q, --quit-after <TIME>',
      t('end with 0 so long after the end of standard input, as -u needs it'),
    )
    .option('--timeout <TIME>', t('end with 1 where nothing comes or goes for so long, as in 30s'))
    .option('--quiet', t('no summary on standard error'))
    .action(async (words: string[], flags: PipeFlags, command: Command) => {
      if (words.length === 0 && !(flags.listen && flags.port !== undefined))
        command.error(t("error: missing required argument 'ADDR'"));
      const { runPipe } = await import('./pipe/pipe.ts');
      status(await runPipe(words, { ...flags, record: program.opts<GlobalFlags>().record }));
    });
};

const addWatching = (program: Command, status: Status): void => {
  program
    .command('watch')
    .description(t('the workbench over processes: a pane each, their sockets and what they wait for; Linux'))
    .argument('[PID-or-NAME-or-:PORT...]', t('whom to watch, and who is at the other end of their sockets'))
    .option('-p, --pid <PID>', t('the process of this number; may be given again'), gather)
    .action(async (names: string[], flags: WatchFlags) => {
      await beforeScreen(program.opts());
      const { runWatch } = await import('./looking/run-watch.ts');
      status(await runWatch(program.opts(), names, flags));
    });
  program
    .command('why')
    .description(t('why programs hang: what each thread waits for, and for whom; Linux'))
    .argument(
      '[PID-or-NAME-or-:PORT...]',
      t('whom to look at; none: every process of yours in a call on a socket'),
    )
    .option('-p, --pid <PID>', t('the process of this number; may be given again'), gather)
    .option('--json', t('as JSON'))
    .action(async (names: string[], flags: WhyFlags) => {
      const { runWhy } = await import('./looking/run-why.ts');
      status(await runWhy(names, flags));
    });
};

const addTracing = (program: Command, status: Status): void => {
  program
    .command('trace')
    .description(
      t(
        'the workbench over programs, every socket call of theirs: trace -- COMMAND ARGUMENT...; Linux, strace',
      ),
    )
    .argument('[COMMAND...]', t('behind --: a program and its arguments; behind another -- one more'))
    .option('-p, --pid <PID>', t('trace the process of this number; may be given again'), gather)
    .option(
      '--join [PID]',
      t('a program of this terminal, traced by a trace that runs: the newest, or that one'),
    )
    .option('--no-screen', t("lines on standard error instead; the program's own streams and exit status"))
    .option(
      '--timeout <TIME>',
      t('with --no-screen: say then why they hang, and end them: 124, or 3 in a deadlock'),
    )
    .option('--json', t('with --no-screen: JSON lines, a session file'))
    .option('-o, --output <OUT>', t('with --no-screen: lines to this new file, not to standard error'))
    .action(async (words: string[], flags: TraceFlags) => {
      const { runTrace } = await import('./tracing/run-trace.ts');
      status(await runTrace(words, { ...program.opts<GlobalFlags>(), ...flags }));
    });
};

/** An error repeats the word that is wrong, however long. */
const short = (text: string): string => text.split('\n').map(readable).join('\n');

type OwnWords = typeof import('./commander-words.ts');

/** Every command and flag; `status` hears what the command that is run ends with. `own`: commander's own words, null: English. */
export const describe = (argv: readonly string[], status: Status, own: OwnWords | null = null): Command => {
  const refusal = (text: string, write: (text: string) => void): void =>
    write(short(own ? own.refusalWords(text) : text));
  const program = withStageFlag(withGlobalFlags(new Command('sockbench')), argv)
    .description(t('A terminal workbench for sockets: make each call, watch it block, see who it waits for.'))
    .version(process.env.SOCKBENCH_VERSION ?? '0.0.0', '-V, --version', t('output the version number'))
    .helpOption('-h, --help', t('display help for command'))
    .configureHelp(own?.helpWords ?? {})
    .configureOutput({ writeOut: printAsIs, writeErr: complainAsIs, outputError: refusal })
    .showHelpAfterError(t('(sockbench --help lists commands and flags)'))
    .showSuggestionAfterError()
    .exitOverride();
  addWorkbench(program, status);
  addHeadless(program, status);
  addPiping(program, status);
  addWatching(program, status);
  addTracing(program, status);
  for (const command of program.commands) command.exitOverride();
  program.hook('preAction', (_, command) => runs(command.parent ? command.name() : ''));
  return program;
};

/** Runs the command line and answers the exit status: 2 where a flag, a command or an argument is bad. */
export const run = async (argv: readonly string[]): Promise<number> => {
  const language = await speak(argv);
  // Commander's own words are English: those of another language are loaded where they are asked for.
  const own = language === 'en' ? null : await import('./commander-words.ts');
  let code = 0;
  const ended = (status: number) => {
    code = status;
  };
  const program = describe(argv, ended, own);
  try {
    await program.parseAsync(argv);
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
};
