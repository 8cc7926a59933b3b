#include "io/replay.h"

#include <string.h>

#define BYTES_MAX (16 << 20)

void io_replay_init(io_replay *replay)
{
    base_buffer_init(&replay->bytes, BYTES_MAX);
    replay->due = false;
}

void io_replay_done(io_replay *replay)
{
    base_buffer_done(&replay->bytes);
    replay->due = false;
}

void io_replay_put(io_replay *replay, const char *bytes, size_t length, bool ended)
{
    base_buffer *kept = &replay->bytes;
    size_t before = kept->length;

    if (length > 0 && base_buffer_reserve(kept, length) != NULL) {
        memmove(kept->data + length, kept->data, before);
        memcpy(kept->data, bytes, length);
        base_buffer_commit(kept, length);
    }
    replay->due = replay->due || length > 0 || ended;
}

void io_replay_report(io_replay *replay, const io_stream *stream, bool ended, const bool *held, const bool *closed)
{
    base_buffer bytes = replay->bytes;

    if (!replay->due || *held)
        return;
    io_replay_init(replay);
    replay->due = ended;
    if (bytes.length > 0)
        stream->sink.data(stream->sink.self, bytes.data, bytes.length);
    base_buffer_done(&bytes);
    if (*closed || *held || !replay->due || replay->bytes.length > 0)
        return;
    replay->due = false;
    stream->sink.end(stream->sink.self, NULL);
}
