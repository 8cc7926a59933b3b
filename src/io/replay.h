/*
 * io/replay.h: what was given back to a stream (io_stream_unread) and is to be reported again, for the streams that
 * keep it.
 */
#ifndef IO_REPLAY_H
#define IO_REPLAY_H

#include "io/stream.h"

#include "base/buffer.h"

typedef struct io_replay {
    base_buffer bytes;
    bool due; /* something is to be reported, if only that the peer has finished */
} io_replay;

void io_replay_init(io_replay *replay);
void io_replay_done(io_replay *replay);

/* In front of what is kept already. `ended`: the stream has reported that the peer has finished. */
void io_replay_put(io_replay *replay, const char *bytes, size_t length, bool ended);

/*
 * Reports to the sink of the stream, unless the stream is held, or as far as it is not; *held and *closed may change
 * while the sink is called. The end comes last.
 */
void io_replay_report(io_replay *replay, const io_stream *stream, bool ended, const bool *held, const bool *closed);

#endif
