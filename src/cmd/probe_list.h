/*
 * cmd/probe_list.h: the hosts to be probed, one by one, from the command line, files and standard input, whatever their number.
 */
#ifndef CMD_PROBE_LIST_H
#define CMD_PROBE_LIST_H

#include "base/lines.h"
#include "base/options.h"
#include "holdfast/host.h"

#define CMD_PROBE_LINE_INPUT_MAX 65536 /* octets of one line of a list */

typedef enum cmd_probe_got {
    CMD_PROBE_GOT_HOST,
    CMD_PROBE_GOT_REFUSED, /* the line names no host; `error` says why */
    CMD_PROBE_GOT_NONE,    /* not yet: wait until the descriptor can be read, then cmd_probe_list_feed */
    CMD_PROBE_GOT_END,
    CMD_PROBE_GOT_FAILED, /* a list cannot be read; `error` says why */
} cmd_probe_got;

typedef struct cmd_probe_list {
    const base_operands *operands;
    size_t operand; /* the next one */
    base_lines lines;
    bool reading;       /* `lines` is open */
    uint64_t next;      /* the index of the host or refused line that comes next */
    uint64_t hash;      /* of all that was given before it (base/hash.h) */
    uint64_t size, fed; /* octets of all files, and read; size is 0 when it is not known */
} cmd_probe_list;

/* The last that was got. */
typedef struct cmd_probe_target {
    hf_host host;
    int port;
    const char *source; /* of a refused line */
    uint64_t line;
    hf_span text;
} cmd_probe_target;

/* False, with the reason: an operand is neither "-", nor a file, nor a host. `operands` must outlive the list. */
bool cmd_probe_list_open(cmd_probe_list *list, const base_operands *operands, base_error *error);
void cmd_probe_list_close(cmd_probe_list *list);

cmd_probe_got cmd_probe_list_next(cmd_probe_list *list, cmd_probe_target *target, base_error *error);
int cmd_probe_list_descriptor(const cmd_probe_list *list);
bool cmd_probe_list_feed(cmd_probe_list *list, base_error *error);
/* Octets of the lists that cmd_probe_list_next has gone past. */
uint64_t cmd_probe_list_given(const cmd_probe_list *list);

/* One line of a list: a host, with or without port, as text, as a JSON string, or as a JSON object with "host" and perhaps "port". */
bool cmd_probe_target_read(const char *line, size_t length, cmd_probe_target *target, base_error *error);

#endif
