/* The process that reads the list, deals the hosts out, and writes down what is said of them. */
#include "cmd/probe.h"

#include "base/memory.h"
#include "base/progress.h"
#include "batch/schedule.h"
#include "cmd/probe_jobs.h"
#include "cmd/probe_list.h"
#include "cmd/probe_resume.h"
#include "cmd/probe_stop.h"

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
#define MARK_EVERY (SECOND / 10)
#define LASTING_EVERY (5 * SECOND) /* between marks that outlive the machine's power */
#define TICK 250                   /* milliseconds between looks at clock and progress */
#define BACKLOG_MAX ((size_t)4 << 20)
#define SUSPECTS_AT_ONCE 8
#define DEATHS_MAX 5 /* of processes, without a single result between */

typedef struct run {
    const cmd_probe_settings *settings;
    const cmd_probe_form *form;
    int64_t began, now, last_mark, last_lasting, stop_by; /* stop_by: 0 until a signal comes */
    batch_schedule *stream;
    cmd_probe_list list;
    cmd_probe_sink sink;
    cmd_probe_jobs jobs;
    cmd_probe_tally tally;
    base_progress progress;
    bool list_ended, failed;
    int code;                  /* when failed */
    base_error error;          /* then, too */
    uint64_t done, fed_before; /* of this run; octets of the list that were passed over */
    unsigned deaths;
    size_t *suspects; /* slots of hosts that were at work when a process died */
    size_t suspect_count;
    base_buffer line;
    /* --resume */
    bool has_state, changed;
    cmd_probe_state state;
    cmd_probe_mark mark; /* where the run before this one came to */
    size_t mark_at;      /* of its open hosts, those that have been taken */
    bool verified;       /* the list is the same up to there */
} run;

