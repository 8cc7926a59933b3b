/*
 * probe/https_record.h: the HTTPS record of a name alone (RFC 9460), as a browser asks for it beside the addresses.
 */
#ifndef PROBE_HTTPS_RECORD_H
#define PROBE_HTTPS_RECORD_H

#include "facts/dns.h"
#include "http/fetch.h"

/*
 * Why the DNS is not asked for a name. One whose address does not come from the DNS (an address, localhost, one of
 * /etc/hosts, of --connect-to or --resolve, or what a proxy is asked for) is not asked for, unless a DNS server was
 * given: then it is there to be asked.
 */
facts_unasked probe_unasked(const http_client *client, const hf_host *host, int port);

/* `found(self, has)` is called once, from the loop or from inside the call; what cannot be had soon is not there. */
void probe_https_record(const http_client *client, const hf_host *host, void (*found)(void *self, bool has),
                        void *self);

#endif
