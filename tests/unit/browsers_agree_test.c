/* `check` and `visit` say the same of every error and failure: the rules' access, and the agent's outcome, from one
 * exchange. */
#include "agent/verdict.h"
#include "browsers/policies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1795000000)

/* One host, what its exchange shows, and what both make of it. */
typedef struct scene {
    facts_exchange exchange;
    facts_tls_error error;
    facts_failure failure;
    facts_response response;
    facts_certificate certificate;
    facts_access first_visit, later_visit;
    bool looked;
    facts_visit_outcome stranger, known;
} scene;

static void set_up(scene *s)
{
    memset(s, 0, sizeof *s);
    s->certificate = (facts_certificate){
        .subject = "CN=a.test", .issuer = "CN=I", .fingerprint = "ab", .not_before = 0, .not_after = NOW + 86400 * 90};
    s->response = (facts_response){.version = FACTS_HTTP_1_1, .status = 200};
    s->exchange = (facts_exchange){.secure = true, .response = &s->response};
    s->exchange.tls = (facts_tls){.established = true,
                                  .version = "TLSv1.3",
                                  .cipher = "x",
                                  .certificates = &s->certificate,
                                  .certificate_count = 1,
                                  .errors = &s->error};
}

static void judge(scene *s)
{
    facts_site site;
    facts_hop hop = {.url = "https://a.test/", .port = 443, .exchange = s->exchange};
    hf_host host;

    assert_int_equal(hf_host_parse("a.test", 6, NULL, &host, NULL), HF_OK);
    facts_site_init(&site, &host, 443);
    hop.host = host;
    site.chains[FACTS_HTTPS].hops[0] = &hop;
    site.chains[FACTS_HTTPS].count = 1;
    site.chains[FACTS_HTTPS].end = s->exchange.response != NULL ? FACTS_END_ANSWERED : FACTS_END_FAILED;
    agent_judge_seen(&(agent_judging){.now = NOW}, &site);
    s->first_visit = site.verdict.first_visit;
    s->later_visit = site.verdict.later_visit;
    s->looked = site.verdict.looked;
    facts_site_done(&site);
}

/* The agent sends nothing after a TLS error: then there is no response. */
static void exchange(void *self, const http_request *request, base_arena *arena, facts_exchange *out,
                     void (*done)(void *self), void *done_self)
{
    const scene *s = self;

    (void)request;
    (void)arena;
    *out = s->exchange;
    if (out->tls.error_count > 0)
        out->response = NULL;
    done(done_self);
}

static void on_over(void *self)
{
    (void)self;
}

static facts_visit_outcome go(scene *s, agent_book *book)
{
    agent_options options = {.wire = {exchange, s, NULL},
                             .book = book,
                             .now = NOW,
                             .redirects_max = browsers_redirects_max(FACTS_ENGINE_ANY)};
    facts_visit visit = {0};
    facts_visit_outcome outcome;
    http_url url;

    assert_int_equal(http_url_read(NULL, "https://a.test/", 15, &visit.arena, &url, NULL), HTTP_URL_GOOD);
    agent_go(&options, &url, &visit, on_over, NULL);
    outcome = visit.outcome;
    facts_visit_done(&visit);
    return outcome;
}

static void know(agent_book *book)
{
    static const char name[] = "strict-transport-security", value[] = "max-age=31536000";
    hf_response response = hf_response_init();
    hf_field field = {{name, sizeof name - 1}, {value, sizeof value - 1}};
    hf_host host;
    hf_noted noted;

    response.now = NOW - 86400;
    response.secure = true;
    assert_int_equal(hf_host_parse("a.test", 6, NULL, &host, NULL), HF_OK);
    assert_true(agent_book_note(book, &host, &field, 1, &response, &noted, NULL));
}

static void visit(scene *s)
{
    agent_book book;

    assert_true(agent_book_open_memory(&book, NULL, &(agent_book_options){0}, NULL));
    s->stranger = go(s, &book);
    know(&book);
    s->known = go(s, &book);
    agent_book_close(&book);
}

static void certificate_errors(void **state)
{
    size_t warned = 0, blocked = 0;
    scene s;

    (void)state;
    for (int code = 0; code < FACTS_TLS_OLD_VERSION; code++)
        for (int depth = 0; depth < 2; depth++) {
            set_up(&s);
            s.error = (facts_tls_error){(facts_tls_code)code, "words", 1, depth, depth == 0 ? 0 : -1};
            s.exchange.tls.error_count = 1;
            judge(&s);
            visit(&s);
            assert_int_equal(s.stranger,
                             s.first_visit == FACTS_ACCESS_WARNED ? FACTS_VISIT_WARNED : FACTS_VISIT_FAILED);
            assert_true(s.first_visit == FACTS_ACCESS_WARNED || s.first_visit == FACTS_ACCESS_LOCKED_OUT);
            assert_int_equal(s.later_visit, FACTS_ACCESS_LOCKED_OUT);
            assert_int_equal(s.known, FACTS_VISIT_BLOCKED);
            warned += s.first_visit == FACTS_ACCESS_WARNED;
            blocked += s.first_visit == FACTS_ACCESS_LOCKED_OUT;
        }
    assert_true(warned > 10 && blocked > 10);
}

static void refused_handshakes(void **state)
{
    scene s;

    (void)state;
    for (int code = FACTS_TLS_OLD_VERSION; code <= FACTS_TLS_NO_COMMON_SIGNATURE; code++) {
        set_up(&s);
        s.error = (facts_tls_error){(facts_tls_code)code, "words", 0, -1, -1};
        s.exchange.tls.error_count = 1;
        judge(&s);
        visit(&s);
        assert_int_equal(s.first_visit, FACTS_ACCESS_NONE);
        assert_int_equal(s.later_visit, FACTS_ACCESS_NONE);
        assert_int_equal(s.stranger, FACTS_VISIT_FAILED);
        assert_int_equal(s.known, FACTS_VISIT_BLOCKED);
    }
}

static void failed_exchanges(void **state)
{
    scene s;

    (void)state;
    for (int code = FACTS_FAILURE_NONE + 1; code < FACTS_FAILURES; code++) {
        set_up(&s);
        s.failure = facts_failure_make(FACTS_PHASE_TLS, (facts_code)code, NULL);
        s.exchange.tls = (facts_tls){0};
        s.exchange.failure = &s.failure;
        s.exchange.response = NULL;
        judge(&s);
        visit(&s);
        assert_int_equal(s.first_visit, FACTS_ACCESS_NONE);
        assert_int_equal(s.looked, !facts_code_is_ours((facts_code)code));
        assert_int_equal(s.stranger, s.looked ? FACTS_VISIT_FAILED : FACTS_VISIT_UNSEEN);
        assert_true(s.known == s.stranger || s.known == FACTS_VISIT_BLOCKED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificate_errors),
        cmocka_unit_test(refused_handshakes),
        cmocka_unit_test(failed_exchanges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
