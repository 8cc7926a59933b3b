#include "dns/resolve.h"

#include "base/memory.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* Milliseconds that the addresses of one family wait for the other's. RFC 8305 3 has 50 of its "Resolution Delay", for
   AAAA alone; here all addresses are to be seen, so it is longer. */
#define GRACE 300

struct dns_resolver {
    io_loop *loop;
    dns_client *dns;
};

/* Both families are asked at once, each for itself: a server that never answers for one of them does not hide the
 * other. */
enum { SIX, FOUR, FAMILIES };
static const dns_type types[FAMILIES] = {DNS_AAAA, DNS_A};

typedef struct family {
    dns_lookup *lookup;
    dns_waiter *waiter;
    io_address addresses[IO_ADDRESSES_MAX];
    size_t count;
    facts_dns_status status;
    const char *detail;
} family;

struct dns_lookup {
    dns_resolved *resolved; /* NULL: told */
    void *self;
    int port;
    bool inside; /* dns_resolve has not returned yet */
    size_t open; /* questions without an answer */
    io_timer *grace;
    family families[FAMILIES];
};

dns_resolver *dns_resolver_new(io_loop *loop, const char *servers, base_error *error)
{
    dns_client *dns = dns_client_new(loop, servers, error);
    dns_resolver *resolver;

    if (dns == NULL)
        return NULL;
    resolver = base_allocate(sizeof *resolver);
    resolver->loop = loop;
    resolver->dns = dns;
    return resolver;
}

void dns_resolver_free(dns_resolver *resolver)
{
    if (resolver == NULL)
        return;
    dns_client_free(resolver->dns);
    free(resolver);
}

dns_client *dns_resolver_dns(const dns_resolver *resolver)
{
    return resolver->dns;
}

/* -- What the DNS says --------------------------------------------------------------------------------------------- */

static facts_code code_of(facts_dns_status status)
{
    switch (status) {
    case FACTS_DNS_NAME_UNKNOWN:
        return FACTS_FAILURE_NAME_UNKNOWN;
    case FACTS_DNS_ANSWERED:
    case FACTS_DNS_NO_DATA:
        return FACTS_FAILURE_NAME_WITHOUT_ADDRESS;
    case FACTS_DNS_TIMEOUT:
        return FACTS_FAILURE_RESOLVE_TIMEOUT;
    default:
        return FACTS_FAILURE_RESOLVER_FAILED;
    }
}

static void close_lookup(dns_lookup *lookup)
{
    for (size_t i = 0; i < FAMILIES; i++) {
        dns_cancel(lookup->families[i].waiter);
        lookup->families[i].waiter = NULL;
    }
    io_timer_free(lookup->grace);
    free(lookup);
}

/* RFC 6724 6, rule 1: "Avoid unusable destinations." A datagram socket that is connected sends nothing, and tells. */
static bool is_usable(const io_address *address)
{
    int s = socket(address->socket.ss_family, SOCK_DGRAM, 0);
    bool usable = s >= 0 && connect(s, (const struct sockaddr *)&address->socket, sizeof(struct sockaddr_in6)) == 0;

    if (s >= 0)
        close(s);
    return usable;
}

/* Each family in the order in which the DNS gave it, which is how load is spread. Of the two, IPv6 comes first where
   there is a way to it. */
static size_t gather(const dns_lookup *lookup, io_address addresses[static IO_ADDRESSES_MAX])
{
    const family *six = &lookup->families[SIX], *four = &lookup->families[FOUR];
    bool six_first = six->count > 0 && is_usable(&six->addresses[0]);
    const family *order[] = {six_first ? six : four, six_first ? four : six};
    size_t count = 0;

    /* Neither family crowds the other out. */
    for (size_t i = 0, room = IO_ADDRESSES_MAX - (order[1]->count > 0 ? 1 : 0); i < FAMILIES; i++) {
        for (size_t k = 0; k < order[i]->count && count < room; k++)
            addresses[count++] = order[i]->addresses[k];
        room = IO_ADDRESSES_MAX;
    }
    return count;
}

/* That a name does not exist is said of both families; what went wrong for one counts more than that the other has
 * nothing. */
static const family *telling(const dns_lookup *lookup)
{
    const family *six = &lookup->families[SIX], *four = &lookup->families[FOUR];

    if (six->status == FACTS_DNS_NAME_UNKNOWN)
        return six;
    return four->status == FACTS_DNS_NO_DATA ? six : four;
}

