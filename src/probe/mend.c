#include "probe/mend.h"

#include "facts/location.h"
#include "http/url.h"
#include "tls/presented.h"

#include <string.h>

typedef struct mend {
    const probe_mending *mending;
    base_arena *arena;
    facts_mended *mended;
    tls_certificates *known; /* those sent, and those that came since */
    tls_presented presented;
    facts_tls tls; /* what `known` would show if all of it were sent */
    /* The request under way. */
    http_request request;
    http_url url;
    facts_exchange *exchange;
    int redirects;
    int64_t deadline; /* of all of them */
    bool is_over;
} mend;

/* -- Asking -------------------------------------------------------------------------------------------------------- */

static facts_issuer_request *current(const mend *m)
{
    return &m->mended->requests[m->mended->request_count - 1];
}

static void end(mend *m)
{
    m->is_over = true;
    io_loop_stop(m->mending->client->loop);
}

static void fail(mend *m, const char *why, bool unseen)
{
    current(m)->failure = why;
    current(m)->unseen = unseen;
    end(m);
}

static void on_answer(void *self);

static void ask(mend *m)
{
    const hf_url *url = &m->url.url;

    m->request = (http_request){.host = url->host.name,
                                .is_address = url->host.kind != HF_HOST_NAME,
                                .root_dot = url->root_dot,
                                .port = url->port,
                                .secure = url->scheme == HF_SCHEME_HTTPS,
                                .method = FACTS_METHOD_GET,
                                .target = m->url.target,
                                .now = m->mending->now,
                                .deadline = m->deadline,
                                .offer = TLS_OFFER_BOTH,
                                .content_max = PROBE_ISSUER_MAX};
    m->exchange = base_arena_take(m->arena, sizeof *m->exchange);
    http_fetch(m->mending->client, &m->request, m->arena, m->exchange, on_answer, m);
}

static void follow(mend *m, hf_span location)
{
    http_url next;

    if (m->redirects++ == PROBE_ISSUER_REDIRECTS_MAX) {
        fail(m, base_arena_format(m->arena, "more than %d redirects", PROBE_ISSUER_REDIRECTS_MAX), false);
    } else if (http_url_read(&m->url, location.data, location.length, m->arena, &next, NULL) != HTTP_URL_GOOD) {
        fail(m, "a redirect to what is no URL that can be asked", false);
    } else {
        m->url = next;
        ask(m);
    }
}

static void read_body(mend *m, hf_span body)
{
    facts_issuer_request *request = current(m);
    size_t before = tls_certificates_count(m->known);
    tls_form form;
    base_error error;

    if (!tls_certificates_read(m->known, body, &form, &error)) {
        fail(m, base_arena_format(m->arena, "the answer is not a certificate: %s", error.text), false);
        return;
    }
    request->form = tls_form_name(form);
    request->count = tls_certificates_count(m->known) - before;
    end(m);
}

static void read_response(mend *m, const facts_response *response)
{
    const facts_content *content = &response->content;
    const hf_span *location;

    if (facts_location_of(response, &location) == FACTS_FOLLOW)
        follow(m, *location);
    else if (response->status != 200)
        fail(m, base_arena_format(m->arena, "the answer has status %d", response->status), false);
    else if (content->end == FACTS_CONTENT_CUT)
        fail(m, base_arena_format(m->arena, "the answer is longer than %zu octets", PROBE_ISSUER_MAX), false);
    else if (content->end != FACTS_CONTENT_WHOLE)
        fail(m, "the answer did not come whole", true);
    else
        read_body(m, content->prefix);
}

static void on_answer(void *self)
{
    mend *m = self;

    if (m->exchange->response == NULL)
        fail(m, facts_code_text(m->exchange->failure->code), true);
    else
        read_response(m, m->exchange->response);
}

static bool was_asked(const mend *m, const char *url)
{
    for (size_t i = 0; i < m->mended->request_count; i++)
        if (strcmp(m->mended->requests[i].url, url) == 0)
            return true;
    return false;
}

/* False: it is none that can be asked, or was asked before, or too many were. */
static bool ask_at(mend *m, const char *url)
{
    if (m->mended->request_count == FACTS_ISSUER_REQUESTS_MAX || was_asked(m, url) ||
        http_url_read(NULL, url, strlen(url), m->arena, &m->url, NULL) != HTTP_URL_GOOD)
        return false;
    m->mended->requests[m->mended->request_count++] = (facts_issuer_request){.url = url};
    m->redirects = 0;
    m->is_over = false;
    ask(m);
    if (!m->is_over)
        io_loop_run(m->mending->client->loop);
    return current(m)->failure == NULL;
}

/* -- Mending ------------------------------------------------------------------------------------------------------- */

static void judge(mend *m)
{
    tls_presented_judge(&m->presented, m->arena, &m->tls);
}

/* True if something came that was not known. */
static bool look_above(mend *m)
{
    const facts_certificate *orphan = facts_tls_orphan(&m->tls);

    for (size_t i = 0; orphan != NULL && i < orphan->issuer_url_count; i++)
        if (ask_at(m, orphan->issuer_urls[i]))
            return true;
    return false;
}

/* What was found is judged as what it is: a chain that somebody will send. */
static void take(mend *m)
{
    tls_certificates *chain = tls_presented_mend(&m->presented);

    if (chain == NULL)
        return;
    m->presented.certificates = chain;
    m->mended->found = true;
    tls_presented_judge(&m->presented, m->arena, &m->mended->tls);
    tls_certificates_free(chain);
}

void probe_mend(const probe_mending *mending, base_arena *arena, facts_mended *mended)
{
    mend m = {.mending = mending, .arena = arena, .mended = mended, .known = tls_certificates_new()};

    mended->wanted = true;
    if (mending->client != NULL)
        m.deadline = io_loop_now(mending->client->loop) + mending->client->limits.total;
    for (size_t i = 0; i < mending->sent->certificate_count; i++)
        tls_certificates_add(m.known, mending->sent->certificates[i].der);
    m.presented = (tls_presented){mending->trust, m.known, mending->host, mending->is_address, mending->now};
    if (tls_certificates_count(m.known) > 0) {
        judge(&m);
        while (mending->client != NULL && look_above(&m))
            judge(&m);
        take(&m);
    }
    tls_certificates_free(m.known);
}
