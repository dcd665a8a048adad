import { createNodeDriver } from '../../source/drivers/node-driver.ts';
import { driverContract } from './contract.ts';

driverContract('private node', options => createNodeDriver(options), true);
