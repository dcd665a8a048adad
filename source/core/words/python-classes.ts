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
  'io.UnsupportedOperation': 'OSError',
  OverflowError: 'ArithmeticError',
  ArithmeticError: 'Exception',
  MemoryError: 'Exception',
  TypeError: 'Exception',
  UnicodeDecodeError: 'ValueError',
  ValueError: 'Exception',
  'struct.error': 'Exception',
  Exception: 'BaseException',
  KeyboardInterrupt: 'BaseException',
};

/** io.UnsupportedOperation has two parents (Python's io documentation). */
const secondParents: Readonly<Record<string, string>> = { 'io.UnsupportedOperation': 'ValueError' };

const aliases: Readonly<Record<string, string>> = {
  gaierror: 'socket.gaierror',
  herror: 'socket.herror',
  timeout: 'TimeoutError',
  error: 'OSError',
  UnsupportedOperation: 'io.UnsupportedOperation',
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
  if (secondParents[python] === wanted) return true;
  for (let name: string | undefined = python; name; name = parents[name]) if (name === wanted) return true;
  return false;
};
