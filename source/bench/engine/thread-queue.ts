import { ownThreads } from '../../core/model/threads.ts';
import type { Flight, Thread } from './flight.ts';

/** Threads run one call at a time; the calls behind it wait in their queue. */
export type ThreadQueues = {
  /** Starts the flight now if its thread is free, else queues it. */
  readonly enter: (flight: Flight) => void;
  /** Takes a flight off its thread, in flight or queued; the next one starts. */
  readonly leave: (flight: Flight) => void;
  /** The socket is gone: so are its threads, once they are idle. */
  readonly forget: (socket: string) => void;
};

export const createThreadQueues = (begin: (flight: Flight, waited: boolean) => void): ThreadQueues => {
  /** Idle ones too, since most are needed again at once. */
  const threads = new Map<string, Thread>();

  const drop = (name: string) => {
    if (threads.get(name)?.running === null) threads.delete(name);
  };

  /** Begins what is next. Calls that end at once follow each other in this loop: on the stack, a thousand would not fit. */
  const goOn = (thread: Thread) => {
    if (thread.goingOn) return;
    thread.goingOn = true;
    let begun: Flight | null = null;
    while (thread.running && thread.running !== begun) {
      begun = thread.running;
      begin(begun, true);
    }
    thread.goingOn = false;
  };

  return {
    enter: flight => {
      if (flight.thread === '') return begin(flight, false);
      let thread = threads.get(flight.thread);
      if (!thread) {
        thread = { running: null, waiting: [], goingOn: false };
        threads.set(flight.thread, thread);
      }
      flight.line = thread;
      if (thread.running) {
        thread.waiting.push(flight);
        return;
      }
      thread.running = flight;
      begin(flight, false);
    },
    leave: flight => {
      const thread = flight.line;
      if (!thread) return;
      if (thread.running !== flight) {
        const at = thread.waiting.indexOf(flight);
        if (at >= 0) thread.waiting.splice(at, 1);
        return;
      }
      thread.running = null;
      if (thread.waiting.length === 0) return;
      thread.running = thread.waiting.shift()!;
      goOn(thread);
    },
    forget: socket => {
      const { reader, writer } = ownThreads(socket);
      for (const name of [socket, reader, writer]) drop(name);
    },
  };
};
