#include "dns/channel.h"

#include "dns/hosts_file.h"
#include "dns/ports.h"
#include "io/poll.h"

#include "base/memory.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#define TICK 250 /* milliseconds between looks at c-ares's own timeouts */
/* Milliseconds until a question that got no answer is put again, twice as many the next time, and how often it is put:
   one datagram may get lost, and the resolve phase has 5 s. */
#define AGAIN 1000
#define TRIES 3

/* c-ares tells which sockets it waits for; each is polled on the loop, but those of datagrams (dns/ports.h). */
typedef struct watch watch;
struct watch {
    watch *next;
    ares_socket_t socket;
    io_poll *poll; /* NULL: datagrams */
};

struct dns_channel {
    io_loop *loop;
    ares_channel ares;
    dns_ports *ports;
    watch *watches;
    io_timer *tick;
    base_buffer hosts; /* of dns/hosts_file.h */
};

typedef struct asked {
    dns_replied *replied;
    void *self;
} asked;

/* -- c-ares on the loop -------------------------------------------------------------------------------------------- */

static void on_tick(void *self)
{
    dns_channel *channel = self;

    ares_process_fd(channel->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    dns_ports_expire(channel->ports);
    if (channel->watches != NULL)
        io_timer_start(channel->tick, TICK);
}

static void on_poll(void *self, int fd, bool readable, bool writable)
{
    const dns_channel *channel = self;

    ares_process_fd(channel->ares, readable ? fd : ARES_SOCKET_BAD, writable ? fd : ARES_SOCKET_BAD);
}

static watch *watch_new(dns_channel *channel, ares_socket_t socket)
{
    bool datagrams = dns_ports_owns(channel->ports, socket);
    io_poll *poll = datagrams ? NULL : io_poll_new(channel->loop, socket, on_poll, channel);
    watch *w;

    if (poll == NULL && !datagrams)
        return NULL;
    w = base_allocate(sizeof *w);
    w->socket = socket;
    w->poll = poll;
    w->next = channel->watches;
    channel->watches = w;
    io_timer_start(channel->tick, TICK);
    return w;
}

static void unwatch(watch **at)
{
    watch *w = *at;

    *at = w->next;
    if (w->poll != NULL)
        io_poll_free(w->poll);
    free(w);
}

static void on_socket_state(void *self, ares_socket_t socket, int readable, int writable)
{
    dns_channel *channel = self;
    watch **at = &channel->watches, *w;

    while (*at != NULL && (*at)->socket != socket)
        at = &(*at)->next;
    if (!readable && !writable) {
        if (*at != NULL)
            unwatch(at);
        if (channel->watches == NULL)
            io_timer_stop(channel->tick);
        return;
    }
    w = *at != NULL ? *at : watch_new(channel, socket);
    if (w != NULL && w->poll != NULL)
        io_poll_wait(w->poll, readable != 0, writable != 0);
}

static int start(dns_channel *channel, const char *servers, bool plain)
{
    static char dns_alone[] = "b"; /* /etc/hosts is read here, for both families together */
    const int given = ARES_OPT_FLAGS | ARES_OPT_SOCK_STATE_CB | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS;
    struct ares_options options = {.timeout = AGAIN,
                                   .tries = TRIES,
                                   .lookups = dns_alone,
                                   .sock_state_cb = on_socket_state,
                                   .sock_state_cb_data = channel};
    int status = ares_library_init(ARES_LIB_INIT_ALL);

    if (status != ARES_SUCCESS)
        return status;
    /* A search list, or HOSTALIASES, could answer for a name with the address of another one. */
    options.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | (plain ? ARES_FLAG_NOCHECKRESP : 0);
    status = ares_init_options(&channel->ares, &options, given);
    if (status == ARES_SUCCESS)
        dns_ports_serve(channel->ports, channel->ares);
    if (status == ARES_SUCCESS && servers != NULL)
        status = ares_set_servers_ports_csv(channel->ares, servers);
    return status;
}

dns_channel *dns_channel_new(io_loop *loop, const char *servers, bool plain, base_error *error)
{
    dns_channel *channel = base_allocate(sizeof *channel);
    int status;

    channel->loop = loop;
    channel->ports = dns_ports_new(loop);
    channel->tick = io_timer_new(loop, on_tick, channel);
    dns_hosts_file_open(&channel->hosts, DNS_HOSTS_FILE);
    status = start(channel, servers, plain);
    if (status == ARES_SUCCESS)
        return channel;
    if (servers != NULL)
        base_error_set(error,
                       "'%s' is not ADDRESS[:PORT], or several with commas: 192.0.2.53 or [2001:db8::53]:5353 (%s)",
                       BASE_CUT(servers), ares_strerror(status));
    else
        base_error_set(error, "cannot start the resolver: %s", ares_strerror(status));
    dns_channel_free(channel);
    return NULL;
}

void dns_channel_free(dns_channel *channel)
{
    if (channel == NULL)
        return;
    if (channel->ares != NULL)
        ares_destroy(channel->ares);
    ares_library_cleanup();
    dns_ports_free(channel->ports);
    while (channel->watches != NULL)
        unwatch(&channel->watches);
    io_timer_free(channel->tick);
    base_buffer_done(&channel->hosts);
    free(channel);
}

/* -- Questions ----------------------------------------------------------------------------------------------------- */

static facts_dns_status status_of(int status)
{
    switch (status) {
    case ARES_SUCCESS:
    case ARES_ENODATA:
        return FACTS_DNS_NO_DATA;
    case ARES_ENOTFOUND:
        return FACTS_DNS_NAME_UNKNOWN;
    case ARES_EREFUSED:
        return FACTS_DNS_REFUSED;
    case ARES_ESERVFAIL:
    case ARES_ENOTIMP:
    case ARES_EFORMERR:
        return FACTS_DNS_SERVER_FAILURE;
    case ARES_ETIMEOUT:
        return FACTS_DNS_TIMEOUT;
    case ARES_EBADRESP:
    case ARES_EBADNAME:
        return FACTS_DNS_MALFORMED;
    default:
        return FACTS_DNS_UNREACHABLE;
    }
}

static void on_answer(void *self, int status, int timeouts, unsigned char *bytes, int length)
{
    asked a = *(asked *)self;
    dns_reply reply = {.status = status_of(status), .detail = ares_strerror(status)};

    (void)timeouts;
    if (bytes != NULL && length > 0) {
        reply.bytes = bytes;
        reply.length = (size_t)length;
    }
    free(self);
    a.replied(a.self, &reply);
}

void dns_channel_ask(dns_channel *channel, const char *name, dns_type type, dns_replied *replied, void *self)
{
    asked *a = base_allocate(sizeof *a);

    *a = (asked){replied, self};
    ares_query(channel->ares, name, DNS_CLASS_IN, (int)type, on_answer, a);
}

size_t dns_channel_hosts_file(dns_channel *channel, const char *name, int port, io_address *addresses, size_t capacity)
{
    static const int families[] = {AF_INET6, AF_INET};
    size_t count = 0;

    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        struct hostent *entry = NULL;
        int status = ares_gethostbyname_file(channel->ares, name, families[i], &entry);

        if (status == ARES_EFILE)
            return dns_hosts_file_find(&channel->hosts, name, port, addresses, capacity);
        if (status != ARES_SUCCESS)
            continue;
        for (char **at = entry->h_addr_list; *at != NULL && count < capacity; at++)
            count += io_address_from_octets(*at, (size_t)entry->h_length, port, &addresses[count]);
        ares_free_hostent(entry);
    }
    return count;
}
