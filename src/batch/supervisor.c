/*
 * The process that reads the list, deals the hosts out, and writes down what is said of them: its loop, its beginning
 * and end.
 */
#include "batch/supervisor_state.h"

#include "base/exit.h"
#include "base/memory.h"
#include "batch/resume.h"
#include "batch/signals.h"
#include "batch/tally.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define SECOND INT64_C(1000000)
#define BACK_OFF SECOND
#define GRACE (2 * SECOND) /* for hosts at work, after the first signal */
#define TICK 250           /* milliseconds between looks at clock and progress */

static int64_t clock_now(void)
{
    struct timespec now = {0, 0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * SECOND + now.tv_nsec / 1000;
}

int64_t batch_moment(const batch_options *options)
{
    return options->now != HF_TIME_UNKNOWN ? options->now : (int64_t)time(NULL);
}

void batch_supervisor_fail(batch_supervisor *s, int code)
{
    if (!s->outcome->failed)
        s->outcome->code = code;
    s->outcome->failed = true;
}

bool batch_supervisor_is_full(const batch_supervisor *s)
{
    return batch_output_backlog(&s->output) >= BATCH_BACKLOG_MAX;
}

void batch_supervisor_deliver(batch_supervisor *s, uint64_t index, const char *line, size_t length)
{
    if (s->hooks->deliver != NULL)
        s->hooks->deliver(s->hooks->self, index, line, length);
    else
        batch_output_add(&s->output, line, length);
}

/* -- Waiting ------------------------------------------------------------------------------------------------------- */

static int timeout_of(batch_supervisor *s)
{
    /* What may not be begun before the output takes more is not due. */
    bool deals = s->verified && !batch_supervisor_is_full(s);
    int64_t due = deals ? batch_schedule_due(s->schedule, s->now) : -1, milliseconds = TICK;

    if (due >= 0)
        milliseconds = due > s->now ? (due - s->now + 999) / 1000 : 0;
    return (int)(milliseconds < TICK ? milliseconds : TICK);
}

static void listen_to(batch_supervisor *s, const struct pollfd *polls, const int *which, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (polls[i].revents & POLLOUT && !batch_worker_send(&s->workers.items[which[i]]))
            batch_suspects_gather(s, which[i]);
        else if (polls[i].revents & (POLLIN | POLLHUP | POLLERR))
            batch_deal_hear(s, which[i]);
    }
}

static size_t poll_workers(const batch_supervisor *s, struct pollfd *polls, int *which)
{
    size_t count = 0;

    for (int i = 0; i <= s->workers.count; i++)
        if (s->workers.items[i].pid > 0) {
            short wanted = s->workers.items[i].out.length > 0 ? POLLIN | POLLOUT : POLLIN;

            polls[count] = (struct pollfd){s->workers.items[i].fd, wanted, 0};
            which[count++] = i;
        }
    return count;
}

static void wait_for_something(batch_supervisor *s)
{
    struct pollfd polls[3 + BATCH_JOBS_MAX + 1];
    int which[BATCH_JOBS_MAX + 1];
    bool backlog = !s->output.regular && batch_output_backlog(&s->output) > 0;
    size_t count;

    polls[0] = (struct pollfd){batch_signals_descriptor(), POLLIN, 0};
    polls[1] = (struct pollfd){batch_intake_has_room(s) ? batch_targets_descriptor(&s->targets) : -1, POLLIN, 0};
    polls[2] = (struct pollfd){backlog ? s->output.fd : -1, POLLOUT, 0};
    count = poll_workers(s, polls + 3, which);
    if (poll(polls, 3 + count, timeout_of(s)) <= 0)
        count = polls[1].revents = polls[2].revents = 0;
    s->now = clock_now();
    listen_to(s, polls + 3, which, count);
    if (polls[1].revents != 0 && !batch_targets_feed(&s->targets, &s->outcome->error))
        batch_supervisor_fail(s, BASE_EXIT_USAGE);
    if (polls[2].revents == 0)
        return;
    if (s->output.terminal)
        base_progress_end(&s->progress);
    if (!batch_output_write(&s->output, &s->outcome->error))
        batch_supervisor_fail(s, BASE_EXIT_UNCHECKED);
}

