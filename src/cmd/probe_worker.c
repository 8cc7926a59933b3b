#include "cmd/probe_worker.h"

#include "base/domain.h"
#include "base/hash.h"
#include "cmd/probe_frame.h"
#include "http/find.h"
#include "io/channel.h"
#include "probe/site.h"
#include "rules/judge.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

typedef struct errand errand;

typedef struct worker {
    const cmd_probe_settings *settings;
    const cmd_probe_form *form;
    io_loop *loop;
    http_transport wire;
    io_stream *channel;
    base_buffer in, out, line;
    io_timer *sending; /* what was said in one turn of the loop goes out at once */
    bool is_sending, ended;
    errand **errands; /* by slot */
    size_t slots, open;
} worker;

/* One host, from being told of it to telling what became of it. */
struct errand {
    worker *worker;
    size_t slot;
    cmd_probe_begin begin;
    int64_t began, resolve_ms;
    io_timer *timer;
    dns_lookup *lookup;
    const char *target;
    io_address *addresses;
    size_t count;
    bool failed; /* no address; the timer's next call ends it */
    facts_failure failure;
    http_client client;
    int64_t at;
    facts_site *site; /* NULL: not touched yet */
};

static void touch(errand *e);

/* -- Talking ------------------------------------------------------------------------------------------------------------------ */

static void on_sending(void *self)
{
    worker *w = self;

    w->is_sending = false;
    if (!w->ended)
        io_stream_write(w->channel, base_buffer_string(&w->out), w->out.length);
    base_buffer_clear(&w->out);
}

static void send_soon(worker *w)
{
    if (w->out.failed)
        base_out_of_memory();
    if (w->is_sending)
        return;
    w->is_sending = true;
    io_timer_start(w->sending, 0);
}

/* -- The end of an errand ------------------------------------------------------------------------------------------------------ */

static void errand_free(errand *e)
{
    worker *w = e->worker;

    w->errands[e->slot] = NULL;
    w->open--;
    dns_lookup_cancel(e->lookup);
    io_timer_free(e->timer);
    free(e->addresses);
    if (e->site != NULL)
        facts_site_done(e->site);
    free(e->site);
    free(e);
}

static void count_findings(const rule_report *report, cmd_probe_result *result)
{
    for (size_t i = 0; i < report->count; i++) {
        hf_severity severity = rule_find(report->findings[i].id)->severity;

        result->errors += severity == HF_SEVERITY_ERROR;
        result->warnings += severity == HF_SEVERITY_WARNING;
    }
}

static void tell(errand *e, cmd_probe_entry *entry, cmd_probe_result *result)
{
    worker *w = e->worker;
    cmd_probe_sts sts;

    result->code = entry->failure != NULL ? entry->failure->code : FACTS_FAILURE_NONE;
    result->answered = entry->https != NULL && entry->https->response != NULL;
    result->tls_errors = entry->https != NULL && entry->https->tls.error_count > 0;
    result->in_force = cmd_probe_sts_of(entry->host, entry->https, &sts) && sts.in_force;
    base_buffer_clear(&w->line);
    cmd_probe_line(w->form, entry, &w->line);
    cmd_probe_frame_put_two(&w->out, CMD_PROBE_FRAME_RESULT, e->slot, result, sizeof *result,
                            base_buffer_string(&w->line), w->line.length);
    send_soon(w);
}

static cmd_probe_entry entry_of(const errand *e)
{
    return (cmd_probe_entry){.index = e->begin.index,
                             .host = &e->begin.host,
                             .port = (int)e->begin.port,
                             .depth = e->worker->settings->depth,
                             .at = e->at,
                             .tries = e->begin.tries,
                             .resolve_ms = e->resolve_ms};
}

static void on_site(void *self)
{
    errand *e = self;
    cmd_probe_entry entry = entry_of(e);
    cmd_probe_result result = {0};
    rule_report report;

    entry.https = facts_site_https(e->site);
    entry.failure = entry.https->failure;
    if (e->site->depth > FACTS_DEPTH_FIELD) {
        rule_judge(e->site, e->at, &e->site->arena, &report);
        count_findings(&report, &result);
        entry.site = e->site;
        entry.report = &report;
    }
    tell(e, &entry, &result);
    errand_free(e);
}

