/*
 * base/host_port.h: HOST or HOST:PORT, as people write them on command lines and in lists. Thread rule: pure; call from
 * any thread.
 */
#ifndef BASE_HOST_PORT_H
#define BASE_HOST_PORT_H

#include "holdfast/host.h"

/* Longer texts cannot be right: brackets, a colon and a port. */
#define BASE_HOST_PORT_MAX (HF_HOST_TEXT_MAX + 2 + 6)

/*
 * Reads `length` octets: a host, or a host, a colon and a port from 1 to 65535; an IPv6 address before a port stands in
 * brackets. Without a port *port stays as it is. False: *diag says why, with the octet; *host and *port are then not
 * meaningful.
 */
bool base_host_port(const char *text, size_t length, hf_host *host, int *port, hf_diag *diag);

#endif
