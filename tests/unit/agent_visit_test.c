/* The steps of a visit, on a wire of literals: every request that would leave is seen here, and no other does. */
#include "agent/agent.h"

#include "browsers/policies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1795000000)
#define REQUESTS_MAX 64

/* What one URL answers. */
typedef struct answer {
    const char *url;
    int status;
    const char *sts, *location;
    const char *second_location;
    bool bad;                  /* the certificate has an error at depth 0 */
    facts_tls_code tls_error;  /* which */
    facts_phase failure_phase; /* instead of a response */
    facts_code failure_code;   /* FACTS_FAILURE_NONE: there is a response */
} answer;

typedef struct scene {
    const answer *answers;
    agent_book book;
    agent_options options;
    facts_visit visit;
    bool over;
    size_t request_count;
    char requests[REQUESTS_MAX][256];
} scene;

static hf_span span_of(const char *text)
{
    return (hf_span){text, strlen(text)};
}

static const answer *find(const scene *s, const char *url)
{
    for (const answer *a = s->answers; a->url != NULL; a++)
        if (strcmp(a->url, url) == 0)
            return a;
    fail_msg("nobody expected a request for %s", url);
    return NULL;
}

static void add_field(facts_response *response, hf_field *fields, const char *name, const char *value)
{
    if (value != NULL)
        fields[response->count++] = (hf_field){span_of(name), span_of(value)};
}

static void answer_with(const answer *a, base_arena *arena, facts_exchange *exchange)
{
    facts_response *response = base_arena_take(arena, sizeof *response);
    facts_failure *failure = base_arena_take(arena, sizeof *failure);
    facts_tls_error *error = base_arena_take(arena, sizeof *error);
    hf_field *fields = base_arena_take(arena, 4 * sizeof *fields);

    *error = (facts_tls_error){a->tls_error, "words", 1, 0, 0};
    *failure = facts_failure_make(a->failure_phase, a->failure_code, NULL);
    *response = (facts_response){.version = FACTS_HTTP_1_1, .status = a->status, .fields = fields};
    add_field(response, fields, "Strict-Transport-Security", a->sts);
    add_field(response, fields, "Location", a->location);
    add_field(response, fields, "location", a->second_location);
    exchange->tls = (facts_tls){.established = true, .errors = error, .error_count = a->bad};
    exchange->failure = a->failure_code != FACTS_FAILURE_NONE ? failure : NULL;
    exchange->response = a->status != 0 ? response : NULL;
}

static void exchange(void *self, const http_request *request, base_arena *arena, facts_exchange *out,
                     void (*done)(void *self), void *done_self)
{
    scene *s = self;
    char *url = s->requests[s->request_count++];

    assert_true(s->request_count < REQUESTS_MAX);
    assert_true(request->strict);
    snprintf(url, sizeof s->requests[0], "%s://%s:%d%s", request->secure ? "https" : "http", request->host,
             request->port, request->target);
    *out = (facts_exchange){.secure = request->secure};
    answer_with(find(s, url), arena, out);
    done(done_self);
}

static void on_over(void *self)
{
    ((scene *)self)->over = true;
}

static void open_scene(scene *s, const answer *answers)
{
    *s = (scene){.answers = answers};
    assert_true(agent_book_open_memory(&s->book, NULL, &(agent_book_options){0}, NULL));
    s->options = (agent_options){.wire = {exchange, s, NULL},
                                 .book = &s->book,
                                 .now = NOW,
                                 .redirects_max = browsers_redirects_max(FACTS_ENGINE_ANY)};
}

static void close_scene(scene *s)
{
    facts_visit_done(&s->visit);
    agent_book_close(&s->book);
}

/* Notes `field` as if `host` had sent it a day ago. */
static void know(scene *s, const char *host, const char *field)
{
    hf_response response = hf_response_init();
    hf_field fields[1] = {{span_of("strict-transport-security"), span_of(field)}};
    hf_host parsed;
    hf_noted noted;

    response.now = NOW - 86400;
    response.secure = true;
    assert_int_equal(hf_host_parse(host, strlen(host), NULL, &parsed, NULL), HF_OK);
    assert_true(agent_book_note(&s->book, &parsed, fields, 1, &response, &noted, NULL));
}

