/** Node's own, loaded by the first use: a thirtieth of the time to the first frame, and most sessions never need it. */
export const nodeCrypto = () => process.getBuiltinModule('node:crypto');

export const nodeTls = () => process.getBuiltinModule('node:tls');
