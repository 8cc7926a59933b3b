/*
 * facts/site.h: all that was seen of one site: where its visitors come in, and what they are led along.
 */
#ifndef FACTS_SITE_H
#define FACTS_SITE_H

#include "facts/answers.h"
#include "facts/dns.h"
#include "facts/endpoints.h"
#include "facts/horizon.h"
#include "facts/key_types.h"
#include "facts/large_hello.h"
#include "facts/mended.h"
#include "facts/offers.h"
#include "facts/redirects.h"
#include "facts/subdomains.h"
#include "facts/verdict.h"
#include "facts/warn_before.h"

#include "base/memory.h"

/* symbol, name: how much is looked at. */
#define FACTS_DEPTH_MAP(X)                                                                                             \
    X(FIELD, "field")       /* the first answer of https://HOST: its STS field, and its certificate */                 \
    X(STANDARD, "standard") /* every way in, redirect by redirect */                                                   \
    X(FULL, "full")         /* and every address, what the DNS says, and other answers of the host */

typedef enum facts_depth {
#define FACTS_X(symbol, name) FACTS_DEPTH_##symbol,
    FACTS_DEPTH_MAP(FACTS_X)
#undef FACTS_X
        FACTS_DEPTHS
} facts_depth;

const char *facts_depth_name(facts_depth depth);

/* Where the host stands on the preload list of some browsers. */
typedef struct facts_listing {
    facts_engine engine;
    const char *browsers; /* "Chrome, Edge" */
    const char *list; /* what list was asked; NULL: none is at hand, and the built-in top-level domains were asked */
    const char *age;  /* the same with its age, in words */
    int64_t list_time;
    bool readable; /* false: nobody but the browser can read its list */
    bool stale;
    const char *matched; /* the covering entry; NULL: none */
    bool include_subdomains;
} facts_listing;

#define FACTS_LISTINGS_MAX 3

#define FACTS_FURTHER_MAX 256 /* each address of a name may be asked for every hop */

/* What a browser would request besides, and was requested for its sake: the URL that a policy turns a redirect
 * into, or a hop at each address of a name. */
typedef struct facts_further {
    const facts_hop *hops[FACTS_FURTHER_MAX];
    const char *addresses[FACTS_FURTHER_MAX]; /* the address that was to be asked; NULL: any */
    size_t count;
} facts_further;

typedef struct facts_site {
    /* What was asked for. */
    hf_host host;
    facts_depth depth;
    const char *target; /* path and query: "/" */
    int port;           /* of HTTPS */
    int http_port;      /* 0: plain HTTP is not looked at */
    bool registrable;   /* the host is a registrable domain: one label below a public suffix */
    bool www;           /* www.HOST is looked at too */
    facts_warn_before warn_before;
    /* What is known beforehand. */
    facts_listing listings[FACTS_LISTINGS_MAX];
    size_t listing_count; /* 0: not asked for */
    facts_horizon horizon;
    /* What was seen. */
    facts_redirects chains[FACTS_WAYS];
    base_arena arena;              /* what the rest points to, if it was not borrowed */
    const char *const *also_names; /* asked for: other names that the certificate should be for */
    size_t also_name_count;
    facts_endpoints endpoints[FACTS_WAYS]; /* each address */
    facts_default_host default_host;
    facts_key_certificates key_certificates;
    facts_large_hello large_hello;
    facts_offers offers;
    facts_answers answers;
    facts_names names; /* from full depth on */
    facts_further further;
    facts_mended mended; /* the chain of https://HOST */
    /* What browsers make of it: src/agent forms it. */
    facts_verdict verdict;
    facts_subdomains subdomains;
} facts_site;

/* The site at `port`, in standard depth: "/" of the host, no plain HTTP, no www. Set the members from `depth` to `www`
 * as wanted. */
void facts_site_init(facts_site *site, const hf_host *host, int port);
void facts_site_done(facts_site *site);

/* The exchange that decides about HSTS: the first request to https://HOST. NULL before it was made. */
const facts_exchange *facts_site_https(const facts_site *site);

/* An array: where the host stands on each list. */
void facts_listings_json(const facts_site *site, base_json *json);

#define FACTS_OCTETS_MAX ((size_t)256 << 10)       /* octets that a server sent, of one host, in JSON */
#define FACTS_CERTIFICATES_MAX ((size_t)256 << 10) /* the same of certificates and staples, before base64 */

/* What follows is about another host: so much of what its servers sent is written. What is left out has a member that
 * says so. */
void facts_site_limit_json(base_json *json);

void facts_site_json(const facts_site *site, base_json *json);

#endif
