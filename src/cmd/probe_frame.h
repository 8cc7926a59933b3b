/*
 * cmd/probe_frame.h: what the process that reads the list and its jobs, which touch the hosts, say to each other. All are the same
 * program on the same machine, so structs go as they are; a frame is a head and `length` octets of body.
 */
#ifndef CMD_PROBE_FRAME_H
#define CMD_PROBE_FRAME_H

#include "base/buffer.h"
#include "holdfast/host.h"

#include <stdint.h>

#define CMD_PROBE_FRAME_MAX ((size_t)1 << 30) /* octets waiting to be sent or read */

typedef enum cmd_probe_frame_kind {
    CMD_PROBE_FRAME_BEGIN,  /* to a job: cmd_probe_begin */
    CMD_PROBE_FRAME_GO,     /* to a job: the host in `slot` may be touched */
    CMD_PROBE_FRAME_FOUND,  /* from a job: cmd_probe_found */
    CMD_PROBE_FRAME_RESULT, /* from a job: cmd_probe_result, and the line of output behind it */
    CMD_PROBE_FRAME_UNABLE, /* from a job: an exit code (int), and the text of why it cannot work */
} cmd_probe_frame_kind;

typedef struct cmd_probe_frame {
    uint32_t kind, slot;
    uint64_t length;
} cmd_probe_frame;

typedef struct cmd_probe_begin {
    uint64_t index;
    uint32_t port, tries;
    bool go; /* without asking first */
    hf_host host;
} cmd_probe_begin;

typedef struct cmd_probe_found {
    uint64_t key; /* of the address */
} cmd_probe_found;

/* What the closing summary counts, and what decides about another try. */
typedef struct cmd_probe_result {
    uint32_t code;             /* a facts_code; FACTS_FAILURE_NONE: an answer came */
    bool in_force;             /* a browser would hold a policy now */
    bool tls_errors;           /* the certificates have errors */
    bool answered;             /* HTTP came */
    uint32_t errors, warnings; /* findings */
} cmd_probe_result;

void cmd_probe_frame_put(base_buffer *out, cmd_probe_frame_kind kind, size_t slot, const void *body, size_t length);

/* The same with a second part of the body. */
void cmd_probe_frame_put_two(base_buffer *out, cmd_probe_frame_kind kind, size_t slot, const void *body, size_t length,
                             const char *more, size_t more_length);

/*
 * Takes the next whole frame out of `length` octets from `*at` on: its head and where its body stands. False: it is not there yet.
 */
bool cmd_probe_frame_next(const char *bytes, size_t length, size_t *at, cmd_probe_frame *frame, const char **body);

#endif
