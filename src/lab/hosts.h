/* lab/hosts.h: the table of hosts, for lab.c alone. */
#ifndef LAB_HOSTS_H
#define LAB_HOSTS_H

#include <stddef.h>

typedef enum lab_certificate {
    LAB_GOOD,
    LAB_EXPIRED,
    LAB_EARLY,
    LAB_WRONG_NAME,
    LAB_SELF_SIGNED,
    LAB_NO_CHAIN,
    LAB_CLOSED,        /* the HTTPS port is closed */
    LAB_DEFAULT,       /* the server knows no such host, and shows its default certificate */
    LAB_OLD_VERSION,   /* TLS 1.0 */
    LAB_OLDER_VERSION, /* TLS 1.1 */
    LAB_WEAK_KEY,
    LAB_WEAK_SIGNATURE,
    LAB_ORDER,
    LAB_DUPLICATE,
    LAB_EXTRA,
    LAB_ROOT_SENT,
    LAB_CHAIN_EXPIRED,
    LAB_NAME_CONSTRAINTS,
    LAB_PATH_LENGTH,
    LAB_PURPOSE,
    LAB_LONG_LIFE,
    LAB_LATE, /* three days of 90 are left */
    LAB_MUST_STAPLE,
    LAB_STAPLE_GOOD,
    LAB_STAPLE_REVOKED,
    LAB_STAPLE_UNKNOWN,
    LAB_STAPLE_EXPIRED,
    LAB_STAPLE_FOREIGN,
    LAB_STAPLE_MALFORMED,
    LAB_SEVERAL, /* expired, for another name, with a short key, below an expired authority */
} lab_certificate;

typedef struct lab_recipe {
    const char *name, *fault;
    lab_certificate certificate;
    const char *secure, *plain; /* what follows "HTTP/1.1 ": status, and field lines, each with its CR LF */
    const char *expected;
    /* What differs from `secure`; NULL: nothing. */
    const char *http2;   /* over HTTP/2; NULL: only HTTP/1.1 is spoken */
    const char *head;    /* to HEAD */
    const char *missing; /* for any path but "/" */
} lab_recipe;

extern const lab_recipe lab_recipes[];
extern const size_t lab_recipe_count;

#endif