/* At field depth a name without address has no more to say; further depths look at www as well, and say it all themselves. */
static void give_up(errand *e)
{
    cmd_probe_entry entry = entry_of(e);
    cmd_probe_result result = {0};

    if (e->worker->settings->depth > FACTS_DEPTH_FIELD) {
        touch(e);
        return;
    }
    entry.failure = &e->failure;
    tell(e, &entry, &result);
    errand_free(e);
}

/* -- An errand ------------------------------------------------------------------------------------------------------------------ */

static void touch(errand *e)
{
    const cmd_probe_settings *s = e->worker->settings;
    facts_site *site = base_allocate(sizeof *site);

    facts_site_init(site, &e->begin.host, (int)e->begin.port);
    site->depth = s->depth;
    site->http_port = site->port == 443 ? 80 : 0;
    if (s->depth > FACTS_DEPTH_FIELD) {
        site->registrable = base_domain_is_registrable(&site->host);
        site->www = site->registrable && site->port == 443;
    }
    e->site = site;
    e->client = e->worker->wire.client;
    if (e->count > 0)
        e->client.found = (http_found){e->target, e->addresses, e->count};
    probe_site(&e->client, e->at, site, on_site, e);
}

/* The address that will be tried first. */
static uint64_t key_of(const errand *e)
{
    dns_family family = e->worker->wire.client.family;
    const struct sockaddr_storage *first = &e->addresses[0].socket;

    for (size_t i = 0; i < e->count && family != DNS_FAMILY_ANY; i++) {
        first = &e->addresses[i].socket;
        if ((first->ss_family == AF_INET6) == (family == DNS_FAMILY_IPV6))
            break;
    }
    if (first->ss_family == AF_INET6)
        return base_hash(BASE_HASH_START, &((const struct sockaddr_in6 *)first)->sin6_addr, sizeof(struct in6_addr));
    return base_hash(BASE_HASH_START, &((const struct sockaddr_in *)first)->sin_addr, sizeof(struct in_addr));
}

static void on_found(void *self, const io_address *addresses, size_t count, const facts_failure *failure)
{
    errand *e = self;
    worker *w = e->worker;
    cmd_probe_found found;

    e->lookup = NULL;
    e->resolve_ms = io_loop_now(w->loop) - e->began;
    if (failure != NULL) {
        e->failed = true;
        e->failure = *failure;
        io_timer_start(e->timer, 0);
        return;
    }
    io_timer_stop(e->timer);
    e->addresses = base_allocate(count * sizeof *addresses);
    memcpy(e->addresses, addresses, count * sizeof *addresses);
    e->count = count;
    if (e->begin.go) {
        touch(e);
        return;
    }
    found.key = key_of(e);
    cmd_probe_frame_put(&w->out, CMD_PROBE_FRAME_FOUND, e->slot, &found, sizeof found);
    send_soon(w);
}

static void on_timer(void *self)
{
    errand *e = self;

    if (!e->failed) {
        dns_lookup_cancel(e->lookup);
        e->lookup = NULL;
        e->resolve_ms = io_loop_now(e->worker->loop) - e->began;
        e->failure = facts_failure_make(FACTS_PHASE_RESOLVE, FACTS_FAILURE_RESOLVE_TIMEOUT, NULL);
    }
    give_up(e);
}

static void begin(worker *w, size_t slot, const cmd_probe_begin *order)
{
    const cmd_probe_settings *s = w->settings;
    errand *e = base_allocate(sizeof *e);

    e->worker = w;
    e->slot = slot;
    e->begin = *order;
    e->at = s->common.at != HF_TIME_UNKNOWN ? s->common.at : (int64_t)time(NULL);
    e->resolve_ms = -1;
    w->errands[slot] = e;
    w->open++;
    e->timer = io_timer_new(w->loop, on_timer, e);
    /* Behind a proxy no address of the host is known, nor its own place. */
    if (http_proxy_for(w->wire.client.proxies, e->begin.host.name, true) != NULL) {
        touch(e);
        return;
    }
    e->began = io_loop_now(w->loop);
    io_timer_start(e->timer, w->wire.client.limits.resolve);
    e->lookup = http_find(&w->wire.client, e->begin.host.name, (int)e->begin.port, &e->target, on_found, e);
}

