import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { driverContract } from './contract.ts';

driverContract('private node', options => createNodeDriver(options), true);

// What a machine without koffi has.
driverContract('private node without system calls', options => createNodeDriver(options, 'library'), true);
