/* Programs whose first thread ends while another waits: first-thread-ended KIND. Each process says its number, then waits. */
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *kind;
static int end;

static int is(const char *name) { return strcmp(kind, name) == 0; }

static int listener(struct sockaddr_in *address) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  socklen_t length = sizeof *address;
  *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  bind(fd, (struct sockaddr *)address, length);
  listen(fd, 1);
  getsockname(fd, (struct sockaddr *)address, &length);
  return fd;
}

static void *waits(void *unused) {
  char byte;
  struct pollfd polled = {.fd = end, .events = POLLIN};
  if (is("accept"))
    accept(end, NULL, NULL);
  else if (is("poll"))
    poll(&polled, 1, -1);
  else
    recv(end, &byte, 1, 0);
  return unused;
}

/* Both ends of a connection, each of a process of its own. */
static void pair(void) {
  struct sockaddr_in address;
  int server = listener(&address);
  int client = socket(AF_INET, SOCK_STREAM, 0);
  connect(client, (struct sockaddr *)&address, sizeof address);
  int accepted = accept(server, NULL, NULL);
  close(server);
  int first = fork() != 0;
  close(first ? accepted : client);
  end = first ? client : accepted;
}

int main(int count, char **words) {
  struct sockaddr_in address;
  pthread_t thread;
  kind = count > 1 ? words[1] : "";
  if (is("accept"))
    end = listener(&address);
  else
    pair();
  if (is("SO_RCVTIMEO")) {
    struct timeval limit = {.tv_sec = 1000000};
    setsockopt(end, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  pthread_create(&thread, NULL, waits, NULL);
  printf("process %d\n", getpid());
  if (is("accept")) printf("port %d\n", ntohs(address.sin_port));
  fflush(stdout);
  pthread_exit(NULL);
}