static int64_t clock_now(void)
{
    struct timespec now = {0, 0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * SECOND + now.tv_nsec / 1000;
}

/* The first failure is the one that is told. `r->error` says what it is. */
static void fail(run *r, int code)
{
    if (!r->failed)
        r->code = code;
    r->failed = true;
}

/* -- Taking in ----------------------------------------------------------------------------------------------------------------- */

static void refuse_line(run *r, const cmd_probe_target *target, const base_error *why)
{
    const cmd_probe_refusal refusal = {r->list.next - 1, target->source, target->line, target->text, why->text};

    base_buffer_clear(&r->line);
    cmd_probe_line_refused(r->form, &refusal, &r->line);
    cmd_probe_sink_add(&r->sink, base_buffer_string(&r->line), r->line.length);
    r->tally.refused++;
    r->changed = true;
}

/* True if the run before has a line of it already. */
static bool was_done(run *r, uint64_t index)
{
    if (index >= r->mark.next)
        return false;
    if (r->mark_at == r->mark.open_count || r->mark.open[r->mark_at] != index)
        return true;
    r->mark_at++;
    return false;
}

static void fail_as_other_list(run *r)
{
    base_error_set(&r->error,
                   "--resume: the first %" PRIu64 " hosts are not those that %s was made with: give the same list",
                   r->mark.next, r->settings->resume);
    fail(r, CMD_USAGE);
}

/* Where the run before had a host on its way there is a host, or else the list is another: of that nothing may reach the output. */
static void take_refused(run *r, const cmd_probe_target *target, const base_error *why)
{
    if (was_done(r, r->list.next - 1))
        return;
    if (r->verified)
        refuse_line(r, target, why);
    else
        fail_as_other_list(r);
}

/* The list must be what it was, up to where the run before came. */
static void verify(run *r)
{
    if (r->verified || r->list.next < r->mark.next)
        return;
    r->verified = r->list.hash == r->mark.input_hash;
    r->fed_before = cmd_probe_list_given(&r->list);
    if (!r->verified)
        fail_as_other_list(r);
    else if (r->has_state && !cmd_probe_sink_cut(&r->sink, r->mark.output_length, r->mark.output_hash, &r->error))
        fail(r, CMD_UNCHECKED);
}

static void end_list(run *r)
{
    r->list_ended = true;
    if (r->failed || r->verified)
        return;
    base_error_set(&r->error, "--resume: the list ends after %" PRIu64 " hosts, and the run before came to %" PRIu64,
                   r->list.next, r->mark.next);
    fail(r, CMD_USAGE);
}

static void take_in(run *r)
{
    cmd_probe_target target = {0};
    base_error why;

    verify(r);
    while (!r->failed && !r->list_ended && r->stop_by == 0 && batch_schedule_has_room(r->stream) &&
           cmd_probe_sink_backlog(&r->sink) < BACKLOG_MAX) {
        switch (cmd_probe_list_next(&r->list, &target, &why)) {
        case CMD_PROBE_GOT_HOST:
            if (!was_done(r, r->list.next - 1))
                batch_schedule_take(r->stream, r->list.next - 1, &target.host, target.port, r->now);
            break;
        case CMD_PROBE_GOT_REFUSED:
            take_refused(r, &target, &why);
            break;
        case CMD_PROBE_GOT_NONE:
            return;
        case CMD_PROBE_GOT_END:
            end_list(r);
            break;
        case CMD_PROBE_GOT_FAILED:
            r->error = why;
            fail(r, CMD_USAGE);
            break;
        }
        verify(r);
    }
}

/* -- Dealing out --------------------------------------------------------------------------------------------------------------- */

static void send_begin(run *r, int which, batch_item *item, bool go)
{
    cmd_probe_job *job = &r->jobs.items[which];
    cmd_probe_begin order;

    memset(&order, 0, sizeof order); /* what lies between members goes along */
    order.index = item->index;
    order.port = (uint32_t)item->port;
    order.tries = item->tries;
    order.go = go || (r->settings->per_address == 0 && r->settings->pause == 0);
    order.host = item->host;
    item->job = which;
    job->at_work++;
    cmd_probe_frame_put(&job->out, CMD_PROBE_FRAME_BEGIN, item->slot, &order, sizeof order);
}

static void deal(run *r, batch_step step, batch_item *item)
{
    int which;

    if (step == BATCH_STEP_GO && item->job >= 0) {
        r->jobs.items[item->job].at_work++;
        cmd_probe_frame_put(&r->jobs.items[item->job].out, CMD_PROBE_FRAME_GO, item->slot, "", 0);
        return;
    }
    which = cmd_probe_jobs_pick(&r->jobs, &r->error);
    if (which < 0)
        fail(r, CMD_UNCHECKED);
    else
        send_begin(r, which, item, step == BATCH_STEP_GO);
}

static bool has_loner(const run *r)
{
    for (size_t slot = 0; slot < batch_schedule_capacity(r->stream); slot++) {
        const batch_item *item = batch_schedule_item(r->stream, slot);

        if (item != NULL && item->job == r->jobs.count && item->crashes > 1)
            return true;
    }
    return false;
}

/* Those that were at work when a process died go to one of their own: a few at first, and if that dies too, each alone. */
static void deal_suspects(run *r)
{
    const cmd_probe_job *job = &r->jobs.items[r->jobs.count];

    while (r->suspect_count > 0 && !r->failed && r->stop_by == 0) {
        batch_item *item = batch_schedule_item(r->stream, r->suspects[r->suspect_count - 1]);

        if (job->at_work >= (item->crashes > 1 ? 1 : SUSPECTS_AT_ONCE) || (job->at_work > 0 && has_loner(r)))
            return;
        if (!cmd_probe_jobs_start(&r->jobs, r->jobs.count, &r->error)) {
            fail(r, CMD_UNCHECKED);
            return;
        }
        r->suspect_count--;
        send_begin(r, r->jobs.count, item, item->address != NULL);
    }
}

static void deal_out(run *r)
{
    batch_step step;
    batch_item *item;

    deal_suspects(r);
    while (!r->failed && r->verified && cmd_probe_sink_backlog(&r->sink) < BACKLOG_MAX &&
           (step = batch_schedule_next(r->stream, r->now, &item)) != BATCH_STEP_NONE)
        deal(r, step, item);
}

/* -- Hearing ------------------------------------------------------------------------------------------------------------------- */

/* `item` is no longer at work in its process. */
static void conclude(run *r, batch_item *item, const cmd_probe_result *result, const char *line, size_t length)
{
    unsigned tries = item->tries;

    item->job = -1;
    if (batch_schedule_end(r->stream, item, cmd_probe_code_may_pass(result->code), r->now))
        return;
    cmd_probe_sink_add(&r->sink, line, length);
    cmd_probe_tally_add(&r->tally, result, tries);
    r->changed = true;
    r->deaths = 0;
    r->done++;
}

static void on_found(run *r, int which, batch_item *item, const char *body)
{
    cmd_probe_job *job = &r->jobs.items[which];
    cmd_probe_found found;

    memcpy(&found, body, sizeof found);
    if (batch_schedule_found(r->stream, item, found.key, r->now))
        cmd_probe_frame_put(&job->out, CMD_PROBE_FRAME_GO, item->slot, "", 0);
    else
        job->at_work--;
}

static void on_frame(run *r, int which, const cmd_probe_frame *frame, const char *body)
{
    batch_item *item = batch_schedule_item(r->stream, frame->slot);
    cmd_probe_result result;

    if (frame->kind == CMD_PROBE_FRAME_UNABLE && frame->length >= sizeof(int)) {
        base_error_set(&r->error, "%.*s", (int)(frame->length - sizeof(int)), body + sizeof(int));
        memcpy(&which, body, sizeof which);
        fail(r, which);
        return;
    }
    if (item == NULL || item->job != which || item->stage != BATCH_STAGE_AT_WORK)
        return;
    if (frame->kind == CMD_PROBE_FRAME_FOUND && frame->length == sizeof(cmd_probe_found)) {
        on_found(r, which, item, body);
    } else if (frame->kind == CMD_PROBE_FRAME_RESULT && frame->length >= sizeof result) {
        memcpy(&result, body, sizeof result);
        r->jobs.items[which].at_work--;
        conclude(r, item, &result, body + sizeof result, frame->length - sizeof result);
    }
}

static void report_crash(run *r, batch_item *item, const char *how)
{
    const facts_failure failure = facts_failure_make(FACTS_PHASE_PROBE, FACTS_FAILURE_PROBE_CRASHED, how);
    const cmd_probe_entry entry = {.index = item->index,
                                   .host = &item->host,
                                   .port = item->port,
                                   .depth = r->settings->depth,
                                   .at = cmd_now(&r->settings->common),
                                   .tries = item->tries,
                                   .resolve_ms = -1,
                                   .failure = &failure};
    const cmd_probe_result result = {.code = FACTS_FAILURE_PROBE_CRASHED};

    base_buffer_clear(&r->line);
    cmd_probe_line(r->form, &entry, &r->line);
    conclude(r, item, &result, base_buffer_string(&r->line), r->line.length);
}

/* What was at work there is tried again elsewhere; what was there alone is what it died of. */
static void on_death(run *r, int which)
{
    bool alone = which == r->jobs.count && r->jobs.items[which].at_work == 1;
    char how[64] = "";

    cmd_probe_job_end(&r->jobs.items[which], how, sizeof how);
    if (r->failed)
        return;
    r->deaths++;
    for (size_t slot = 0; slot < batch_schedule_capacity(r->stream); slot++) {
        batch_item *item = batch_schedule_item(r->stream, slot);

        if (item == NULL || item->job != which)
            continue;
        item->job = -1;
        if (item->stage != BATCH_STAGE_AT_WORK)
            continue;
        if (alone)
            report_crash(r, item, how);
        else
            r->suspects[r->suspect_count++] = slot;
        if (!alone)
            item->crashes++;
    }
    if (r->deaths > DEATHS_MAX) {
        base_error_set(&r->error, "no process that could touch hosts stays alive: %s", how);
        fail(r, CMD_UNCHECKED);
    }
}

static void hear(run *r, int which)
{
    cmd_probe_job *job = &r->jobs.items[which];
    bool is_there = cmd_probe_job_read(job);
    cmd_probe_frame frame;
    const char *body;
    size_t at = 0;

    while (cmd_probe_frame_next(base_buffer_string(&job->in), job->in.length, &at, &frame, &body))
        on_frame(r, which, &frame, body);
    base_buffer_drop(&job->in, at);
    if (!is_there)
        on_death(r, which);
}

/* -- Writing down -------------------------------------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

    return left < right ? -1 : left > right ? 1 : 0;
}

static void set_mark(run *r, cmd_probe_mark *mark)
{
    *mark = (cmd_probe_mark){.output_length = r->sink.length,
                             .output_hash = r->sink.hash,
                             .next = r->list.next,
                             .input_hash = r->list.hash,
                             .complete = r->list_ended && batch_schedule_held(r->stream) == 0,
                             .count = sizeof r->tally / sizeof(uint64_t)};
    memcpy(mark->counts, &r->tally, sizeof r->tally);
    mark->open = base_allocate(batch_schedule_held(r->stream) * sizeof *mark->open);
    for (size_t slot = 0; slot < batch_schedule_capacity(r->stream); slot++) {
        const batch_item *item = batch_schedule_item(r->stream, slot);

        if (item != NULL)
            mark->open[mark->open_count++] = item->index;
    }
    qsort(mark->open, mark->open_count, sizeof *mark->open, ascending);
}

/* All lines are in the output when this is called. */
static void write_mark(run *r, bool lasting)
{
    cmd_probe_mark mark;

    set_mark(r, &mark);
    if (lasting && fdatasync(r->sink.fd) != 0) {
        base_error_set(&r->error, "cannot write %s: %s", r->sink.name, strerror(errno));
        fail(r, CMD_UNCHECKED);
    } else if (!cmd_probe_state_write(&r->state, &mark, lasting, &r->error)) {
        fail(r, CMD_UNCHECKED);
    }
    cmd_probe_mark_done(&mark);
    r->last_mark = r->now;
    r->changed = false;
    if (lasting)
        r->last_lasting = r->now;
}

static void write_down(run *r)
{
    bool lasting = r->now - r->last_lasting >= LASTING_EVERY;

    if (!r->failed && r->sink.regular && !cmd_probe_sink_write(&r->sink, &r->error))
        fail(r, CMD_UNCHECKED);
    if (r->failed || !r->has_state || !r->verified || !r->changed || r->now - r->last_mark < MARK_EVERY)
        return;
    write_mark(r, lasting);
}

/* -- Waiting ------------------------------------------------------------------------------------------------------------------- */

static int timeout_of(run *r)
{
    /* What may not be begun before the output takes more is not due. */
    bool deals = r->verified && cmd_probe_sink_backlog(&r->sink) < BACKLOG_MAX;
    int64_t due = deals ? batch_schedule_due(r->stream, r->now) : -1, milliseconds = TICK;

    if (due >= 0)
        milliseconds = due > r->now ? (due - r->now + 999) / 1000 : 0;
    return (int)(milliseconds < TICK ? milliseconds : TICK);
}

/* True if the list is to be read on, and nothing of it lies ready. */
static bool wants_list(const run *r)
{
    return !r->list_ended && r->stop_by == 0 && batch_schedule_has_room(r->stream) &&
           cmd_probe_sink_backlog(&r->sink) < BACKLOG_MAX;
}

static void listen_to(run *r, const struct pollfd *polls, const int *which, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (polls[i].revents & POLLOUT && !cmd_probe_job_send(&r->jobs.items[which[i]]))
            on_death(r, which[i]);
        else if (polls[i].revents & (POLLIN | POLLHUP | POLLERR))
            hear(r, which[i]);
    }
}

