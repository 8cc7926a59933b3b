/*
 * dns/transfer.h: a zone, transferred whole (AXFR, RFC 5936): its messages, one after the other, as they came. Pure:
 * every octet may be hostile.
 */
#ifndef DNS_TRANSFER_H
#define DNS_TRANSFER_H

#include "dns/master.h"

#define DNS_TRANSFER_QUERY_MAX 512

typedef struct dns_transfer {
    char zone[DNS_TEXT_MAX];
    unsigned id;
    bool begun;    /* the first record came, the zone's SOA */
    bool over;     /* it came again: that was all */
    unsigned code; /* with which the server refused; 0: it did not */
    size_t records;
} dns_transfer;

/* `zone`: as dns_name writes it. */
void dns_transfer_begin(dns_transfer *transfer, const char *zone, unsigned id);

/* The question, without the length in front that TCP asks for; 0: the zone has no name that can be asked for. */
size_t dns_transfer_query(const dns_transfer *transfer, unsigned char query[static DNS_TRANSFER_QUERY_MAX]);

/* Reads the next message, and calls `record` for each record of the zone in it. False, with the reason, if this is no
 * transfer, or none of the zone. */
bool dns_transfer_read(dns_transfer *transfer, const unsigned char *bytes, size_t length, dns_master_record *record,
                       void *self, base_error *error);

#endif
