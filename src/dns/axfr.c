#include "dns/axfr.h"

#include "base/buffer.h"
#include "io/tcp.h"

#include <string.h>

#define PREFIX 2 /* octets of length in front of each message (RFC 1035 4.2.2) */
#define MESSAGE_MAX 65535
#define CHUNK_MAX ((size_t)1 << 20) /* more than the loop reads at once */

typedef struct run {
    const dns_axfr *axfr;
    dns_transfer transfer;
    dns_master_record *record;
    void *self;
    base_error *error;
    dns_axfr_end end;
    bool over;
    dns_lookup *lookup;
    io_stream *stream;
    io_timer *timer;
    base_buffer received;
    size_t octets; /* in all */
    io_address addresses[IO_ADDRESSES_MAX];
    size_t count, next;
} run;

static void finish(run *r, dns_axfr_end end)
{
    if (r->over)
        return;
    r->over = true;
    r->end = end;
    if (r->lookup != NULL)
        dns_lookup_cancel(r->lookup);
    io_stream_close(r->stream);
    io_timer_stop(r->timer);
    io_loop_stop(r->axfr->loop);
}

static void fail(run *r, const char *why)
{
    base_error_set(r->error, "%s", why);
    finish(r, DNS_AXFR_FAILED);
}

static void on_timeout(void *self)
{
    fail(self, "the server did not answer in time");
}

/* -- The connection ------------------------------------------------------------------------------------------------ */

static void connect_next(run *r);

static void on_ready(void *self)
{
    run *r = self;
    unsigned char query[PREFIX + DNS_TRANSFER_QUERY_MAX];
    size_t length = dns_transfer_query(&r->transfer, query + PREFIX);

    r->next = r->count; /* what follows is this server's doing */
    query[0] = (unsigned char)(length >> 8);
    query[1] = (unsigned char)length;
    io_stream_write(r->stream, (const char *)query, PREFIX + length);
}

/* Reads the messages that are whole. */
static void read_messages(run *r)
{
    const unsigned char *bytes = (const unsigned char *)r->received.data;
    size_t at = 0;

    while (!r->over && r->received.length - at >= PREFIX && r->received.length - at - PREFIX >= dns_u16(bytes + at)) {
        size_t length = dns_u16(bytes + at);

        if (!dns_transfer_read(&r->transfer, bytes + at + PREFIX, length, r->record, r->self, r->error))
            finish(r, r->transfer.code != 0 ? DNS_AXFR_REFUSED : DNS_AXFR_FAILED);
        else if (r->transfer.over)
            finish(r, DNS_AXFR_WHOLE);
        at += PREFIX + length;
    }
    base_buffer_drop(&r->received, at);
}

static void on_data(void *self, const char *bytes, size_t length)
{
    run *r = self;

    r->octets += length;
    base_buffer_append(&r->received, bytes, length);
    if (r->octets > DNS_AXFR_OCTETS_MAX || r->received.failed)
        fail(r, "the zone is larger than the 64 MiB that are read");
    else
        read_messages(r);
}

static void on_end(void *self, const facts_failure *failure)
{
    run *r = self;

    io_stream_close(r->stream);
    r->stream = NULL;
    if (r->next < r->count)
        connect_next(r);
    else if (failure != NULL)
        fail(r, facts_code_text(failure->code));
    else
        fail(r, "the server closed the connection before the end of the zone");
}

static void connect_next(run *r)
{
    const io_sink sink = {.ready = on_ready, .data = on_data, .end = on_end, .self = r};
    facts_failure failure = {.code = FACTS_FAILURE_NAME_WITHOUT_ADDRESS};

    while (r->next < r->count && r->stream == NULL)
        r->stream = io_tcp_connect(r->axfr->loop, &r->addresses[r->next++], sink, &failure);
    if (r->stream == NULL)
        fail(r, facts_code_text(failure.code));
}

static void on_resolved(void *self, const io_address *addresses, size_t count, const facts_failure *failure)
{
    run *r = self;

    r->lookup = NULL;
    if (failure != NULL) {
        fail(r, facts_code_text(failure->code));
        return;
    }
    r->count = count < IO_ADDRESSES_MAX ? count : IO_ADDRESSES_MAX;
    memcpy(r->addresses, addresses, r->count * sizeof *addresses);
    connect_next(r);
}

dns_axfr_end dns_axfr_run(const dns_axfr *axfr, const char *zone, dns_master_record *record, void *self,
                          base_error *error)
{
    run r = {.axfr = axfr, .record = record, .self = self, .error = error, .end = DNS_AXFR_FAILED};
    dns_lookup *lookup;

    dns_transfer_begin(&r.transfer, zone, (unsigned)io_loop_now(axfr->loop));
    base_buffer_init(&r.received, PREFIX + MESSAGE_MAX + CHUNK_MAX);
    r.timer = io_timer_new(axfr->loop, on_timeout, &r);
    io_timer_start(r.timer, axfr->patience);
    lookup = dns_resolve(axfr->resolver, axfr->server, axfr->port, axfr->family, on_resolved, &r);
    if (!r.over) {
        r.lookup = lookup;
        io_loop_run(axfr->loop);
    }
    io_timer_free(r.timer);
    base_buffer_done(&r.received);
    return r.end;
}
