/*
 * cmd/store_unique.h: which of several rows of one host counts, for a million rows in 16 octets each.
 */
#ifndef CMD_STORE_UNIQUE_H
#define CMD_STORE_UNIQUE_H

#include "holdfast/formats.h"

/*
 * What tells a row from others in a store of this format (NULL: our own), as 64 bits of a SHA-256: the name, and the port and the partition
 * where the format keeps them. `options` knows the site of a host.
 */
uint64_t cmd_store_identity(const hf_row *row, const hf_format *format, const hf_format_options *options);

typedef struct cmd_store_unique {
    struct cmd_store_unique_row *rows;
    size_t count, capacity;
    unsigned char *winners, *wide; /* a bit for each row, by its number */
    bool widens;
} cmd_store_unique;

#define CMD_STORE_ROWS_MAX ((uint64_t)1 << 24)

/* Begin with one that is all 0. */
void cmd_store_unique_done(cmd_store_unique *unique);

/* Row number `number` (from 0, below CMD_STORE_ROWS_MAX). */
void cmd_store_unique_add(cmd_store_unique *unique, uint64_t number, uint64_t identity, const hf_row *row);

/* After the last row: decides. Identities are kept for cmd_store_unique_holds only if they are `asked_for`. */
void cmd_store_unique_settle(cmd_store_unique *unique, uint64_t numbers, bool asked_for);

/* True if row `number` is the one of its host that was noted last. *include_subdomains becomes what holds for the host. */
bool cmd_store_unique_wins(const cmd_store_unique *unique, uint64_t number, bool *include_subdomains);
/* True if some row has this identity. */
bool cmd_store_unique_holds(const cmd_store_unique *unique, uint64_t identity);

#endif
