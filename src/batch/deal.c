/* Dealing hosts out to workers, and hearing what became of them. */
#include "batch/supervisor_state.h"

#include "base/exit.h"
#include "batch/frame.h"
#include "batch/tally.h"

#include <string.h>

void batch_deal_begin(batch_supervisor *s, int which, batch_item *item, bool go)
{
    batch_worker *worker = &s->workers.items[which];
    batch_frame_begin order;

    memset(&order, 0, sizeof order); /* what lies between members goes along */
    order.index = item->index;
    order.port = (uint32_t)item->port;
    order.tries = item->tries;
    order.go = go || (s->options->per_address == 0 && s->options->pause == 0);
    order.host = item->host;
    item->worker = which;
    worker->at_work++;
    base_frame_put(&worker->out, BATCH_FRAME_BEGIN, item->slot, &order, sizeof order);
}

static void deal(batch_supervisor *s, batch_step step, batch_item *item)
{
    int which;

    if (step == BATCH_STEP_GO && item->worker >= 0) {
        s->workers.items[item->worker].at_work++;
        base_frame_put(&s->workers.items[item->worker].out, BATCH_FRAME_GO, item->slot, "", 0);
        return;
    }
    which = batch_workers_pick(&s->workers, &s->outcome->error);
    if (which < 0)
        batch_supervisor_fail(s, BASE_EXIT_UNCHECKED);
    else
        batch_deal_begin(s, which, item, step == BATCH_STEP_GO);
}

void batch_deal(batch_supervisor *s)
{
    batch_step step;
    batch_item *item;

    batch_suspects_deal(s);
    while (!s->outcome->failed && s->verified && !batch_supervisor_is_full(s) &&
           (step = batch_schedule_next(s->schedule, s->now, &item)) != BATCH_STEP_NONE)
        deal(s, step, item);
}

void batch_deal_conclude(batch_supervisor *s, batch_item *item, const batch_result *result, const char *line,
                         size_t length)
{
    uint64_t index = item->index;
    unsigned tries = item->tries;

    item->worker = -1;
    if (batch_schedule_end(s->schedule, item, batch_may_pass(result->code), s->now))
        return;
    batch_supervisor_deliver(s, index, line, length);
    if (s->hooks->count != NULL)
        s->hooks->count(s->hooks->self, line + length, result->note);
    batch_tally_add(&s->outcome->tally, result, tries);
    s->changed = true;
    s->deaths = 0;
    s->done++;
}

static void on_found(batch_supervisor *s, int which, batch_item *item, const char *body)
{
    batch_worker *worker = &s->workers.items[which];
    batch_frame_found found;

    memcpy(&found, body, sizeof found);
    if (batch_schedule_found(s->schedule, item, found.key, s->now))
        base_frame_put(&worker->out, BATCH_FRAME_GO, item->slot, "", 0);
    else
        worker->at_work--;
}

static void on_unable(batch_supervisor *s, const base_frame *frame, const char *body)
{
    int code;

    memcpy(&code, body, sizeof code);
    base_error_set(&s->outcome->error, "%.*s", (int)(frame->length - sizeof code), body + sizeof code);
    batch_supervisor_fail(s, code);
}

static void on_frame(batch_supervisor *s, int which, const base_frame *frame, const char *body)
{
    batch_item *item = batch_schedule_item(s->schedule, frame->slot);
    batch_result result;

    if (frame->kind == BATCH_FRAME_UNABLE && frame->length >= sizeof(int)) {
        on_unable(s, frame, body);
        return;
    }
    if (item == NULL || item->worker != which || item->stage != BATCH_STAGE_AT_WORK)
        return;
    if (frame->kind == BATCH_FRAME_FOUND && frame->length == sizeof(batch_frame_found)) {
        on_found(s, which, item, body);
    } else if (frame->kind == BATCH_FRAME_RESULT && frame->length >= sizeof result) {
        memcpy(&result, body, sizeof result);
        s->workers.items[which].at_work--;
        if (result.note > frame->length - sizeof result)
            result.note = 0;
        batch_deal_conclude(s, item, &result, body + sizeof result, frame->length - sizeof result - result.note);
    }
}

void batch_deal_hear(batch_supervisor *s, int which)
{
    batch_worker *worker = &s->workers.items[which];
    bool is_there = batch_worker_read(worker);
    base_frame frame;
    const char *body;
    size_t at = 0;

    while (base_frame_next(base_buffer_string(&worker->in), worker->in.length, &at, &frame, &body))
        on_frame(s, which, &frame, body);
    base_buffer_drop(&worker->in, at);
    if (!is_there)
        batch_suspects_gather(s, which);
}
