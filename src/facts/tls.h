/*
 * facts/tls.h: what a TLS handshake showed, and the certificates in it. Strings as in facts/exchange.h.
 */
#ifndef FACTS_TLS_H
#define FACTS_TLS_H

#include "facts/tls_error.h"

#include "base/json.h"
#include "holdfast/status.h"

/*
 * symbol, name: what a certificate is for among those that a server sent. RFC 5246 7.4.2: "The sender's certificate
 * MUST come first in the list. Each following certificate MUST directly certify the one preceding it." The names of
 * this page's tables are stable.
 */
#define FACTS_PLACE_MAP(X)                                                                                             \
    X(UNKNOWN, NULL)                                                                                                   \
    X(LEAF, "leaf")                 /* the server's own */                                                             \
    X(ISSUER, "issuer")             /* certifies the one before it */                                                  \
    X(OUT_OF_ORDER, "out-of-order") /* certifies another one that was sent */                                          \
    X(ALTERNATIVE, "alternative")   /* another certificate of a CA that was sent already: it leads to another root */  \
    X(ROOT, "root")                 /* certifies itself; clients that trust it have it */                              \
    X(DUPLICATE, "duplicate")       /* was sent already */                                                             \
    X(OTHER_KEY, "other-key")       /* has the name of an issuer, but its key signed none that was sent */             \
    X(UNRELATED, "unrelated")       /* no path from the server's own leads to it */

typedef enum facts_place {
#define FACTS_X(symbol, name) FACTS_PLACE_##symbol,
    FACTS_PLACE_MAP(FACTS_X)
#undef FACTS_X
} facts_place;

const char *facts_place_name(facts_place place);

typedef struct facts_certificate {
    hf_span der;
    const char *subject, *issuer; /* RFC 2253 */
    const char *const *names;     /* the alternative names: DNS names and IP addresses */
    size_t name_count;
    int64_t not_before, not_after; /* HF_TIME_UNKNOWN if not readable */
    const char *serial;
    const char *fingerprint;   /* SHA-256 of the DER form */
    const char *tbs;           /* SHA-256 of what certificate transparency signs (tls/tbs.h); NULL: not readable */
    const char *spki;          /* SHA-256 of SubjectPublicKeyInfo; NULL: not readable */
    const char *authority_key; /* the issuer's key, as the authority key identifier names it; NULL: it does not */
    const char *subject_key;   /* its own, as the subject key identifier names it; NULL: it does not */
    const char *key_type;
    int key_bits;
    const char *signature;
    bool self_issued, authority;
    int key_security, signature_security; /* bits; 0: not known */
    bool must_staple;
    size_t sct_count; /* embedded */
    const char *const *ocsp_urls, *const *issuer_urls, *const *crl_urls;
    size_t ocsp_url_count, issuer_url_count, crl_url_count;
    facts_place place;
} facts_certificate;

/* One certificate of the path that was built, from the server's own upwards. */
typedef struct facts_link {
    const char *subject, *fingerprint;
    int64_t not_after;
    int sent; /* its place in `certificates`; -1: it came from the trust store */
    bool self_issued;
    const char *subject_key; /* as in facts_certificate */
} facts_link;

/* symbol, name: why a stapled OCSP response cannot be believed. */
#define FACTS_STAPLE_PROBLEM_MAP(X)                                                                                    \
    X(NONE, NULL)                                 /* it can */                                                         \
    X(MALFORMED, "malformed")                     /* not an OCSP response */                                           \
    X(UNSUCCESSFUL, "unsuccessful")               /* the responder gave no answer */                                   \
    X(OTHER_CERTIFICATE, "other-certificate")     /* it does not name the server's certificate */                      \
    X(BAD_SIGNATURE, "bad-signature")             /* neither the issuer nor its delegate signed it */                  \
    X(UNCHECKED_SIGNATURE, "unchecked-signature") /* the issuer was not sent */                                        \
    X(NOT_YET_VALID, "not-yet-valid")                                                                                  \
    X(EXPIRED, "expired")

typedef enum facts_staple_problem {
#define FACTS_X(symbol, name) FACTS_STAPLE_##symbol,
    FACTS_STAPLE_PROBLEM_MAP(FACTS_X)
#undef FACTS_X
} facts_staple_problem;

/* symbol, name: the answer of an OCSP response (RFC 6960 2.2). */
#define FACTS_REVOCATION_MAP(X)                                                                                        \
    X(UNSTATED, NULL) /* no answer about this certificate */                                                           \
    X(GOOD, "good")                                                                                                    \
    X(REVOKED, "revoked")                                                                                              \
    X(UNKNOWN, "unknown")

typedef enum facts_revocation {
#define FACTS_X(symbol, name) FACTS_REVOCATION_##symbol,
    FACTS_REVOCATION_MAP(FACTS_X)
#undef FACTS_X
} facts_revocation;

