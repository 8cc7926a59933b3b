/*
 * holdfast/decide.h: the decision about one host or URL at one moment (RFC 6797 sections 8.2, 8.3, 8.4, 12.3).
 *
 * Learned policies are asked first, then the preload list, as in Chromium. The list is a floor: a learned max-age=0
 * removes the learned policy and never lifts a preloaded entry (Firefox lets it; RFC 6797 12.3 leaves it open).
 *
 * Nothing here allocates. Thread rule: as for a `const hf_hosts *`, see hosts.h.
 */
#ifndef HOLDFAST_DECIDE_H
#define HOLDFAST_DECIDE_H

#include "holdfast/hosts.h"
#include "holdfast/preload.h"
#include "holdfast/url.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Why a verdict is what it is: id, name, RFC section, text. */
#define HF_REASON_MAP(X)                                                                                               \
    X(LEARNED_CONGRUENT, "learned-congruent", "8.2", "this host sent a policy of its own")                             \
    X(LEARNED_SUPERDOMAIN, "learned-superdomain", "8.2", "a parent sent a policy with includeSubDomains")              \
    X(PRELOADED_CONGRUENT, "preloaded-congruent", "12.3", "this host is on the preload list")                          \
    X(PRELOADED_SUPERDOMAIN, "preloaded-superdomain", "12.3", "a parent is on the preload list, with its subdomains")  \
    X(NOT_KNOWN, "not-known", "8.2", "neither this host nor a parent is known")                                        \
    X(EXPIRED, "expired", "8.1.1", "a policy was known, but its time is over")                                         \
    X(LIST_STALE, "list-stale", "12.3", "on the preload list, but the list is too old to enforce")                     \
    X(IP_ADDRESS, "ip-address", "8.3", "an IP address never holds a policy")                                           \
    X(LOCALHOST, "localhost", "-", "localhost is exempt")                                                              \
    X(NOT_A_DNS_NAME, "not-a-dns-name", "8.2",                                                                         \
      "the host has an empty or overlong label or is too long, and no parent is known with includeSubDomains")         \
    X(SCHEME, "scheme", "8.3", "HSTS concerns http, https, ws and wss only")

typedef enum hf_reason {
#define HF_X(symbol, name, section, text) HF_REASON_##symbol,
    HF_REASON_MAP(HF_X)
#undef HF_X
} hf_reason;

HF_API const char *hf_reason_name(hf_reason reason);
HF_API const char *hf_reason_section(hf_reason reason);
HF_API const char *hf_reason_text(hf_reason reason);

typedef struct hf_verdict {
    size_t size;
    bool enforce; /* a policy is in force for the host */
    /*
     * This URL must be rewritten before anything is sent; false from hf_decide. Request what hf_url_upgrade writes if
     * it is true, and what hf_url_write writes if it is false; never the text that was parsed, which other readers may
     * take for another host.
     */
    bool upgrade;
    bool tls_errors_fatal; /* 8.4: every TLS error ends the connection, and the user is offered no way round it */
    hf_reason reason;
    bool learned; /* a learned policy is in force, and the next four describe it */
    bool learned_include_subdomains;
    size_t learned_offset; /* the known host's name is hf_host.name from here to its end */
    int64_t learned_expires;
    bool preloaded; /* the list covers the host, and is not too old; the next two describe the entry */
    bool preloaded_include_subdomains;
    size_t preloaded_offset;
    int64_t expires; /* the last second on which this verdict holds by what is known now; HF_TIME_NEVER. Meaningless
                        unless enforce */
} hf_verdict;

HF_DEFINE_INIT(hf_verdict)

/*
 * The seam to learned policies that are kept elsewhere than in an hf_hosts: in a store (hf_store_learned in store.h),
 * or in the caller's own. `match` and `get` answer as hf_hosts_match and hf_hosts_get do.
 */
typedef struct hf_learned {
    size_t size; /* sizeof(hf_learned) of the program that filled it in */
    hf_match (*match)(const void *self, const hf_host *host, hf_span partition, int64_t now, hf_entry *entry);
    bool (*get)(const void *self, const hf_host *host, hf_span partition, hf_entry *entry);
    const void *self;
    bool enforce_localhost;
} hf_learned;

/*
 * What is known. Each may be NULL; all are borrowed. `hosts` is asked first, then `learned`: so a table in memory may
 * hold what must not be kept (a private window) beside a store that is kept.
 */
typedef struct hf_known {
    const hf_hosts *hosts;
    const hf_preload *preload;
    const hf_learned *learned;
} hf_known;

/* Decides about a host. `partition` is empty for none. HF_E_ARGUMENT only for a NULL or unsized argument, or a list
 * without `cover`. */
HF_API HF_MUST_USE hf_status hf_decide(const hf_known *known, const hf_host *host, hf_span partition, int64_t now,
                                       hf_verdict *verdict);

/* Decides about a URL: as for its host, and `upgrade` is set for http and ws. Request only what url.h writes for it. */
HF_API HF_MUST_USE hf_status hf_decide_url(const hf_known *known, const hf_url *url, hf_span partition, int64_t now,
                                           hf_verdict *verdict);

#ifdef __cplusplus
}
#endif
#endif