static void wait_for_something(run *r)
{
    struct pollfd polls[3 + CMD_PROBE_JOBS_MAX + 1];
    int which[CMD_PROBE_JOBS_MAX + 1];
    bool backlog = !r->sink.regular && cmd_probe_sink_backlog(&r->sink) > 0;
    size_t count = 0;

    polls[0] = (struct pollfd){cmd_probe_stop_descriptor(), POLLIN, 0};
    polls[1] = (struct pollfd){wants_list(r) ? cmd_probe_list_descriptor(&r->list) : -1, POLLIN, 0};
    polls[2] = (struct pollfd){backlog ? r->sink.fd : -1, POLLOUT, 0};
    for (int i = 0; i <= r->jobs.count; i++)
        if (r->jobs.items[i].pid > 0) {
            short wanted = r->jobs.items[i].out.length > 0 ? POLLIN | POLLOUT : POLLIN;

            polls[3 + count] = (struct pollfd){r->jobs.items[i].fd, wanted, 0};
            which[count++] = i;
        }
    if (poll(polls, 3 + count, timeout_of(r)) <= 0)
        count = polls[1].revents = polls[2].revents = 0;
    r->now = clock_now();
    listen_to(r, polls + 3, which, count);
    if (polls[1].revents != 0 && !cmd_probe_list_feed(&r->list, &r->error))
        fail(r, CMD_USAGE);
    if (polls[2].revents == 0)
        return;
    if (r->sink.terminal)
        base_progress_end(&r->progress);
    if (!cmd_probe_sink_write(&r->sink, &r->error))
        fail(r, CMD_UNCHECKED);
}

