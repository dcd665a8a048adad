import xterm from '@xterm/headless';

/** A colour as the program named it: the terminal's default, one of its 256, or 24-bit RGB. */
export type Colour = 'default' | number | `#${string}`;

export type Cell = {
  readonly text: string;
  /** Columns it takes: 0 for the second half of a wide character. */
  readonly width: number;
  readonly foreground: Colour;
  readonly background: Colour;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
};

/** What a program has told the terminal to be. Programs give all of it back when they end. */
export type Modes = {
  readonly alternateScreen: boolean;
  readonly cursorVisible: boolean;
  readonly bracketedPaste: boolean;
  readonly mouse: boolean;
  readonly focusEvents: boolean;
  /** How many times the kitty keyboard protocol was pushed and not popped. */
  readonly kittyKeyboard: number;
};

type BufferCell = NonNullable<
  ReturnType<NonNullable<ReturnType<xterm.Terminal['buffer']['active']['getLine']>>['getCell']>
>;

const colour = (isDefault: boolean, isRgb: boolean, value: number): Colour => {
  if (isDefault) return 'default';
  return isRgb ? `#${value.toString(16).padStart(6, '0')}` : value;
};

const toCell = (cell: BufferCell): Cell => ({
  text: cell.getChars(),
  width: cell.getWidth(),
  foreground: colour(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
  background: colour(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
  bold: cell.isBold() !== 0,
  dim: cell.isDim() !== 0,
  italic: cell.isItalic() !== 0,
  underline: cell.isUnderline() !== 0,
  inverse: cell.isInverse() !== 0,
});

/**
 * A terminal without a window: it takes a program's output and says what a person would see. `shown` hears of each frame that
 * was written as a synchronized update, before anything behind it is read: of many bytes at once it would be seen no more.
 */
export const createScreen = (
  cols: number,
  rows: number,
  answer: (reply: string) => void,
  shown: () => void = () => {},
) => {
  const terminal = new xterm.Terminal({ cols, rows, scrollback: 10_000, allowProposedApi: true });
  let cursorVisible = true;
  let kittyKeyboard = 0;
  const titles: string[] = [];
  const clipboard: string[] = [];

  const showCursor = (visible: boolean) => (parameters: (number | number[])[]) => {
    if (parameters.includes(25)) cursorVisible = visible;
    return false;
  };
  terminal.parser.registerCsiHandler({ prefix: '?', final: 'h' }, showCursor(true));
  terminal.parser.registerCsiHandler({ prefix: '?', final: 'l' }, showCursor(false));
  terminal.parser.registerCsiHandler({ prefix: '?', final: 'l' }, parameters => {
    if (parameters.includes(2026)) shown();
    return false;
  });
  terminal.parser.registerCsiHandler({ prefix: '>', final: 'u' }, () => {
    kittyKeyboard++;
    return false;
  });
  terminal.parser.registerCsiHandler({ prefix: '<', final: 'u' }, () => {
    kittyKeyboard = Math.max(0, kittyKeyboard - 1);
    return false;
  });
  terminal.parser.registerOscHandler(52, data => {
    clipboard.push(Buffer.from(data.slice(data.indexOf(';') + 1), 'base64').toString());
    return true;
  });
  terminal.onTitleChange(title => titles.push(title));
  // Answers to what a program asks its terminal (cursor position, device attributes).
  terminal.onData(answer);

  const line = (y: number) => terminal.buffer.active.getLine(terminal.buffer.active.baseY + y);

  return {
    /** Resolves when the bytes have been understood. */
    write: (bytes: Uint8Array) => new Promise<void>(resolve => terminal.write(bytes, resolve)),
    resize: (newCols: number, newRows: number) => terminal.resize(newCols, newRows),
    /** The rows on screen, without trailing blanks. */
    lines: (): string[] =>
      Array.from({ length: terminal.rows }, (_, y) => line(y)?.translateToString(true) ?? ''),
    cells: (): Cell[][] =>
      Array.from({ length: terminal.rows }, (_, y) =>
        Array.from({ length: terminal.cols }, (_, x) => line(y)?.getCell(x))
          .filter(cell => cell !== undefined)
          .map(toCell),
      ),
    /** Everything on the ordinary screen and above it: what is left behind in the scrollback. */
    scrollback: (): string[] => {
      const { normal } = terminal.buffer;
      return Array.from(
        { length: normal.length },
        (_, y) => normal.getLine(y)?.translateToString(true) ?? '',
      );
    },
    cursor: () => ({ x: terminal.buffer.active.cursorX, y: terminal.buffer.active.cursorY }),
    modes: (): Modes => ({
      alternateScreen: terminal.buffer.active.type === 'alternate',
      cursorVisible,
      bracketedPaste: terminal.modes.bracketedPasteMode,
      mouse: terminal.modes.mouseTrackingMode !== 'none',
      focusEvents: terminal.modes.sendFocusMode,
      kittyKeyboard,
    }),
    /** Within a synchronized update (private mode 2026) the rows are half of an old frame and half of a new one. */
    updating: (): boolean => terminal.modes.synchronizedOutputMode,
    /** Titles the program gave its window, and texts it put on the clipboard (OSC 52), oldest first. */
    titles,
    clipboard,
    dispose: () => terminal.dispose(),
  };
};

export type Screen = ReturnType<typeof createScreen>;

/** A terminal that no program has touched. */
export const untouched: Modes = {
  alternateScreen: false,
  cursorVisible: true,
  bracketedPaste: false,
  mouse: false,
  focusEvents: false,
  kittyKeyboard: 0,
};
