#include "probe/addresses.h"

typedef struct asking {
    const http_client *client;
    dns_lookup *lookup;
    io_timer *timer;
    dns_resolved *resolved;
    void *self;
} asking;

static void answer(asking *a, const io_address *addresses, size_t count, const facts_failure *failure)
{
    io_timer_free(a->timer);
    a->resolved(a->self, addresses, count, failure);
}

static bool is_wanted(dns_family family, const io_address *address)
{
    return family == DNS_FAMILY_ANY || (address->socket.ss_family == AF_INET6) == (family == DNS_FAMILY_IPV6);
}

static void on_resolved(void *self, const io_address *addresses, size_t count, const facts_failure *failure)
{
    asking *a = self;
    facts_failure none = facts_failure_make(FACTS_PHASE_RESOLVE, FACTS_FAILURE_NAME_WITHOUT_ADDRESS, NULL);
    io_address wanted[IO_ADDRESSES_MAX];
    size_t kept = 0;

    a->lookup = NULL;
    for (size_t i = 0; failure == NULL && i < count && kept < IO_ADDRESSES_MAX; i++)
        if (is_wanted(a->client->family, &addresses[i]))
            wanted[kept++] = addresses[i];
    answer(a, wanted, kept, failure == NULL && kept == 0 ? &none : failure);
}

static void on_timer(void *self)
{
    asking *a = self;
    facts_failure late = facts_failure_make(FACTS_PHASE_RESOLVE, FACTS_FAILURE_RESOLVE_TIMEOUT, NULL);

    dns_lookup_cancel(a->lookup);
    answer(a, NULL, 0, &late);
}

void probe_addresses(const probe_context *context, const char *host, int port, base_arena *arena,
                     dns_resolved *resolved, void *self)
{
    asking *a = base_arena_take(arena, sizeof *a);
    io_address given[IO_ADDRESSES_MAX];
    const char *to;
    int to_port;
    size_t count;

    *a = (asking){.client = context->client, .resolved = resolved, .self = self};
    a->timer = io_timer_new(context->client->loop, on_timer, a);
    io_timer_start(a->timer, context->client->limits.resolve);
    http_route_target(context->client->route, host, port, &to, &to_port);
    if (http_route_addresses(context->client->route, to, to_port, given, IO_ADDRESSES_MAX, &count))
        on_resolved(a, given, count, NULL);
    else
        a->lookup = dns_resolve(context->client->resolver, to, to_port, context->client->family, on_resolved, a);
}
