/*
 * batch/targets.h: the hosts to be probed, one by one, from the command line, files and standard input, whatever
 * their number.
 */
#ifndef BATCH_TARGETS_H
#define BATCH_TARGETS_H

#include "base/host_list.h"
#include "base/lines.h"
#include "base/options.h"
#include "holdfast/host.h"

#define BATCH_TARGET_LINE_MAX 65536 /* octets of one line of a list */

typedef enum batch_got {
    BATCH_GOT_HOST,
    BATCH_GOT_REFUSED, /* the line names no host; `error` says why */
    BATCH_GOT_NONE,    /* not yet: wait until the descriptor can be read, then batch_targets_feed */
    BATCH_GOT_END,
    BATCH_GOT_FAILED, /* a list cannot be read; `error` says why */
} batch_got;

typedef struct batch_targets {
    const base_operands *operands;
    size_t operand; /* the next one */
    base_lines lines;
    const char *column;  /* base_host_list.heading */
    base_host_list form; /* of that list */
    bool reading;        /* `lines` is open */
    uint64_t next;       /* the index of the host or refused line that comes next */
    uint64_t hash;       /* of all that was given before it (base/hash.h) */
    uint64_t size, fed;  /* octets of all files, and read; size is 0 when it is not known */
} batch_targets;

/* The last that was got. */
typedef struct batch_target {
    hf_host host;
    int port;
    const char *source; /* of a refused line */
    uint64_t line;
    hf_span text;
} batch_target;

/* True if the operand is "-" or a file, and no host. */
bool batch_targets_is_list(const char *operand);

/* False, with the reason: an operand is neither "-", nor a file, nor a host. `operands` must outlive the list. */
bool batch_targets_open(batch_targets *list, const base_operands *operands, base_error *error);
/* Lists are CSV, and the column with this heading has the hosts; before the first one is asked for. */
void batch_targets_set_column(batch_targets *list, const char *heading);
void batch_targets_close(batch_targets *list);

batch_got batch_targets_next(batch_targets *list, batch_target *target, base_error *error);
int batch_targets_descriptor(const batch_targets *list);
bool batch_targets_feed(batch_targets *list, base_error *error);
/* Octets of the lists that batch_targets_next has gone past. */
uint64_t batch_targets_given(const batch_targets *list);

/*
 * One line of a list: a host, with or without port, or a URL, as text, as a JSON string, or as a JSON object with
 * "host" and perhaps "port". Of a URL the host counts, and the port of https.
 */
bool batch_target_read(const char *line, size_t length, batch_target *target, base_error *error);

#endif
