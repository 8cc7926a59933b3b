#include "net/resolve.h"

#include "net/uv.h"

#include "base/memory.h"

#include <sys/select.h> /* ares.h needs fd_set and does not ask for it */

#include <ares.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TICK 250 /* milliseconds between looks at c-ares's own timeouts */

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

struct net_lookup {
    net_resolved *resolved; /* NULL: cancelled */
    void *self;
    int port;
    bool inside; /* net_resolve has not returned yet */
    bool done;
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
    struct ares_options options = {.sock_state_cb = on_socket_state, .sock_state_cb_data = resolver};
    int status = ares_library_init(ARES_LIB_INIT_ALL);

    if (status != ARES_SUCCESS)
        return status;
    /* A search list could answer for a name with the address of another one. */
    options.flags = ARES_FLAG_NOSEARCH;
    status = ares_init_options(&resolver->channel, &options, ARES_OPT_FLAGS | ARES_OPT_SOCK_STATE_CB);
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
    base_error_set(error, "cannot start the resolver%s%s: %s", servers != NULL ? " with DNS server " : "",
                   servers != NULL ? servers : "", ares_strerror(status));
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

static void tell(net_lookup *lookup, const net_address *addresses, size_t count, int status)
{
    net_failure failure = net_failure_make(NET_PHASE_RESOLVE, code_of_ares(status), ares_strerror(status));

    if (lookup->resolved != NULL)
        lookup->resolved(lookup->self, addresses, count, count > 0 ? NULL : &failure);
    lookup->done = true;
    if (!lookup->inside)
        free(lookup);
}

/* c-ares gives them sorted as RFC 6724 asks. */
static void on_addresses(void *self, int status, int timeouts, struct ares_addrinfo *result)
{
    net_address addresses[NET_ADDRESSES_MAX];
    net_lookup *lookup = self;
    size_t count = 0;

    (void)timeouts;
    for (const struct ares_addrinfo_node *node = result != NULL ? result->nodes : NULL;
         node != NULL && count < NET_ADDRESSES_MAX; node = node->ai_next)
        if (net_address_from(node->ai_addr, lookup->port, &addresses[count]))
            count++;
    if (result != NULL)
        ares_freeaddrinfo(result);
    tell(lookup, addresses, count, status == ARES_SUCCESS ? ARES_ENODATA : status);
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

net_lookup *net_resolve(net_resolver *resolver, const char *host, int port, net_resolved *resolved, void *self)
{
    const struct ares_addrinfo_hints hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    net_address addresses[2];
    size_t count = answer_locally(host, port, addresses);
    net_lookup *lookup;

    if (count > 0) {
        resolved(self, addresses, count, NULL);
        return NULL;
    }
    lookup = base_allocate(sizeof *lookup);
    *lookup = (net_lookup){.resolved = resolved, .self = self, .port = port, .inside = true};
    ares_getaddrinfo(resolver->channel, host, NULL, &hints, on_addresses, lookup);
    lookup->inside = false;
    if (!lookup->done)
        return lookup;
    free(lookup);
    return NULL;
}

void net_lookup_cancel(net_lookup *lookup)
{
    if (lookup != NULL)
        lookup->resolved = NULL;
}
