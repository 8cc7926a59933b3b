/*
 * serve/zone.h: a small zone, told in lines of text, and what its server answers: for the lab and the tests. Pure: a
 * query in, a reply out; the query may be hostile.
 */
#ifndef SERVE_ZONE_H
#define SERVE_ZONE_H

#include "dns/message.h"

#include "base/error.h"

#define SERVE_ZONE_REPLY_MAX 65535

typedef struct serve_zone serve_zone;

/* Of every name at or below `apex`; for others the server refuses to answer. */
serve_zone *serve_zone_new(const char *apex);
void serve_zone_free(serve_zone *zone);

/*
 * One line about `owner`, in lower case. False, with the reason, if it cannot be read. Records live for a minute.
 * - A 192.0.2.1
 * - AAAA 2001:db8::1
 * - CNAME other.test
 * - CAA 0 issue ca.test: the value is the rest of the line
 * - HTTPS 1 . alpn=h2,h3 port=8443 no-default-alpn ipv4hint=192.0.2.1 ipv6hint=2001:db8::1 ech=0011 mandatory=alpn
 * - HTTPS \# 000100: the octets as they are, as any type may have them
 *
 * Faults, of all questions about the name or of those for one type:
 * - SERVFAIL [TYPE]
 * - REFUSED [TYPE]
 * - SILENT [TYPE]: no reply
 * - TRUNCATED [TYPE]: over UDP, whatever its length
 */
bool serve_zone_add(serve_zone *zone, const char *owner, const char *line, base_error *error);

/* The reply to a query; `datagram`: it came over UDP. 0: none. */
size_t serve_zone_reply(const serve_zone *zone, const unsigned char *query, size_t length, bool datagram,
                        unsigned char reply[static SERVE_ZONE_REPLY_MAX]);

#endif