static const facts_visit *go(scene *s, const char *text)
{
    http_url url;

    facts_visit_done(&s->visit);
    s->over = false;
    s->request_count = 0;
    assert_int_equal(http_url_read(NULL, text, strlen(text), &s->visit.arena, &url, NULL), HTTP_URL_GOOD);
    agent_go(&s->options, &url, &s->visit, on_over, s);
    assert_true(s->over);
    return &s->visit;
}

static const facts_visit_step *last(const scene *s)
{
    return &s->visit.steps[s->visit.count - 1];
}

/* The kinds of all steps. */
static void expect_steps(const scene *s, const char *wanted)
{
    char got[512] = "";

    for (size_t i = 0; i < s->visit.count; i++) {
        strcat(got, i > 0 ? " " : "");
        strcat(got, facts_visit_kind_name(s->visit.steps[i].kind));
    }
    assert_string_equal(got, wanted);
}

static const facts_visit_step *find_step(const scene *s, facts_visit_kind kind)
{
    for (size_t i = 0; i < s->visit.count; i++)
        if (s->visit.steps[i].kind == kind)
            return &s->visit.steps[i];
    fail_msg("no step %s", facts_visit_kind_name(kind));
    return NULL;
}

/* -- Upgrade ------------------------------------------------------------------------------------------------------- */

static const answer year[] = {{.url = "https://a.test:443/", .status = 200, .sts = "max-age=31536000"},
                              {.url = "http://a.test:80/", .status = 200, .sts = "max-age=31536000"},
                              {.url = "https://b.a.test:8080/x?y", .status = 200},
                              {.url = "https://b.a.test:443/", .status = 200, .sts = "max-age=0"},
                              {.url = "http://b.a.test:80/", .status = 200},
                              {.url = NULL}};

static void first_over_http(void **state)
{
    scene s;

    (void)state;
    open_scene(&s, year);
    assert_int_equal(go(&s, "http://a.test/")->outcome, FACTS_VISIT_ARRIVED);
    expect_steps(&s, "lookup exchange note arrival");
    assert_int_equal(find_step(&s, FACTS_VISIT_NOTE)->note.noted, HF_NOTED_IGNORED_INSECURE);
    assert_int_equal(go(&s, "http://a.test/")->outcome, FACTS_VISIT_ARRIVED);
    assert_string_equal(s.requests[0], "http://a.test:80/");
    close_scene(&s);
}

static void noted_then_upgraded(void **state)
{
    scene s;

    (void)state;
    open_scene(&s, year);
    go(&s, "https://a.test/");
    expect_steps(&s, "lookup exchange note arrival");
    assert_int_equal(find_step(&s, FACTS_VISIT_NOTE)->note.noted, HF_NOTED_ADDED);
    assert_int_equal(go(&s, "http://a.test/")->outcome, FACTS_VISIT_ARRIVED);
    expect_steps(&s, "lookup upgrade lookup exchange note arrival");
    assert_int_equal(s.request_count, 1);
    assert_string_equal(s.requests[0], "https://a.test:443/");
    assert_string_equal(s.visit.steps[0].known_host, "a.test");
    assert_int_equal(find_step(&s, FACTS_VISIT_NOTE)->note.noted, HF_NOTED_RENEWED);
    /* No subdomains were included. */
    go(&s, "http://b.a.test/");
    assert_string_equal(s.requests[0], "http://b.a.test:80/");
    close_scene(&s);
}

