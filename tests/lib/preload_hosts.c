#include "lib/preload_hosts.h"

#include <stdlib.h>
#include <string.h>

#define DEEP "a1.edge.eu-west-1."

/* -- Words that look like those of the list: a chain of order 3 ---------------------------------------------------- */

/* Four octets of a first label, the last of which follows the three others; a label has 0 in front and behind. */
typedef struct chain {
    uint32_t *links;
    size_t count;
} chain;

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static void chain_init(chain *c, const name_list *list)
{
    size_t length = 0;

    for (size_t i = 0; i < list->count; i++)
        length += strcspn(list->entries[i].name, ".") + 1;
    *c = (chain){base_allocate(length * sizeof *c->links), 0};
    for (size_t i = 0; i < list->count; i++) {
        const char *name = list->entries[i].name;
        uint32_t link = 0;
        for (size_t k = 0, end = strcspn(name, "."); k <= end; k++)
            c->links[c->count++] = link = link << 8 | (k == end ? 0 : (unsigned char)name[k]);
    }
    qsort(c->links, c->count, sizeof *c->links, by_value);
}

/* How many links are below `value`. */
static size_t links_below(const chain *c, uint64_t value)
{
    size_t low = 0, high = c->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->links[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void put_word(const chain *c, uint64_t *random, char *name)
{
    size_t length = strlen(name), end = length + HF_LABEL_MAX;

    for (uint32_t link = 0; length < end; length++) {
        uint64_t first = (uint64_t)(link << 8);
        size_t from = links_below(c, first), to = links_below(c, first + 256);
        link = c->links[from + name_random(random, to - from)];
        name[length] = (char)(link & 0xff);
        if (name[length] == '\0')
            return;
    }
    name[length] = '\0';
}

/* -- Hosts --------------------------------------------------------------------------------------------------------- */

typedef struct maker {
    const name_table *table;
    chain chain;
    uint64_t random;
} maker;

static const char *some_name(maker *m)
{
    return m->table->list->entries[name_random(&m->random, m->table->list->count)].name;
}

/* A name unless it is that of an address, about which nobody asks. */
static bool is_host(const char *name)
{
    hf_host host;

    return hf_host_parse(name, strlen(name), NULL, &host, NULL) == HF_OK && host.kind == HF_HOST_NAME;
}

static void put_listed(maker *m, char *name)
{
    const char *listed;

    do
        listed = some_name(m);
    while (!is_host(listed) || strlen(name) + strlen(listed) > HF_HOST_MAX);
    strcat(name, listed);
}

static void put_candidate(maker *m, char *name)
{
    static const char *const fronts[] = {"www.", "cdn.", "api.", "mail.", "img.static.", "m.", "blog."};
    const char *listed = some_name(m), *top = strrchr(listed, '.');

    if (name_random(&m->random, 2) == 0)
        strcat(name, fronts[name_random(&m->random, sizeof fronts / sizeof fronts[0])]);
    if (name_random(&m->random, 4) == 0)
        strncat(name, listed, strcspn(listed, "."));
    else
        put_word(&m->chain, &m->random, name);
    listed = some_name(m);
    top = strrchr(listed, '.');
    strcat(name, name_random(&m->random, 3) == 0 || top == NULL ? ".com" : top);
}

static void put_unlisted(maker *m, char *name)
{
    size_t front = strlen(name);
    hf_preload_match match;
    hf_host host;

    for (;;) {
        put_candidate(m, name);
        if (hf_host_parse(name, strlen(name), NULL, &host, NULL) == HF_OK && host.kind == HF_HOST_NAME &&
            !name_table_cover(m->table, &host, &match))
            return;
        name[front] = '\0';
    }
}

static const char *make_host(maker *m, host_set *set, host_set_kind kind)
{
    char name[4 * HF_HOST_MAX] = "";

    if (kind == HOSTS_MIXED) {
        size_t place = name_random(&m->random, 1000);
        kind = place < 100 ? HOSTS_LISTED : place < 147 ? HOSTS_SUBDOMAIN : HOSTS_UNLISTED;
    }
    strcat(name, kind == HOSTS_SUBDOMAIN ? "www." : kind == HOSTS_DEEP || kind == HOSTS_DEEP_UNLISTED ? DEEP : "");
    if (kind == HOSTS_UNLISTED || kind == HOSTS_DEEP_UNLISTED)
        put_unlisted(m, name);
    else
        put_listed(m, name);
    return base_arena_string(&set->arena, name);
}

/* A rank below 60,000, of probability about 1 / rank: each doubling of ranks is as likely as the others. */
static size_t zipf(uint64_t *random)
{
    size_t rank;

    do {
        size_t octave = (size_t)1 << name_random(random, 16);
        rank = octave + name_random(random, octave) - 1;
    } while (rank >= 60000);
    return rank;
}

void host_set_make(host_set *set, host_set_kind kind, const name_table *table, size_t count)
{
    maker m = {.table = table, .random = 2026 + (uint64_t)kind};

    *set = (host_set){base_allocate(count * sizeof(const char *)), count, {NULL}};
    chain_init(&m.chain, table->list);
    if (kind == HOSTS_MIXED) {
        const char **pool = base_allocate(60000 * sizeof(const char *));
        for (size_t i = 0; i < 60000; i++)
            pool[i] = make_host(&m, set, kind);
        for (size_t i = 0; i < count; i++)
            set->names[i] = pool[zipf(&m.random)];
        free(pool);
    } else {
        for (size_t i = 0; i < count; i++)
            set->names[i] = make_host(&m, set, kind);
    }
    free(m.chain.links);
}

void host_set_done(host_set *set)
{
    free(set->names);
    base_arena_done(&set->arena);
}