static void send_all(batch_supervisor *s)
{
    for (int i = 0; i <= s->workers.count; i++) {
        batch_worker *worker = &s->workers.items[i];

        if (worker->pid > 0 && worker->out.length > 0 && !batch_worker_send(worker))
            batch_suspects_gather(s, i);
    }
}

static void show_progress(batch_supervisor *s)
{
    double spent = (double)(s->now - s->began) / 1e6, part = 0;
    size_t held = batch_schedule_held(s->schedule), at_work = batch_schedule_at_work(s->schedule);
    char left[48] = "", text[160];

    if (!s->progress.shown || (s->output.terminal && batch_output_backlog(&s->output) > 0))
        return;
    if (s->targets.size > s->passed_before && s->done > 0)
        part = (double)(batch_targets_given(&s->targets) - s->passed_before) /
               (double)(s->targets.size - s->passed_before) * (double)s->done / (double)(s->done + held);
    if (part > 0)
        snprintf(left, sizeof left, ", %.0f %%, %.0f s left", 100 * part, spent * (1 - part) / part);
    snprintf(text, sizeof text, "%" PRIu64 " hosts, %.0f a second%s, %zu at work, %zu waiting", s->outcome->tally.hosts,
             spent > 0 ? (double)s->done / spent : 0.0, left, at_work, held - at_work);
    base_progress_say(&s->progress, text);
}

/* -- The loop ------------------------------------------------------------------------------------------------------ */

static bool is_over(batch_supervisor *s)
{
    if (s->outcome->failed)
        return true;
    if (batch_signals_asked() && s->stop_by == 0) {
        s->stop_by = s->now + GRACE;
        batch_schedule_stop(s->schedule);
    }
    if (batch_output_backlog(&s->output) > 0)
        return false;
    if (s->stop_by != 0)
        return batch_schedule_at_work(s->schedule) == s->suspect_count || s->now >= s->stop_by;
    return s->list_ended && batch_schedule_held(s->schedule) == 0;
}

static void go_through(batch_supervisor *s)
{
    base_progress_begin(&s->progress, "probing");
    for (;;) {
        batch_intake(s);
        batch_deal(s);
        send_all(s);
        batch_marks_keep(s);
        if (is_over(s))
            break;
        wait_for_something(s);
        show_progress(s);
    }
    base_progress_end(&s->progress);
}

/* -- Beginning and end --------------------------------------------------------------------------------------------- */

/* In a new process: what is not its own. */
static void close_inherited(void *self)
{
    batch_supervisor *s = self;

    if (s->has_state)
        close(s->state.fd);
    if (s->output.fd > STDOUT_FILENO)
        close(s->output.fd);
    batch_signals_leave();
}

static void begin(batch_supervisor *s)
{
    const batch_options *o = s->options;
    facts_tally *tally = &s->outcome->tally;
    const batch_limits limits = {.concurrency = (size_t)o->concurrency,
                                 .per_domain = (size_t)o->per_domain,
                                 .per_address = (size_t)o->per_address,
                                 .pause = o->pause * 1000,
                                 .rate = o->rate,
                                 .retries = (unsigned)o->retries,
                                 .back_off = BACK_OFF,
                                 .seed = (uint64_t)clock_now()};

    s->began = s->now = s->last_lasting = clock_now();
    s->schedule = batch_schedule_new(&limits);
    s->suspects = base_allocate(batch_schedule_capacity(s->schedule) * sizeof *s->suspects);
    s->workers = (batch_workers){.options = o,
                                 .hooks = s->hooks,
                                 .slots = batch_schedule_capacity(s->schedule),
                                 .count = (int)o->jobs,
                                 .close_inherited = close_inherited,
                                 .self = s};
    base_buffer_init(&s->line, BATCH_LINE_MAX + BATCH_NOTE_MAX);
    base_buffer_init(&s->note, BATCH_NOTE_MAX);
    if (s->mark.count == sizeof *tally / sizeof(uint64_t))
        memcpy(tally, s->mark.counts, sizeof *tally);
    if (!s->has_state)
        batch_output_begin(&s->output, o->form);
    batch_signals_begin();
}

