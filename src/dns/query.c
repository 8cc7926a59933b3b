#include "dns/query.h"

#include "dns/channel.h"

#include "base/ascii.h"

#include <stdlib.h>
#include <string.h>

#define PLACES 1024 /* of the table of questions that are open */
#define NAME_MAX_OCTETS 255
/* Seconds: however long an answer says it may be kept, a probe that runs for hours sees what changes. */
#define KEEP_MAX 3600
/* RFC 2308 5 lets negative answers be kept for hours; but who has just made a record wants to see it. */
#define KEEP_NOTHING_MAX 60
#define KEEP_NOTHING_UNSAID                                                                                            \
    5 /* with no SOA, RFC 2308 5: "negative responses without SOA records SHOULD NOT be cached" for long */
#define KEEP_FAILURE                                                                                                   \
    2 /* RFC 2308 7.1 allows five minutes: this only spares a server in trouble the same question at once */

typedef struct question question;

struct dns_waiter {
    dns_waiter *next, **at; /* in the list of its question */
    dns_replied *replied;
    void *self;
};

/* A question that is open. */
struct question {
    question *next, **at; /* in its place of the table */
    dns_client *dns;
    dns_type type;
    dns_waiter *waiters;
    bool again; /* it was put to the plain channel, too */
    bool *over; /* set when the question is; NULL: nobody looks */
    char name[NAME_MAX_OCTETS + 1];
};

struct dns_client {
    io_loop *loop;
    dns_channel *channel, *plain; /* plain: NULL until it is needed */
    dns_cache *cache;
    char *servers; /* NULL: the system's */
    bool closing;
    question *open[PLACES];
};

dns_client *dns_client_new(io_loop *loop, const char *servers, base_error *error)
{
    dns_channel *channel = dns_channel_new(loop, servers, false, error);
    dns_client *dns;

    if (channel == NULL)
        return NULL;
    dns = base_allocate(sizeof *dns);
    dns->loop = loop;
    dns->channel = channel;
    dns->cache = dns_cache_new(DNS_CACHE_ENTRIES);
    if (servers != NULL) {
        dns->servers = base_allocate(strlen(servers) + 1);
        memcpy(dns->servers, servers, strlen(servers));
    }
    return dns;
}

void dns_client_free(dns_client *dns)
{
    if (dns == NULL)
        return;
    dns->closing = true;
    dns_channel_free(dns->channel); /* which closes every open question */
    dns_channel_free(dns->plain);
    dns_cache_free(dns->cache);
    free(dns->servers);
    free(dns);
}

bool dns_client_is_chosen(const dns_client *dns)
{
    return dns->servers != NULL;
}

/* -- Answers ------------------------------------------------------------------------------------------------------- */

void dns_reply_read(const dns_reply *reply, dns_type type, base_arena *arena, dns_answer *answer)
{
    *answer = (dns_answer){.status = reply->status};
    if (reply->length == 0)
        return;
    dns_answer_read(reply->bytes, reply->length, type, arena, answer);
    for (size_t i = 0; i < answer->count; i++) {
        uint32_t *ttl = &((dns_value *)answer->values)[i].ttl;

        *ttl -= *ttl < reply->age ? *ttl : reply->age;
    }
    for (size_t i = 0; i < answer->alias_count; i++) {
        uint32_t *ttl = &((facts_alias *)answer->aliases)[i].ttl;

        *ttl -= *ttl < reply->age ? *ttl : reply->age;
    }
}

static void on_reply(void *self, const dns_reply *came);

static uint32_t at_most(uint32_t value, uint32_t most)
{
    return value < most ? value : most;
}

/* Seconds for which a reply is remembered. */
static uint32_t life_of(dns_reply *reply, dns_type type)
{
    base_arena arena = {0};
    dns_answer answer;

    dns_reply_read(reply, type, &arena, &answer);
    base_arena_done(&arena);
    reply->status = answer.status;
    switch (answer.status) {
    case FACTS_DNS_ANSWERED:
        return at_most(answer.ttl, KEEP_MAX);
    case FACTS_DNS_NO_DATA:
    case FACTS_DNS_NAME_UNKNOWN:
        return answer.ttl > 0 ? at_most(answer.ttl, KEEP_NOTHING_MAX) : KEEP_NOTHING_UNSAID;
    default:
        return KEEP_FAILURE;
    }
}

static void close_question(question *q)
{
    *q->at = q->next;
    if (q->next != NULL)
        q->next->at = q->at;
}

/* Waiters may go, and may ask anew, while others are told. */
static void tell(question *q, const dns_reply *reply)
{
    while (q->waiters != NULL) {
        dns_waiter *first = q->waiters, waiter = *first;

        q->waiters = first->next;
        if (q->waiters != NULL)
            q->waiters->at = &q->waiters;
        free(first);
        waiter.replied(waiter.self, reply);
    }
}