static void superdomain_and_port(void **state)
{
    scene s;

    (void)state;
    open_scene(&s, year);
    know(&s, "a.test", "max-age=31536000; includeSubDomains");
    assert_int_equal(go(&s, "http://b.a.test:8080/x?y#z")->outcome, FACTS_VISIT_ARRIVED);
    assert_string_equal(s.requests[0], "https://b.a.test:8080/x?y");
    assert_string_equal(s.visit.url, "https://b.a.test:8080/x?y#z");
    assert_string_equal(s.visit.steps[0].known_host, "a.test");
    /* A child's max-age=0 does not lift the parent's policy. */
    go(&s, "https://b.a.test/");
    assert_int_equal(find_step(&s, FACTS_VISIT_NOTE)->note.noted, HF_NOTED_IGNORED_UNKNOWN);
    go(&s, "http://b.a.test:80/");
    assert_string_equal(s.requests[0], "https://b.a.test:443/");
    close_scene(&s);
}

static void odd_spellings(void **state)
{
    static const char *const spellings[] = {"http://A.TEST.",
                                            "http:\\\\a.test",
                                            "HTTP:a.test",
                                            "http://%61.test/",
                                            "http://\xef\xbd\x81.test/",
                                            "\thttp://a.te\nst:080/ ",
                                            "http:///a\xe3\x80\x82test:/"};
    scene s;

    (void)state;
    open_scene(&s, year);
    know(&s, "a.test", "max-age=31536000");
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        assert_int_equal(go(&s, spellings[i])->outcome, FACTS_VISIT_ARRIVED);
        assert_int_equal(s.request_count, 1);
        assert_string_equal(s.requests[0], "https://a.test:443/");
    }
    close_scene(&s);
}

static void forgotten(void **state)
{
    static const answer answers[] = {{.url = "https://a.test:443/", .status = 200, .sts = "max-age=0"},
                                     {.url = "http://a.test:80/", .status = 200},
                                     {.url = NULL}};
    scene s;

    (void)state;
    open_scene(&s, answers);
    know(&s, "a.test", "max-age=31536000");
    go(&s, "http://a.test/");
    assert_int_equal(find_step(&s, FACTS_VISIT_NOTE)->note.noted, HF_NOTED_FORGOTTEN);
    go(&s, "http://a.test/");
    assert_string_equal(s.requests[0], "http://a.test:80/");
    close_scene(&s);
}

/* -- Redirects ----------------------------------------------------------------------------------------------------- */

static void to_https_and_www(void **state)
{
    static const answer answers[] = {
        {.url = "http://a.test:80/", .status = 301, .location = "https://a.test/"},
        {.url = "https://a.test:443/",
         .status = 308,
         .sts = "max-age=9; includeSubDomains",
         .location = "//www.a.test/"},
        {.url = "https://www.a.test:443/", .status = 302, .location = "../in/./x y?q#there"},
        {.url = "https://www.a.test:443/in/x%20y?q", .status = 200},
        {.url = NULL}};
    scene s;

    (void)state;
    open_scene(&s, answers);
    assert_int_equal(go(&s, "http://a.test/#here")->outcome, FACTS_VISIT_ARRIVED);
    expect_steps(&s, "lookup exchange redirect lookup exchange note redirect lookup exchange note redirect lookup "
                     "exchange note arrival");
    assert_string_equal(s.visit.steps[2].to, "https://a.test/#here");
    assert_string_equal(s.visit.steps[6].to, "https://www.a.test/#here");
    assert_string_equal(s.visit.steps[7].known_host, "a.test");
    assert_string_equal(s.visit.url, "https://www.a.test/in/x%20y?q#there");
    close_scene(&s);
}

/* A known host sends the browser back to plain HTTP, and over a foreign host: nothing leaves in the clear. */
static void downgrade_is_undone(void **state)
{
    static const answer answers[] = {{.url = "https://a.test:443/", .status = 302, .location = "http://b.test/"},
                                     {.url = "http://b.test:80/", .status = 302, .location = "HTTP:\\\\A.test.:80/in"},
                                     {.url = "https://a.test:443/in", .status = 200},
                                     {.url = NULL}};
    scene s;

    (void)state;
    open_scene(&s, answers);
    know(&s, "a.test", "max-age=31536000");
    assert_int_equal(go(&s, "http://a.test/")->outcome, FACTS_VISIT_ARRIVED);
    assert_int_equal(s.request_count, 3);
    assert_string_equal(s.requests[1], "http://b.test:80/");
    assert_string_equal(s.requests[2], "https://a.test:443/in");
    close_scene(&s);
}

