/* lab/hosts.h: the table of hosts, for lab.c alone. */
#ifndef LAB_HOSTS_H
#define LAB_HOSTS_H

#include <stddef.h>

typedef enum lab_certificate {
    LAB_GOOD,
    LAB_EXPIRED,
    LAB_WRONG_NAME,
    LAB_SELF_SIGNED,
} lab_certificate;

typedef struct lab_recipe {
    const char *name, *fault;
    lab_certificate certificate;
    const char *header; /* field lines, each with its CR LF; may be empty */
    const char *expected;
} lab_recipe;

extern const lab_recipe lab_recipes[];
extern const size_t lab_recipe_count;

#endif
