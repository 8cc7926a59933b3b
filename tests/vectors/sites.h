/*
 * Sites of a vector on ports of this machine: each name with what answers over http and https. Names that are not there
 * do not resolve. For the kind eligibility.
 */
#ifndef HF_TESTS_SITES_H
#define HF_TESTS_SITES_H

#include "http/transport.h"

#include <jansson.h>

typedef struct sites sites;

/* `hosts` is borrowed, and may be NULL. NULL, with the reason, if they cannot be started as they are described. */
sites *sites_new(json_t *hosts, base_error *error);
void sites_free(sites *s);

/* How to reach them. */
const http_client *sites_client(const sites *s);
/* Connections that came in so far. */
size_t sites_connections(const sites *s);

#endif
