/* serve/zone_line.h: a line about a name, as serve/zone.h describes it, for dns_zone.c alone. */
#ifndef SERVE_ZONE_LINE_H
#define SERVE_ZONE_LINE_H

#include "dns/message.h"

#include "base/error.h"

#define SERVE_ZONE_DATA_MAX 1024 /* octets of a record's data */

typedef enum serve_zone_fault {
    SERVE_ZONE_SOUND,
    SERVE_ZONE_SERVFAIL,
    SERVE_ZONE_REFUSED,
    SERVE_ZONE_SILENT,
    SERVE_ZONE_TRUNCATED,
} serve_zone_fault;

typedef struct serve_zone_line {
    serve_zone_fault fault;
    unsigned type; /* 0, of a fault: every type */
    unsigned char data[SERVE_ZONE_DATA_MAX];
    size_t length;
} serve_zone_line;

bool serve_zone_line_read(const char *text, serve_zone_line *line, base_error *error);

#endif
