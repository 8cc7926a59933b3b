/*
 * The list: hosts are taken in, refused lines are reported, and with --resume the list must be the one of the run
 * before.
 */
#include "batch/supervisor_state.h"

#include "base/exit.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>

static void refuse_line(batch_supervisor *s, const batch_target *target, const base_error *why)
{
    const facts_refused refused = {s->targets.next - 1, target->source, target->line, target->text, why->text};

    base_buffer_clear(&s->line);
    s->hooks->refuse(s->hooks->self, &refused, &s->line);
    batch_supervisor_deliver(s, refused.index, base_buffer_string(&s->line), s->line.length);
    s->outcome->tally.refused++;
    s->changed = true;
}

/* True if the run before has a line of it already. */
static bool was_done(batch_supervisor *s, uint64_t index)
{
    if (index >= s->mark.next)
        return false;
    if (s->mark_at == s->mark.open_count || s->mark.open[s->mark_at] != index)
        return true;
    s->mark_at++;
    return false;
}

static void fail_as_other_list(batch_supervisor *s)
{
    base_error_set(&s->outcome->error,
                   "--resume: the first %" PRIu64 " hosts are not those that %s was made with: give the same list",
                   s->mark.next, s->options->resume);
    batch_supervisor_fail(s, BASE_EXIT_USAGE);
}

/*
 * Where the run before had a host on its way there is a host, or else the list is another: of that nothing may reach
 * the output.
 */
static void take_refused(batch_supervisor *s, const batch_target *target, const base_error *why)
{
    if (was_done(s, s->targets.next - 1))
        return;
    if (s->verified)
        refuse_line(s, target, why);
    else
        fail_as_other_list(s);
}

/* The list must be what it was, up to where the run before came. */
static void verify(batch_supervisor *s)
{
    if (s->verified || s->targets.next < s->mark.next)
        return;
    s->verified = s->targets.hash == s->mark.input_hash;
    s->passed_before = batch_targets_given(&s->targets);
    if (!s->verified)
        fail_as_other_list(s);
    else if (s->has_state &&
             !batch_output_cut(&s->output, s->mark.output_length, s->mark.output_hash, &s->outcome->error))
        batch_supervisor_fail(s, BASE_EXIT_UNCHECKED);
    else if (s->has_state)
        batch_output_go_on(&s->output, s->options->form);
}

static void end_list(batch_supervisor *s)
{
    s->list_ended = true;
    if (s->outcome->failed || s->verified)
        return;
    base_error_set(&s->outcome->error,
                   "--resume: the list ends after %" PRIu64 " hosts, and the run before came to %" PRIu64,
                   s->targets.next, s->mark.next);
    batch_supervisor_fail(s, BASE_EXIT_USAGE);
}

bool batch_intake_has_room(const batch_supervisor *s)
{
    return !s->list_ended && s->stop_by == 0 && batch_schedule_has_room(s->schedule) && !batch_supervisor_is_full(s);
}

void batch_intake(batch_supervisor *s)
{
    batch_target target = {0};
    base_error why;

    verify(s);
    while (!s->outcome->failed && batch_intake_has_room(s)) {
        switch (batch_targets_next(&s->targets, &target, &why)) {
        case BATCH_GOT_HOST:
            if (!was_done(s, s->targets.next - 1))
                batch_schedule_take(s->schedule, s->targets.next - 1, &target.host, target.port, s->now);
            break;
        case BATCH_GOT_REFUSED:
            take_refused(s, &target, &why);
            break;
        case BATCH_GOT_NONE:
            return;
        case BATCH_GOT_END:
            end_list(s);
            break;
        case BATCH_GOT_FAILED:
            s->outcome->error = why;
            batch_supervisor_fail(s, BASE_EXIT_USAGE);
            break;
        }
        verify(s);
    }
}

/* -- A run that is complete ---------------------------------------------------------------------------------------- */

static bool fail_list(batch_supervisor *s)
{
    if (!s->outcome->failed)
        batch_supervisor_fail(s, BASE_EXIT_USAGE);
    return false;
}

/* Waits as long as it takes: the list may come through a pipe. */
static bool feed(batch_supervisor *s)
{
    struct pollfd wait = {batch_targets_descriptor(&s->targets), POLLIN, 0};

    while (wait.fd >= 0 && poll(&wait, 1, -1) < 0 && errno == EINTR)
        continue;
    return batch_targets_feed(&s->targets, &s->outcome->error);
}

bool batch_intake_is_same_list(batch_supervisor *s)
{
    batch_target target = {0};
    batch_got got;

    for (;;) {
        got = batch_targets_next(&s->targets, &target, &s->outcome->error);
        if (got == BATCH_GOT_FAILED || (got == BATCH_GOT_NONE && !feed(s)))
            return fail_list(s);
        if (s->targets.next > s->mark.next) {
            base_error_set(&s->outcome->error,
                           "--resume: the run of %s is complete, and the list goes on after its %" PRIu64
                           " hosts: name another file, and another output",
                           s->options->resume, s->mark.next);
            return fail_list(s);
        }
        if (got == BATCH_GOT_END)
            break;
    }
    s->verified = false;
    if (s->targets.next < s->mark.next)
        end_list(s);
    else if (s->targets.hash != s->mark.input_hash)
        fail_as_other_list(s);
    return !s->outcome->failed;
}
