/*
 * cmd/probe_sink.h: where the lines go: a file, or standard output, which may be slow to take them.
 */
#ifndef CMD_PROBE_SINK_H
#define CMD_PROBE_SINK_H

#include "base/buffer.h"

#include <stdint.h>

typedef struct cmd_probe_sink {
    const char *name; /* for messages */
    int fd;
    bool regular;  /* a regular file: it takes everything at once */
    bool terminal; /* the lines stand where progress is told, too */
    bool document; /* one JSON document, not a line each */
    bool any;      /* a line has been added */
    base_buffer waiting;
    size_t sent;           /* octets of it that have been taken */
    uint64_t length, hash; /* of all that has been taken (base/hash.h) */
} cmd_probe_sink;

/* `path` NULL: standard output. `keep`: what the file holds stays, for now; else it is emptied. */
bool cmd_probe_sink_open(cmd_probe_sink *sink, const char *path, bool keep, base_error *error);
/* False, with the reason, if closing shows that not all is written. */
bool cmd_probe_sink_close(cmd_probe_sink *sink, base_error *error);

/* True if the file's first `length` octets have this hash. */
bool cmd_probe_sink_matches(const cmd_probe_sink *sink, uint64_t length, uint64_t hash);
/* What stands behind goes, and what is added next stands there. */
bool cmd_probe_sink_cut(cmd_probe_sink *sink, uint64_t length, uint64_t hash, base_error *error);

void cmd_probe_sink_begin_document(cmd_probe_sink *sink);
void cmd_probe_sink_add(cmd_probe_sink *sink, const char *line, size_t length);
void cmd_probe_sink_text(cmd_probe_sink *sink, const char *text);

/* How many octets wait to be taken. */
size_t cmd_probe_sink_backlog(const cmd_probe_sink *sink);
/* Writes some of them, all if it is a regular file; call it when the descriptor can be written. */
bool cmd_probe_sink_write(cmd_probe_sink *sink, base_error *error);

#endif
