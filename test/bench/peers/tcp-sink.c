/*
 * tcp-sink READSIZE [check]
 *
 * Listens on a free port of 127.0.0.1, takes one connection and reads it to its end, READSIZE bytes at a time.
 * Prints "listening PORT", and at the end "received BYTES SECONDS", from the first byte to the EOF.
 *
 * With `check` the stream has to be the numbers 0 to 524287 over and over, each 8 bytes in this machine's order (a
 * period of 4 MiB). Prints "wrong OFFSET" before the rest where a byte is another.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { period = 4 << 20 };

static uint64_t numbers[period / 8];

static void die(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static int accept_one(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof at;
  if (listener < 0 || bind(listener, (struct sockaddr *)&at, length) != 0) die("bind");
  if (listen(listener, 1) != 0) die("listen");
  getsockname(listener, (struct sockaddr *)&at, &length);
  printf("listening %d\n", ntohs(at.sin_port));
  fflush(stdout);
  int connection = accept(listener, NULL, NULL);
  if (connection < 0) die("accept");
  return connection;
}

/* The first of `count` bytes that is not what belongs at `offset` of the stream; -1 where all are right. */
static long long first_wrong(const unsigned char *data, size_t count, long long offset) {
  const unsigned char *expected = (const unsigned char *)numbers;
  for (size_t done = 0; done < count;) {
    size_t at = (offset + done) % period;
    size_t part = count - done < period - at ? count - done : period - at;
    if (memcmp(data + done, expected + at, part) != 0)
      for (size_t i = 0; i < part; i++)
        if (data[done + i] != expected[at + i]) return offset + done + i;
    done += part;
  }
  return -1;
}

int main(int count, char **words) {
  if (count < 2) return 2;
  size_t size = strtoul(words[1], NULL, 10);
  int check = count > 2;
  unsigned char *data = malloc(size);
  for (size_t i = 0; i < period / 8; i++) numbers[i] = i;
  int connection = accept_one();
  long long total = 0, wrong = -1;
  ssize_t got = read(connection, data, size);
  double began = now();
  for (; got > 0; got = read(connection, data, size)) {
    if (check && wrong < 0) wrong = first_wrong(data, got, total);
    total += got;
  }
  double seconds = now() - began;
  if (got < 0) die("read");
  if (wrong >= 0) printf("wrong %lld\n", wrong);
  printf("received %lld %.6f\n", total, seconds);
  return 0;
}
