#include "batch/worker.h"

#include "base/domain.h"
#include "base/exit.h"
#include "base/hash.h"
#include "batch/frame.h"
#include "http/find.h"
#include "io/channel.h"
#include "probe/site.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Octets of address space. What hosts send has narrower bounds of its own; this is for what goes round them. */
#define MEMORY ((uint64_t)1 << 30)
#define MEMORY_OF_HOST ((uint64_t)4 << 20)

typedef struct job job;

typedef struct worker {
    const batch_options *options;
    const batch_hooks *hooks;
    io_loop *loop;
    http_transport wire;
    io_stream *channel;
    base_buffer in, out, line, note;
    io_timer *sending; /* what was said in one turn of the loop goes out at once */
    bool is_sending, ended;
    job **jobs; /* by slot */
    size_t slots, open;
} worker;

/* One host, from being told of it to telling what became of it. */
struct job {
    worker *worker;
    size_t slot;
    batch_frame_begin begin;
    int64_t began, resolve_ms;
    io_timer *timer;
    dns_lookup *lookup;
    const char *target;
    io_address *addresses;
    size_t count;
    bool failed; /* no address; the timer's next call ends it */
    facts_failure failure;
    http_client client;
    int64_t now;
    facts_site *site; /* NULL: not touched yet */
};

static void start_probe(job *j);

/* -- Talking ------------------------------------------------------------------------------------------------------- */

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

/* -- The end of an job --------------------------------------------------------------------------------------------- */

static void job_free(job *j)
{
    worker *w = j->worker;

    w->jobs[j->slot] = NULL;
    w->open--;
    dns_lookup_cancel(j->lookup);
    io_timer_free(j->timer);
    free(j->addresses);
    if (j->site != NULL)
        facts_site_done(j->site);
    free(j->site);
    free(j);
}

static void send_result(job *j, const facts_probed *probed)
{
    worker *w = j->worker;
    const facts_exchange *https = probed->https;
    batch_result result = {.code = probed->failure != NULL ? probed->failure->code : FACTS_FAILURE_NONE,
                           .answered = https != NULL && https->response != NULL,
                           .tls_errors = https != NULL && https->tls.error_count > 0};

    base_buffer_clear(&w->line);
    base_buffer_clear(&w->note);
    w->hooks->judge(w->hooks->self, probed, &result, &w->line, &w->note);
    result.note = (uint32_t)w->note.length;
    base_buffer_append(&w->line, base_buffer_string(&w->note), w->note.length);
    base_frame_put_two(&w->out, BATCH_FRAME_RESULT, j->slot, &result, sizeof result, base_buffer_string(&w->line),
                       w->line.length);
    send_soon(w);
}

static facts_probed probed_of(const job *j)
{
    return (facts_probed){.index = j->begin.index,
                          .host = &j->begin.host,
                          .port = (int)j->begin.port,
                          .depth = j->worker->options->depth,
                          .now = j->now,
                          .tries = j->begin.tries,
                          .resolve_ms = j->resolve_ms};
}

static void on_site(void *self)
{
    job *j = self;
    facts_probed probed = probed_of(j);

    probed.https = facts_site_https(j->site);
    probed.failure = probed.https->failure;
    if (j->site->depth > FACTS_DEPTH_FIELD || j->worker->options->judged)
        probed.site = j->site;
    send_result(j, &probed);
    job_free(j);
}

/*
 * At field depth a name without address has no more to say; further depths look at www as well, and say it all
 * themselves.
 */
static void fail_unresolved(job *j)
{
    facts_probed probed = probed_of(j);

    if (j->worker->options->depth > FACTS_DEPTH_FIELD) {
        start_probe(j);
        return;
    }
    probed.failure = &j->failure;
    send_result(j, &probed);
    job_free(j);
}

/* -- A job --------------------------------------------------------------------------------------------------------- */

