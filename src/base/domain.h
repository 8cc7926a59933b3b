/*
 * base/domain.h: which names are registrable domains, by the Public Suffix List that libpsl was built with. Thread
 * rule: pure; call from any thread.
 */
#ifndef BASE_DOMAIN_H
#define BASE_DOMAIN_H

#include "holdfast/host.h"

/* True for "example.co.uk", one label below a public suffix; false for what is above or below that, and for addresses.
 */
bool base_domain_is_registrable(const hf_host *host);

/* The registrable domain of a name; the name itself where there is none, as for "localhost": what browsers call its
 * site. */
void base_domain_of(const hf_host *host, hf_host *domain);

/* "www." in front of a name; false, and *www is untouched, for an address, and if that makes the name too long. */
bool base_domain_www(const hf_host *host, hf_host *www);

#endif
