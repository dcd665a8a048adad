import { type Document, isScalar, LineCounter, type Node, parseDocument, visit, type YAMLError } from 'yaml';
import { readable } from '../core/language/parsed.ts';
import { marked, t } from '../core/words/translate.ts';

/** A place in the file, `name:line:column`, by offset in its text. */
export type Place = (offset: number) => string;

/** A YAML document that is data and nothing else. */
export type YamlText = {
  readonly root: Node | null;
  readonly value: unknown;
  readonly place: Place;
  readonly counter: LineCounter;
};

/** A lab is a page of text; what is larger is something else. */
export const largestFile = 1024 * 1024;

/** Control characters, and what a decoder puts in place of bytes that are not UTF-8. */
const noText = /[\0-\x08\x0e-\x1f\x7f\ufffd]/;

/** The parser's errors in words for somebody who does not know YAML well; else the parser's own. */
const yamlWords: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: marked('one file holds one lab: what begins with --- belongs into another file'),
  RESOURCE_EXHAUSTION: marked('this is nested too deeply for a lab'),
  TAG_RESOLVE_FAILED: marked('tags (!name) are not used in labs: write the text without it'),
  TAB_AS_INDENT: marked('a tab indents this line: YAML wants blanks'),
};

const sentence = ({ code, message }: YAMLError): string =>
  code in yamlWords ? t(yamlWords[code]!) : readable(t`${message} (this is not YAML)`);

/** Where an alias (*name) stands: it could make much of little, and no lab needs one. */
const aliasAt = (document: Document.Parsed): number | undefined => {
  let at: number | undefined;
  visit(document, {
    Alias: (_, alias) => {
      at = alias.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return at;
};

/** Where a key stands that its mapping has already. The parser's own check compares each key with each. */
const secondAt = (document: Document.Parsed): number | undefined => {
  let at: number | undefined;
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) {
          at = key.range?.[0] ?? 0;
          return visit.BREAK;
        }
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return at;
};

const placeIn = (text: string, name: string): { place: Place; counter: LineCounter } => {
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) counter.addNewLine(at + 1);
  const place: Place = offset => {
    const { line, col } = counter.linePos(Math.min(offset, text.length));
    return `${name}:${line}:${col}`;
  };
  return { place, counter };
};

/** The text as YAML, or one sentence with file, line and column that says why it is none. */
export const readYaml = (text: string, name: string): YamlText | string => {
  const { place, counter } = placeIn(text, name);
  const binary = text.search(noText);
  if (binary >= 0) return t`${place(binary)}: this is binary data or not UTF-8: a lab is plain text`;
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) return `${place(problem.pos[0])}: ${sentence(problem)}`;
  const second = secondAt(document);
  if (second !== undefined)
    return t`${place(second)}: this key stands here for the second time: delete one of the two`;
  const alias = aliasAt(document);
  if (alias !== undefined)
    return t`${place(alias)}: anchors and aliases (& and *) are not used in labs; write the text out`;
  return { root: document.contents, value: document.toJS({ maxAliasCount: 0 }), place, counter };
};

/** Whether a value is a literal block (`|`), in which no quoting rule of YAML's applies. */
export const isLiteral = (node: Node | null): boolean => isScalar(node) && node.type === 'BLOCK_LITERAL';
