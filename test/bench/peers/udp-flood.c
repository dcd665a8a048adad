/*
 * udp-flood PORT COUNT SIZE [SEED]
 *
 * Sends COUNT datagrams of SIZE zeros to a port of 127.0.0.1, as fast as it can. Prints "sent TAKEN SECONDS": TAKEN of
 * them the kernel took. Those that it then drops because the receiver's buffer is full are among them.
 * With SEED they are of any size from 8 bytes to SIZE, each begins with its number, from 0, in this machine's order, and
 * there are pauses.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* Marsaglia's xorshift64. */
static uint64_t next(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  return *state ^= *state << 17;
}

/* Numbers the datagram, and says how long it is to be. */
static size_t number_it(char *data, uint64_t number, size_t most, uint64_t *chance) {
  memcpy(data, &number, 8);
  if (next(chance) % 2000 == 0) usleep(next(chance) % 20000);
  return 8 + next(chance) % (most - 7);
}

int main(int count, char **words) {
  if (count < 4) return 2;
  long total = atol(words[2]), taken = 0;
  size_t most = strtoul(words[3], NULL, 10), size = most;
  uint64_t chance = count > 4 ? strtoul(words[4], NULL, 10) * 2654435761u + 1 : 0;
  char *data = calloc(1, most + 8);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  to.sin_port = htons(atoi(words[1]));
  int sender = socket(AF_INET, SOCK_DGRAM, 0);
  if (sender < 0 || connect(sender, (struct sockaddr *)&to, sizeof to) != 0) die("connect");
  double began = now();
  for (long i = 0; i < total; i++) {
    if (chance != 0) size = number_it(data, i, most, &chance);
    if (send(sender, data, size, 0) >= 0) taken++;
  }
  printf("sent %ld %.6f\n", taken, now() - began);
  return 0;
}
