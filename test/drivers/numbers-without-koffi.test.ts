import { describe, vi } from 'vitest';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { numberContract } from './contract-numbers.ts';

vi.mock(import('../../source/drivers/native/native-library.ts'), () => ({
  nativeLibrary: () => 'left out by this test',
}));

describe.each(['AF_INET', 'AF_INET6'] as const)('%s, without koffi', family => {
  describe('library ends', () =>
    numberContract({ make: options => createNodeDriver(options), exact: true, family }));
  describe('public ends', () =>
    numberContract({ make: options => createNodeDriver(options, 'public'), exact: false, family }));
});