static void start_probe(job *j)
{
    const batch_options *s = j->worker->options;
    facts_site *site = base_allocate(sizeof *site);

    facts_site_init(site, &j->begin.host, (int)j->begin.port);
    site->depth = s->depth;
    site->http_port = site->port == 443 ? 80 : 0;
    if (s->depth > FACTS_DEPTH_FIELD) {
        site->registrable = base_domain_is_registrable(&site->host);
        site->www = site->registrable && site->port == 443;
    }
    j->site = site;
    j->client = j->worker->wire.client;
    if (j->count > 0)
        j->client.found = (http_found){j->target, j->addresses, j->count};
    probe_site(&j->client, j->now, site, on_site, j);
}

/* The address that will be tried first. */
static uint64_t key_of(const job *j)
{
    dns_family family = j->worker->wire.client.family;
    const struct sockaddr_storage *first = &j->addresses[0].socket;

    for (size_t i = 0; i < j->count && family != DNS_FAMILY_ANY; i++) {
        first = &j->addresses[i].socket;
        if ((first->ss_family == AF_INET6) == (family == DNS_FAMILY_IPV6))
            break;
    }
    if (first->ss_family == AF_INET6)
        return base_hash(BASE_HASH_START, &((const struct sockaddr_in6 *)first)->sin6_addr, sizeof(struct in6_addr));
    return base_hash(BASE_HASH_START, &((const struct sockaddr_in *)first)->sin_addr, sizeof(struct in_addr));
}

static void on_found(void *self, const io_address *addresses, size_t count, const facts_failure *failure)
{
    job *j = self;
    worker *w = j->worker;
    batch_frame_found found;

    j->lookup = NULL;
    j->resolve_ms = io_loop_now(w->loop) - j->began;
    if (failure != NULL) {
        j->failed = true;
        j->failure = *failure;
        io_timer_start(j->timer, 0);
        return;
    }
    io_timer_stop(j->timer);
    j->addresses = base_allocate(count * sizeof *addresses);
    memcpy(j->addresses, addresses, count * sizeof *addresses);
    j->count = count;
    if (j->begin.go) {
        start_probe(j);
        return;
    }
    found.key = key_of(j);
    base_frame_put(&w->out, BATCH_FRAME_FOUND, j->slot, &found, sizeof found);
    send_soon(w);
}

static void on_timer(void *self)
{
    job *j = self;

    if (!j->failed) {
        dns_lookup_cancel(j->lookup);
        j->lookup = NULL;
        j->resolve_ms = io_loop_now(j->worker->loop) - j->began;
        j->failure = facts_failure_make(FACTS_PHASE_RESOLVE, FACTS_FAILURE_RESOLVE_TIMEOUT, NULL);
    }
    fail_unresolved(j);
}

static void begin(worker *w, size_t slot, const batch_frame_begin *order)
{
    job *j = base_allocate(sizeof *j);

    j->worker = w;
    j->slot = slot;
    j->begin = *order;
    j->now = batch_moment(w->options);
    j->resolve_ms = -1;
    w->jobs[slot] = j;
    w->open++;
    j->timer = io_timer_new(w->loop, on_timer, j);
    /* Behind a proxy no address of the host is known, nor its own place. */
    if (http_proxy_for(w->wire.client.proxies, j->begin.host.name, true) != NULL) {
        start_probe(j);
        return;
    }
    j->began = io_loop_now(w->loop);
    io_timer_start(j->timer, w->wire.client.limits.resolve);
    j->lookup = http_find(&w->wire.client, j->begin.host.name, (int)j->begin.port, &j->target, on_found, j);
}

/* -- The process --------------------------------------------------------------------------------------------------- */

static void on_command(worker *w, const base_frame *frame, const char *body)
{
    batch_frame_begin order;

    if (frame->slot >= w->slots)
        return;
    if (frame->kind == BATCH_FRAME_BEGIN && frame->length == sizeof order && w->jobs[frame->slot] == NULL) {
        memcpy(&order, body, sizeof order);
        begin(w, frame->slot, &order);
    } else if (frame->kind == BATCH_FRAME_GO && w->jobs[frame->slot] != NULL) {
        start_probe(w->jobs[frame->slot]);
    }
}

