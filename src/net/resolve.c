#include "net/resolve.h"

#include "net/uv.h"

#include "base/memory.h"

#include <sys/select.h> /* ares.h needs fd_set and does not ask for it */

#include <ares.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define TICK 250 /* milliseconds between looks at c-ares's own timeouts */
/* Milliseconds until a question that got no answer is put again, and how often it is put: one datagram may get lost, and the
   resolve phase has 5 s. */
#define AGAIN 1000
#define TRIES 3
/* Milliseconds that the addresses of one family wait for the other's. RFC 8305 3 has 50 of its "Resolution Delay", for AAAA alone;
   here all addresses are to be seen, so it is longer. */
#define GRACE 300

/* c-ares tells which sockets it waits for; each is polled on the loop. */
typedef struct watch watch;
struct watch {
    watch *next;
    net_resolver *resolver;
    ares_socket_t socket;
    uv_poll_t poll;
};

struct net_resolver {
    net_loop *loop;
    ares_channel channel;
    watch *watches;
    net_timer *tick;
};

/* Both families are asked at once, each for itself: a server that never answers for one of them does not hide the other. */
enum { SIX, FOUR, FAMILIES };
static const int families[FAMILIES] = {AF_INET6, AF_INET};

typedef struct question {
    net_lookup *lookup;
    net_address addresses[NET_ADDRESSES_MAX];
    size_t count;
    int status;
} question;

struct net_lookup {
    net_resolved *resolved; /* NULL: told, or cancelled */
    void *self;
    int port;
    bool inside;  /* net_resolve has not returned yet */
    size_t asked; /* questions that c-ares has not come back to */
    net_timer *grace;
    question questions[FAMILIES];
};

/* -- c-ares on the loop ------------------------------------------------------------------------------------------------------- */

