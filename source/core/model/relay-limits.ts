/**
 * Ms after which a relay of datagrams closes the pair of a sender that has been silent: the least that RFC 4787, REQ-5, lets a
 * NAT have.
 */
export const idleTime = 120_000;

/** So many senders a relay of datagrams has sockets for at a time: each is a descriptor, and senders may be forged. */
export const mostSenders = 256;
