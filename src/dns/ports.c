#include "dns/ports.h"

#include "dns/message.h"
#include "dns/question.h"
#include "io/poll.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define HEADER 12     /* octets in front of the question (RFC 1035 4.1) */
#define EXPIRES 10000 /* milliseconds: c-ares has given a question up by then (dns/channel.c) */
#define REPLY_MAX 65536
#define CHANCE 34 /* octets: an identifier, and the case of letters */

/* A server, for as long as the channel lives. */
typedef struct server {
    struct server *next;
    struct sockaddr_storage address;
    socklen_t length;
    bool loses_case; /* it does not give letters back in the case in which they came */
} server;

/* What c-ares takes for a socket: a descriptor that nothing is ever sent by. */
typedef struct endpoint {
    struct endpoint *next;
    int fd;
    server *server;              /* NULL: not connected */
    const unsigned char *answer; /* what c-ares is about to be given; NULL: `error` */
    size_t answer_length;
    int error; /* EAGAIN: nothing */
} endpoint;

/* A question on its way. */
typedef struct sent {
    struct sent *next, **at;
    dns_ports *ports;
    int endpoint; /* its descriptor */
    server *server;
    int fd;
    io_poll *poll;
    int64_t expires;
    bool varied, again; /* with letters in either case; asked a second time, for they did not come back so */
    size_t length, end; /* of the query, and of its question */
    unsigned char asked[DNS_QUESTION_MAX], original[DNS_QUESTION_MAX]; /* as it left; as c-ares wrote it */
} sent;

struct dns_ports {
    io_loop *loop;
    ares_channel ares;
    server *servers;
    endpoint *endpoints;
    sent *sent;
};

/* -- What there is ------------------------------------------------------------------------------------------------- */

static endpoint *find(const dns_ports *ports, int fd)
{
    endpoint *e = ports->endpoints;

    while (e != NULL && e->fd != fd)
        e = e->next;
    return e;
}

bool dns_ports_owns(const dns_ports *ports, ares_socket_t socket)
{
    return find(ports, socket) != NULL;
}

static server *server_at(dns_ports *ports, const struct sockaddr *address, socklen_t length)
{
    server *s = ports->servers;

    while (s != NULL && (s->length != length || memcmp(&s->address, address, length) != 0))
        s = s->next;
    if (s != NULL)
        return s;
    s = base_allocate(sizeof *s);
    memcpy(&s->address, address, length);
    s->length = length;
    s->next = ports->servers;
    ports->servers = s;
    return s;
}

static void forget(sent *q)
{
    *q->at = q->next;
    if (q->next != NULL)
        q->next->at = q->at;
    io_poll_free(q->poll);
    close(q->fd);
    free(q);
}

/* Every datagram of the same question: it is answered, or its endpoint is gone. */
static void forget_all(dns_ports *ports, int fd, const unsigned char *id)
{
    sent *q = ports->sent, *next;

    for (; q != NULL; q = next) {
        next = q->next;
        if (q->endpoint == fd && (id == NULL || memcmp(q->original, id, 2) == 0))
            forget(q);
    }
}

void dns_ports_expire(dns_ports *ports)
{
    int64_t now = io_loop_now(ports->loop);
    sent *q = ports->sent, *next;

    for (; q != NULL; q = next) {
        next = q->next;
        if (q->expires <= now)
            forget(q);
    }
}

/* -- Out ----------------------------------------------------------------------------------------------------------- */

static void on_ready(void *self, int fd, bool readable, bool writable);

