/*
 * preload/issues.h: what the service behind the preload list (hstspreload.org) finds in a site, by its own codes and in
 * its own order. It decides who is listed, so its rules are kept to the letter here, also where RFC 6797 has others;
 * findings say what RFC 6797 and browsers make of the same.
 */
#ifndef PRELOAD_ISSUES_H
#define PRELOAD_ISSUES_H

#include "base/memory.h"

#include <stdbool.h>
#include <stddef.h>

/* symbol, code of the service, whether it is an error there, our text: what is wrong, and what to do. */
#define PRELOAD_ISSUE_MAP(X)                                                                                           \
    X(BEGINS_WITH_DOT, "domain.format.begins_with_dot", true, "the name begins with a dot: leave it out")              \
    X(ENDS_WITH_DOT, "domain.format.ends_with_dot", true, "the name ends with a dot: leave it out")                    \
    X(DOUBLE_DOT, "domain.format.contains_double_dot", true, "the name has two dots in a row")                         \
    X(PUBLIC_SUFFIX, "domain.format.public_suffix", true,                                                              \
      "a public suffix cannot be submitted: its registry arranges that with the list's maintainers")                   \
    X(INVALID_CHARACTERS, "domain.format.invalid_characters", true,                                                    \
      "a name has letters, digits, hyphens and dots; write an international one in its xn-- form")                     \
    X(IP_ADDRESS, "domain.format.is_ip_address", true, "an IP address cannot be listed: HSTS is for names")            \
    X(NO_REGISTRABLE, "internal.domain.name.cannot_compute_etld1", true, "the name contains no registrable domain")    \
    X(SUBDOMAIN, "domain.is_subdomain", true, "only a whole registrable domain can be submitted")                      \
    X(CANNOT_CONNECT, "domain.tls.cannot_connect", true, "no TLS 1.2 or 1.3 connection can be made")                   \
    X(INVALID_CHAIN, "domain.tls.invalid_cert_chain", true,                                                            \
      "the certificate is not valid for this name, or its chain is incomplete")                                        \
    X(OBSOLETE_CIPHER, "tls.obsolete_cipher_suite", false,                                                             \
      "an obsolete cipher suite is chosen: offer TLS 1.3, or ECDHE with AES-GCM or ChaCha20 in TLS 1.2")               \
    X(WWW_NO_TLS, "domain.www.no_tls", true,                                                                           \
      "www answers on port 443, but not with a valid certificate: visitors of www would be locked out")                \
    X(NO_HEADER, "response.no_header", true, "the response has no Strict-Transport-Security header")                   \
    X(MULTIPLE_HEADERS, "response.multiple_headers", true,                                                             \
      "the response has several Strict-Transport-Security headers: send one")                                          \
    X(EMPTY, "header.parse.empty", false, "the header is empty")                                                       \
    X(EMPTY_DIRECTIVE, "header.parse.empty_directive", false, "the header has an extra ';'")                           \
    X(UNKNOWN_DIRECTIVE, "header.parse.unknown_directive", false, "the header has an unknown directive")               \
    X(REPEATED_PRELOAD, "header.parse.repeated.preload", false, "preload appears more than once")                      \
    X(REPEATED_SUBDOMAINS, "header.parse.repeated.include_sub_domains", false,                                         \
      "includeSubDomains appears more than once")                                                                      \
    X(REPEATED_MAX_AGE, "header.parse.repeated.max_age", false, "max-age appears more than once")                      \
    X(INVALID_PRELOAD, "header.parse.invalid.preload", false, "preload takes no value, and nothing may follow it")     \
    X(INVALID_SUBDOMAINS, "header.parse.invalid.include_sub_domains", false,                                           \
      "includeSubDomains takes no value, and nothing may follow it")                                                   \
    X(MAX_AGE_NO_VALUE, "header.parse.invalid.max_age.no_value", true,                                                 \
      "max-age must be followed directly by '=' and a number of seconds")                                              \
    X(MAX_AGE_LEADING_ZERO, "header.parse.max_age.leading_zero", false, "max-age begins with a 0")                     \
    X(MAX_AGE_NON_DIGIT, "header.parse.max_age.non_digit_characters", true,                                            \
      "max-age must be digits alone here: no quotes, sign or blank")                                                   \
    X(MAX_AGE_NO_NUMBER, "header.parse.max_age.parse_int_error", true, "max-age is empty, or does not fit in 64 bits") \
    X(SUBDOMAINS_MISSING, "header.preloadable.include_sub_domains.missing", true, "add includeSubDomains")             \
    X(PRELOAD_MISSING, "header.preloadable.preload.missing", true, "add preload: it is the consent to be listed")      \
    X(MAX_AGE_MISSING, "header.preloadable.max_age.missing", true, "a max-age that can be read is missing")            \
    X(MAX_AGE_ZERO, "header.preloadable.max_age.zero", true, "max-age=0 switches HSTS off")                            \
    X(MAX_AGE_BELOW_YEAR, "header.preloadable.max_age.below_1_year", true,                                             \
      "max-age must be 31536000 (one year) or more")                                                                   \
    X(MAX_AGE_BELOW_18_WEEKS, "header.preloadable.max_age.below_18_weeks", true,                                       \
      "max-age must be 10886400 (18 weeks) or more")                                                                   \
    X(MAX_AGE_OVER_10_YEARS, "header.preloadable.max_age.over_10_years", false, "max-age is more than ten years")      \
    X(CONTAINS_PRELOAD, "header.removable.contains.preload", true,                                                     \
      "the header still has preload: take it out, and only then ask for removal")                                      \
    X(REMOVABLE_MAX_AGE, "header.removable.missing.max_age", true,                                                     \
      "a removal needs a header with a max-age, which may be 0")                                                       \
    X(HTTP_ABSENT, "redirects.http.does_not_exist", false,                                                             \
      "the site does not answer over plain HTTP: first visitors with older browsers find nothing")                     \
    X(HTTP_USELESS_HEADER, "redirects.http.useless_header", false,                                                     \
      "the header is sent over plain HTTP too, where browsers ignore it")                                              \
    X(HTTP_NO_REDIRECT, "redirects.http.no_redirect", true, "plain HTTP must redirect to https on the same name")      \
    X(HTTP_WWW_FIRST, "redirects.http.www_first", true,                                                                \
      "plain HTTP redirects to www first: redirect to https on the same name, and only then to www")                   \
    X(HTTP_FIRST_INSECURE, "redirects.http.first_redirect.insecure", true,                                             \
      "the first redirect from plain HTTP must go to https on the same name")                                          \
    X(HTTP_FIRST_NO_HSTS, "redirects.http.first_redirect.no_hsts", true,                                               \
      "the target of the redirect from plain HTTP sends no header that the list accepts")                              \
    X(HTTP_FIRST_INVALID, "redirects.http.first_redirect.invalid", true,                                               \
      "nothing answers at the target of the redirect from plain HTTP")                                                 \
    X(INSECURE_INITIAL, "redirects.insecure.initial", true, "the first redirect goes to plain HTTP")                   \
    X(INSECURE_SUBSEQUENT, "redirects.insecure.subsequent", true, "a later redirect goes to plain HTTP")               \
    X(TOO_MANY, "redirects.too_many", true, "there are more than three redirects")                                     \
    X(FOLLOW_ERROR, "redirects.follow_error", true, "a redirect leads to nothing that answers")

typedef enum preload_issue_id {
#define PRELOAD_X(symbol, code, error, text) PRELOAD_ISSUE_##symbol,
    PRELOAD_ISSUE_MAP(PRELOAD_X)
#undef PRELOAD_X
        PRELOAD_ISSUE_COUNT
} preload_issue_id;

const char *preload_issue_code(preload_issue_id id);
bool preload_issue_is_error(preload_issue_id id);
const char *preload_issue_text(preload_issue_id id);

typedef struct preload_issue {
    preload_issue_id id;
    const char *proof; /* what was seen: a URL, a directive; NULL */
} preload_issue;

/* In the order of the service. Its memory is the arena's. */
typedef struct preload_issues {
    base_arena *arena;
    preload_issue *items;
    size_t count, capacity;
    size_t errors; /* of these */
} preload_issues;

void preload_issues_add(preload_issues *issues, preload_issue_id id, const char *proof);
/* Unless there is one already. */
void preload_issues_add_once(preload_issues *issues, preload_issue_id id);
void preload_issues_append(preload_issues *issues, const preload_issues *more);

#endif
