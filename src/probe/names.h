/*
 * probe/names.h: what the DNS says of the names of a site. A name whose address does not come from the DNS (an address, localhost,
 * one of /etc/hosts, of --connect-to or --resolve, or what a proxy is asked for) is not asked for, unless a DNS server was given:
 * then it is there to be asked.
 */
#ifndef PROBE_NAMES_H
#define PROBE_NAMES_H

#include "probe/order.h"

probe_look probe_names;

#endif
