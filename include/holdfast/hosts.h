/*
 * holdfast/hosts.h: the Known HSTS Hosts in memory (RFC 6797 sections 5.3, 8.1, 8.2).
 *
 * A table of learned policies. It has no clock: every call that depends on time takes `now`. A policy is in force up to
 * and including the second observed + max_age, as in Chromium, Firefox, wget and libsoup. An expired, removed or
 * non-enforcing child never hides a live parent.
 *
 * Time: an exact look-up is constant, a match is linear in the labels of the name. A note is constant too, taken over
 * many, for all names: now and then one pays for the others, when the table grows or, full, chooses which entries will
 * go. Memory: at most 64 octets an entry plus the name (hf_hosts_memory tells), and while a full table chooses, 24 more
 * for a moment. What it may hold is bounded, see hf_hosts_options.
 *
 * Thread rule: one table, one thread at a time for calls that take a plain `hf_hosts *`; any number of threads at once
 * for calls that take a `const hf_hosts *`, as long as no other call runs.
 */
#ifndef HOLDFAST_HOSTS_H
#define HOLDFAST_HOSTS_H

#include "holdfast/alloc.h"
#include "holdfast/header.h"
#include "holdfast/host.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hf_hosts hf_hosts;

#define HF_HOSTS_LIMIT_DEFAULT 1048576 /* entries */
#define HF_PARTITION_MAX 1023          /* octets */

/* Get one from hf_hosts_options_init(), then set what you need. */
typedef struct hf_hosts_options {
    size_t size;
    const hf_alloc *alloc; /* NULL: malloc and free */
    /*
     * The most entries the table will hold; 0 means HF_HOSTS_LIMIT_DEFAULT. A new host in a full table evicts every
     * entry that has expired by then; if there is none, one entry: the oldest that a parent's includeSubDomains covers;
     * if there is none, of the site with the most entries the one noted or renewed longest ago. A site is the last two
     * labels of a name (all of co.uk is one), and whoever fills the table with names of one site evicts their own. An
     * entry of HF_SOURCE_USER is never evicted, unless it has expired; a table full of them refuses new hosts with
     * HF_E_FULL. A header of the host itself replaces it, as any other, and then it is a learned one. To choose, the
     * table looks at all entries, once in limit / 8 new hosts: it then chooses as many, and until the next look those
     * go in turn (or the oldest, when they were renewed meanwhile). Without memory to choose, the oldest goes.
     */
    size_t limit;
    /*
     * What the hash of names begins with, so that names chosen by an attacker cannot all meet in one place. 0, and
     * `options` NULL: a random number that the table asks of the system (getrandom on Linux, rand_s on Windows).
     * Elsewhere, and where the system refuses, it is a number that everybody knows: then give one of your own that
     * nobody can guess, if names come from others.
     */
    uint64_t seed;
    bool enforce_localhost; /* true: localhost and *.localhost are hosts like any other (RFC 6797 knows no exemption) */
} hf_hosts_options;

HF_DEFINE_INIT(hf_hosts_options)

/* `options` may be NULL for the defaults. HF_E_MEMORY. Free the table with hf_hosts_free (NULL is allowed). */
HF_API HF_MUST_USE hf_status hf_hosts_new(const hf_hosts_options *options, hf_hosts **hosts);
HF_API void hf_hosts_free(hf_hosts *hosts);

/* -- Entries ------------------------------------------------------------------------------------------------------- */

/* Where an entry comes from. */
typedef enum hf_source {
    HF_SOURCE_HEADER, /* an STS field seen by this program */
    HF_SOURCE_IMPORT, /* another program's store */
    HF_SOURCE_USER,   /* set by hand */
} hf_source;

/* What an entry says. Only HF_STATE_SET enforces; the others exist so that Firefox's store loses nothing. */
typedef enum hf_state {
    HF_STATE_SET,
    HF_STATE_UNSET,
    HF_STATE_KNOCKOUT, /* Firefox: a preloaded host that sent max-age=0 */
    HF_STATE_NEGATIVE, /* old Firefox: asked, and has no HSTS */
} hf_state;