static void tell(dns_lookup *lookup)
{
    io_address addresses[IO_ADDRESSES_MAX];
    size_t count = gather(lookup, addresses);
    const family *f = telling(lookup);
    facts_failure failure = facts_failure_make(FACTS_PHASE_RESOLVE, code_of(f->status), f->detail);
    dns_resolved *resolved = lookup->resolved;
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

static void on_reply(void *self, const dns_reply *reply)
{
    family *f = self;
    dns_lookup *lookup = f->lookup;
    base_arena arena = {0};
    dns_answer answer;

    f->waiter = NULL;
    dns_reply_read(reply, types[f - lookup->families], &arena, &answer);
    f->status = answer.status;
    f->detail = reply->detail;
    for (size_t i = 0; i < answer.count && f->count < IO_ADDRESSES_MAX; i++)
        f->count += dns_address(answer.values[i].data, lookup->port, &f->addresses[f->count]);
    base_arena_done(&arena);
    if (--lookup->open == 0)
        tell(lookup);
    else if (f->count > 0)
        io_timer_start(lookup->grace, GRACE);
}

/* -- What is known without asking ---------------------------------------------------------------------------------- */

/* RFC 6761 6.3: "Name resolution APIs and libraries SHOULD recognize localhost names as special and SHOULD always
   return the IP loopback address for address queries". */
static bool is_localhost(const char *host)
{
    size_t length = strlen(host);

    return strcasecmp(host, "localhost") == 0 || (length > 10 && strcasecmp(host + length - 10, ".localhost") == 0);
}

facts_unasked dns_resolver_known(dns_resolver *resolver, const char *host, int port,
                                 io_address addresses[static IO_ADDRESSES_MAX], size_t *count)
{
    *count = 1;
    if (io_address_parse(host, port, &addresses[0]))
        return FACTS_UNASKED_ADDRESS;
    if (is_localhost(host)) {
        io_address_parse("127.0.0.1", port, &addresses[0]);
        io_address_parse("::1", port, &addresses[1]);
        *count = 2;
        return FACTS_UNASKED_LOCALHOST;
    }
    *count = dns_client_hosts_file(resolver->dns, host, port, addresses, IO_ADDRESSES_MAX);
    return *count > 0 ? FACTS_UNASKED_HOSTS_FILE : FACTS_UNASKED_ASKED;
}

/* -- Both ---------------------------------------------------------------------------------------------------------- */

static bool is_wanted(dns_family wanted, size_t i)
{
    return wanted == DNS_FAMILY_ANY || (wanted == DNS_FAMILY_IPV6) == (i == SIX);
}

static void ask(dns_resolver *resolver, dns_lookup *lookup, const char *host, dns_family wanted)
{
    lookup->open = wanted == DNS_FAMILY_ANY ? FAMILIES : 1;
    for (size_t i = 0; i < FAMILIES; i++) {
        lookup->families[i].lookup = lookup;
        lookup->families[i].status = FACTS_DNS_NO_DATA;
    }
    for (size_t i = 0; i < FAMILIES; i++)
        if (is_wanted(wanted, i))
            lookup->families[i].waiter = dns_ask(resolver->dns, host, types[i], on_reply, &lookup->families[i]);
}

dns_lookup *dns_resolve(dns_resolver *resolver, const char *host, int port, dns_family wanted, dns_resolved *resolved,
                        void *self)
{
    io_address addresses[IO_ADDRESSES_MAX];
    size_t count;
    dns_lookup *lookup;

    if (dns_resolver_known(resolver, host, port, addresses, &count) != FACTS_UNASKED_ASKED) {
        resolved(self, addresses, count, NULL);
        return NULL;
    }
    lookup = base_allocate(sizeof *lookup);
    lookup->resolved = resolved;
    lookup->self = self;
    lookup->port = port;
    lookup->grace = io_timer_new(resolver->loop, on_grace_over, lookup);
    lookup->inside = true;
    ask(resolver, lookup, host, wanted);
    lookup->inside = false;
    if (lookup->resolved != NULL)
        return lookup;
    close_lookup(lookup);
    return NULL;
}

void dns_lookup_cancel(dns_lookup *lookup)
{
    if (lookup != NULL)
        close_lookup(lookup);
}
