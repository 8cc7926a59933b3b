/* Marks in the state of --resume: whole moments of the run, from which it can be continued. */
#include "batch/supervisor_state.h"

#include "base/exit.h"
#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MARK_EVERY INT64_C(100000)     /* microseconds */
#define LASTING_EVERY INT64_C(5000000) /* between marks that outlive the machine's power */

_Static_assert(sizeof(facts_tally) / sizeof(uint64_t) <= BATCH_COUNTS_MAX, "the tally is longer than a mark");

static int ascending(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

    return left < right ? -1 : left > right ? 1 : 0;
}

static void set_mark(batch_supervisor *s, batch_mark *mark)
{
    const facts_tally *tally = &s->outcome->tally;

    *mark = (batch_mark){.output_length = s->output.length,
                         .output_hash = s->output.hash,
                         .next = s->targets.next,
                         .input_hash = s->targets.hash,
                         .complete = s->list_ended && batch_schedule_held(s->schedule) == 0,
                         .count = sizeof *tally / sizeof(uint64_t)};
    memcpy(mark->counts, tally, sizeof *tally);
    mark->open = base_allocate(batch_schedule_held(s->schedule) * sizeof *mark->open);
    for (size_t slot = 0; slot < batch_schedule_capacity(s->schedule); slot++) {
        const batch_item *item = batch_schedule_item(s->schedule, slot);

        if (item != NULL)
            mark->open[mark->open_count++] = item->index;
    }
    qsort(mark->open, mark->open_count, sizeof *mark->open, ascending);
}

void batch_marks_write(batch_supervisor *s, bool lasting)
{
    base_error *error = &s->outcome->error;
    batch_mark mark;

    set_mark(s, &mark);
    if (lasting && fdatasync(s->output.fd) != 0) {
        base_error_set(error, "cannot write %s: %s", s->output.name, strerror(errno));
        batch_supervisor_fail(s, BASE_EXIT_UNCHECKED);
    } else if (!batch_state_write(&s->state, &mark, lasting, error)) {
        batch_supervisor_fail(s, BASE_EXIT_UNCHECKED);
    }
    batch_mark_done(&mark);
    s->last_mark = s->now;
    s->changed = false;
    if (lasting)
        s->last_lasting = s->now;
}

void batch_marks_keep(batch_supervisor *s)
{
    bool lasting = s->now - s->last_lasting >= LASTING_EVERY;

    if (!s->outcome->failed && s->output.regular && !batch_output_write(&s->output, &s->outcome->error))
        batch_supervisor_fail(s, BASE_EXIT_UNCHECKED);
    if (s->outcome->failed || !s->has_state || !s->verified || !s->changed || s->now - s->last_mark < MARK_EVERY)
        return;
    batch_marks_write(s, lasting);
}
