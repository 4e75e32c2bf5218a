/*
 * The floor: as little as a program can do to hold MQTT connections or publish at QoS 1. One epoll loop, fixed packets, no timers,
 * no reconnects, no record. What a load generator costs beyond this is what its features cost.
 *
 *   floor connect PORT CLIENTS
 *   floor publish PORT CLIENTS MESSAGES PAYLOAD_BYTES IN_FLIGHT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { IN_FLIGHT_CONNECTS = 64, TOPIC_BYTES = 10, READ_BYTES = 65536 };

struct client { int fd, number, started, unacked; uint16_t packet_id; };

static int epoll_fd, port, clients, payload_bytes, window;
static long messages, sent, acked;
static struct client *all;
static int opened, connecting;

static void die(const char *what) { perror(what); exit(1); }

static void open_next(void) {
  struct client *c = &all[opened];
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
  struct epoll_event want = { .events = EPOLLIN | EPOLLOUT, .data.ptr = c };
  int on = 1;
  inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
  c->number = opened++;
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (c->fd < 0) die("socket");
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(c->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) die("connect");
  if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &want) < 0) die("epoll_ctl");
  connecting++;
}

static void send_connect(struct client *c) {
  struct epoll_event want = { .events = EPOLLIN, .data.ptr = c };
  unsigned char packet[64];
  char id[24];
  int length = snprintf(id, sizeof id, "floor-%d", c->number);
  unsigned char head[] = { 0x10, 13 + length, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 60, 0, 0, length };
  memcpy(packet, head, sizeof head);
  memcpy(packet + sizeof head, id, length);
  if (write(c->fd, packet, sizeof head + length) < 0) die("write");
  epoll_ctl(epoll_fd, EPOLL_CTL_MOD, c->fd, &want);
}

/* As many messages as fit into the window, in one write. */
static void publish(struct client *c) {
  static unsigned char out[READ_BYTES * 4];
  int body = 2 + TOPIC_BYTES + 2 + 1 + payload_bytes, at = 0, packet = body + (body < 128 ? 2 : 3);
  while (c->unacked < window && sent < messages && at + packet <= (int)sizeof out) {
    out[at++] = 0x32;
    if (body < 128) out[at++] = body;
    else { out[at++] = (body & 127) | 128; out[at++] = body >> 7; }
    out[at++] = 0; out[at++] = TOPIC_BYTES;
    at += sprintf((char *)out + at, "weir/%05d", c->number);
    if (++c->packet_id == 0) c->packet_id = 1;
    out[at++] = c->packet_id >> 8; out[at++] = c->packet_id & 255;
    out[at++] = 0;
    memset(out + at, 'x', payload_bytes);
    at += payload_bytes;
    c->unacked++; sent++;
  }
  if (at > 0 && write(c->fd, out, at) != at) die("write");
}

static void take(struct client *c) {
  static unsigned char in[READ_BYTES];
  int n = read(c->fd, in, sizeof in), before = c->unacked;
  if (n <= 0) die("read");
  if (!c->started) { c->started = 1; connecting--; if (opened < clients) open_next(); }
  else for (int at = 0; at + 1 < n; at += in[at + 1] + 2)
    if ((in[at] & 0xf0) == 0x40) { c->unacked--; acked++; }
  if (messages && (c->unacked < before || before == 0)) publish(c);
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  struct epoll_event events[256];
  port = atoi(argv[2]); clients = atoi(argv[3]);
  if (argc > 6) { messages = atol(argv[4]); payload_bytes = atoi(argv[5]); window = atoi(argv[6]); }
  all = calloc(clients, sizeof *all);
  epoll_fd = epoll_create1(0);
  while (opened < clients && connecting < IN_FLIGHT_CONNECTS) open_next();
  while (messages == 0 || acked < messages) {
    int n = epoll_wait(epoll_fd, events, 256, -1);
    for (int i = 0; i < n; i++) {
      struct client *c = events[i].data.ptr;
      if (events[i].events & (EPOLLERR | EPOLLHUP)) { fprintf(stderr, "a connection ended\n"); return 1; }
      if (events[i].events & EPOLLOUT) send_connect(c);
      if (events[i].events & EPOLLIN) take(c);
    }
  }
  return 0;
}
