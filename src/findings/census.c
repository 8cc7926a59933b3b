#include "findings/census.h"

#include "base/hash.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SLOTS 1024
#define STEPS_MAX 64 /* in the table: a list that is made to collide costs no more */

static const char *const listed_names[] = {
#define FINDINGS_X(symbol, name) name,
    FINDING_LISTED_MAP(FINDINGS_X)
#undef FINDINGS_X
};

static const struct {
    const char *name, *text;
} covers[] = {
#define FINDINGS_X(symbol, name, text) {name, text},
    FINDING_COVER_MAP(FINDINGS_X)
#undef FINDINGS_X
};

const char *finding_listed_name(finding_listed listed)
{
    return listed_names[listed];
}

const char *finding_cover_name(finding_cover cover)
{
    return covers[cover].name;
}

const char *finding_cover_text(finding_cover cover)
{
    return covers[cover].text;
}

/* -- One host ------------------------------------------------------------------------------------------------------ */

static finding_listed listed_of(const facts_site *site, const facts_listing *listing)
{
    if (!listing->readable)
        return FINDING_LISTED_UNKNOWN;
    if (listing->matched == NULL)
        return listing->list != NULL ? FINDING_LISTED_NOT : FINDING_LISTED_UNKNOWN;
    return strcmp(listing->matched, site->host.name) == 0 ? FINDING_LISTED_ITSELF : FINDING_LISTED_BY_PARENT;
}

static void take_policy(const facts_site *site, const finding_judgement *judgement, finding_counted *counted)
{
    counted->policy = (uint8_t)finding_policy_of(site, judgement);
    counted->in_force = site->verdict.in_force && judgement->own != NULL && judgement->own->sent.valid;
    if (!counted->in_force)
        return;
    counted->include_subdomains = judgement->own->sent.policy.include_subdomains;
    counted->wants_preload = judgement->own->sent.policy.preload;
}

void finding_count_unseen(finding_counted *counted)
{
    memset(counted, 0, sizeof *counted);
    counted->harm = FINDING_HARM_UNSEEN;
    counted->policy = FINDING_POLICY_UNSEEN;
    counted->expiry = FINDING_EXPIRIES;
}

void finding_count_site(const facts_site *site, const finding_judgement *judgement, finding_counted *counted)
{
    const facts_exchange *https = facts_site_https(site);
    const finding *worst;

    finding_count_unseen(counted);
    if (site->host.kind == HF_HOST_NAME)
        memcpy(counted->name, site->host.name, site->host.length + 1);
    counted->harm = (uint8_t)finding_harm_of(site, judgement, &worst);
    counted->is_seen = site->verdict.looked;
    take_policy(site, judgement, counted);
    if (https != NULL && https->tls.certificate_count > 0)
        snprintf(counted->issuer, sizeof counted->issuer, "%s", https->tls.certificates[0].issuer);
    if (site->verdict.certificate_until != HF_TIME_UNKNOWN)
        counted->expiry = (uint8_t)finding_expiry_of(site->verdict.certificate_until - judgement->now);
    counted->listing_count = (uint8_t)site->listing_count;
    for (size_t i = 0; i < site->listing_count; i++)
        counted->listed[i] = (uint8_t)listed_of(site, &site->listings[i]);
    for (size_t i = 0; i < judgement->findings.count; i++)
        counted->rules[judgement->findings.items[i].rule / 8] |=
            (uint8_t)(1U << (unsigned)judgement->findings.items[i].rule % 8);
}

/* -- Parents ------------------------------------------------------------------------------------------------------- */

static uint64_t key_of(const char *name)
{
    uint64_t key = base_hash(BASE_HASH_START, name, strlen(name));

    return key != 0 ? key : 1;
}

/* The slot of the key, or a free one for it; NULL: neither is near. */
static uint64_t *slot_of(uint64_t *slots, size_t count, uint64_t key)
{
    for (size_t step = 0; step < STEPS_MAX && step < count; step++) {
        uint64_t *slot = &slots[(key + step) & (count - 1)];

        if (*slot == key || *slot == 0)
            return slot;
    }
    return NULL;
}

static void grow_parents(finding_census *census)
{
    size_t count = census->parent_slots > 0 ? census->parent_slots * 2 : FIRST_SLOTS;
    uint64_t *slots = base_allocate(count * sizeof *slots);

    for (size_t i = 0; i < census->parent_slots; i++) {
        uint64_t *slot = census->parents[i] != 0 ? slot_of(slots, count, census->parents[i]) : NULL;

        if (slot != NULL)
            *slot = census->parents[i];
        else
            census->parents_left_out += census->parents[i] != 0;
    }
    free(census->parents);
    census->parents = slots;
    census->parent_slots = count;
}

static void add_parent(finding_census *census, const char *name)
{
    uint64_t *slot, key = key_of(name);

    if (census->parent_count * 2 >= census->parent_slots && census->parent_count < FINDING_PARENTS_MAX)
        grow_parents(census);
    slot = slot_of(census->parents, census->parent_slots, key);
    if (slot != NULL && *slot == key)
        return;
    if (slot == NULL || census->parent_count == FINDING_PARENTS_MAX) {
        census->parents_left_out++;
        return;
    }
    *slot = key;
    census->parent_count++;
}

/* True if a name above this one covers it. */
static bool has_parent(const finding_census *census, const char *name)
{
    const char *above = strchr(name, '.');

    for (; above != NULL && census->parent_slots > 0; above = strchr(above + 1, '.')) {
        uint64_t key = key_of(above + 1), *slot = slot_of(census->parents, census->parent_slots, key);

        if (slot != NULL && *slot == key)
            return true;
    }
    return false;
}

