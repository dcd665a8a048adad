import type { Driver, DriverOptions } from '../../core/calls/driver.ts';
import { descriptorUse } from '../kernel/descriptor-use.ts';
import { createObserver, type KernelObserver } from '../kernel/kernel-observer.ts';
import { createNodeDriver, type NodeDriver } from './node-driver.ts';

/** A driver and the observer that knows its sockets' descriptors, in the form that a bench takes them. */
export type NodeMachine = {
  /** To be called once. */
  readonly driver: (notice: DriverOptions['notice']) => Driver;
  readonly observer: KernelObserver;
  readonly descriptors: typeof descriptorUse;
};

export const nodeMachine = (): NodeMachine => {
  let driver: NodeDriver | undefined;
  return {
    driver: notice => {
      driver = createNodeDriver({ notice });
      return driver;
    },
    observer: createObserver({ fdOf: name => driver?.fdOf(name) }),
    descriptors: descriptorUse,
  };
};
