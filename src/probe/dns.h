/*
 * probe/dns.h: what the DNS says of the names of a site. A name whose address does not come from the DNS (an address,
 * localhost, one of /etc/hosts, of --connect-to or --resolve, or what a proxy is asked for) is not asked for, unless a
 * DNS server was given: then it is there to be asked.
 */
#ifndef PROBE_DNS_H
#define PROBE_DNS_H

#include "probe/context.h"

probe_look probe_dns;

#endif