static void loops_and_limits(void **state)
{
    static const answer answers[] = {{.url = "https://a.test:443/", .status = 301, .location = "http://a.test/"},
                                     {.url = "http://a.test:80/", .status = 301, .location = "https://a.test/"},
                                     {.url = "http://b.test:80/", .status = 301, .location = "#x"},
                                     {.url = NULL}};
    scene s;

    (void)state;
    open_scene(&s, answers);
    assert_int_equal(go(&s, "http://a.test/")->outcome, FACTS_VISIT_FAILED);
    assert_string_equal(last(&s)->page->cause, "redirect-loop");
    assert_int_equal(s.request_count, 2);
    know(&s, "a.test", "max-age=31536000");
    assert_int_equal(go(&s, "http://a.test/")->outcome, FACTS_VISIT_FAILED);
    assert_string_equal(last(&s)->page->cause, "redirect-loop");
    assert_string_equal(last(&s)->page->shown[FACTS_BROWSER_CHROME].code, "ERR_TOO_MANY_REDIRECTS");
    assert_int_equal(s.request_count, 1);
    go(&s, "http://b.test/");
    assert_string_equal(last(&s)->page->cause, "redirect-loop");
    s.options.redirects_max = 0;
    assert_int_equal(go(&s, "http://a.test/")->outcome, FACTS_VISIT_FAILED);
    expect_steps(&s, "lookup upgrade failure");
    assert_string_equal(last(&s)->page->cause, "too-many-redirects");
    assert_int_equal(s.request_count, 0);
    close_scene(&s);
}

/* An endless chain, each time another path: Chromium follows 19 redirects, Firefox 20. */
static void endless_chain(void **state)
{
    answer answers[32] = {{.url = NULL}};
    char urls[31][32], locations[31][8];
    scene s;

    (void)state;
    for (int i = 0; i < 31; i++) {
        snprintf(urls[i], sizeof urls[i], "http://a.test:80/%d", i);
        snprintf(locations[i], sizeof locations[i], "%d", i + 1);
        answers[i] = (answer){.url = urls[i], .status = 307, .location = locations[i]};
    }
    open_scene(&s, answers);
    assert_int_equal(go(&s, "http://a.test/0")->outcome, FACTS_VISIT_FAILED);
    assert_string_equal(last(&s)->page->cause, "too-many-redirects");
    assert_int_equal(s.request_count, 20);
    s.options.redirects_max = browsers_redirects_max(FACTS_ENGINE_FIREFOX);
    assert_int_equal(go(&s, "http://a.test/0")->outcome, FACTS_VISIT_FAILED);
    assert_int_equal(s.request_count, 21);
    close_scene(&s);
}

