/*
 * base/wildcard.h: whether a name of a certificate is for a host. Thread rule: pure.
 */
#ifndef BASE_WILDCARD_H
#define BASE_WILDCARD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * As browsers compare: without regard to case, and a '*' that is the whole first label stands for one whole label of
 * `host`, unless what follows is a single label. `name` may hold any octets; one with a NUL in it is for no host.
 */
bool base_wildcard_covers(const char *name, size_t length, const char *host);

#endif
