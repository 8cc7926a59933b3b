#include "base/frame.h"

#include <string.h>

void base_frame_put_two(base_buffer *out, int kind, size_t slot, const void *body, size_t length, const char *more,
                        size_t more_length)
{
    const base_frame frame = {(uint32_t)kind, (uint32_t)slot, length + more_length};

    base_buffer_append(out, (const char *)&frame, sizeof frame);
    base_buffer_append(out, body, length);
    base_buffer_append(out, more, more_length);
}

void base_frame_put(base_buffer *out, int kind, size_t slot, const void *body, size_t length)
{
    base_frame_put_two(out, kind, slot, body, length, "", 0);
}

bool base_frame_next(const char *bytes, size_t length, size_t *at, base_frame *frame, const char **body)
{
    if (length - *at < sizeof *frame)
        return false;
    memcpy(frame, bytes + *at, sizeof *frame);
    if (length - *at - sizeof *frame < frame->length)
        return false;
    *body = bytes + *at + sizeof *frame;
    *at += sizeof *frame + frame->length;
    return true;
}
