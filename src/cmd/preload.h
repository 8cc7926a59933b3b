/*
 * cmd/preload.h: holdfast preload SUBCOMMAND: what the subcommands share. One file exports one `const
 * cmd_preload_sub`, and cmd/preload.c lists them all.
 */
#ifndef CMD_PRELOAD_H
#define CMD_PRELOAD_H

#include "base/json.h"
#include "cmd/command.h"
#include "http/transport.h"
#include "preload/lists.h"
#include "preload/names.h"

#define CMD_PRELOAD_DOCUMENT_MAX ((size_t)1 << 30)

typedef struct cmd_preload_settings {
    cmd_common common;
    const char *image;
    bool as_c;
    const char *source;
    int64_t date;
    int64_t life; /* HF_TIME_UNKNOWN: not given, as for `date` */
    const char *from;
    const char *to;
    const char *list;
    const char *column;
    base_texts canaries;
    bool force;
    bool offline;
    const char *url;
    bool yes;
    bool removal;
    http_transport_options wire;
} cmd_preload_settings;

typedef struct cmd_preload_sub {
    const char *name;
    const char *operands;       /* for messages: "OLD NEW" */
    size_t least, most;         /* how many of them */
    bool lists;                 /* each may be a list of them (base/host_list.h) */
    const char *const *options; /* which of the options, besides --color and --help; ends with NULL */
    int (*run)(const cmd_preload_settings *settings, const base_operands *operands);
} cmd_preload_sub;

/* Prints "holdfast: preload NAME: " and the error, and returns the code. */
int cmd_preload_fail(const char *name, base_error *error, int code);

/* False, with the reason printed, if `text` is empty, or a URL or a host with a port, where a host is asked for. */
bool cmd_preload_is_host(const char *name, const char *text);

/* Writes the document that `out` holds, or tells why not. */
int cmd_preload_write(const char *name, base_buffer *out);

#endif
