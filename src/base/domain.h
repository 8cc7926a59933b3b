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

/* True for "co.uk" and for a top-level domain, known or not; false for a suffix of the private section ("github.io").
 * Of the first `length` bytes, which may be any. */
bool base_domain_is_registry(const char *name, size_t length);

/* The registrable domain of a name; the name itself where there is none, as for "localhost": what browsers call its
 * site. */
void base_domain_of(const hf_host *host, hf_host *domain);

/* The same of a name as it stands, which is compared octet by octet: where it begins in `name`; NULL: there is none. */
const char *base_domain_registrable(const char *name);

/* True if the name, compared likewise, is a public suffix; every top-level domain is one. */
bool base_domain_is_suffix(const char *name);

/* True for a name of the public DNS: one below a public suffix that the list names itself, not only by its rule for all
 * others; `whole`: also for such a suffix. Browsers take any other name for one of a private network. */
bool base_domain_is_public(const hf_host *host, bool whole);

/* True if `name` is `above`, or below it; both canonical, and no addresses. */
bool base_domain_is_within(const char *name, const char *above);

/* "www." in front of a name; false, and *www is untouched, for an address, and if that makes the name too long. */
bool base_domain_www(const hf_host *host, hf_host *www);

#endif
