import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { Call, CallName, CallOf } from '../../core/calls/call.ts';
import type { Family, SocketType } from '../../core/model/names.ts';
import type { PlannedCall } from '../projection/call-plan.ts';
import { cAddress } from './c-addresses.ts';
import { cComment, cData, cText } from './c-literals.ts';
import { cGetOption, cSetOption, timeval } from './c-options.ts';

/** What a call's code depends on besides the call. */
export type CContext = {
  readonly familyOf: (socket: string) => Family;
  readonly typeOf: (socket: string) => SocketType;
  /** Declares a variable for a new socket, or takes the one that there is. */
  readonly declare: (name: string) => string;
};

/** One of a few calls. */
type Named<N extends CallName> = Extract<Call, { readonly name: N }>;

/** A block of its own, so that its variables are nobody else's. */
const block = (...lines: readonly string[]): string[] => [
  '{',
  ...lines.flatMap(line => line.split('\n')).map(line => `    ${line}`),
  '}',
];

/** Characters of a statement in one line: within two blocks it has room on 80 columns then. */
const lineLength = 64;

/** What failed in the session may fail again: the program goes on, as the session did. */
const check = ({ outcome }: PlannedCall, expression: string, name: string): string => {
  const condition = `if (${expression} < 0)`;
  const failure = `${outcome?.kind === 'error' ? 'perror' : 'fail'}("${name}");`;
  const isLong = condition.length + failure.length > lineLength;
  return isLong ? `${condition}\n    ${failure}` : `${condition} ${failure}`;
};

const flagsOf = (flags: readonly string[] | undefined, none = '0'): string =>
  flags && flags.length > 0 ? flags.join(' | ') : none;

const nameOfMade = ({ call, outcome }: PlannedCall): string | undefined =>
  outcome?.kind === 'made' ? outcome.name : call.as;

/** A descriptor that a call gives. */
const descriptor = (planned: PlannedCall, expression: string, context: CContext): string[] => {
  const name = nameOfMade(planned);
  if (name === undefined) return [check(planned, expression, planned.call.name)];
  return [`${context.declare(name)} = ${expression};`, check(planned, name, planned.call.name)];
};

const toAddress = (
  planned: PlannedCall & { readonly call: { readonly address: Endpoint } },
  context: CContext,
): string[] => {
  const { on, name, address } = planned.call;
  const { lines, size } = cAddress(address, context.familyOf(on), context.typeOf(on));
  return block(...lines, check(planned, `${name}(${on}, (struct sockaddr *)&at, ${size})`, name));
};

/** A call that hands over bytes. */
const sending = (
  planned: PlannedCall,
  call: Named<'send' | 'sendall' | 'sendto'>,
  context: CContext,
): string[] => {
  const { before, data, size, after } = cData(call.data);
  const { on } = call;
  if (call.name === 'sendall') {
    const line = `send_all(${on}, ${data}, ${size});`;
    return before.length === 0 ? [line] : block(...before, line, ...after);
  }
  if (call.name === 'send') {
    const flags = ['MSG_NOSIGNAL', ...(call.flags ?? [])].join(' | ');
    const line = check(planned, `send(${on}, ${data}, ${size}, ${flags})`, 'send');
    return before.length === 0 ? [line] : block(...before, line, ...after);
  }
  const to = cAddress(call.address, context.familyOf(on), context.typeOf(on));
  const made = `sendto(${on}, ${data}, ${size}, MSG_NOSIGNAL, (struct sockaddr *)&at, ${to.size})`;
  return block(...before, ...to.lines, check(planned, made, 'sendto'), ...after);
};

/** So many bytes stand on the stack. */
const mostOnStack = 65_536;

const receiving = (planned: PlannedCall, { on, name, size, flags }: Named<'recv' | 'recvfrom'>): string[] => {
  const small = size <= mostOnStack;
  const room = Math.max(1, size);
  const from = name === 'recvfrom' ? ', (struct sockaddr *)&from, &length' : '';
  return block(
    small ? `char data[${room}];` : `char *data = malloc(${room});`,
    ...(small ? [] : ['if (data == NULL) fail("malloc");']),
    ...(from === '' ? [] : ['struct sockaddr_storage from;', 'socklen_t length = sizeof from;']),
    `ssize_t got = ${name}(${on}, data, ${size}, ${flagsOf(flags)}${from});`,
    check(planned, 'got', name),
    'if (got > 0) printf("%.*s\\n", (int)got, data);',
    ...(from === '' ? [] : ['if (got >= 0) print_address((struct sockaddr *)&from, length);']),
    ...(small ? [] : ['free(data);']),
  );
};

const settingTimeout = (planned: PlannedCall, { on, timeout }: CallOf<'settimeout'>): string[] => {
  if (timeout === 0)
    return [check(planned, `fcntl(${on}, F_SETFL, fcntl(${on}, F_GETFL) | O_NONBLOCK)`, 'fcntl')];
  const set = (option: string) =>
    check(planned, `setsockopt(${on}, SOL_SOCKET, ${option}, &limit, sizeof limit)`, 'setsockopt');
  return [
    cComment('Python waits by itself; these limit each call in the kernel, which answers EAGAIN'),
    ...block(`struct timeval limit = ${timeval(timeout ?? 0)};`, set('SO_RCVTIMEO'), set('SO_SNDTIMEO')),
  ];
};

const askingName = (planned: PlannedCall, on: string, name: string): string[] =>
  block(
    'struct sockaddr_storage at;',
    'socklen_t length = sizeof at;',
    check(planned, `${name}(${on}, (struct sockaddr *)&at, &length)`, name),
    'else print_address((struct sockaddr *)&at, length);',
  );

