#include "batch/resume.h"

#include "base/exit.h"
#include "base/hash.h"

#include <unistd.h>

/* A new state: nothing may be in the output that no state knows of. */
static bool begin_anew(const batch_options *options, batch_output *output, batch_state *state, batch_mark *mark,
                       base_error *error)
{
    *mark = (batch_mark){.output_hash = BASE_HASH_START, .input_hash = BASE_HASH_START};
    if (lseek(output->fd, 0, SEEK_END) == 0)
        return batch_state_write(state, mark, true, error);
    base_error_set(error, "--resume: %s is new, but %s holds something already: remove it, or name another",
                   options->resume, options->output);
    return false;
}

/* An empty beginning is the beginning of every file, also of one that has nothing to do with this run. */
static bool is_borne_out(const batch_output *output, const batch_mark *mark, bool newest)
{
    if (mark->output_length == 0 && !newest && lseek(output->fd, 0, SEEK_END) != 0)
        return false;
    return batch_output_matches(output, mark->output_length, mark->output_hash);
}

/* The newest mark that the output bears out: the last one, but for a loss of power. The others are given back. */
static bool choose(const batch_options *options, batch_output *output, batch_mark *marks, size_t count,
                   batch_mark *mark, base_error *error)
{
    bool found = false;

    for (size_t i = 0; i < count; i++) {
        bool good = !found && is_borne_out(output, &marks[i], i == 0);

        if (good)
            *mark = marks[i];
        else
            batch_mark_done(&marks[i]);
        found |= good;
    }
    if (!found)
        base_error_set(error, "--resume: %s is not the output that %s was made with, or it was changed since",
                       options->output, options->resume);
    return found;
}

bool batch_resume(const batch_options *options, batch_output *output, batch_state *state, batch_mark *mark, int *code,
                  base_error *error)
{
    batch_mark marks[BATCH_MARKS];
    size_t count;

    *mark = (batch_mark){.input_hash = BASE_HASH_START};
    *code = BASE_EXIT_UNCHECKED;
    state->fd = -1;
    if (!batch_output_open(output, options->output, options->resume != NULL, error))
        return false;
    if (options->resume == NULL)
        return true;
    *code = BASE_EXIT_USAGE;
    if (!output->regular) {
        base_error_set(error, "--resume: %s is not a regular file, and cannot be cut back to where a run came to",
                       options->output);
        return false;
    }
    if (!batch_state_open(state, options->resume, options->identity, marks, &count, error)) {
        base_error_wrap(error, "--resume");
        return false;
    }
    return count == 0 ? begin_anew(options, output, state, mark, error)
                      : choose(options, output, marks, count, mark, error);
}