static int datagram_socket(int family)
{
    return socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* The system chooses the port when the socket is connected, and lets nobody's datagrams in but the server's. */
static bool leave(sent *q)
{
    const server *s = q->server;

    q->fd = datagram_socket(s->address.ss_family);
    if (q->fd < 0)
        return false;
    if (connect(q->fd, (const struct sockaddr *)&s->address, s->length) == 0 &&
        send(q->fd, q->asked, q->length, MSG_NOSIGNAL) == (ssize_t)q->length)
        q->poll = io_poll_new(q->ports->loop, q->fd, on_ready, q);
    if (q->poll != NULL)
        return true;
    close(q->fd);
    return false;
}

static bool disguise(sent *q)
{
    unsigned char chance[CHANCE];

    if (getrandom(chance, sizeof chance, 0) != (ssize_t)sizeof chance)
        return false;
    memcpy(q->asked, q->original, q->length);
    memcpy(q->asked, chance, 2);
    q->varied = !q->server->loses_case;
    if (q->varied)
        dns_question_vary(q->asked, q->end, chance + 2);
    return true;
}

static bool ask(dns_ports *ports, int fd, server *whom, const unsigned char *query, size_t length, bool again)
{
    sent *q = base_allocate(sizeof *q);

    q->ports = ports;
    q->endpoint = fd;
    q->server = whom;
    q->length = length;
    q->again = again;
    q->expires = io_loop_now(ports->loop) + EXPIRES;
    memcpy(q->original, query, length);
    q->end = dns_question_end(query, length);
    if (q->end == 0 || !disguise(q) || !leave(q)) {
        free(q);
        return false;
    }
    q->next = ports->sent;
    q->at = &ports->sent;
    if (q->next != NULL)
        q->next->at = &q->next;
    ports->sent = q;
    io_poll_wait(q->poll, true, false);
    return true;
}

/* -- In ------------------------------------------------------------------------------------------------------------ */

/* c-ares reads, and may close the endpoint. */
static void let_read(dns_ports *ports, int fd, const unsigned char *answer, size_t length, int error)
{
    endpoint *e = find(ports, fd);

    if (e == NULL)
        return;
    e->answer = answer;
    e->answer_length = length;
    e->error = error;
    ares_process_fd(ports->ares, fd, ARES_SOCKET_BAD);
    e = find(ports, fd);
    if (e == NULL)
        return;
    e->answer = NULL;
    e->error = EAGAIN;
}

/* As c-ares would have had it, had it asked by itself. */
static void hand_over(sent *q, unsigned char *reply, size_t length)
{
    dns_ports *ports = q->ports;
    int fd = q->endpoint;

    memcpy(reply, q->original, 2);
    memcpy(reply + HEADER, q->original + HEADER, q->end - HEADER);
    forget_all(ports, fd, reply);
    let_read(ports, fd, reply, length, EAGAIN);
}

/*
 * A server that loses the case of letters, or somebody who guessed port and identifier. So it is asked again, from
 * another port: only who answers like that twice is believed, and from then on asked without.
 */
static void doubt(sent *q, unsigned char *reply, size_t length)
{
    dns_ports *ports = q->ports;
    sent copy = *q;

    if (!q->varied || q->again) {
        q->server->loses_case = true;
        hand_over(q, reply, length);
        return;
    }
    forget(q);
    /* Where that cannot be sent c-ares asks again by itself. */
    ask(ports, copy.endpoint, copy.server, copy.original, copy.length, true);
}

/* An error is c-ares's to hear: nothing listens there, and it asks the next server. */
static void hand_over_error(sent *q, int error)
{
    dns_ports *ports = q->ports;
    int fd = q->endpoint;

    forget(q);
    let_read(ports, fd, NULL, 0, error);
}

static void on_ready(void *self, int fd, bool readable, bool writable)
{
    static unsigned char reply[REPLY_MAX];
    sent *q = self;
    ssize_t length;

    (void)readable, (void)writable;
    for (;;) {
        length = recv(fd, reply, sizeof reply, 0);
        if (length < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (length < 0) {
            hand_over_error(q, errno);
            return;
        }
        switch (dns_question_echo(q->asked, q->end, reply, (size_t)length)) {
        case DNS_ECHO_SAME:
            hand_over(q, reply, (size_t)length);
            return;
        case DNS_ECHO_OTHER_CASE:
            doubt(q, reply, (size_t)length);
            return;
        case DNS_ECHO_FOREIGN:
            break;
        }
    }
}

/* -- What c-ares calls --------------------------------------------------------------------------------------------- */

static ares_socket_t open_socket(int family, int type, int protocol, void *self)
{
    dns_ports *ports = self;
    int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    endpoint *e;

    if (fd < 0 || type != SOCK_DGRAM)
        return fd;
    e = base_allocate(sizeof *e);
    e->fd = fd;
    e->error = EAGAIN;
    e->next = ports->endpoints;
    ports->endpoints = e;
    return fd;
}

static int close_socket(ares_socket_t fd, void *self)
{
    dns_ports *ports = self;
    endpoint **at = &ports->endpoints, *e;

    while (*at != NULL && (*at)->fd != fd)
        at = &(*at)->next;
    e = *at;
    if (e != NULL) {
        forget_all(ports, fd, NULL);
        *at = e->next;
        free(e);
    }
    return close(fd);
}

static int connect_socket(ares_socket_t fd, const struct sockaddr *address, ares_socklen_t length, void *self)
{
    dns_ports *ports = self;
    endpoint *e = find(ports, fd);

    if (e == NULL)
        return connect(fd, address, length);
    e->server = server_at(ports, address, length);
    return 0;
}

static ares_ssize_t receive(ares_socket_t fd, void *to, size_t room, int flags, struct sockaddr *from,
                            ares_socklen_t *from_length, void *self)
{
    endpoint *e = find(self, fd);
    size_t length;

    if (e == NULL)
        return recvfrom(fd, to, room, flags, from, from_length);
    if (e->answer == NULL) {
        errno = e->error;
        e->error = EAGAIN;
        return -1;
    }
    length = e->answer_length < room ? e->answer_length : room;
    memcpy(to, e->answer, length);
    e->answer = NULL;
    memcpy(from, &e->server->address, *from_length < e->server->length ? *from_length : e->server->length);
    *from_length = e->server->length;
    return (ares_ssize_t)length;
}

static ares_ssize_t transmit(ares_socket_t fd, const struct iovec *pieces, int count, void *self)
{
    unsigned char query[DNS_QUESTION_MAX];
    endpoint *e = find(self, fd);
    size_t length = 0;

    if (e == NULL)
        return writev(fd, pieces, count);
    for (int i = 0; i < count; i++) {
        if (pieces[i].iov_len > sizeof query - length) {
            errno = EMSGSIZE;
            return -1;
        }
        memcpy(query + length, pieces[i].iov_base, pieces[i].iov_len);
        length += pieces[i].iov_len;
    }
    return e->server != NULL && ask(self, fd, e->server, query, length, false) ? (ares_ssize_t)length : -1;
}

static const struct ares_socket_functions functions = {open_socket, close_socket, connect_socket, receive, transmit};

dns_ports *dns_ports_new(io_loop *loop)
{
    dns_ports *ports = base_allocate(sizeof *ports);

    ports->loop = loop;
    return ports;
}

void dns_ports_serve(dns_ports *ports, ares_channel ares)
{
    ports->ares = ares;
    ares_set_socket_functions(ares, &functions, ports);
}

void dns_ports_free(dns_ports *ports)
{
    if (ports == NULL)
        return;
    while (ports->servers != NULL) {
        server *next = ports->servers->next;

        free(ports->servers);
        ports->servers = next;
    }
    free(ports);
}
