/**
 * Socket options that are an int, by Python's names and Linux's numbers. Sources: asm-generic/socket.h,
 * linux/tcp.h, linux/in.h, linux/in6.h of the kernel; socket(7), tcp(7), ip(7), ipv6(7).
 */
const levels: Readonly<
  Record<string, { readonly number: number; readonly options: Readonly<Record<string, number>> }>
> = {
  SOL_SOCKET: {
    number: 1,
    options: {
      SO_REUSEADDR: 2,
      SO_TYPE: 3,
      SO_ERROR: 4,
      SO_DONTROUTE: 5,
      SO_BROADCAST: 6,
      SO_SNDBUF: 7,
      SO_RCVBUF: 8,
      SO_KEEPALIVE: 9,
      SO_OOBINLINE: 10,
      SO_PRIORITY: 12,
      SO_REUSEPORT: 15,
      SO_RCVLOWAT: 18,
      SO_ACCEPTCONN: 30,
      SO_PROTOCOL: 38,
      SO_DOMAIN: 39,
    },
  },
  IPPROTO_TCP: {
    number: 6,
    options: {
      TCP_NODELAY: 1,
      TCP_MAXSEG: 2,
      TCP_CORK: 3,
      TCP_KEEPIDLE: 4,
      TCP_KEEPINTVL: 5,
      TCP_KEEPCNT: 6,
      TCP_SYNCNT: 7,
      TCP_LINGER2: 8,
      TCP_DEFER_ACCEPT: 9,
      TCP_WINDOW_CLAMP: 10,
      TCP_QUICKACK: 12,
      TCP_USER_TIMEOUT: 18,
      TCP_FASTOPEN: 23,
      TCP_NOTSENT_LOWAT: 25,
    },
  },
  IPPROTO_IP: {
    number: 0,
    options: {
      IP_TOS: 1,
      IP_TTL: 2,
      IP_MTU_DISCOVER: 10,
      IP_MTU: 14,
      IP_MULTICAST_TTL: 33,
      IP_MULTICAST_LOOP: 34,
    },
  },
  IPPROTO_IPV6: {
    number: 41,
    options: {
      IPV6_UNICAST_HOPS: 16,
      IPV6_MULTICAST_HOPS: 18,
      IPV6_MULTICAST_LOOP: 19,
      IPV6_MTU: 24,
      IPV6_V6ONLY: 26,
      IPV6_TCLASS: 67,
    },
  },
};

/** Python has both spellings of some levels. */
const otherNames: Readonly<Record<string, string>> = {
  SOL_TCP: 'IPPROTO_TCP',
  SOL_IP: 'IPPROTO_IP',
  SOL_IPV6: 'IPPROTO_IPV6',
};

/** A level's one name here: SOL_TCP is IPPROTO_TCP. */
export const levelName = (level: string): string => otherNames[level] ?? level;

/** The numbers of an int option; undefined for a name that is not in the table. */
export const intOption = (level: string, option: string): { level: number; option: number } | undefined => {
  const known = Object.hasOwn(levels, levelName(level)) ? levels[levelName(level)] : undefined;
  const number = known && Object.hasOwn(known.options, option) ? known.options[option] : undefined;
  return known && number !== undefined ? { level: known.number, option: number } : undefined;
};

/** Every int option: its level and its name. */
export const intOptions: readonly (readonly [level: string, option: string])[] = Object.entries(
  levels,
).flatMap(([level, { options }]) => Object.keys(options).map(option => [level, option] as const));
