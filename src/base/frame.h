/*
 * base/frame.h: what a process and its children say to each other. All are the same program on the same machine, so
 * structs go as they are; a frame is a head and `length` octets of body.
 */
#ifndef BASE_FRAME_H
#define BASE_FRAME_H

#include "base/buffer.h"

#include <stdint.h>

typedef struct base_frame {
    uint32_t kind, slot; /* what they mean is between the two */
    uint64_t length;
} base_frame;

void base_frame_put(base_buffer *out, int kind, size_t slot, const void *body, size_t length);

/* The same with a second part of the body. */
void base_frame_put_two(base_buffer *out, int kind, size_t slot, const void *body, size_t length, const char *more,
                        size_t more_length);

/*
 * Takes the next whole frame out of `length` octets from `*at` on: its head and where its body stands. False: it is
 * not there yet.
 */
bool base_frame_next(const char *bytes, size_t length, size_t *at, base_frame *frame, const char **body);

#endif
