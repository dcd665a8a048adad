/*
 * tcp-streams PORT CONNECTIONS BYTES MOST OTHERS [cut]
 *
 * Streams both ways at once, in writes and reads of any size up to MOST bytes, with pauses, while others are reset. With
 * PORT 0 it listens on a free port of 127.0.0.1 until CONNECTIONS streams are whole, both ways; else it makes as many, and
 * beside them, for as long as they last but OTHERS at least, connections that send something and are reset.
 * On each it writes BYTES, a multiple of 8, ends its direction, and reads to the end of the other. What it writes are numbers of
 * 8 bytes in this machine's order: the upper half is the stream's own, the lower one counts from 0. What comes must be such a
 * stream, of BYTES bytes; one that is reset is another's, unless this program has made it, and with `cut` so is one that ends
 * too soon: not everything that passes a reset on can do so without a FIN before it.
 * Prints "listening PORT" where it listens, "stream SENT RECEIVED" of each that is whole, the upper halves in hex, "wrong
 * OFFSET" of one that is none, and at the end "exchanged STREAMS OTHERS": how many there were of both.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { block = 1 << 20, rarely = 64, longest_pause = 20000 };

struct stream {
  int connection, is_ours, is_broken;
  uint64_t own, came, chance;
};

static long long bytes;
static size_t most;
static int wanted, whole, resets, over, may_be_cut;
static uint32_t streams;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void die(const char *what) {
  perror(what);
  exit(1);
}

/* Marsaglia's xorshift64. */
static uint64_t next(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  return *state ^= *state << 17;
}

/* From 1 to `most`, small ones as often as large ones. */
static size_t any_size(uint64_t *state) {
  size_t top = (size_t)1 << (next(state) % 21);
  return 1 + next(state) % (top < most ? top : most);
}

static void rest_at_times(uint64_t *state) {
  if (next(state) % rarely == 0) usleep(next(state) % longest_pause);
}

static uint64_t number_own(void) {
  pthread_mutex_lock(&lock);
  uint64_t own = ((uint64_t)getpid() << 40) + ((uint64_t)++streams << 32);
  pthread_mutex_unlock(&lock);
  return own;
}

/* Writes the first `total` bytes of a stream; 0 where the peer has gone. */
static int send_some(struct stream *stream, long long total) {
  uint64_t *numbers = malloc(block), number = stream->own, chance = stream->chance;
  int sent = 1;
  for (long long left = total; sent && left > 0;) {
    size_t part = left < block ? (size_t)left : block;
    for (size_t i = 0; i < part / 8; i++) numbers[i] = number++;
    for (size_t done = 0; sent && done < part;) {
      size_t size = any_size(&chance), rest = part - done;
      ssize_t wrote = send(stream->connection, (char *)numbers + done, size < rest ? size : rest, MSG_NOSIGNAL);
      sent = wrote > 0;
      done += sent ? wrote : 0;
      rest_at_times(&chance);
    }
    left -= part;
  }
  free(numbers);
  return sent;
}

static void *send_all(void *of) {
  struct stream *stream = of;
  stream->is_broken = !send_some(stream, bytes);
  if (!stream->is_broken) shutdown(stream->connection, SHUT_WR);
  return NULL;
}

static void wrong(long long at) {
  printf("wrong %lld\n", at);
  fflush(stdout);
}

/* Reads to the end; answers the bytes that came, -1 for a reset. */
static long long receive_all(struct stream *stream) {
  unsigned char *data = malloc(most + 8);
  uint64_t expected = 0, chance = ~stream->chance;
  long long received = 0;
  int said = 0;
  size_t held = 0;
  for (;;) {
    ssize_t got = read(stream->connection, data + held, any_size(&chance));
    if (got <= 0) {
      free(data);
      return got == 0 ? received : -1;
    }
    size_t count = (held + got) / 8;
    for (size_t i = 0; i < count; i++) {
      uint64_t number;
      memcpy(&number, data + 8 * i, 8);
      long long at = received - (long long)held + 8 * (long long)i;
      if (at == 0) stream->came = expected = number & ~(uint64_t)0xffffffff;
      if (number != expected && !said++) wrong(at);
      expected = number + 1;
    }
    received += got;
    held = held + got - 8 * count;
    memmove(data, data + 8 * count, held);
    rest_at_times(&chance);
  }
}