/* -- The process -------------------------------------------------------------------------------------------------------------- */

static void obey(worker *w, const cmd_probe_frame *frame, const char *body)
{
    cmd_probe_begin order;

    if (frame->slot >= w->slots)
        return;
    if (frame->kind == CMD_PROBE_FRAME_BEGIN && frame->length == sizeof order && w->errands[frame->slot] == NULL) {
        memcpy(&order, body, sizeof order);
        begin(w, frame->slot, &order);
    } else if (frame->kind == CMD_PROBE_FRAME_GO && w->errands[frame->slot] != NULL) {
        touch(w->errands[frame->slot]);
    }
}

static void on_data(void *self, const char *bytes, size_t length)
{
    worker *w = self;
    cmd_probe_frame frame;
    const char *body;
    size_t at = 0;

    base_buffer_append(&w->in, bytes, length);
    if (w->in.failed)
        base_out_of_memory();
    while (cmd_probe_frame_next(w->in.data, w->in.length, &at, &frame, &body))
        obey(w, &frame, body);
    base_buffer_drop(&w->in, at);
}

static void on_end(void *self, const facts_failure *failure)
{
    worker *w = self;

    (void)failure;
    w->ended = true;
    io_loop_stop(w->loop);
}

/* Each host at work holds descriptors, and the usual limit is for programs that hold few. */
static void allow_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static bool open_wire(worker *w, base_error *error)
{
    const cmd_probe_settings *s = w->settings;
    http_route *route = http_transport_route(&s->wire, error);
    http_limits *limits;

    if (route == NULL || !http_transport_open(&w->wire, w->loop, route, &s->wire, error))
        return false;
    limits = &w->wire.client.limits;
    limits->total = s->total;
    limits->resolve = s->find > 0 ? s->find : limits->resolve;
    limits->connect = s->connect > 0 ? s->connect : limits->connect;
    limits->tls = s->tls > 0 ? s->tls : limits->tls;
    limits->response = s->response > 0 ? s->response : limits->response;
    return true;
}

/* True if what cannot be used may be something that the command line named. */
static bool was_asked_for(const http_transport_options *wire)
{
    return wire->cafile != NULL || wire->dns_servers != NULL || wire->proxy != NULL;
}

static _Noreturn void refuse(const worker *w, int fd, const base_error *error)
{
    int code = was_asked_for(&w->settings->wire) ? CMD_USAGE : CMD_UNCHECKED;
    base_buffer out;

    base_buffer_init(&out, CMD_PROBE_FRAME_MAX);
    cmd_probe_frame_put_two(&out, CMD_PROBE_FRAME_UNABLE, 0, &code, sizeof code, error->text, strlen(error->text));
    if (write(fd, out.data, out.length) != (ssize_t)out.length)
        _exit(CMD_UNCHECKED);
    exit(CMD_UNCHECKED);
}

_Noreturn void cmd_probe_work(const cmd_probe_settings *settings, const cmd_probe_form *form, size_t slots, int fd)
{
    worker w = {.settings = settings, .form = form, .slots = slots};
    base_error error;

    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    allow_descriptors();
    w.loop = io_loop_new();
    if (!open_wire(&w, &error))
        refuse(&w, fd, &error);
    base_buffer_init(&w.in, CMD_PROBE_FRAME_MAX);
    base_buffer_init(&w.out, CMD_PROBE_FRAME_MAX);
    base_buffer_init(&w.line, CMD_PROBE_LINE_MAX);
    w.errands = base_allocate(slots * sizeof(errand *));
    w.sending = io_timer_new(w.loop, on_sending, &w);
    w.channel = io_channel(w.loop, fd, (io_sink){NULL, on_data, on_end, &w});
    if (w.channel == NULL)
        base_out_of_memory();
    io_loop_run(w.loop);
    /* Nobody listens any more. With hosts still at work there is nothing to tidy up for. */
    if (w.open > 0)
        _exit(CMD_CLEAN);
    io_stream_close(w.channel);
    io_timer_free(w.sending);
    http_transport_close(&w.wire);
    io_loop_free(w.loop);
    base_buffer_done(&w.in);
    base_buffer_done(&w.out);
    base_buffer_done(&w.line);
    free(w.errands);
    exit(CMD_CLEAN);
}
