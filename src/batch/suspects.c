/* Hosts that were at work when a worker died: which of them is it that no process survives? */
#include "batch/supervisor_state.h"

#include "base/exit.h"

#define AT_ONCE 8
#define DEATHS_MAX 9 /* of workers, without a single result between: what kills each it meets takes four of its own */
#define GROUP 1      /* crashes after which a host is tried with a few others; after more alone */
#define BLAMED 3     /* crashes after which the next, alone, was its doing: one was in a process of its own already */

static bool has_loner(const batch_supervisor *s)
{
    for (size_t slot = 0; slot < batch_schedule_capacity(s->schedule); slot++) {
        const batch_item *item = batch_schedule_item(s->schedule, slot);

        if (item != NULL && item->worker == s->workers.count && item->crashes > GROUP)
            return true;
    }
    return false;
}

/* They go to a worker of their own: a few at first, and if that dies too, each alone. */
void batch_suspects_deal(batch_supervisor *s)
{
    const batch_worker *worker = &s->workers.items[s->workers.count];

    while (s->suspect_count > 0 && !s->outcome->failed && s->stop_by == 0) {
        batch_item *item = batch_schedule_item(s->schedule, s->suspects[s->suspect_count - 1]);

        if (worker->at_work >= (item->crashes > GROUP ? 1 : AT_ONCE) || (worker->at_work > 0 && has_loner(s)))
            return;
        if (!batch_workers_start(&s->workers, s->workers.count, &s->outcome->error)) {
            batch_supervisor_fail(s, BASE_EXIT_UNCHECKED);
            return;
        }
        s->suspect_count--;
        batch_deal_begin(s, s->workers.count, item, item->address != NULL);
    }
}

static void report_crash(batch_supervisor *s, batch_item *item, const char *how)
{
    const facts_failure failure = facts_failure_make(FACTS_PHASE_PROBE, FACTS_FAILURE_PROBE_CRASHED, how);
    const facts_probed probed = {.index = item->index,
                                 .host = &item->host,
                                 .port = item->port,
                                 .depth = s->options->depth,
                                 .now = batch_moment(s->options),
                                 .tries = item->tries,
                                 .resolve_ms = -1,
                                 .failure = &failure};
    batch_result result = {.code = FACTS_FAILURE_PROBE_CRASHED};

    size_t length;

    base_buffer_clear(&s->line);
    base_buffer_clear(&s->note);
    s->hooks->judge(s->hooks->self, &probed, &result, &s->line, &s->note);
    length = s->line.length;
    result.note = (uint32_t)s->note.length;
    base_buffer_append(&s->line, base_buffer_string(&s->note), s->note.length);
    batch_deal_conclude(s, item, &result, base_buffer_string(&s->line), length);
}

/*
 * What was at work there is tried again elsewhere; what was there alone, for the second time, is what it died of. A
 * process may die of something else, as of the system that has no memory left, and such deaths come together.
 */
void batch_suspects_gather(batch_supervisor *s, int which)
{
    bool alone = which == s->workers.count && s->workers.items[which].at_work == 1;
    char how[64] = "";

    batch_worker_end(&s->workers.items[which], how, sizeof how);
    if (s->outcome->failed)
        return;
    s->deaths++;
    for (size_t slot = 0; slot < batch_schedule_capacity(s->schedule); slot++) {
        batch_item *item = batch_schedule_item(s->schedule, slot);

        if (item == NULL || item->worker != which)
            continue;
        item->worker = -1;
        if (item->stage != BATCH_STAGE_AT_WORK)
            continue;
        if (alone && item->crashes >= BLAMED) {
            report_crash(s, item, how);
            continue;
        }
        s->suspects[s->suspect_count++] = slot;
        item->crashes++;
    }
    if (s->deaths > DEATHS_MAX) {
        base_error_set(&s->outcome->error, "no process that could touch hosts stays alive: %s", how);
        batch_supervisor_fail(s, BASE_EXIT_UNCHECKED);
    }
}