static void odd_locations(void **state)
{
    static const answer answers[] = {
        {.url = "http://none.test:80/", .status = 301},
        {.url = "http://empty.test:80/", .status = 301, .location = ""},
        {.url = "http://same.test:80/", .status = 303, .location = "/x", .second_location = "/x"},
        {.url = "http://same.test:80/x", .status = 300, .location = "/y"},
        {.url = "http://bad.test:80/", .status = 301, .location = "http://[::1/"},
        {.url = "http://port.test:80/", .status = 301, .location = "http://a.test:99999/"},
        {.url = "http://app.test:80/", .status = 301, .location = "intent://scan/"},
        {.url = "http://script.test:80/", .status = 301, .location = "javascript:alert(1)"},
        {.url = "http://dots.test:80/", .status = 301, .location = "http://a..b/"},
        {.url = "http://irc.test:80/", .status = 301, .location = "http://a.test:6667/"},
        {.url = NULL}};

    static const struct {
        const char *url;
        facts_visit_outcome outcome;
        const char *cause;
    } cases[] = {
        {"http://none.test/", FACTS_VISIT_ARRIVED, NULL},
        {"http://empty.test/", FACTS_VISIT_FAILED, "empty-location"},
        {"http://same.test/", FACTS_VISIT_ARRIVED, NULL},
        {"http://bad.test/", FACTS_VISIT_FAILED, "bad-location"},
        {"http://port.test/", FACTS_VISIT_FAILED, "bad-location"},
        {"http://app.test/", FACTS_VISIT_FAILED, "other-scheme"},
        {"http://script.test/", FACTS_VISIT_FAILED, "other-scheme"},
        {"http://dots.test/", FACTS_VISIT_FAILED, "no-address-possible"},
        {"http://irc.test/", FACTS_VISIT_FAILED, "unsafe-port"},
        {"https://a.test:25/", FACTS_VISIT_FAILED, "unsafe-port"},
    };
    scene s;

    (void)state;
    open_scene(&s, answers);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(go(&s, cases[i].url)->outcome, cases[i].outcome);
        if (cases[i].cause != NULL)
            assert_string_equal(last(&s)->page->cause, cases[i].cause);
    }
    s.options.engine = FACTS_ENGINE_CHROMIUM;
    assert_int_equal(go(&s, "http://empty.test/")->outcome, FACTS_VISIT_ARRIVED);
    s.options.engine = FACTS_ENGINE_FIREFOX;
    assert_int_equal(go(&s, "http://empty.test/")->outcome, FACTS_VISIT_FAILED);
    close_scene(&s);
}

/* -- TLS errors ---------------------------------------------------------------------------------------------------- */

static void wall_or_warning(void **state)
{
    static const answer answers[] = {{.url = "https://a.test:443/",
                                      .bad = true,
                                      .tls_error = FACTS_TLS_EXPIRED,
                                      .failure_phase = FACTS_PHASE_TLS,
                                      .failure_code = FACTS_FAILURE_TLS_CERTIFICATE},
                                     {.url = NULL}};
    scene s;

    (void)state;
    open_scene(&s, answers);
    assert_int_equal(go(&s, "https://a.test/")->outcome, FACTS_VISIT_WARNED);
    expect_steps(&s, "lookup exchange warning");
    assert_int_equal(hf_hosts_count(s.book.hosts), 0);
    know(&s, "a.test", "max-age=31536000");
    assert_int_equal(go(&s, "http://a.test/")->outcome, FACTS_VISIT_BLOCKED);
    expect_steps(&s, "lookup upgrade lookup exchange wall");
    assert_string_equal(last(&s)->page->shown[FACTS_BROWSER_CHROME].code, "NET::ERR_CERT_DATE_INVALID");
    assert_string_equal(last(&s)->page->shown[FACTS_BROWSER_FIREFOX].code, "SEC_ERROR_EXPIRED_CERTIFICATE");
    /* The day after the policy's last one. */
    s.options.now = NOW + 31536000;
    assert_int_equal(go(&s, "https://a.test/")->outcome, FACTS_VISIT_WARNED);
    close_scene(&s);
}

