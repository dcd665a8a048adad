/*
 * udp-flood PORT COUNT SIZE
 *
 * Sends COUNT datagrams of SIZE zeros to a port of 127.0.0.1, as fast as it can. Prints "sent TAKEN SECONDS": TAKEN of
 * them the kernel took. Those that it then drops because the receiver's buffer is full are among them.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

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
  long total = atol(words[2]), taken = 0;
  size_t size = strtoul(words[3], NULL, 10);
  char *data = calloc(1, size + 1);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  to.sin_port = htons(atoi(words[1]));
  int sender = socket(AF_INET, SOCK_DGRAM, 0);
  if (sender < 0 || connect(sender, (struct sockaddr *)&to, sizeof to) != 0) die("connect");
  double began = now();
  for (long i = 0; i < total; i++)
    if (send(sender, data, size, 0) >= 0) taken++;
  printf("sent %ld %.6f\n", taken, now() - began);
  return 0;
}