static void on_data(void *self, const char *bytes, size_t length)
{
    worker *w = self;
    base_frame frame;
    const char *body;
    size_t at = 0;

    base_buffer_append(&w->in, bytes, length);
    if (w->in.failed)
        base_out_of_memory();
    while (base_frame_next(w->in.data, w->in.length, &at, &frame, &body))
        on_command(w, &frame, body);
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
    const batch_options *s = w->options;
    http_route *route = http_transport_route(s->transport, error);
    http_limits *limits;

    if (route == NULL || !http_transport_open(&w->wire, w->loop, route, s->transport, error))
        return false;
    limits = &w->wire.client.limits;
    limits->total = s->total;
    limits->resolve = s->find > 0 ? s->find : limits->resolve;
    limits->connect = s->connect > 0 ? s->connect : limits->connect;
    limits->tls = s->tls > 0 ? s->tls : limits->tls;
    limits->response = s->response > 0 ? s->response : limits->response;
    return true;
}

static _Noreturn void refuse(const worker *w, int fd, const base_error *error)
{
    int code = http_transport_was_asked_for(w->options->transport) ? BASE_EXIT_USAGE : BASE_EXIT_UNCHECKED;
    base_buffer out;

    base_buffer_init(&out, BATCH_FRAME_MAX);
    base_frame_put_two(&out, BATCH_FRAME_UNABLE, 0, &code, sizeof code, error->text, strlen(error->text));
    if (write(fd, out.data, out.length) != (ssize_t)out.length)
        _exit(BASE_EXIT_UNCHECKED);
    exit(BASE_EXIT_UNCHECKED);
}

base_sandbox batch_worker_sandbox(const batch_options *options)
{
    return (base_sandbox){.profile = BASE_SANDBOX_PROBER,
                          .memory = MEMORY + (uint64_t)options->concurrency * MEMORY_OF_HOST,
                          .also = http_transport_folders()};
}

static void set_up(worker *w, int fd)
{
    base_sandbox sandbox = batch_worker_sandbox(w->options);
    base_error error;

    allow_descriptors();
    w->loop = io_loop_new();
    if (!open_wire(w, &error))
        refuse(w, fd, &error);
    base_buffer_init(&w->in, BATCH_FRAME_MAX);
    base_buffer_init(&w->out, BATCH_FRAME_MAX);
    base_buffer_init(&w->line, BATCH_LINE_MAX + BATCH_NOTE_MAX);
    base_buffer_init(&w->note, BATCH_NOTE_MAX);
    w->jobs = base_allocate(w->slots * sizeof(job *));
    w->sending = io_timer_new(w->loop, on_sending, w);
    w->channel = io_channel(w->loop, fd, (io_sink){.data = on_data, .end = on_end, .self = w});
    if (w->channel == NULL)
        base_out_of_memory();
    base_sandbox_enter(&sandbox); /* what is missing is told by the supervisor, which can ask for it */
}

_Noreturn void batch_work(const batch_options *options, const batch_hooks *hooks, size_t slots, int fd)
{
    worker w = {.options = options, .hooks = hooks, .slots = slots};

    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    set_up(&w, fd);
    io_loop_run(w.loop);
    /* Nobody listens any more. With hosts still at work there is nothing to tidy up for. */
    if (w.open > 0)
        _exit(BASE_EXIT_CLEAN);
    io_stream_close(w.channel);
    io_timer_free(w.sending);
    http_transport_close(&w.wire);
    io_loop_free(w.loop);
    base_buffer_done(&w.in);
    base_buffer_done(&w.out);
    base_buffer_done(&w.line);
    base_buffer_done(&w.note);
    free(w.jobs);
    exit(BASE_EXIT_CLEAN);
}
