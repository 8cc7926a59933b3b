/*
 * findings/census.h: any number of judged hosts, one after the other, in bounded memory: what their policies come to,
 * which hosts a parent covers, where they stand on the preload lists, who issued their certificates, and when these
 * end. What the bounds leave out is counted, so that nobody takes a part for the whole. Pure.
 */
#ifndef FINDINGS_CENSUS_H
#define FINDINGS_CENSUS_H

#include "findings/estate.h"

#define FINDING_ISSUER_MAX 96                 /* octets of an issuer's name, with the NUL */
#define FINDING_ISSUERS_MAX 256               /* issuers that are told apart */
#define FINDING_PARENTS_MAX 65536             /* hosts whose policy covers their subdomains */
#define FINDING_WAITING_MAX ((size_t)4 << 20) /* octets of names of hosts without a policy of their own */

/* symbol, name: where a host stands on one list. */
#define FINDING_LISTED_MAP(X)                                                                                          \
    X(UNKNOWN, "unknown") /* no list was asked */                                                                      \
    X(NOT, "not-listed")                                                                                               \
    X(ITSELF, "listed")                                                                                                \
    X(BY_PARENT, "listed-by-parent")

typedef enum finding_listed {
#define FINDINGS_X(symbol, name) FINDING_LISTED_##symbol,
    FINDING_LISTED_MAP(FINDINGS_X)
#undef FINDINGS_X
        FINDING_LISTEDS
} finding_listed;

const char *finding_listed_name(finding_listed listed);

/* symbol, name, in words: what protects the visitors of a host who have been there, or at its parent, before. */
#define FINDING_COVER_MAP(X)                                                                                           \
    X(OWN, "own", "a policy of their own")                                                                             \
    X(PARENT, "parent", "includeSubDomains of a parent in the list")                                                   \
    X(PRELOADED, "preloaded", "a preload list alone")                                                                  \
    X(NONE, "none", "nothing")                                                                                         \
    X(UNKNOWN, "unknown", "not known: too many hosts to keep")

typedef enum finding_cover {
#define FINDINGS_X(symbol, name, text) FINDING_COVER_##symbol,
    FINDING_COVER_MAP(FINDINGS_X)
#undef FINDINGS_X
        FINDING_COVERS
} finding_cover;

const char *finding_cover_name(finding_cover cover);
const char *finding_cover_text(finding_cover cover);

/* What one host adds: numbers and text, so that it can be sent from one process to another. */
typedef struct finding_counted {
    char name[HF_HOST_MAX + 1];      /* "": an address, which no parent covers */
    char issuer[FINDING_ISSUER_MAX]; /* "": no certificate came */
    uint8_t harm, policy, expiry;    /* expiry: FINDING_EXPIRIES without a certificate */
    uint8_t in_force, include_subdomains, wants_preload, is_seen;
    uint8_t listing_count, listed[FACTS_LISTINGS_MAX];
    uint8_t rules[(RULE_COUNT + 7) / 8];
} finding_counted;

void finding_count_site(const facts_site *site, const finding_judgement *judgement, finding_counted *counted);
/* A host of which nothing was seen. */
void finding_count_unseen(finding_counted *counted);

typedef struct finding_issuer {
    char name[FINDING_ISSUER_MAX];
    uint64_t hosts;
} finding_issuer;

typedef struct finding_census {
    const char *const *list_names; /* "Chrome, Edge": of each list */
    size_t listing_count;
    uint64_t hosts;
    uint64_t harms[FINDING_HARMS], policies[FINDING_POLICIES], expiries[FINDING_EXPIRIES];
    uint64_t rules[RULE_COUNT];      /* hosts with such a finding */
    uint64_t covers[FINDING_COVERS]; /* of hosts that were seen */
    uint64_t listed[FACTS_LISTINGS_MAX][FINDING_LISTEDS];
    uint64_t listed_without_policy[FACTS_LISTINGS_MAX];  /* itself, and no policy in force */
    uint64_t asks_and_is_not_listed[FACTS_LISTINGS_MAX]; /* sends `preload` in a policy that is in force */
    finding_issuer issuers[FINDING_ISSUERS_MAX];         /* the most frequent first, once it is closed */
    size_t issuer_count;
    uint64_t other_issuers; /* hosts whose issuer came when there was no room any more */
    /* Coverage: names that cover their subdomains, and names that wait for such a parent. */
    uint64_t *parents; /* hashes, in an open table; 0: free */
    size_t parent_count, parent_slots;
    uint64_t parents_left_out;
    base_buffer waiting;        /* names, each with what it is otherwise in front, and a NUL behind */
    size_t waiting_resolved_at; /* parent_count when it was last gone through */
} finding_census;

/* The lists are those that browsers publish, in the order of facts_site.listings. */
void finding_census_init(finding_census *census, const char *const *list_names, size_t count);
void finding_census_done(finding_census *census);
void finding_census_add(finding_census *census, const finding_counted *counted);
/* After the last host: the hosts that wait are resolved, and issuers are sorted. */
void finding_census_close(finding_census *census);

#endif
