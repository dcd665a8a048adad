import * as z from 'zod';
import { mostRounds } from '../core/language/statement-text.ts';
import { perProgram } from '../core/model/actors.ts';
import { marked, t } from '../core/words/translate.ts';

/** What a machine must have for a lab or a stage; elsewhere it is skipped, with the reason. */
export const needs = ['linux', 'ipv6', 'koffi', 'python', 'telnet', 'gate', 'peer'] as const;

export type Need = (typeof needs)[number];

/** The course, in the order of its text. */
export const chapterNames = [
  'connect',
  'names',
  'errors',
  'udp',
  'server',
  'blocking',
  'deadlock',
  'remedies',
  'beyond',
] as const;

export type ChapterName = (typeof chapterNames)[number];

export const levels = [marked('easy'), marked('medium'), marked('hard')] as const;

export type Level = (typeof levels)[number];

/** A lesson, not a course. */
const mostMinutes = 240;

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, marked('a name is small letters, digits and hyphens, a letter first'));

const words = z.union(
  [
    z.string(),
    z.strictObject({ en: z.string().describe('English'), zh: z.string().optional().describe('Chinese') }),
  ],
  marked('write text, or {en, zh}'),
);

const policy = z.enum(['single', 'per-socket', 'duplex']).describe("how the program's calls share threads");

const needed = z.union([z.enum(needs), z.array(z.enum(needs))], {
  error: () => t`one or a list of ${needs.join(', ')} is meant here`,
});

/** More than anybody can read; each may ask for a free port. */
const mostVariables = 1000;

const rounds = { error: () => t`a whole number from 1 to ${mostRounds} is meant here` };

/** Room for any program that is read in a lesson; the kernel's limit for an argument is twice that (execve(2)). */
const longestProgram = 64 * 1024;

const tooLong = { error: () => t`a program has ${longestProgram} characters at most` };

const stage = z.strictObject({
  say: words
    .optional()
    .describe(
      'the lesson, as text or {en, zh}; blank lines part paragraphs; {key send} stands for the key of a command',
    ),
  // biome-ignore lint/suspicious/noThenProperty: the word in the file; nobody awaits a stage
  then: words
    .optional()
    .describe('the lesson once its lines have run: what is to be found out stands here, not in say'),
  predict: z
    .union(
      [z.string(), z.array(z.string())],
      marked('a call, as in c1.recv, or a list of them, is meant here'),
    )
    .optional()
    .describe('the calls, as in c1.recv, that a person may predict before they are made; each begins a step'),
  together: z
    .boolean(marked('true or false is meant here'))
    .optional()
    .describe('true: its lines run as one step; a blank line among them parts two steps'),
  repeat: z
    .int(rounds)
    .min(1, rounds)
    .max(mostRounds, rounds)
    .optional()
    .describe('how many times the lines run'),
  needs: needed.optional().describe('what the machine must have for this stage; else it is skipped'),
  source: z
    .string()
    .max(longestProgram, tooLong)
    .optional()
    .describe(
      'the Python that its lines stand for (source: |), shown beside them: each line of it that makes a call stands over that call',
    ),
  python: z
    .string()
    .max(longestProgram, tooLong)
    .optional()
    .describe(
      'a program that is started before the first line (python: |), called p1, the next one p2; $name in it is put in',
    ),
  do: z.string().describe('command lines, one a line, as a literal block (do: |)'),
});

/** What may differ between the lab's session and CPython's. */
const differingFields = ['value', 'size', 'errno', 'class', 'blocked', 'time', 'order'] as const;

/** Where the lab and CPython rightly differ: the call, the field and why. */
const difference = z.strictObject({
  call: z.string().describe('the call, as in `c1.recv`; of any socket where only its name is given'),
  field: z.enum(differingFields).describe(`what may differ: ${differingFields.join(', ')}`),
  why: z.string().min(10, marked('say in a few words why that is right')).describe('why that is right'),
});

/** THE schema of a lab file: the reader, the JSON Schema for editors and the documentation come from it. */
export const labSchema = z.strictObject({
  lab: name.describe('its name'),
  title: words.describe('its title, as text or {en, zh}'),
  chapter: z
    .enum(chapterNames)
    .optional()
    .describe(`its chapter of the course: ${chapterNames.join(', ')}`),
  place: z.int().min(1).optional().describe('its place in the chapter, from 1'),
  level: z
    .enum(levels)
    .optional()
    .describe(`how hard it is: ${levels.join(', ')}`),
  minutes: z.int().min(1).max(mostMinutes).optional().describe('how long a person takes for it'),
  programs: z
    .strictObject(perProgram(() => policy.optional()))
    .optional()
    .describe('threading policy by program; duplex where nothing is said'),
  let: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_]*$/i, marked('a variable is letters, digits and _')),
      z.union([z.string(), z.number()], marked('a variable is text or a number')),
    )
    .refine(variables => Object.keys(variables).length <= mostVariables, {
      error: () => t`a lab has ${mostVariables} variables at most`,
    })
    .optional()
    .describe('variables, used as $name; `free` picks a free port'),
  timeout: z.string().optional().describe('after this the lab has failed; 60s where nothing is said'),
  needs: needed.optional().describe('what the machine must have; else the lab is skipped'),
  differs: z.array(difference).optional().describe('where CPython rightly answers otherwise'),
  stages: z
    .array(stage)
    .min(1, marked('a lab has one stage at least'))
    .max(200, marked('a lab has 200 stages at most'))
    .describe('what is shown, step by step'),
});

export type LabFile = z.infer<typeof labSchema>;