static void failures(void **state)
{
    static const answer answers[] = {{.url = "https://revoked.test:443/", .bad = true, .tls_error = FACTS_TLS_REVOKED},
                                     {.url = "https://plain.test:443/",
                                      .failure_phase = FACTS_PHASE_TLS,
                                      .failure_code = FACTS_FAILURE_TLS_PLAIN_HTTP},
                                     {.url = "https://closed.test:443/",
                                      .failure_phase = FACTS_PHASE_CONNECT,
                                      .failure_code = FACTS_FAILURE_CONNECTION_REFUSED},
                                     {.url = "https://unknown.test:443/",
                                      .failure_phase = FACTS_PHASE_RESOLVE,
                                      .failure_code = FACTS_FAILURE_NAME_UNKNOWN},
                                     {.url = "https://noroute.test:443/",
                                      .failure_phase = FACTS_PHASE_CONNECT,
                                      .failure_code = FACTS_FAILURE_NO_ROUTE},
                                     {.url = "https://proxied.test:443/",
                                      .failure_phase = FACTS_PHASE_CONNECT,
                                      .failure_code = FACTS_FAILURE_PROXY_UNREACHABLE},
                                     {.url = "https://strange.test:443/",
                                      .failure_phase = FACTS_PHASE_RESPONSE,
                                      .failure_code = FACTS_FAILURE_HTTP2_FLOOD},
                                     {.url = NULL}};

    static const struct {
        const char *host;
        facts_visit_outcome stranger, known;
        const char *cause;
    } cases[] = {
        {"revoked.test", FACTS_VISIT_FAILED, FACTS_VISIT_BLOCKED, "revoked"},
        {"plain.test", FACTS_VISIT_FAILED, FACTS_VISIT_BLOCKED, "tls-plain-http"},
        {"closed.test", FACTS_VISIT_FAILED, FACTS_VISIT_FAILED, "connection-refused"},
        {"unknown.test", FACTS_VISIT_UNSEEN, FACTS_VISIT_UNSEEN, "name-unknown"},
        {"noroute.test", FACTS_VISIT_UNSEEN, FACTS_VISIT_UNSEEN, "no-route"},
        {"proxied.test", FACTS_VISIT_UNSEEN, FACTS_VISIT_UNSEEN, "proxy-unreachable"},
        {"strange.test", FACTS_VISIT_FAILED, FACTS_VISIT_FAILED, "http2-flood"},
    };
    char url[64];
    scene s;

    (void)state;
    open_scene(&s, answers);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(url, sizeof url, "https://%s/", cases[i].host);
        assert_int_equal(go(&s, url)->outcome, cases[i].stranger);
        assert_string_equal(last(&s)->page->cause, cases[i].cause);
        know(&s, cases[i].host, "max-age=31536000");
        snprintf(url, sizeof url, "http://%s/", cases[i].host);
        assert_int_equal(go(&s, url)->outcome, cases[i].known);
        assert_int_equal(s.request_count, 1);
    }
    close_scene(&s);
}

static void what_is_never_noted(void **state)
{
    static const answer answers[] = {
        {.url = "https://127.0.0.1:443/", .status = 200, .sts = "max-age=31536000"},
        {.url = "https://::1:443/", .status = 200, .sts = "max-age=31536000"},
        {.url = "https://localhost:443/", .status = 200, .sts = "max-age=31536000"},
        {.url = "https://void.test:443/", .status = 200, .sts = "max-age=31536000; max-age=1"},
        {.url = "https://plain.test:443/", .status = 200},
        {.url = NULL}};

    static const struct {
        const char *url;
        hf_noted noted;
    } cases[] = {
        {"https://2130706433/", HF_NOTED_IGNORED_IP},       {"https://[::1]/", HF_NOTED_IGNORED_IP},
        {"https://localhost/", HF_NOTED_IGNORED_LOCALHOST}, {"https://void.test/", HF_NOTED_IGNORED_VOID},
        {"https://plain.test/", HF_NOTED_IGNORED_NO_FIELD},
    };
    scene s;

    (void)state;
    open_scene(&s, answers);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        go(&s, cases[i].url);
        assert_int_equal(find_step(&s, FACTS_VISIT_NOTE)->note.noted, cases[i].noted);
    }
    assert_int_equal(hf_hosts_count(s.book.hosts), 0);
    close_scene(&s);
}

/* -- Https first --------------------------------------------------------------------------------------------------- */

#define GONE .failure_phase = FACTS_PHASE_CONNECT, .failure_code = FACTS_FAILURE_CONNECTION_REFUSED

