/*
 * dns/axfr.h: asks a name server for a whole zone, over TCP (RFC 5936), within bounds of size and time.
 */
#ifndef DNS_AXFR_H
#define DNS_AXFR_H

#include "dns/resolve.h"
#include "dns/transfer.h"

#define DNS_AXFR_OCTETS_MAX ((size_t)64 << 20)

typedef struct dns_axfr {
    io_loop *loop;
    dns_resolver *resolver;
    dns_family family;
    const char *server; /* a name or an address */
    int port;
    int64_t patience; /* milliseconds for all of it */
} dns_axfr;

typedef enum dns_axfr_end {
    DNS_AXFR_WHOLE,
    DNS_AXFR_REFUSED, /* by a server that was reached: it does not have this zone, or does not give it */
    DNS_AXFR_FAILED,
} dns_axfr_end;

/*
 * Calls `record` for each record of the zone, and runs the loop until the end. Unless that is DNS_AXFR_WHOLE, *error
 * says why, and what came before is only a part.
 */
dns_axfr_end dns_axfr_run(const dns_axfr *axfr, const char *zone, dns_master_record *record, void *self,
                          base_error *error);

#endif