/* symbol, name: why a certificate was revoked (RFC 5280 5.3.1). */
#define FACTS_REASON_MAP(X)                                                                                            \
    X(NONE, NULL) /* none is given */                                                                                  \
    X(UNSPECIFIED, "unspecified")                                                                                      \
    X(KEY_COMPROMISE, "keyCompromise")                                                                                 \
    X(CA_COMPROMISE, "cACompromise")                                                                                   \
    X(AFFILIATION_CHANGED, "affiliationChanged")                                                                       \
    X(SUPERSEDED, "superseded")                                                                                        \
    X(CESSATION_OF_OPERATION, "cessationOfOperation")                                                                  \
    X(CERTIFICATE_HOLD, "certificateHold")                                                                             \
    X(REMOVE_FROM_CRL, "removeFromCRL")                                                                                \
    X(PRIVILEGE_WITHDRAWN, "privilegeWithdrawn")                                                                       \
    X(AA_COMPROMISE, "aACompromise")                                                                                   \
    X(OTHER, "(UNKNOWN)") /* a number that RFC 5280 does not list */

typedef enum facts_reason {
#define FACTS_X(symbol, name) FACTS_REASON_##symbol,
    FACTS_REASON_MAP(FACTS_X)
#undef FACTS_X
} facts_reason;

const char *facts_staple_problem_name(facts_staple_problem problem);
const char *facts_revocation_name(facts_revocation status);
const char *facts_reason_name(facts_reason reason);

/* The OCSP response that was stapled to the handshake (RFC 6066 8). */
typedef struct facts_staple {
    hf_span der; /* as it was sent */
    facts_staple_problem problem;
    facts_revocation status;
    facts_reason reason;
    int64_t produced_at, this_update, next_update, revoked_at; /* HF_TIME_UNKNOWN: not there */
    size_t sct_count;
} facts_staple;

/* What a store that was asked besides makes of the chain. */
typedef struct facts_store_verdict {
    const char *store;
    const facts_tls_error *errors; /* none: it trusts the chain */
    size_t error_count;
} facts_store_verdict;

/* symbol, name: whose root the path ends at. */
#define FACTS_ROOT_MAP(X)                                                                                              \
    X(UNKNOWN, NULL) /* the path ends at no trusted root, or the public roots are not known */                         \
    X(PUBLIC, "public")                                                                                                \
    X(LOCAL, "local") /* installed on this machine, and not one that browsers ship */

typedef enum facts_root {
#define FACTS_X(symbol, name) FACTS_ROOT_##symbol,
    FACTS_ROOT_MAP(FACTS_X)
#undef FACTS_X
} facts_root;

const char *facts_root_name(facts_root root);

#define FACTS_PATH_FIREFOX_LENGTH 8  /* certificates of a path that Firefox follows, both ends counted */
#define FACTS_PATH_CHROMIUM_STEPS 20 /* issuers that Chromium looks up until it stops */

/* symbol, name: which browser builds no path, because of a limit of its own, where another one does. */
#define FACTS_PATH_LIMIT_MAP(X)                                                                                        \
    X(NONE, NULL)                                                                                                      \
    X(FIREFOX, "firefox-length")  /* every good path has more certificates than Firefox follows */                     \
    X(CHROMIUM, "chromium-steps") /* Chromium stops looking before it comes to a good path */

typedef enum facts_path_limit {
#define FACTS_X(symbol, name) FACTS_PATH_LIMIT_##symbol,
    FACTS_PATH_LIMIT_MAP(FACTS_X)
#undef FACTS_X
} facts_path_limit;

const char *facts_path_limit_name(facts_path_limit limit);

#define FACTS_OTHER_PATHS_MAX 8

/* A path that was tried, and is not the one that was taken. */
typedef struct facts_path {
    const facts_link *links;
    size_t count;
    const facts_tls_error *errors;
    size_t error_count;
} facts_path;

typedef struct facts_tls {
    bool established;
    const char *version, *cipher, *alpn;   /* NULL: not agreed on */
    const facts_certificate *certificates; /* as sent, in that order */
    size_t certificate_count;
    const facts_tls_error *errors; /* what every browser refuses */
    size_t error_count;
    const facts_tls_error *disputed; /* what some of them refuse */
    size_t disputed_count;
    const char *group; /* of the key exchange; NULL: none, or not known */
    facts_root root;
    const facts_link *path;
    size_t path_count;
    facts_path_limit path_limit;
    const facts_path *other_paths; /* the first FACTS_OTHER_PATHS_MAX that fail, as they were tried */
    size_t other_path_count;
    const facts_staple *staple; /* NULL: none was sent */
    size_t sct_count;           /* timestamps that came with the handshake */
    bool asks_certificate;      /* the server asked for a certificate of the client */
    const facts_store_verdict *verdicts;
    size_t verdict_count;
} facts_tls;

/*
 * The first end on the path that was built, or, without one, on the way up by the names of what was sent: what is sent
 * besides does not matter to browsers. HF_TIME_UNKNOWN: there is no certificate.
 */
int64_t facts_tls_until(const facts_tls *tls);

/* The certificate sent whose issuer is missing, or is out of date, or has another key than the one that signed: who
 * looks for the issuer looks where this one says. NULL: there is none. */
const facts_certificate *facts_tls_orphan(const facts_tls *tls);

/* True if one of the alternative names is for `host`, as browsers compare them. */
bool facts_certificate_covers(const facts_certificate *certificate, const char *host);

void facts_certificate_json(const facts_certificate *certificate, base_json *json);
/* What identifies it, which is there in every depth. */
void facts_certificate_identity_json(const facts_certificate *certificate, base_json *json);

void facts_tls_json(const facts_tls *tls, base_json *json);

#endif
