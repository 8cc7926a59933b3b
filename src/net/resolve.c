#include "net/resolve.h"

#include "base/memory.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* Milliseconds that the addresses of one family wait for the other's. RFC 8305 3 has 50 of its "Resolution Delay", for AAAA alone;
   here all addresses are to be seen, so it is longer. */
#define GRACE 300

struct net_resolver {
    net_loop *loop;
    net_dns *dns;
};

/* Both families are asked at once, each for itself: a server that never answers for one of them does not hide the other. */
enum { SIX, FOUR, FAMILIES };
static const net_dns_type types[FAMILIES] = {NET_DNS_AAAA, NET_DNS_A};

typedef struct family {
    net_lookup *lookup;
    net_dns_waiter *waiter;
    net_address addresses[NET_ADDRESSES_MAX];
    size_t count;
    net_dns_status status;
    const char *detail;
} family;

struct net_lookup {
    net_resolved *resolved; /* NULL: told */
    void *self;
    int port;
    bool inside; /* net_resolve has not returned yet */
    size_t open; /* questions without an answer */
    net_timer *grace;
    family families[FAMILIES];
};

net_resolver *net_resolver_new(net_loop *loop, const char *servers, base_error *error)
{
    net_dns *dns = net_dns_new(loop, servers, error);
    net_resolver *resolver;

    if (dns == NULL)
        return NULL;
    resolver = base_allocate(sizeof *resolver);
    resolver->loop = loop;
    resolver->dns = dns;
    return resolver;
}

void net_resolver_free(net_resolver *resolver)
{
    if (resolver == NULL)
        return;
    net_dns_free(resolver->dns);
    free(resolver);
}

net_dns *net_resolver_dns(const net_resolver *resolver)
{
    return resolver->dns;
}

/* -- What the DNS says -------------------------------------------------------------------------------------------------------- */

static net_code code_of(net_dns_status status)
{
    switch (status) {
    case NET_DNS_STATUS_NAME_UNKNOWN:
        return NET_NAME_UNKNOWN;
    case NET_DNS_STATUS_ANSWERED:
    case NET_DNS_STATUS_NO_DATA:
        return NET_NAME_WITHOUT_ADDRESS;
    case NET_DNS_STATUS_TIMEOUT:
        return NET_RESOLVE_TIMEOUT;
    default:
        return NET_RESOLVER_FAILED;
    }
}

