/* net/dns_line.h: a line about a name, as net/dns_zone.h describes it, for dns_zone.c alone. */
#ifndef NET_DNS_LINE_H
#define NET_DNS_LINE_H

#include "net/dns_message.h"

#include "base/error.h"

#define NET_DNS_DATA_MAX 1024 /* octets of a record's data */

typedef enum net_dns_fault {
    NET_DNS_SOUND,
    NET_DNS_SERVFAIL,
    NET_DNS_REFUSED,
    NET_DNS_SILENT,
    NET_DNS_TRUNCATED,
} net_dns_fault;

typedef struct net_dns_line {
    net_dns_fault fault;
    unsigned type; /* 0, of a fault: every type */
    unsigned char data[NET_DNS_DATA_MAX];
    size_t length;
} net_dns_line;

bool net_dns_line_read(const char *text, net_dns_line *line, base_error *error);

#endif