/* The plain channel tells what kept the other one from an answer. */
static bool ask_again(question *q)
{
    dns_client *dns = q->dns;

    if (q->again || dns->closing)
        return false;
    q->again = true;
    if (dns->plain == NULL)
        dns->plain = dns_channel_new(dns->loop, dns->servers, true, NULL);
    if (dns->plain == NULL)
        return false;
    dns_channel_ask(dns->plain, q->name, q->type, on_reply, q);
    return true;
}

static void on_reply(void *self, const dns_reply *came)
{
    question *q = self;
    dns_reply reply = *came;
    uint32_t life;

    if (reply.status == FACTS_DNS_UNREACHABLE && ask_again(q))
        return;
    life = life_of(&reply, q->type);
    if (q->over != NULL)
        *q->over = true;
    close_question(q);
    dns_cache_put(q->dns->cache, q->name, q->type, &reply, io_loop_now(q->dns->loop) / 1000, life);
    tell(q, &reply);
    free(q);
}

/* -- Questions ----------------------------------------------------------------------------------------------------- */

static size_t place_of(const char *name, dns_type type)
{
    size_t hash = (size_t)type;

    for (; *name != '\0'; name++)
        hash = hash * 31 + (unsigned char)*name;
    return hash % PLACES;
}

static question *find_open(dns_client *dns, const char *name, dns_type type)
{
    question *q = dns->open[place_of(name, type)];

    while (q != NULL && (q->type != type || strcmp(q->name, name) != 0))
        q = q->next;
    return q;
}

static question *open_question(dns_client *dns, const char *name, dns_type type)
{
    question *q = base_allocate(sizeof *q), **place = &dns->open[place_of(name, type)];

    q->dns = dns;
    q->type = type;
    memcpy(q->name, name, strlen(name));
    q->next = *place;
    q->at = place;
    if (q->next != NULL)
        q->next->at = &q->next;
    *place = q;
    return q;
}

static dns_waiter *wait_for(question *q, dns_replied *replied, void *self)
{
    dns_waiter *waiter = base_allocate(sizeof *waiter);

    waiter->replied = replied;
    waiter->self = self;
    waiter->next = q->waiters;
    waiter->at = &q->waiters;
    if (waiter->next != NULL)
        waiter->next->at = &waiter->next;
    q->waiters = waiter;
    return waiter;
}

void dns_cancel(dns_waiter *waiter)
{
    if (waiter == NULL)
        return;
    *waiter->at = waiter->next;
    if (waiter->next != NULL)
        waiter->next->at = waiter->at;
    free(waiter);
}

/* False for what cannot be asked for. RFC 7686 2: "Applications that do not implement the Tor protocol SHOULD generate
   an error upon the use of .onion and SHOULD NOT perform a DNS lookup." */
static bool is_askable(const char *name, dns_reply *reply)
{
    size_t length = strlen(name);

    if (length >= 6 && base_ascii_is(name + length - 6, 6, ".onion"))
        *reply = (dns_reply){.status = FACTS_DNS_NAME_UNKNOWN, .detail = "names below .onion are not of the DNS"};
    else if (length == 0 || length > NAME_MAX_OCTETS)
        *reply = (dns_reply){.status = FACTS_DNS_MALFORMED, .detail = "no name of the DNS is that long"};
    else
        return true;
    return false;
}

/* DNS names are the same in either case of letters (RFC 4343). */
static void lower(const char *name, char key[static NAME_MAX_OCTETS + 1])
{
    size_t i = 0;

    for (; name[i] != '\0'; i++)
        key[i] = base_ascii_lower(name[i]);
    key[i] = '\0';
}

dns_waiter *dns_ask(dns_client *dns, const char *name, dns_type type, dns_replied *replied, void *self)
{
    char key[NAME_MAX_OCTETS + 1];
    dns_reply reply;
    question *q;
    dns_waiter *waiter;
    bool over = false;

    if (!is_askable(name, &reply)) {
        replied(self, &reply);
        return NULL;
    }
    lower(name, key);
    if (dns_cache_find(dns->cache, key, type, io_loop_now(dns->loop) / 1000, &reply)) {
        replied(self, &reply);
        return NULL;
    }
    q = find_open(dns, key, type);
    if (q != NULL)
        return wait_for(q, replied, self);
    q = open_question(dns, key, type);
    waiter = wait_for(q, replied, self);
    q->over = &over;
    dns_channel_ask(dns->channel, q->name, type, on_reply, q);
    if (over)
        return NULL;
    q->over = NULL;
    return waiter;
}

size_t dns_client_hosts_file(dns_client *dns, const char *name, int port, io_address *addresses, size_t capacity)
{
    return dns_channel_hosts_file(dns->channel, name, port, addresses, capacity);
}
