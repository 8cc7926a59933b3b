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
    LAB_CLOSED, /* the HTTPS port is closed */
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
