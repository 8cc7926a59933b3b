/* net/dns_wire.h: a DNS message, or a piece of one, written octet by octet into room that its caller has. */
#ifndef NET_DNS_WIRE_H
#define NET_DNS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct net_dns_wire {
    unsigned char *bytes;
    size_t length, room;
    bool failed; /* something did not fit, or was no name: what stands there is of no use */
} net_dns_wire;

void net_dns_put(net_dns_wire *wire, const void *octets, size_t length);
void net_dns_put_u8(net_dns_wire *wire, unsigned value);
void net_dns_put_u16(net_dns_wire *wire, unsigned value);
void net_dns_put_u32(net_dns_wire *wire, uint32_t value);
/* Text as net_dns_name gives it, "\DDD" included; a dot at the end may be there or not. */
void net_dns_put_name(net_dns_wire *wire, const char *name);

#endif