static double cpu_seconds(int who)
{
    struct rusage usage;

    if (getrusage(who, &usage) != 0)
        return 0;
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void finish_output(batch_supervisor *s)
{
    base_buffer end;

    if (s->outcome->failed || s->hooks->finish == NULL)
        return;
    base_buffer_init(&end, BATCH_LINE_MAX);
    s->hooks->finish(s->hooks->self, &s->outcome->tally, &s->outcome->cost, &end);
    batch_output_text(&s->output, base_buffer_string(&end));
    base_buffer_done(&end);
    while (!s->outcome->failed && batch_output_backlog(&s->output) > 0)
        if (!batch_output_write(&s->output, &s->outcome->error))
            batch_supervisor_fail(s, BASE_EXIT_UNCHECKED);
}

static void sum_up(batch_supervisor *s)
{
    batch_outcome *outcome = s->outcome;

    outcome->cost = (facts_cost){(double)(clock_now() - s->began) / 1e6,
                                 cpu_seconds(RUSAGE_SELF) + cpu_seconds(RUSAGE_CHILDREN), s->done};
    finish_output(s);
    outcome->went_through = !outcome->failed;
    outcome->stopped = s->stop_by != 0;
    outcome->resumable =
        s->has_state && (outcome->failed ? s->verified && outcome->code == BASE_EXIT_UNCHECKED : outcome->stopped);
    if (!outcome->failed)
        outcome->code = outcome->stopped ? BASE_EXIT_PARTLY : batch_tally_code(&outcome->tally);
}

static void end(batch_supervisor *s)
{
    batch_workers_end(&s->workers);
    if (s->has_state && !s->outcome->failed && s->verified)
        batch_marks_write(s, true);
    batch_schedule_free(s->schedule);
    free(s->suspects);
    base_buffer_done(&s->line);
    base_buffer_done(&s->note);
}

static void run_through(batch_supervisor *s)
{
    if (s->mark.complete) {
        s->outcome->complete = batch_intake_is_same_list(s);
        return;
    }
    if (s->mark.open_count > (size_t)s->options->concurrency + BATCH_WAITING_MAX) {
        base_error_set(&s->outcome->error,
                       "--resume: %zu hosts were on their way: give the --concurrency that was given then",
                       s->mark.open_count);
        batch_supervisor_fail(s, BASE_EXIT_USAGE);
        return;
    }
    begin(s);
    go_through(s);
    end(s);
    sum_up(s);
}

static void close_all(batch_supervisor *s)
{
    base_error error;

    if (!batch_output_close(&s->output, &error) && !s->outcome->failed) {
        s->outcome->error = error;
        batch_supervisor_fail(s, BASE_EXIT_UNCHECKED);
    }
    batch_mark_done(&s->mark);
    batch_state_close(&s->state);
    batch_targets_close(&s->targets);
}

void batch_run(const batch_options *options, const batch_hooks *hooks, const base_operands *operands,
               batch_outcome *outcome)
{
    batch_supervisor s = {.options = options, .hooks = hooks, .outcome = outcome, .has_state = options->resume != NULL};
    int code;

    *outcome = (batch_outcome){.code = BASE_EXIT_CLEAN};
    if (!batch_targets_open(&s.targets, operands, &outcome->error)) {
        batch_supervisor_fail(&s, BASE_EXIT_USAGE);
        return;
    }
    batch_targets_set_column(&s.targets, options->column);
    if (batch_resume(options, &s.output, &s.state, &s.mark, &code, &outcome->error))
        run_through(&s);
    else
        batch_supervisor_fail(&s, code);
    close_all(&s);
}
