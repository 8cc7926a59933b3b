/*
 * cmd/hosts.h: operands that are hosts, or lists of hosts, with the lists read.
 */
#ifndef CMD_HOSTS_H
#define CMD_HOSTS_H

#include "base/memory.h"
#include "base/options.h"
#include "http/transport.h"

#define CMD_HOSTS_MAX 10000 /* hosts of all lists of a command that keeps what it saw of each */

/* One operand, or one line of a list. */
typedef struct cmd_host {
    const char *text;
    const char *list; /* the file; NULL: the command line */
    unsigned long long line;
} cmd_host;

typedef struct cmd_hosts {
    base_arena arena;
    cmd_host *items;
    size_t count, capacity;
} cmd_hosts;

/*
 * Reads every operand: "-", standard input, and files are lists (base/host_list.h), all else is a host. `column` is the
 * heading of the column that has the hosts, or NULL. False with the reason, and the place. Call cmd_hosts_done in any
 * case.
 */
bool cmd_hosts_read(cmd_hosts *hosts, const base_operands *operands, const char *column, base_error *error);
/* The same of one list alone. */
bool cmd_hosts_read_list(cmd_hosts *hosts, const char *path, const char *column, base_error *error);
/*
 * The same, as operands: of a line of a list, which may be a URL or have a port, the name alone. They live as long as
 * `hosts`.
 */
bool cmd_hosts_names(cmd_hosts *hosts, const base_operands *operands, const char *column, base_operands *names,
                     base_error *error);
void cmd_hosts_done(cmd_hosts *hosts);

/*
 * True if names and redirects may not lead into private networks unless that was asked for: a list may be somebody
 * else's, and lead wherever its author likes. Who names the DNS server vouches for its answers.
 */
bool cmd_hosts_are_foreign(const base_operands *operands, const http_transport_options *wire);

/* Puts the place of a host in a list in front of what is wrong with it. */
void cmd_hosts_place(const cmd_host *host, base_error *error);

#endif
