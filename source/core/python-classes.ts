/** Each class of the error table and the one it derives from (PEP 3151). */
const parents: Readonly<Record<string, string>> = {
  BlockingIOError: 'OSError',
  BrokenPipeError: 'ConnectionError',
  ConnectionAbortedError: 'ConnectionError',
  ConnectionRefusedError: 'ConnectionError',
  ConnectionResetError: 'ConnectionError',
  ConnectionError: 'OSError',
  FileExistsError: 'OSError',
  FileNotFoundError: 'OSError',
  InterruptedError: 'OSError',
  IsADirectoryError: 'OSError',
  NotADirectoryError: 'OSError',
  PermissionError: 'OSError',
  TimeoutError: 'OSError',
  'socket.gaierror': 'OSError',
  'socket.herror': 'OSError',
  OSError: 'Exception',
  OverflowError: 'Exception',
  ValueError: 'Exception',
  Exception: 'BaseException',
  KeyboardInterrupt: 'BaseException',
};

const aliases: Readonly<Record<string, string>> = {
  gaierror: 'socket.gaierror',
  herror: 'socket.herror',
  timeout: 'TimeoutError',
  error: 'OSError',
  'socket.timeout': 'TimeoutError',
  'socket.error': 'OSError',
};

/** The Python classes a line may name, aliases included. */
export const pythonClasses: readonly string[] = [
  ...Object.keys(parents),
  'BaseException',
  ...Object.keys(aliases),
];

/** Whether `except expected` would catch an error of class `python`. */
export const isSubclass = (python: string, expected: string): boolean => {
  const wanted = aliases[expected] ?? expected;
  for (let name: string | undefined = python; name; name = parents[name]) if (name === wanted) return true;
  return false;
};