/* -- Those that wait ----------------------------------------------------------------------------------------------- */

/* Takes out those that a parent covers by now. */
static void resolve(finding_census *census)
{
    base_buffer *waiting = &census->waiting;
    size_t kept = 0, length;

    if (census->waiting_resolved_at == census->parent_count)
        return;
    for (size_t at = 0; at < waiting->length; at += length) {
        length = strlen(waiting->data + at) + 1;
        if (has_parent(census, waiting->data + at + 1)) {
            census->covers[FINDING_COVER_PARENT]++;
            continue;
        }
        memmove(waiting->data + kept, waiting->data + at, length);
        kept += length;
    }
    waiting->length = kept;
    census->waiting_resolved_at = census->parent_count;
}

/* `else_is` is what covers the host if no parent does. */
static void wait_for_parent(finding_census *census, const char *name, finding_cover else_is)
{
    size_t length = strlen(name) + 2;

    if (census->waiting.length + length > FINDING_WAITING_MAX)
        resolve(census);
    if (census->waiting.length + length > FINDING_WAITING_MAX) {
        census->covers[else_is == FINDING_COVER_PRELOADED ? else_is : FINDING_COVER_UNKNOWN]++;
        return;
    }
    base_buffer_char(&census->waiting, else_is == FINDING_COVER_PRELOADED ? 'p' : '-');
    base_buffer_append(&census->waiting, name, length - 1);
}

static void cover(finding_census *census, const finding_counted *counted)
{
    finding_cover other = FINDING_COVER_NONE;

    for (size_t i = 0; i < counted->listing_count; i++)
        if (counted->listed[i] >= FINDING_LISTED_ITSELF)
            other = FINDING_COVER_PRELOADED;
    if (counted->in_force && counted->include_subdomains)
        add_parent(census, counted->name);
    if (counted->in_force)
        census->covers[FINDING_COVER_OWN]++;
    else if (has_parent(census, counted->name))
        census->covers[FINDING_COVER_PARENT]++;
    else if (strchr(counted->name, '.') == NULL)
        census->covers[other]++;
    else
        wait_for_parent(census, counted->name, other);
}

void finding_census_close(finding_census *census)
{
    base_buffer *waiting = &census->waiting;
    finding_cover none = census->parents_left_out > 0 ? FINDING_COVER_UNKNOWN : FINDING_COVER_NONE;

    resolve(census);
    for (size_t at = 0; at < waiting->length; at += strlen(waiting->data + at) + 1)
        census->covers[waiting->data[at] == 'p' ? FINDING_COVER_PRELOADED : none]++;
    base_buffer_clear(waiting);
}

/* -- All ----------------------------------------------------------------------------------------------------------- */

void finding_census_init(finding_census *census, const char *const *list_names, size_t count)
{
    *census = (finding_census){.list_names = list_names, .listing_count = count};
    base_buffer_init(&census->waiting, FINDING_WAITING_MAX);
}

void finding_census_done(finding_census *census)
{
    free(census->parents);
    base_buffer_done(&census->waiting);
}

static void count_issuer(finding_census *census, const char *name)
{
    size_t i = 0;

    while (i < census->issuer_count && strcmp(census->issuers[i].name, name) != 0)
        i++;
    if (i == FINDING_ISSUERS_MAX) {
        census->other_issuers++;
        return;
    }
    if (i == census->issuer_count)
        memcpy(census->issuers[census->issuer_count++].name, name, FINDING_ISSUER_MAX);
    census->issuers[i].hosts++;
    /* The frequent ones move to the front, where they are found soon. */
    for (; i > 0 && census->issuers[i].hosts > census->issuers[i - 1].hosts; i--) {
        finding_issuer moved = census->issuers[i];

        census->issuers[i] = census->issuers[i - 1];
        census->issuers[i - 1] = moved;
    }
}

static void count_listings(finding_census *census, const finding_counted *counted)
{
    for (size_t i = 0; i < counted->listing_count && i < census->listing_count; i++) {
        finding_listed listed = (finding_listed)counted->listed[i];

        census->listed[i][listed]++;
        census->listed_without_policy[i] += listed == FINDING_LISTED_ITSELF && counted->is_seen && !counted->in_force;
        census->asks_and_is_not_listed[i] += listed == FINDING_LISTED_NOT && counted->wants_preload;
    }
}

/* It comes from a process that has read what hosts sent. */
static bool is_sound(const finding_counted *counted)
{
    bool sound = counted->harm < FINDING_HARMS && counted->policy < FINDING_POLICIES &&
                 counted->expiry <= FINDING_EXPIRIES && counted->listing_count <= FACTS_LISTINGS_MAX &&
                 memchr(counted->name, '\0', sizeof counted->name) != NULL &&
                 memchr(counted->issuer, '\0', sizeof counted->issuer) != NULL;

    for (size_t i = 0; sound && i < counted->listing_count; i++)
        sound = counted->listed[i] < FINDING_LISTEDS;
    return sound;
}

void finding_census_add(finding_census *census, const finding_counted *counted)
{
    if (!is_sound(counted))
        return;
    census->hosts++;
    census->harms[counted->harm]++;
    census->policies[counted->policy]++;
    if (counted->expiry < FINDING_EXPIRIES)
        census->expiries[counted->expiry]++;
    for (size_t rule = 0; rule < RULE_COUNT; rule++)
        census->rules[rule] += counted->rules[rule / 8] >> (rule % 8) & 1U;
    if (*counted->issuer != '\0')
        count_issuer(census, counted->issuer);
    count_listings(census, counted);
    if (counted->is_seen)
        cover(census, counted);
}
