/* dns/wire.h: a DNS message, or a piece of one, written octet by octet into room that its caller has. */
#ifndef DNS_WIRE_H
#define DNS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct dns_wire {
    unsigned char *bytes;
    size_t length, room;
    bool failed; /* something did not fit, or was no name: what stands there is of no use */
} dns_wire;

void dns_put(dns_wire *wire, const void *octets, size_t length);
void dns_put_u8(dns_wire *wire, unsigned value);
void dns_put_u16(dns_wire *wire, unsigned value);
void dns_put_u32(dns_wire *wire, uint32_t value);
/* Text as dns_name gives it, "\DDD" included; a dot at the end may be there or not. */
void dns_put_name(dns_wire *wire, const char *name);

#endif