static void send_all(run *r)
{
    for (int i = 0; i <= r->jobs.count; i++)
        if (r->jobs.items[i].pid > 0 && r->jobs.items[i].out.length > 0 && !cmd_probe_job_send(&r->jobs.items[i]))
            on_death(r, i);
}

static void tell_progress(run *r)
{
    double spent = (double)(r->now - r->began) / 1e6, part = 0;
    char left[48] = "", text[160];

    if (!r->progress.shown || (r->sink.terminal && cmd_probe_sink_backlog(&r->sink) > 0))
        return;
    if (r->list.size > r->fed_before && r->done > 0)
        part = (double)(cmd_probe_list_given(&r->list) - r->fed_before) / (double)(r->list.size - r->fed_before) *
               (double)r->done / (double)(r->done + batch_schedule_held(r->stream));
    if (part > 0)
        snprintf(left, sizeof left, ", %.0f %%, %.0f s left", 100 * part, spent * (1 - part) / part);
    snprintf(text, sizeof text, "%" PRIu64 " hosts, %.0f a second%s, %zu at work, %zu waiting", r->tally.hosts,
             spent > 0 ? (double)r->done / spent : 0.0, left, batch_schedule_at_work(r->stream),
             batch_schedule_held(r->stream) - batch_schedule_at_work(r->stream));
    base_progress_say(&r->progress, text);
}

