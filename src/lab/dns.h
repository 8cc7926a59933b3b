/* lab/dns.h: what the lab's DNS server answers, for lab.c alone. */
#ifndef LAB_DNS_H
#define LAB_DNS_H

#include "serve/zone.h"

/* All names below "test": the hosts of the lab. NULL, with the reason, if a line of the table in dns.c is none. */
serve_zone *lab_dns_zone(base_error *error);

#endif
