/*
 * batch/frame.h: what the process that reads the list and its jobs, which touch the hosts, say to each other.
 */
#ifndef BATCH_FRAME_H
#define BATCH_FRAME_H

#include "base/frame.h"
#include "holdfast/host.h"

#include <stdint.h>

#define BATCH_FRAME_MAX ((size_t)1 << 30) /* octets waiting to be sent or read */

typedef enum batch_frame_kind {
    BATCH_FRAME_BEGIN,  /* to a job: batch_frame_begin */
    BATCH_FRAME_GO,     /* to a job: the host in `slot` may be touched */
    BATCH_FRAME_FOUND,  /* from a job: batch_frame_found */
    BATCH_FRAME_RESULT, /* from a job: batch_result, and the line of output behind it */
    BATCH_FRAME_UNABLE, /* from a job: an exit code (int), and the text of why it cannot work */
} batch_frame_kind;

typedef struct batch_frame_begin {
    uint64_t index;
    uint32_t port, tries;
    bool go; /* without asking first */
    hf_host host;
} batch_frame_begin;

typedef struct batch_frame_found {
    uint64_t key; /* of the address */
} batch_frame_found;

#endif
