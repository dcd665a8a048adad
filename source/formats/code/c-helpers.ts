/** Functions that calls are written with; each stands in the code only where something calls it. */
export const cHelpers: Readonly<Record<string, string>> = {
  fail: `static void fail(const char *what)
{
    perror(what);
    exit(1);
}`,
  resolve: `static socklen_t resolve(int family, int type, const char *host, const char *port, struct sockaddr_storage *at)
{
    struct addrinfo hints = { .ai_family = family, .ai_socktype = type, .ai_flags = AI_PASSIVE }, *found;
    int error = getaddrinfo(host[0] ? host : NULL, port, &hints, &found);
    if (error != 0) {
        printf("%s: %s\\n", host, gai_strerror(error));
        exit(1);
    }
    socklen_t size = found->ai_addrlen;
    memcpy(at, found->ai_addr, size);
    freeaddrinfo(found);
    return size;
}`,
  send_all: `static void send_all(int fd, const char *data, size_t size)
{
    for (size_t sent = 0; sent < size;) {
        ssize_t count = send(fd, data + sent, size - sent, MSG_NOSIGNAL);
        if (count < 0) fail("send");
        sent += count;
    }
}`,
  repeated: `static char *repeated(const char *unit, size_t length, size_t size)
{
    char *data = malloc(size + 1);
    if (data == NULL) fail("malloc");
    for (size_t i = 0; i < size; i++) data[i] = unit[i % length];
    return data;
}`,
  contents: `static char *contents(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail(path);
    fseek(file, 0, SEEK_END);
    *size = ftell(file);
    rewind(file);
    char *data = malloc(*size + 1);
    if (data == NULL || fread(data, 1, *size, file) != *size) fail(path);
    fclose(file);
    return data;
}`,
  print_address: `static void print_address(const struct sockaddr *at, socklen_t size)
{
    char host[NI_MAXHOST], port[NI_MAXSERV];
    int error = getnameinfo(at, size, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    if (error != 0) printf("%s\\n", gai_strerror(error));
    else printf("%s %s\\n", host, port);
}`,
};

/** Headers, and what in a program needs each (the man page of that function or constant). */
const headers: readonly (readonly [string, RegExp])[] = [
  ['arpa/inet.h', /\b(inet_pton|htons|ntohs)\b/],
  ['fcntl.h', /\bfcntl\b/],
  ['net/if.h', /\bif_nametoindex\b/],
  ['netdb.h', /\b(getaddrinfo|getnameinfo|getservby\w+|gai_strerror)\b/],
  ['netinet/in.h', /\b(sockaddr_in6?|in_addr|ip_mreq|ipv6_mreq|IPPROTO_\w+|IP_\w+|IPV6_\w+)\b/],
  ['netinet/tcp.h', /\bTCP_\w+/],
  ['netinet/udp.h', /\bUDP_\w+/],
  ['stddef.h', /\boffsetof\b/],
  ['stdio.h', /\b(perror|printf|FILE)\b/],
  ['stdlib.h', /\b(exit|malloc|free)\b/],
  ['string.h', /\b(memcpy|strcpy|strlen)\b/],
  ['sys/socket.h', /./],
  ['sys/time.h', /\btimeval\b/],
  ['sys/un.h', /\bsockaddr_un\b/],
  ['unistd.h', /\bclose\(/],
];

const uses = (code: string, name: string): boolean => new RegExp(`\\b${name}\\(`).test(code);

/** What stands over code that makes calls: the headers that it needs, and the functions that it is written with. */
export const cHead = (code: string): string => {
  const names = Object.keys(cHelpers);
  const wanted = new Set(names.filter(name => uses(code, name)));
  // A helper may be written with another one.
  for (const name of [...wanted])
    for (const other of names) if (uses(cHelpers[name]!, other)) wanted.add(other);
  const helpers = names.filter(name => wanted.has(name)).map(name => cHelpers[name]!);
  const all = [code, ...helpers].join('\n');
  const includes = headers.filter(([, pattern]) => pattern.test(all)).map(([file]) => `#include <${file}>`);
  return [includes.join('\n'), ...helpers].join('\n\n');
};
