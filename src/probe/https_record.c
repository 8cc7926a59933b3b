#include "probe/https_record.h"

#include <stdlib.h>

#define PATIENCE 500 /* milliseconds: browsers wait hardly longer than for the addresses */

typedef struct asking {
    io_timer *timer;
    dns_waiter *waiter;
    void (*found)(void *self, bool has);
    void *self;
} asking;

facts_unasked probe_unasked(const http_client *client, const hf_host *host, int port)
{
    io_address addresses[IO_ADDRESSES_MAX];
    facts_unasked known = dns_resolver_known(client->resolver, host->name, port, addresses, &(size_t){0});
    const char *to;
    int to_port;
    size_t count;

    if (known == FACTS_UNASKED_ADDRESS || known == FACTS_UNASKED_LOCALHOST)
        return known;
    if (dns_client_is_chosen(dns_resolver_dns(client->resolver)))
        return FACTS_UNASKED_ASKED;
    http_route_target(client->route, host->name, port, &to, &to_port);
    if (http_proxy_for(client->proxies, host->name, true) != NULL)
        return FACTS_UNASKED_PROXY;
    if (to != host->name || http_route_addresses(client->route, to, to_port, addresses, IO_ADDRESSES_MAX, &count))
        return FACTS_UNASKED_ROUTE;
    return known;
}

static void answer(asking *a, bool has)
{
    asking over = *a;

    io_timer_free(a->timer);
    free(a);
    over.found(over.self, has);
}

/* RFC 9460 2.2: "If any RRs are malformed, the client MUST reject the entire RRSet". */
static bool has_record(const dns_reply *reply)
{
    base_arena arena = {0};
    facts_https https;
    dns_answer said;
    bool has;

    dns_reply_read(reply, DNS_HTTPS, &arena, &said);
    dns_https_of(&said, &arena, &https);
    has = https.status == FACTS_DNS_ANSWERED && https.count > 0;
    for (size_t i = 0; i < https.count; i++)
        has = has && https.records[i].fault == NULL;
    base_arena_done(&arena);
    return has;
}

static void on_reply(void *self, const dns_reply *reply)
{
    answer(self, has_record(reply));
}

static void on_time_over(void *self)
{
    asking *a = self;

    dns_cancel(a->waiter);
    answer(a, false);
}

void probe_https_record(const http_client *client, const hf_host *host, void (*found)(void *self, bool has), void *self)
{
    dns_waiter *waiter;
    asking *a;

    if (probe_unasked(client, host, 443) != FACTS_UNASKED_ASKED) {
        found(self, false);
        return;
    }
    a = base_allocate(sizeof *a);
    a->found = found;
    a->self = self;
    a->timer = io_timer_new(client->loop, on_time_over, a);
    io_timer_start(a->timer, PATIENCE);
    waiter = dns_ask(dns_resolver_dns(client->resolver), host->name, DNS_HTTPS, on_reply, a);
    if (waiter != NULL)
        a->waiter = waiter; /* else the answer was there, and nothing is left of *a */
}