static const answer shops[] = {
    {.url = "https://good.example.com:443/", .status = 200},
    {.url = "http://good.example.com:8080/", .status = 200},
    {.url = "http://good.test:80/", .status = 200},
    {.url = "https://gone.example.com:443/", GONE},
    {.url = "http://gone.example.com:80/", .status = 301, .location = "http://gone.example.com/in"},
    {.url = "http://gone.example.com:80/in", .status = 200},
    {.url = "https://bad.example.com:443/", .bad = true, .tls_error = FACTS_TLS_EXPIRED},
    {.url = "http://bad.example.com:80/", .status = 200},
    {.url = "https://missing.example.com:443/", .status = 404, .sts = "max-age=9"},
    {.url = "http://missing.example.com:80/", .status = 200},
    {.url = "https://down.example.com:443/", .status = 503},
    {.url = "http://down.example.com:80/", .status = 200},
    {.url = "https://back.example.com:443/", .status = 302, .location = "http://back.example.com/"},
    {.url = "http://back.example.com:80/", .status = 200},
    {.url = "https://far.example.com:443/", .status = 302, .location = "https://gone.example.com/"},
    {.url = "http://far.example.com:80/", .status = 200},
    {.url = "https://10.0.0.1:443/", GONE},
    {.url = "http://10.0.0.1:80/", .status = 200},
    {.url = "https://8.8.8.8:443/", GONE},
    {.url = "http://8.8.8.8:80/", .status = 200},
    {.url = "http://com:80/", .status = 200},
    {.url = "https://com:443/", .status = 200},
    {.url = NULL}};

