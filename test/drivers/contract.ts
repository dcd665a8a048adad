import { describe } from 'vitest';
import type { InetFamily } from '../../source/core/model/names.ts';
import { backlogContract } from './contract-backlog.ts';
import { closingContract } from './contract-closing.ts';
import { connectContract } from './contract-connect.ts';
import { datagramContract } from './contract-datagram.ts';
import { fileContract } from './contract-file.ts';
import { insideContract } from './contract-inside.ts';
import { nameContract } from './contract-names.ts';
import { optionContract } from './contract-options.ts';
import { receiveContract } from './contract-receive.ts';
import { sendContract } from './contract-send.ts';
import type { MakeDriver } from './hands.ts';

/**
 * `exact`: what the kernel does is what the driver shows, call by call. A driver that reads and accepts ahead is
 * held to everything but that.
 */
export type Subject = { readonly make: MakeDriver; readonly exact: boolean; readonly family: InetFamily };

const families: readonly InetFamily[] = ['AF_INET', 'AF_INET6'];

/** What every driver must do, stated for each call as value, errno and Python class, on IPv4 and IPv6. */
export const driverContract = (name: string, make: MakeDriver, exact: boolean): void => {
  describe.each(families)(`${name}, %s`, family => {
    const subject: Subject = { make, exact, family };
    connectContract(subject);
    backlogContract(subject);
    receiveContract(subject);
    sendContract(subject);
    closingContract(subject);
    datagramContract(subject);
    fileContract(subject);
    insideContract(subject);
    optionContract(subject);
    nameContract(subject);
  });
};
