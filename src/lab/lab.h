/*
 * lab/lab.h: hosts on this machine with one fault each, on an authority made on the spot. One port of 127.0.0.1 is the
 * HTTPS and the HTTP port of them all; a client reaches them by --connect-to and trusts the authority by --cafile. A
 * DNS server tells of their names, for --dns.
 */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include "facts/lab.h"
#include "io/loop.h"

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

typedef struct lab lab;

/* Seconds for which the authority is good before and after the moment of the lab. X.509 can write no others than
 * BASE_TIME_FIRST to BASE_TIME_LAST. */
#define LAB_SPAN (3650 * INT64_C(86400))

/*
 * Makes the authority and starts every host on `loop`. Certificates are good or bad as seen at `at`. The authority's
 * certificate is written to a file of its own in the folder for temporary files. NULL, with the reason, if that fails.
 */
lab *lab_new(io_loop *loop, int64_t now, base_error *error);
/* Stops the hosts and removes the file. */
void lab_free(lab *lab);

const facts_lab_host *lab_hosts(const lab *lab, size_t *count);
const char *lab_cafile(const lab *lab);
int lab_port(const lab *lab);
/* The value for --dns: "127.0.0.1:PORT". */
const char *lab_dns(const lab *lab);
/* The value for --connect-to that reaches every host whose ports are open. */
const char *lab_connect_to(const lab *lab);

#endif