/* As Chromium 156 and Firefox 153 were seen to do: tests/interop/https_first.sh. */
static void https_is_asked_first(void **state)
{
    static const struct {
        facts_engine engine;
        const char *url, *arrives;
        size_t requests;
    } cases[] = {
        {FACTS_ENGINE_ANY, "http://good.example.com/", "https://good.example.com/", 1},
        {FACTS_ENGINE_ANY, "http://good.example.com:8080/", "http://good.example.com:8080/", 1},
        {FACTS_ENGINE_ANY, "http://good.test/", "http://good.test/", 1},
        {FACTS_ENGINE_ANY, "http://com/", "http://com/", 1},
        {FACTS_ENGINE_FIREFOX, "http://com/", "https://com/", 1},
        {FACTS_ENGINE_ANY, "http://gone.example.com/", "http://gone.example.com/in", 3},
        {FACTS_ENGINE_ANY, "http://bad.example.com/", "http://bad.example.com/", 2},
        {FACTS_ENGINE_ANY, "http://down.example.com/", "https://down.example.com/", 1},
        {FACTS_ENGINE_CHROMIUM, "http://down.example.com/", "https://down.example.com/", 1},
        {FACTS_ENGINE_FIREFOX, "http://down.example.com/", "http://down.example.com/", 2},
        {FACTS_ENGINE_FIREFOX, "http://missing.example.com/", "https://missing.example.com/", 2},
        {FACTS_ENGINE_ANY, "http://back.example.com/", "http://back.example.com/", 2},
        {FACTS_ENGINE_FIREFOX, "https://back.example.com/", "http://back.example.com/", 2},
        {FACTS_ENGINE_CHROMIUM, "http://far.example.com/", "http://far.example.com/", 3},
        {FACTS_ENGINE_FIREFOX, "http://far.example.com/", NULL, 2},
        {FACTS_ENGINE_ANY, "http://far.example.com/", NULL, 2},
        {FACTS_ENGINE_CHROMIUM, "http://10.0.0.1/", "http://10.0.0.1/", 1},
        {FACTS_ENGINE_CHROMIUM, "http://8.8.8.8/", "http://8.8.8.8/", 2},
        {FACTS_ENGINE_FIREFOX, "http://8.8.8.8/", "http://8.8.8.8/", 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scene s;

        open_scene(&s, shops);
        s.options.engine = cases[i].engine;
        go(&s, cases[i].url);
        assert_int_equal(s.visit.access == FACTS_ACCESS_OPEN, cases[i].arrives != NULL);
        if (cases[i].arrives != NULL)
            assert_string_equal(s.visit.url, cases[i].arrives);
        assert_int_equal(s.request_count, cases[i].requests);
        close_scene(&s);
    }
}

static void https_first_has_a_way_back(void **state)
{
    scene s;

    (void)state;
    open_scene(&s, shops);
    go(&s, "http://gone.example.com/");
    expect_steps(&s, "lookup upgrade lookup exchange fallback lookup exchange redirect lookup exchange arrival");
    assert_int_equal(s.visit.steps[1].by, FACTS_UPGRADE_HTTPS_FIRST);
    assert_string_equal(s.visit.steps[4].to, "http://gone.example.com/");
    assert_string_equal(s.visit.steps[4].page->cause, "connection-refused");
    /* Known hosts have none. */
    know(&s, "gone.example.com", "max-age=31536000");
    go(&s, "http://gone.example.com/");
    expect_steps(&s, "lookup upgrade lookup exchange failure");
    assert_int_equal(s.visit.steps[1].by, FACTS_UPGRADE_HSTS);
    /* Other clients ask as it is written. */
    s.options.as_written = true;
    go(&s, "http://good.test/");
    assert_string_equal(s.requests[0], "http://good.test:80/");
    go(&s, "http://bad.example.com/");
    assert_string_equal(s.requests[0], "http://bad.example.com:80/");
    close_scene(&s);
}

static void has_record(void *self, const hf_host *host, void (*found)(void *self, bool has), void *found_self)
{
    (void)self;
    (void)host;
    found(found_self, true);
}

/* RFC 9460 9.5, as Chromium obeys it: tests/interop/https_record.sh. */
static void https_records_leave_no_way_back(void **state)
{
    scene s;

    (void)state;
    open_scene(&s, shops);
    s.options.wire.find_record = has_record;
    s.options.engine = FACTS_ENGINE_CHROMIUM;
    go(&s, "http://gone.example.com/");
    expect_steps(&s, "lookup upgrade lookup exchange failure");
    assert_int_equal(s.visit.steps[1].by, FACTS_UPGRADE_HTTPS_RECORD);
    s.options.engine = FACTS_ENGINE_FIREFOX;
    assert_int_equal(go(&s, "http://gone.example.com/")->access, FACTS_ACCESS_OPEN);
    close_scene(&s);
}

/* Chromium holds no policy for more than a year, whatever it says. */
static void no_policy_outlives_its_browser(void **state)
{
    static const answer answers[] = {{.url = "https://a.test:443/", .status = 200, .sts = "max-age=63072000"},
                                     {.url = NULL}};
    hf_verdict verdict;
    scene s;

    (void)state;
    open_scene(&s, answers);
    s.options.engine = FACTS_ENGINE_CHROMIUM;
    s.book.life_max = 31536000;
    go(&s, "https://a.test/");
    assert_int_equal(find_step(&s, FACTS_VISIT_NOTE)->note.until, NOW + 31536000);
    agent_book_decide(&s.book, &(hf_url){.scheme = HF_SCHEME_HTTP, .host = {HF_HOST_NAME, 6, "a.test"}, .port = 80},
                      NOW, &verdict);
    assert_int_equal(verdict.expires, NOW + 31536000);
    close_scene(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_over_http),
        cmocka_unit_test(noted_then_upgraded),
        cmocka_unit_test(superdomain_and_port),
        cmocka_unit_test(odd_spellings),
        cmocka_unit_test(forgotten),
        cmocka_unit_test(to_https_and_www),
        cmocka_unit_test(downgrade_is_undone),
        cmocka_unit_test(loops_and_limits),
        cmocka_unit_test(endless_chain),
        cmocka_unit_test(odd_locations),
        cmocka_unit_test(wall_or_warning),
        cmocka_unit_test(failures),
        cmocka_unit_test(what_is_never_noted),
        cmocka_unit_test(https_is_asked_first),
        cmocka_unit_test(https_first_has_a_way_back),
        cmocka_unit_test(https_records_leave_no_way_back),
        cmocka_unit_test(no_policy_outlives_its_browser),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