/** Those that look something up report in their own ways, none by errno. */
const lookingUp = (
  call: Named<'getaddrinfo' | 'gethostbyaddr' | 'getservbyname' | 'getservbyport'>,
): string[] => {
  switch (call.name) {
    case 'getaddrinfo':
      return block(
        `struct addrinfo hints = { .ai_family = ${call.family ?? 'AF_UNSPEC'}, .ai_socktype = ${call.type ?? '0'} }, *found;`,
        `int error = getaddrinfo(${call.host === null ? 'NULL' : cText(call.host)}, ${call.port === null ? 'NULL' : cText(String(call.port))}, &hints, &found);`,
        'if (error != 0) printf("getaddrinfo: %s\\n", gai_strerror(error));',
        'else {',
        '    for (struct addrinfo *each = found; each != NULL; each = each->ai_next) print_address(each->ai_addr, each->ai_addrlen);',
        '    freeaddrinfo(found);',
        '}',
      );
    case 'gethostbyaddr':
      return block(
        'char name[NI_MAXHOST];',
        'struct sockaddr_storage at;',
        `socklen_t length = resolve(AF_UNSPEC, SOCK_STREAM, ${cText(call.host)}, "0", &at);`,
        'int error = getnameinfo((struct sockaddr *)&at, length, name, sizeof name, NULL, 0, NI_NAMEREQD);',
        'printf("%s\\n", error != 0 ? gai_strerror(error) : name);',
      );
    case 'getservbyname':
      return block(
        `struct servent *found = getservbyname(${cText(call.service)}, ${call.protocol === undefined ? 'NULL' : cText(call.protocol)});`,
        'if (found == NULL) printf("getservbyname: not found\\n");',
        'else printf("%d\\n", ntohs(found->s_port));',
      );
    case 'getservbyport':
      return block(
        `struct servent *found = getservbyport(htons(${call.port}), ${call.protocol === undefined ? 'NULL' : cText(call.protocol)});`,
        'if (found == NULL) printf("getservbyport: not found\\n");',
        'else printf("%s\\n", found->s_name);',
      );
  }
};

/** What is no socket call in C, and what does it there. */
const withoutEqual = (call: Call, words: string): string[] => [
  cComment(`${call.on}.${call.name} is no socket call: ${words}`),
];

/** What a socket is set to, and what it is asked about. */
const aboutSocket = (
  planned: PlannedCall,
  call: Named<'settimeout' | 'gettimeout' | 'setsockopt' | 'getsockopt' | 'getsockname' | 'getpeername'>,
): string[] => {
  switch (call.name) {
    case 'settimeout':
      return settingTimeout(planned, call);
    case 'gettimeout': {
      const {
        lines,
        call: asked,
        print,
      } = cGetOption({ ...call, name: 'getsockopt', level: 'SOL_SOCKET', option: 'SO_RCVTIMEO' });
      return block(...lines, check(planned, asked, 'getsockopt'), print);
    }
    case 'setsockopt': {
      const { lines, call: set } = cSetOption(call);
      return block(...lines, check(planned, set, 'setsockopt'));
    }
    case 'getsockopt': {
      const { lines, call: asked, print } = cGetOption(call);
      return block(...lines, check(planned, asked, 'getsockopt'), `else ${print}`);
    }
    case 'getsockname':
    case 'getpeername':
      return askingName(planned, call.on, call.name);
  }
};

/** The statements that make a call. */
export const cCall = (planned: PlannedCall, context: CContext): string[] => {
  const { call } = planned;
  const { on } = call;
  switch (call.name) {
    case 'socket':
      return descriptor(planned, `socket(${call.family}, ${call.type}, 0)`, context);
    case 'accept':
      return descriptor(planned, `accept(${on}, NULL, NULL)`, context);
    case 'bind':
    case 'connect':
      return toAddress({ ...planned, call }, context);
    case 'listen':
      return [check(planned, `listen(${on}, ${call.backlog})`, 'listen')];
    case 'send':
    case 'sendall':
    case 'sendto':
      return sending(planned, call, context);
    case 'recv':
    case 'recvfrom':
      return receiving(planned, call);
    case 'shutdown':
      return [check(planned, `shutdown(${on}, ${call.how})`, 'shutdown')];
    case 'close':
      return [check(planned, `close(${on})`, 'close')];
    case 'reset':
      return [
        ...block(
          'struct linger value = { .l_onoff = 1, .l_linger = 0 };',
          check(planned, `setsockopt(${on}, SOL_SOCKET, SO_LINGER, &value, sizeof value)`, 'setsockopt'),
        ),
        check(planned, `close(${on})`, 'close'),
      ];
    case 'settimeout':
    case 'gettimeout':
    case 'setsockopt':
    case 'getsockopt':
    case 'getsockname':
    case 'getpeername':
      return aboutSocket(planned, call);
    case 'getaddrinfo':
    case 'gethostbyaddr':
    case 'getservbyname':
    case 'getservbyport':
      return lookingUp(call);
    case 'wrap':
      return withoutEqual(call, "TLS is a library's, such as SSL_connect and SSL_accept of OpenSSL");
    case 'makefile':
      return withoutEqual(call, 'fdopen makes a FILE of a descriptor, with a buffer of its own');
    case 'read':
    case 'readline':
      return withoutEqual(call, 'of a FILE fread and fgets read');
    case 'write':
    case 'flush':
      return withoutEqual(call, 'into a FILE fwrite writes, and fflush hands over what it holds');
    case 'poll':
      return withoutEqual(call, 'poll waits for several descriptors, in an array of struct pollfd');
  }
};
