#include "cmd/probe_frame.h"

#include <string.h>

void cmd_probe_frame_put_two(base_buffer *out, cmd_probe_frame_kind kind, size_t slot, const void *body, size_t length,
                             const char *more, size_t more_length)
{
    const cmd_probe_frame frame = {(uint32_t)kind, (uint32_t)slot, length + more_length};

    base_buffer_append(out, (const char *)&frame, sizeof frame);
    base_buffer_append(out, body, length);
    base_buffer_append(out, more, more_length);
}

void cmd_probe_frame_put(base_buffer *out, cmd_probe_frame_kind kind, size_t slot, const void *body, size_t length)
{
    cmd_probe_frame_put_two(out, kind, slot, body, length, "", 0);
}

bool cmd_probe_frame_next(const char *bytes, size_t length, size_t *at, cmd_probe_frame *frame, const char **body)
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
