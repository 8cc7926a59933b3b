#include "cmd/probe_resume.h"

#include "base/hash.h"

#include <inttypes.h>
#include <unistd.h>

/* What must be the same for the lines to belong together. */
static void write_options(const cmd_probe_settings *s, char text[CMD_PROBE_OPTIONS_MAX])
{
    int length = snprintf(text, CMD_PROBE_OPTIONS_MAX, "holdfast %s --depth %s%s", hf_version(),
                          facts_depth_name(s->depth), s->jsonl ? " --jsonl" : "");

    if (s->common.at != HF_TIME_UNKNOWN)
        snprintf(text + length, CMD_PROBE_OPTIONS_MAX - (size_t)length, " --at %" PRId64, s->common.at);
}

/* A new state: nothing may be in the output that no state knows of. */
static bool begin_anew(const cmd_probe_settings *s, cmd_probe_sink *sink, cmd_probe_state *state, cmd_probe_mark *mark,
                       base_error *error)
{
    *mark = (cmd_probe_mark){.output_hash = BASE_HASH_START, .input_hash = BASE_HASH_START};
    if (lseek(sink->fd, 0, SEEK_END) == 0)
        return cmd_probe_state_write(state, mark, true, error);
    base_error_set(error, "--resume: %s is new, but %s holds something already: remove it, or name another", s->resume,
                   s->output);
    return false;
}

/* An empty beginning is the beginning of every file, also of one that has nothing to do with this run. */
static bool is_borne_out(const cmd_probe_sink *sink, const cmd_probe_mark *mark, bool newest)
{
    if (mark->output_length == 0 && !newest && lseek(sink->fd, 0, SEEK_END) != 0)
        return false;
    return cmd_probe_sink_matches(sink, mark->output_length, mark->output_hash);
}

/* The newest mark that the output bears out: the last one, but for a loss of power. The others are given back. */
static bool choose(const cmd_probe_settings *s, cmd_probe_sink *sink, cmd_probe_mark *marks, size_t count,
                   cmd_probe_mark *mark, base_error *error)
{
    bool found = false;

    for (size_t i = 0; i < count; i++) {
        bool good = !found && is_borne_out(sink, &marks[i], i == 0);

        if (good)
            *mark = marks[i];
        else
            cmd_probe_mark_done(&marks[i]);
        found |= good;
    }
    if (!found)
        base_error_set(error, "--resume: %s is not the output that %s was made with, or it was changed since",
                       s->output, s->resume);
    return found;
}

bool cmd_probe_resume(const cmd_probe_settings *s, cmd_probe_sink *sink, cmd_probe_state *state, cmd_probe_mark *mark,
                      int *code, base_error *error)
{
    char options[CMD_PROBE_OPTIONS_MAX];
    cmd_probe_mark marks[CMD_PROBE_MARKS];
    size_t count;

    *mark = (cmd_probe_mark){.input_hash = BASE_HASH_START};
    *code = CMD_UNCHECKED;
    state->fd = -1;
    if (!cmd_probe_sink_open(sink, s->output, s->resume != NULL, error))
        return false;
    if (s->resume == NULL)
        return true;
    *code = CMD_USAGE;
    if (!sink->regular) {
        base_error_set(error, "--resume: %s is no regular file, and cannot be cut back to where a run came to",
                       s->output);
        return false;
    }
    write_options(s, options);
    if (!cmd_probe_state_open(state, s->resume, options, marks, &count, error)) {
        base_error_wrap(error, "--resume");
        return false;
    }
    return count == 0 ? begin_anew(s, sink, state, mark, error) : choose(s, sink, marks, count, mark, error);
}
