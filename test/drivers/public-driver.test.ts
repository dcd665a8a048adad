import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { driverContract } from './contract.ts';

driverContract('public node', options => createNodeDriver(options, 'public'), false);