static void on_tick(void *self)
{
    net_resolver *resolver = self;

    ares_process_fd(resolver->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    if (resolver->watches != NULL)
        net_timer_start(resolver->tick, TICK);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    const watch *w = poll->data;
    net_resolver *resolver = w->resolver;
    ares_socket_t readable = status < 0 || (events & UV_READABLE) ? w->socket : ARES_SOCKET_BAD;
    ares_socket_t writable = status < 0 || (events & UV_WRITABLE) ? w->socket : ARES_SOCKET_BAD;

    ares_process_fd(resolver->channel, readable, writable);
}

static void on_unwatched(uv_handle_t *handle)
{
    free(handle->data);
}

static watch *watch_new(net_resolver *resolver, ares_socket_t socket)
{
    watch *w = base_allocate(sizeof *w);

    if (uv_poll_init_socket(&resolver->loop->uv, &w->poll, socket) != 0) {
        free(w);
        return NULL;
    }
    w->resolver = resolver;
    w->socket = socket;
    w->poll.data = w;
    w->next = resolver->watches;
    resolver->watches = w;
    net_timer_start(resolver->tick, TICK);
    return w;
}

static void unwatch(watch **at)
{
    watch *w = *at;

    *at = w->next;
    uv_poll_stop(&w->poll);
    uv_close((uv_handle_t *)&w->poll, on_unwatched);
}

static void on_socket_state(void *self, ares_socket_t socket, int readable, int writable)
{
    net_resolver *resolver = self;
    watch **at = &resolver->watches, *w;

    while (*at != NULL && (*at)->socket != socket)
        at = &(*at)->next;
    if (!readable && !writable) {
        if (*at != NULL)
            unwatch(at);
        if (resolver->watches == NULL)
            net_timer_stop(resolver->tick);
        return;
    }
    w = *at != NULL ? *at : watch_new(resolver, socket);
    if (w != NULL)
        uv_poll_start(&w->poll, (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0), on_poll);
}

static int start(net_resolver *resolver, const char *servers)
{
    static char dns_alone[] = "b"; /* /etc/hosts is read here, for both families together */
    const int given = ARES_OPT_FLAGS | ARES_OPT_SOCK_STATE_CB | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS;
    struct ares_options options = {.timeout = AGAIN,
                                   .tries = TRIES,
                                   .lookups = dns_alone,
                                   .sock_state_cb = on_socket_state,
                                   .sock_state_cb_data = resolver};
    int status = ares_library_init(ARES_LIB_INIT_ALL);

    if (status != ARES_SUCCESS)
        return status;
    /* A search list, or HOSTALIASES, could answer for a name with the address of another one. */
    options.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES;
    status = ares_init_options(&resolver->channel, &options, given);
    if (status == ARES_SUCCESS && servers != NULL)
        status = ares_set_servers_ports_csv(resolver->channel, servers);
    return status;
}

net_resolver *net_resolver_new(net_loop *loop, const char *servers, base_error *error)
{
    net_resolver *resolver = base_allocate(sizeof *resolver);
    int status;

    resolver->loop = loop;
    resolver->tick = net_timer_new(loop, on_tick, resolver);
    status = start(resolver, servers);
    if (status == ARES_SUCCESS)
        return resolver;
    if (servers != NULL)
        base_error_set(error,
                       "'%s' is not ADDRESS[:PORT], or several with commas: 192.0.2.53 or [2001:db8::53]:5353 (%s)",
                       BASE_CUT(servers), ares_strerror(status));
    else
        base_error_set(error, "cannot start the resolver: %s", ares_strerror(status));
    net_resolver_free(resolver);
    return NULL;
}

void net_resolver_free(net_resolver *resolver)
{
    if (resolver == NULL)
        return;
    if (resolver->channel != NULL)
        ares_destroy(resolver->channel);
    ares_library_cleanup();
    while (resolver->watches != NULL)
        unwatch(&resolver->watches);
    net_timer_free(resolver->tick);
    free(resolver);
}

/* -- Look-ups ----------------------------------------------------------------------------------------------------------------- */

static net_code code_of_ares(int status)
{
    switch (status) {
    case ARES_ENOTFOUND:
        return NET_NAME_UNKNOWN;
    case ARES_ENODATA:
        return NET_NAME_WITHOUT_ADDRESS;
    default:
        return NET_RESOLVER_FAILED;
    }
}

static void release(net_lookup *lookup)
{
    if (lookup->inside || lookup->resolved != NULL || lookup->asked > 0)
        return;
    net_timer_free(lookup->grace);
    free(lookup);
}

/* RFC 6724 6, rule 1: "Avoid unusable destinations." A datagram socket that is connected sends nothing, and tells. */
static bool is_usable(const net_address *address)
{
    int s = socket(address->socket.ss_family, SOCK_DGRAM, 0);
    bool usable = s >= 0 && connect(s, (const struct sockaddr *)&address->socket, sizeof(struct sockaddr_in6)) == 0;

    if (s >= 0)
        close(s);
    return usable;
}

/* c-ares has sorted each family as RFC 6724 asks. Of the two, IPv6 comes first where there is a way to it. */
static size_t gather(const net_lookup *lookup, net_address addresses[static NET_ADDRESSES_MAX])
{
    const question *six = &lookup->questions[SIX], *four = &lookup->questions[FOUR];
    bool six_first = six->count > 0 && is_usable(&six->addresses[0]);
    const question *order[] = {six_first ? six : four, six_first ? four : six};
    size_t count = 0;

    /* Neither family crowds the other out. */
    for (size_t i = 0, room = NET_ADDRESSES_MAX - (order[1]->count > 0 ? 1 : 0); i < FAMILIES; i++) {
        for (size_t k = 0; k < order[i]->count && count < room; k++)
            addresses[count++] = order[i]->addresses[k];
        room = NET_ADDRESSES_MAX;
    }
    return count;
}

/* That a name does not exist is said of both families; what went wrong for one counts more than that the other has nothing. */
static int status_of(const net_lookup *lookup)
{
    int six = lookup->questions[SIX].status, four = lookup->questions[FOUR].status;

    if (six == ARES_ENOTFOUND || four == ARES_ENOTFOUND)
        return ARES_ENOTFOUND;
    return four == ARES_ENODATA ? six : four;
}

static void tell(net_lookup *lookup)
{
    net_address addresses[NET_ADDRESSES_MAX];
    size_t count = gather(lookup, addresses);
    int status = status_of(lookup);
    net_failure failure = net_failure_make(NET_PHASE_RESOLVE, code_of_ares(status), ares_strerror(status));
    net_resolved *resolved = lookup->resolved;

    lookup->resolved = NULL;
    resolved(lookup->self, addresses, count, count > 0 ? NULL : &failure);
}

static void on_grace_over(void *self)
{
    net_lookup *lookup = self;

    if (lookup->resolved != NULL)
        tell(lookup);
}

static void on_addresses(void *self, int status, int timeouts, struct ares_addrinfo *result)
{
    question *q = self;
    net_lookup *lookup = q->lookup;

    (void)timeouts;
    for (const struct ares_addrinfo_node *node = result != NULL ? result->nodes : NULL;
         node != NULL && q->count < NET_ADDRESSES_MAX; node = node->ai_next)
        if (net_address_from(node->ai_addr, lookup->port, &q->addresses[q->count]))
            q->count++;
    if (result != NULL)
        ares_freeaddrinfo(result);
    q->status = status == ARES_SUCCESS ? ARES_ENODATA : status;
    lookup->asked--;
    if (lookup->resolved != NULL && lookup->asked == 0)
        tell(lookup);
    else if (lookup->resolved != NULL && q->count > 0)
        net_timer_start(lookup->grace, GRACE);
    release(lookup);
}

/* RFC 6761 6.3: "Name resolution APIs and libraries SHOULD recognize localhost names as special and SHOULD always return the IP
   loopback address for address queries". */
static bool is_localhost(const char *host)
{
    size_t length = strlen(host);

    return strcasecmp(host, "localhost") == 0 || (length > 10 && strcasecmp(host + length - 10, ".localhost") == 0);
}

static size_t answer_locally(const char *host, int port, net_address addresses[static 2])
{
    if (net_address_parse(host, port, &addresses[0]))
        return 1;
    if (!is_localhost(host))
        return 0;
    net_address_parse("127.0.0.1", port, &addresses[0]);
    net_address_parse("::1", port, &addresses[1]);
    return 2;
}

/* What /etc/hosts has of a name is all there is of it, as for everybody else on this machine. */
static size_t answer_from_file(net_resolver *resolver, const char *host, int port,
                               net_address addresses[static NET_ADDRESSES_MAX])
{
    char text[INET6_ADDRSTRLEN];
    size_t count = 0;

    for (size_t i = 0; i < FAMILIES; i++) {
        struct hostent *entry = NULL;

        if (ares_gethostbyname_file(resolver->channel, host, families[i], &entry) != ARES_SUCCESS)
            continue;
        for (char **at = entry->h_addr_list; *at != NULL && count < NET_ADDRESSES_MAX; at++)
            count += inet_ntop(families[i], *at, text, sizeof text) != NULL &&
                     net_address_parse(text, port, &addresses[count]);
        ares_free_hostent(entry);
    }
    return count;
}

static bool is_wanted(net_family family, int af)
{
    return family == NET_FAMILY_ANY || (family == NET_FAMILY_IPV6) == (af == AF_INET6);
}

static void ask(net_resolver *resolver, net_lookup *lookup, const char *host, net_family family)
{
    lookup->inside = true;
    lookup->asked = family == NET_FAMILY_ANY ? FAMILIES : 1;
    for (size_t i = 0; i < FAMILIES; i++) {
        const struct ares_addrinfo_hints hints = {.ai_family = families[i], .ai_socktype = SOCK_STREAM};

        lookup->questions[i].lookup = lookup;
        lookup->questions[i].status = ARES_ENODATA;
        if (is_wanted(family, families[i]))
            ares_getaddrinfo(resolver->channel, host, NULL, &hints, on_addresses, &lookup->questions[i]);
    }
    lookup->inside = false;
}

net_lookup *net_resolve(net_resolver *resolver, const char *host, int port, net_family family, net_resolved *resolved,
                        void *self)
{
    net_address addresses[NET_ADDRESSES_MAX];
    size_t count = answer_locally(host, port, addresses);
    net_lookup *lookup;
    bool told;

    if (count == 0)
        count = answer_from_file(resolver, host, port, addresses);
    if (count > 0) {
        resolved(self, addresses, count, NULL);
        return NULL;
    }
    lookup = base_allocate(sizeof *lookup);
    lookup->resolved = resolved;
    lookup->self = self;
    lookup->port = port;
    lookup->grace = net_timer_new(resolver->loop, on_grace_over, lookup);
    ask(resolver, lookup, host, family);
    told = lookup->resolved == NULL;
    release(lookup);
    return told ? NULL : lookup;
}

void net_lookup_cancel(net_lookup *lookup)
{
    if (lookup == NULL)
        return;
    lookup->resolved = NULL;
    release(lookup);
}