typedef struct hf_entry {
    size_t size;
    hf_span host; /* canonical; as output it points into the table and lives until the table next changes */
    hf_span
        partition; /* opaque, empty for none; the same host may be known in several partitions. Lives as `host` does */
    int64_t max_age;  /* as sent, seconds; HF_TIME_UNKNOWN when a store did not keep it */
    int64_t observed; /* when it was noted; HF_TIME_UNKNOWN likewise */
    int64_t expires;  /* the last second in force; HF_TIME_NEVER */
    hf_source source;
    hf_state state;
    bool include_subdomains;
} hf_entry;

HF_DEFINE_INIT(hf_entry)

/* -- Noting -------------------------------------------------------------------------------------------------------- */

/* From which kind of request a field came, seen from the page that the user looks at. */
typedef enum hf_context {
    HF_CONTEXT_TOP_LEVEL,
    HF_CONTEXT_SAME_SITE,
    HF_CONTEXT_CROSS_SITE, /* refused by default: a third party that may note hosts can write a supercookie (RFC
                              6797 14.9) */
} hf_context;

/* The circumstances of one response. The caller vouches for them; the table cannot see the wire. */
typedef struct hf_response {
    size_t size;
    int64_t now;
    bool secure; /* it came over TLS from the host itself: not from a proxy, not from a <meta http-equiv> (RFC 6797 8.5)
                  */
    bool tls_error; /* some TLS error or warning occurred, even one that was clicked away (RFC 6797 8.1) */
    bool allow_cross_site;
    hf_context context;
    hf_span partition; /* the partition to note it in; empty: none */
} hf_response;

HF_DEFINE_INIT(hf_response)

/* What became of a note; name and text. "Ignored" is an answer and no error. */
#define HF_NOTED_MAP(X)                                                                                                \
    X(ADDED, "added", "a new Known HSTS Host")                                                                         \
    X(RENEWED, "renewed", "a Known HSTS Host, its policy replaced by this one")                                        \
    X(FORGOTTEN, "forgotten", "max-age=0: no longer a Known HSTS Host")                                                \
    X(IGNORED_UNKNOWN, "ignored-unknown", "max-age=0 for a host that was not known: nothing to forget")                \
    X(IGNORED_NO_FIELD, "ignored-no-field", "the response has no STS field")                                           \
    X(IGNORED_VOID, "ignored-void", "the first STS field is not valid and must be ignored (RFC 6797 8.1)")             \
    X(IGNORED_INSECURE, "ignored-insecure", "not received over TLS: must be ignored (RFC 6797 8.1)")                   \
    X(IGNORED_TLS_ERROR, "ignored-tls-error", "received over TLS with errors: must be ignored (RFC 6797 8.1)")         \
    X(IGNORED_IP, "ignored-ip", "the host is an IP address: must be ignored (RFC 6797 8.1.1)")                         \
    X(IGNORED_LOCALHOST, "ignored-localhost", "localhost is exempt")                                                   \
    X(IGNORED_CROSS_SITE, "ignored-cross-site", "a cross-site response may not note a host (RFC 6797 14.9)")           \
    X(IGNORED_NOT_A_DNS_NAME, "ignored-not-a-dns-name",                                                                \
      "the host is no DNS name (HF_HOST_OTHER) and can never be known")

typedef enum hf_noted {
#define HF_X(symbol, name, text) HF_NOTED_##symbol,
    HF_NOTED_MAP(HF_X)
#undef HF_X
} hf_noted;

HF_API const char *hf_noted_name(hf_noted noted);
HF_API const char *hf_noted_text(hf_noted noted);