static void close_lookup(net_lookup *lookup)
{
    for (size_t i = 0; i < FAMILIES; i++) {
        net_dns_cancel(lookup->families[i].waiter);
        lookup->families[i].waiter = NULL;
    }
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

/* Each family in the order in which the DNS gave it, which is how load is spread. Of the two, IPv6 comes first where there is a way
   to it. */
static size_t gather(const net_lookup *lookup, net_address addresses[static NET_ADDRESSES_MAX])
{
    const family *six = &lookup->families[SIX], *four = &lookup->families[FOUR];
    bool six_first = six->count > 0 && is_usable(&six->addresses[0]);
    const family *order[] = {six_first ? six : four, six_first ? four : six};
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
static const family *telling(const net_lookup *lookup)
{
    const family *six = &lookup->families[SIX], *four = &lookup->families[FOUR];

    if (six->status == NET_DNS_STATUS_NAME_UNKNOWN)
        return six;
    return four->status == NET_DNS_STATUS_NO_DATA ? six : four;
}

static void tell(net_lookup *lookup)
{
    net_address addresses[NET_ADDRESSES_MAX];
    size_t count = gather(lookup, addresses);
    const family *f = telling(lookup);
    net_failure failure = net_failure_make(NET_PHASE_RESOLVE, code_of(f->status), f->detail);
    net_resolved *resolved = lookup->resolved;
    void *self = lookup->self;

    lookup->resolved = NULL;
    if (!lookup->inside)
        close_lookup(lookup);
    resolved(self, addresses, count, count > 0 ? NULL : &failure);
}

static void on_grace_over(void *self)
{
    tell(self);
}

static void on_reply(void *self, const net_dns_reply *reply)
{
    family *f = self;
    net_lookup *lookup = f->lookup;
    base_arena arena = {0};
    net_dns_answer answer;

    f->waiter = NULL;
    net_dns_reply_read(reply, types[f - lookup->families], &arena, &answer);
    f->status = answer.status;
    f->detail = reply->detail;
    for (size_t i = 0; i < answer.count && f->count < NET_ADDRESSES_MAX; i++)
        f->count += net_dns_address(answer.values[i].data, lookup->port, &f->addresses[f->count]);
    base_arena_done(&arena);
    if (--lookup->open == 0)
        tell(lookup);
    else if (f->count > 0)
        net_timer_start(lookup->grace, GRACE);
}

/* -- What is known without asking --------------------------------------------------------------------------------------------- */

/* RFC 6761 6.3: "Name resolution APIs and libraries SHOULD recognize localhost names as special and SHOULD always return the IP
   loopback address for address queries". */
static bool is_localhost(const char *host)
{
    size_t length = strlen(host);

    return strcasecmp(host, "localhost") == 0 || (length > 10 && strcasecmp(host + length - 10, ".localhost") == 0);
}

net_known net_resolver_known(net_resolver *resolver, const char *host, int port,
                             net_address addresses[static NET_ADDRESSES_MAX], size_t *count)
{
    *count = 1;
    if (net_address_parse(host, port, &addresses[0]))
        return NET_KNOWN_ADDRESS;
    if (is_localhost(host)) {
        net_address_parse("127.0.0.1", port, &addresses[0]);
        net_address_parse("::1", port, &addresses[1]);
        *count = 2;
        return NET_KNOWN_LOCALHOST;
    }
    *count = net_dns_hosts_file(resolver->dns, host, port, addresses, NET_ADDRESSES_MAX);
    return *count > 0 ? NET_KNOWN_FILE : NET_KNOWN_NOT;
}

/* -- Both --------------------------------------------------------------------------------------------------------------------- */

static bool is_wanted(net_family wanted, size_t i)
{
    return wanted == NET_FAMILY_ANY || (wanted == NET_FAMILY_IPV6) == (i == SIX);
}

static void ask(net_resolver *resolver, net_lookup *lookup, const char *host, net_family wanted)
{
    lookup->open = wanted == NET_FAMILY_ANY ? FAMILIES : 1;
    for (size_t i = 0; i < FAMILIES; i++) {
        lookup->families[i].lookup = lookup;
        lookup->families[i].status = NET_DNS_STATUS_NO_DATA;
    }
    for (size_t i = 0; i < FAMILIES; i++)
        if (is_wanted(wanted, i))
            lookup->families[i].waiter = net_dns_ask(resolver->dns, host, types[i], on_reply, &lookup->families[i]);
}

net_lookup *net_resolve(net_resolver *resolver, const char *host, int port, net_family wanted, net_resolved *resolved,
                        void *self)
{
    net_address addresses[NET_ADDRESSES_MAX];
    size_t count;
    net_lookup *lookup;

    if (net_resolver_known(resolver, host, port, addresses, &count) != NET_KNOWN_NOT) {
        resolved(self, addresses, count, NULL);
        return NULL;
    }
    lookup = base_allocate(sizeof *lookup);
    lookup->resolved = resolved;
    lookup->self = self;
    lookup->port = port;
    lookup->grace = net_timer_new(resolver->loop, on_grace_over, lookup);
    lookup->inside = true;
    ask(resolver, lookup, host, wanted);
    lookup->inside = false;
    if (lookup->resolved != NULL)
        return lookup;
    close_lookup(lookup);
    return NULL;
}

void net_lookup_cancel(net_lookup *lookup)
{
    if (lookup != NULL)
        close_lookup(lookup);
}