static void *play(void *of) {
  struct stream *stream = of;
  pthread_t sender;
  if (pthread_create(&sender, NULL, send_all, stream) != 0) die("pthread_create");
  long long received = receive_all(stream);
  pthread_join(sender, NULL);
  close(stream->connection);
  pthread_mutex_lock(&lock);
  if (received < 0 && stream->is_ours) die("read");
  /* Linux tells of a reset once: where the sender heard of it, the reader finds but an end (tcp(7), SO_ERROR of socket(7)). */
  int is_reset = received < 0 || (stream->is_broken && !stream->is_ours);
  int is_others = is_reset || (may_be_cut && received < bytes);
  if (is_others) resets++;
  else if (received != bytes) wrong(received);
  if (!is_others) {
    printf("stream %llx %llx\n", (unsigned long long)stream->own >> 32, (unsigned long long)stream->came >> 32);
    whole++;
  }
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&lock);
  free(stream);
  return NULL;
}

static void begin(int connection, int is_ours) {
  struct stream *stream = malloc(sizeof *stream);
  uint64_t own = number_own();
  *stream = (struct stream){.connection = connection, .is_ours = is_ours, .own = own, .chance = own * 2654435761u + 1};
  pthread_t player;
  if (pthread_create(&player, NULL, play, stream) != 0) die("pthread_create");
  pthread_detach(player);
}

static int connect_to(int port) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  to.sin_port = htons(port);
  int connection = socket(AF_INET, SOCK_STREAM, 0);
  if (connection < 0) die("socket");
  if (connect(connection, (struct sockaddr *)&to, sizeof to) == 0) return connection;
  close(connection);
  return -1;
}

struct reset {
  int port, least;
};

static int is_over(void) {
  pthread_mutex_lock(&lock);
  int answer = over;
  pthread_mutex_unlock(&lock);
  return answer;
}

/* Others: each sends something, waits a little, and is reset. */
static void *reset_others(void *of) {
  struct reset *reset = of;
  struct linger at_once = {.l_onoff = 1, .l_linger = 0};
  for (int n = 0; reset->least > 0 && (n < reset->least || !is_over()); n++) {
    uint64_t own = number_own();
    struct stream stream = {.connection = connect_to(reset->port), .own = own, .chance = own * 2654435761u + 1};
    /* Who listened has all that it waited for. */
    if (stream.connection < 0) return NULL;
    uint64_t chance = ~stream.chance;
    /* What nobody reads fills up: no more than what the kernel's buffers have room for. */
    send_some(&stream, 8 * (next(&chance) % 4096));
    usleep(next(&chance) % longest_pause);
    setsockopt(stream.connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(stream.connection);
    pthread_mutex_lock(&lock);
    resets++;
    pthread_mutex_unlock(&lock);
  }
  return NULL;
}

static void await_whole(void) {
  pthread_mutex_lock(&lock);
  while (whole < wanted) pthread_cond_wait(&changed, &lock);
  over = 1;
  pthread_mutex_unlock(&lock);
}

static int listener;

static void *accept_all(void *of) {
  (void)of;
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    if (connection < 0 && errno != ECONNABORTED) die("accept");
    if (connection >= 0) begin(connection, 0);
  }
  return NULL;
}

static void listen_here(void) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof at;
  listener = socket(AF_INET, SOCK_STREAM, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&at, length) != 0 || listen(listener, 128) != 0) die("listen");
  getsockname(listener, (struct sockaddr *)&at, &length);
  printf("listening %d\n", ntohs(at.sin_port));
  fflush(stdout);
  pthread_t acceptor;
  if (pthread_create(&acceptor, NULL, accept_all, NULL) != 0) die("pthread_create");
  await_whole();
}

static void connect_all(int port, int others) {
  struct reset reset = {.port = port, .least = others};
  pthread_t resetter;
  if (pthread_create(&resetter, NULL, reset_others, &reset) != 0) die("pthread_create");
  for (int i = 0; i < wanted; i++) {
    int connection = connect_to(port);
    if (connection < 0) die("connect");
    begin(connection, 1);
  }
  await_whole();
  pthread_join(resetter, NULL);
}

int main(int count, char **words) {
  if (count < 6) return 2;
  int port = atoi(words[1]);
  wanted = atoi(words[2]);
  bytes = atoll(words[3]);
  most = strtoul(words[4], NULL, 10);
  may_be_cut = count > 6;
  if (port == 0) listen_here();
  else connect_all(port, atoi(words[5]));
  printf("exchanged %d %d\n", whole, resets);
  return 0;
}