/*
 * Notes, renews or forgets `host` by the rules of RFC 6797 8.1 and 8.1.1. *noted (may be NULL) tells what became of it.
 * Fails with HF_E_MEMORY, HF_E_PARTITION_TOO_LONG, HF_E_FULL or HF_E_ARGUMENT, and then no entry in force has changed.
 */
HF_API HF_MUST_USE hf_status hf_hosts_note(hf_hosts *hosts, const hf_host *host, const hf_policy *policy,
                                           const hf_response *response, hf_noted *noted);

/* The same from all header fields of the response: finds the first STS field, reads it, notes it. */
HF_API HF_MUST_USE hf_status hf_hosts_note_fields(hf_hosts *hosts, const hf_host *host, const hf_field *fields,
                                                  size_t count, const hf_response *response, hf_noted *noted);

/*
 * Puts an entry in as it is, replacing the one of the same host and partition: for stores and imports, where the rules
 * of noting were applied long ago. `host` must be canonical (as hf_host_parse gives it) and no IP address; it is not
 * checked again. `now` is used for eviction only. Fails as hf_hosts_note does.
 */
HF_API HF_MUST_USE hf_status hf_hosts_put(hf_hosts *hosts, const hf_entry *entry, int64_t now);

/* -- Asking -------------------------------------------------------------------------------------------------------- */

typedef enum hf_match {
    HF_MATCH_NONE,
    HF_MATCH_CONGRUENT,   /* the host itself is known (RFC 6797 8.2) */
    HF_MATCH_SUPERDOMAIN, /* a parent is known, with includeSubDomains */
} hf_match;

/*
 * The policy in force for `host` at `now`: the host's own, else that of the nearest superdomain with includeSubDomains.
 * *entry (may be NULL) is filled in when there is one. Always HF_MATCH_NONE for IP addresses, and for localhost unless
 * enforced.
 */
HF_API hf_match hf_hosts_match(const hf_hosts *hosts, const hf_host *host, hf_span partition, int64_t now,
                               hf_entry *entry);

/* The entry of exactly this host, live or not, enforcing or not. False if there is none. *entry may be NULL. */
HF_API bool hf_hosts_get(const hf_hosts *hosts, const hf_host *host, hf_span partition, hf_entry *entry);

/* True if the entry enforces at `now`. */
HF_API bool hf_entry_is_live(const hf_entry *entry, int64_t now);

/*
 * Walks all entries, live or not, in the order in which they were noted or renewed, oldest first. Start with *cursor =
 * 0; false at the end. The table must not change on the way, except that the entry just returned may be forgotten by
 * hf_hosts_forget.
 */
HF_API bool hf_hosts_next(const hf_hosts *hosts, uint64_t *cursor, hf_entry *entry);

HF_API size_t hf_hosts_count(const hf_hosts *hosts);                   /* all entries; constant time */
HF_API size_t hf_hosts_count_live(const hf_hosts *hosts, int64_t now); /* those that enforce at `now`; looks at each */
HF_API size_t hf_hosts_memory(const hf_hosts *hosts); /* octets asked of the allocator and not given back */
HF_API bool hf_hosts_enforces_localhost(const hf_hosts *hosts);

/* -- Forgetting ---------------------------------------------------------------------------------------------------- */
/* All of these lower protection; none can fail. They return how many entries went. */

HF_API size_t hf_hosts_forget(hf_hosts *hosts, const hf_host *host,
                              hf_span partition); /* this host in this partition */
HF_API size_t hf_hosts_forget_subtree(hf_hosts *hosts,
                                      const hf_host *host); /* it and all names below, in every partition */
/* Observed in [from, to). A time that a store did not keep counts as the beginning: `from` HF_TIME_UNKNOWN takes those
 * too. */
HF_API size_t hf_hosts_forget_between(hf_hosts *hosts, int64_t from, int64_t to);
HF_API size_t hf_hosts_forget_expired(hf_hosts *hosts, int64_t now);
HF_API size_t hf_hosts_clear(hf_hosts *hosts);

#ifdef __cplusplus
}
#endif
#endif