/* -- The whole ----------------------------------------------------------------------------------------------------------------- */

static bool is_over(run *r)
{
    if (r->failed)
        return true;
    if (cmd_probe_stop_asked() && r->stop_by == 0) {
        r->stop_by = r->now + GRACE;
        batch_schedule_stop(r->stream);
    }
    if (cmd_probe_sink_backlog(&r->sink) > 0)
        return false;
    if (r->stop_by != 0)
        return batch_schedule_at_work(r->stream) == r->suspect_count || r->now >= r->stop_by;
    return r->list_ended && batch_schedule_held(r->stream) == 0;
}

static void go_through(run *r)
{
    base_progress_begin(&r->progress, "probing");
    for (;;) {
        take_in(r);
        deal_out(r);
        send_all(r);
        write_down(r);
        if (is_over(r))
            break;
        wait_for_something(r);
        tell_progress(r);
    }
    base_progress_end(&r->progress);
}

static void close_document(run *r)
{
    base_progress_end(&r->progress);
    while (!r->failed && cmd_probe_sink_backlog(&r->sink) > 0)
        if (!cmd_probe_sink_write(&r->sink, &r->error))
            fail(r, CMD_UNCHECKED);
}

static double cpu_seconds(int who)
{
    struct rusage usage;

    if (getrusage(who, &usage) != 0)
        return 0;
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void say_how_to_go_on(const run *r)
{
    base_error hint;

    if (r->has_state)
        base_error_set(&hint, "%s at %" PRIu64 " hosts; the same command goes on from there, by %s",
                       r->failed ? "ended" : "interrupted", r->tally.hosts, r->settings->resume);
    else
        base_error_set(&hint,
                       "interrupted at %" PRIu64 " hosts; with --resume STATE --output FILE a run can be gone on with",
                       r->tally.hosts);
    base_error_print(&hint, stderr);
}

static int sum_up(run *r)
{
    cmd_probe_cost cost = {(double)(clock_now() - r->began) / 1e6,
                           cpu_seconds(RUSAGE_SELF) + cpu_seconds(RUSAGE_CHILDREN), r->done};
    base_buffer summary;
    base_json json;
    base_term term;

    if (r->sink.document && !r->failed) {
        base_buffer_init(&summary, CMD_PROBE_LINE_MAX);
        base_json_init(&json, &summary, false);
        cmd_probe_tally_json(&r->tally, &cost, &json);
        cmd_probe_sink_text(&r->sink, "\n],\"summary\":");
        cmd_probe_sink_text(&r->sink, base_buffer_string(&summary));
        cmd_probe_sink_text(&r->sink, "}\n");
        base_buffer_done(&summary);
        close_document(r);
    }
    if (!r->failed && !r->settings->common.quiet) {
        base_term_init(&term, stderr, r->settings->common.color);
        cmd_probe_tally_print(&r->tally, &cost, &term);
    }
    if (r->failed) {
        base_error_wrap(&r->error, "probe");
        base_error_print(&r->error, stderr);
    }
    if ((r->stop_by != 0 && !r->failed) || (r->failed && r->has_state && r->verified && r->code == CMD_UNCHECKED))
        say_how_to_go_on(r);
    if (r->failed)
        return r->code;
    return r->stop_by != 0 ? CMD_PARTLY : cmd_probe_tally_code(&r->tally);
}

/* In a new process: what is not its own. */
static void leave(void *self)
{
    run *r = self;

    if (r->has_state)
        close(r->state.fd);
    if (r->sink.fd > STDOUT_FILENO)
        close(r->sink.fd);
    cmd_probe_stop_leave();
}

static void begin(run *r)
{
    const cmd_probe_settings *s = r->settings;
    const batch_limits limits = {.concurrency = (size_t)s->concurrency,
                                 .per_domain = (size_t)s->per_domain,
                                 .per_address = (size_t)s->per_address,
                                 .pause = s->pause * 1000,
                                 .rate = s->rate,
                                 .retries = (unsigned)s->retries,
                                 .back_off = BACK_OFF,
                                 .seed = (uint64_t)clock_now()};

    r->began = r->now = r->last_lasting = clock_now();
    r->stream = batch_schedule_new(&limits);
    r->suspects = base_allocate(batch_schedule_capacity(r->stream) * sizeof *r->suspects);
    r->jobs = (cmd_probe_jobs){.settings = s,
                               .form = r->form,
                               .slots = batch_schedule_capacity(r->stream),
                               .count = (int)s->jobs,
                               .leave = leave,
                               .self = r};
    base_buffer_init(&r->line, CMD_PROBE_LINE_MAX);
    if (r->mark.count == sizeof r->tally / sizeof(uint64_t))
        memcpy(&r->tally, r->mark.counts, sizeof r->tally);
    if (s->common.json)
        cmd_probe_sink_begin_document(&r->sink);
    cmd_probe_stop_begin();
}

static void end(run *r)
{
    cmd_probe_jobs_end(&r->jobs);
    if (r->has_state && !r->failed && r->verified)
        write_mark(r, true);
    batch_schedule_free(r->stream);
    free(r->suspects);
    base_buffer_done(&r->line);
}

static int complete(const run *r)
{
    base_error hint;

    base_error_set(&hint, "probe: --resume: the run of %s is complete: remove it to begin anew", r->settings->resume);
    base_error_print(&hint, stderr);
    return CMD_CLEAN;
}

static int run_through(run *r)
{
    if (r->mark.complete)
        return complete(r);
    if (r->mark.open_count > (size_t)r->settings->concurrency + BATCH_WAITING_MAX) {
        base_error_set(&r->error,
                       "probe: --resume: %zu hosts were on their way: give the --concurrency that was given then",
                       r->mark.open_count);
        base_error_print(&r->error, stderr);
        return CMD_USAGE;
    }
    begin(r);
    go_through(r);
    end(r);
    return sum_up(r);
}

int cmd_probe_run(const cmd_probe_settings *settings, const cmd_probe_form *form, const base_operands *operands)
{
    run r = {.settings = settings, .form = form};
    int code = CMD_USAGE;
    base_error error;

    if (!cmd_probe_list_open(&r.list, operands, &r.error))
        return cmd_refuse("probe: %s", r.error.text);
    r.has_state = settings->resume != NULL;
    if (cmd_probe_resume(settings, &r.sink, &r.state, &r.mark, &code, &r.error)) {
        code = run_through(&r);
    } else {
        base_error_wrap(&r.error, "probe");
        base_error_print(&r.error, stderr);
    }
    if (!cmd_probe_sink_close(&r.sink, &error) && code != CMD_UNCHECKED) {
        base_error_print(&error, stderr);
        code = CMD_UNCHECKED;
    }
    cmd_probe_mark_done(&r.mark);
    cmd_probe_state_close(&r.state);
    cmd_probe_list_close(&r.list);
    return code;
}
