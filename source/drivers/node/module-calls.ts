import { isCallOn } from '../../core/calls/calls.ts';
import type { Attempt, Running } from '../../core/calls/driver.ts';
import { failure, type Outcome } from '../../core/calls/outcome.ts';
import { answer, type Report } from '../sockets/report.ts';
import type { SocketTable } from '../sockets/socket-table.ts';
import { getaddrinfo, gethostbyaddr } from '../system/resolver.ts';
import { serviceByName, serviceByPort } from '../system/services-file.ts';

/** A call whose answer comes by itself and of which nothing can be taken back. */
const unstoppable = (begin: (report: Report) => void, report: Report): Running => {
  let stopped = false;
  begin(outcome => {
    if (!stopped) report(outcome);
  });
  return {
    stop: () => {
      stopped = true;
      return 0;
    },
    taken: () => 0,
  };
};

const promised = (outcome: Promise<Outcome>, report: Report): Running =>
  unstoppable(tell => {
    outcome.then(tell, (error: Error) => tell(failure('UNKNOWN', error.message)));
  }, report);

/** The functions of the socket module: they are made on no socket. */
export const moduleCall = (table: SocketTable, attempt: Attempt, report: Report): Running | null => {
  const { call } = attempt;
  if (!isCallOn(call, 'module')) {
    report(failure('EBADF', call.name));
    return null;
  }
  switch (call.name) {
    case 'socket': {
      report(table.open(attempt.name, call.family, call.type));
      return null;
    }
    case 'getaddrinfo': {
      const { family } = call;
      // glibc knows names of the internet alone.
      if (family === 'AF_UNIX') return answer(report, failure('EAI_FAMILY'));
      return unstoppable(tell => void getaddrinfo({ ...call, family }, tell), report);
    }
    case 'gethostbyaddr':
      return unstoppable(tell => gethostbyaddr(call.host, tell), report);
    case 'getservbyname':
      return promised(serviceByName(call.service, call.protocol), report);
    case 'getservbyport':
      return promised(serviceByPort(call.port, call.protocol), report);
  }
};
