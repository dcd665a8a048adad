/*
 * tcp-exchange PORT CONNECTIONS BYTES WRITESIZE
 *
 * Both sides of an exchange: with PORT 0 it listens on a free port of 127.0.0.1 and takes so many connections, else it
 * makes them. On each it writes BYTES, ends its direction, and reads to the end of the other, at once. What it writes are
 * numbers of 8 bytes in this machine's order, a seed and its successors; no other stream has the same seed. Each
 * stream that comes must be such a one, of BYTES bytes.
 * Prints "listening PORT" where it listens, and at the end "exchanged BYTES SECONDS", all that it has received, from the
 * first connection to the last EOF; "wrong OFFSET" before it where a stream is none.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct stream {
  int connection;
  uint64_t seed;
  long long received, wrong;
};

static long long bytes;
static size_t size;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void *send_all(void *of) {
  struct stream *stream = of;
  uint64_t *numbers = malloc(size), next = stream->seed;
  for (long long left = bytes; left > 0;) {
    size_t part = left < (long long)size ? (size_t)left : size;
    for (size_t i = 0; i < part / 8; i++) numbers[i] = next++;
    for (size_t done = 0; done < part;) {
      ssize_t wrote = send(stream->connection, (char *)numbers + done, part - done, MSG_NOSIGNAL);
      if (wrote < 0) die("send");
      done += wrote;
    }
    left -= part;
  }
  shutdown(stream->connection, SHUT_WR);
  free(numbers);
  return NULL;
}

static void *receive_all(void *of) {
  struct stream *stream = of;
  unsigned char *data = malloc(size + 8);
  uint64_t expected = 0;
  size_t held = 0;
  for (;;) {
    ssize_t got = read(stream->connection, data + held, size);
    if (got < 0) die("read");
    if (got == 0) break;
    size_t whole = (held + got) / 8;
    for (size_t i = 0; i < whole; i++) {
      uint64_t number;
      memcpy(&number, data + 8 * i, 8);
      long long at = stream->received - (long long)held + 8 * (long long)i;
      if (at > 0 && number != expected && stream->wrong < 0) stream->wrong = at;
      expected = number + 1;
    }
    stream->received += got;
    held = held + got - 8 * whole;
    memmove(data, data + 8 * whole, held);
  }
  free(data);
  if (stream->received != bytes && stream->wrong < 0) stream->wrong = stream->received;
  return NULL;
}

static int listen_here(int backlog) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof at;
  if (listener < 0 || bind(listener, (struct sockaddr *)&at, length) != 0) die("bind");
  if (listen(listener, backlog) != 0) die("listen");
  getsockname(listener, (struct sockaddr *)&at, &length);
  printf("listening %d\n", ntohs(at.sin_port));
  fflush(stdout);
  return listener;
}

static int connect_to(int port) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  to.sin_port = htons(port);
  int connection = socket(AF_INET, SOCK_STREAM, 0);
  if (connection < 0 || connect(connection, (struct sockaddr *)&to, sizeof to) != 0) die("connect");
  return connection;
}

int main(int count, char **words) {
  if (count < 5) return 2;
  int port = atoi(words[1]), connections = atoi(words[2]);
  bytes = atoll(words[3]);
  size = strtoul(words[4], NULL, 10);
  int listener = port == 0 ? listen_here(connections) : -1;
  struct stream *streams = calloc(connections, sizeof *streams);
  pthread_t *threads = calloc(2 * connections, sizeof *threads);
  double began = 0;
  for (int i = 0; i < connections; i++) {
    int connection = listener < 0 ? connect_to(port) : accept(listener, NULL, NULL);
    if (connection < 0) die("accept");
    if (i == 0) began = now();
    uint64_t seed = ((uint64_t)getpid() << 40) + ((uint64_t)i << 32);
    streams[i] = (struct stream){.connection = connection, .seed = seed, .wrong = -1};
    if (pthread_create(&threads[2 * i], NULL, send_all, &streams[i]) != 0) die("pthread_create");
    if (pthread_create(&threads[2 * i + 1], NULL, receive_all, &streams[i]) != 0) die("pthread_create");
  }
  long long received = 0, wrong = -1;
  for (int i = 0; i < 2 * connections; i++) pthread_join(threads[i], NULL);
  for (int i = 0; i < connections; i++) {
    received += streams[i].received;
    if (wrong < 0) wrong = streams[i].wrong;
  }
  if (wrong >= 0) printf("wrong %lld\n", wrong);
  printf("exchanged %lld %.6f\n", received, now() - began);
  return 0;
}
