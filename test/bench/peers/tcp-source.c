/*
 * tcp-source PORT BYTES WRITESIZE
 *
 * Connects to a port of 127.0.0.1, writes BYTES zeros, WRITESIZE at a time, and closes. Prints "sent BYTES SECONDS",
 * from the connect to the last write(2): what still is in the kernel's buffers then counts as sent.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int count, char **words) {
  if (count < 4) return 2;
  long long total = atoll(words[2]);
  size_t size = strtoul(words[3], NULL, 10);
  char *data = calloc(1, size);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  to.sin_port = htons(atoi(words[1]));
  int connection = socket(AF_INET, SOCK_STREAM, 0);
  if (connection < 0 || connect(connection, (struct sockaddr *)&to, sizeof to) != 0) die("connect");
  double began = now();
  for (long long left = total; left > 0;) {
    ssize_t wrote = write(connection, data, left < (long long)size ? (size_t)left : size);
    if (wrote < 0) die("write");
    left -= wrote;
  }
  double seconds = now() - began;
  close(connection);
  printf("sent %lld %.6f\n", total, seconds);
  return 0;
}
