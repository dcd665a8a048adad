import { describe } from 'vitest';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { numberContract } from './contract-numbers.ts';

describe.each(['AF_INET', 'AF_INET6'] as const)('%s', family => {
  describe('native ends', () =>
    numberContract({ make: options => createNodeDriver(options), exact: true, family }));
  describe('library ends', () =>
    numberContract({ make: options => createNodeDriver(options, 'library'), exact: true, family }));
  describe('public ends', () =>
    numberContract({ make: options => createNodeDriver(options, 'public'), exact: false, family }));
});
