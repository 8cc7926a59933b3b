/*
 * IP addresses as the WHATWG URL standard reads them, because browsers do: 0x7f.1 and 017700000001 are 127.0.0.1.
 */
#ifndef HF_ENGINE_IP_H
#define HF_ENGINE_IP_H

#include <stdbool.h>
#include <stddef.h>

#define HF__IPV4_TEXT_MAX 16 /* "255.255.255.255" and a NUL */
#define HF__IPV6_TEXT_MAX 40 /* eight groups of four, seven colons and a NUL */

/* True if the last label is a number, so that the whole must be an IPv4 address or is an error. No dot at the end
 * expected. */
bool hf__ends_in_number(const char *name, size_t length);

/* Both write the canonical form with a NUL, set *out_length, and return false if `text` is no address. IPv6 without
 * brackets. */
bool hf__ipv4_canonical(const char *text, size_t length, char out[HF__IPV4_TEXT_MAX], size_t *out_length);
bool hf__ipv6_canonical(const char *text, size_t length, char out[HF__IPV6_TEXT_MAX], size_t *out_length);

#endif
