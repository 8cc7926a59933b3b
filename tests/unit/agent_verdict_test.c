/* Who gets in, formed by visits over facts written down as literals; and what is asked of the wire for it. */
#include "agent/verdict.h"
#include "lib/facts_builder.h"

/* A site, and a wire on which one exchange is all that there is. */
typedef struct scene {
    facts_site site;
    facts_exchange answer;
    size_t asked;
    char url[128];
    const char *address; /* the request was bound to one */
} scene;

static void exchange(void *self, const http_request *request, base_arena *arena, facts_exchange *out,
                     void (*done)(void *self), void *done_self)
{
    scene *s = self;

    (void)arena;
    assert_true(request->strict);
    s->asked++;
    s->address = request->address != NULL ? "bound" : NULL;
    snprintf(s->url, sizeof s->url, "%s://%s:%d%s", request->secure ? "https" : "http", request->host, request->port,
             request->target);
    *out = s->answer;
    out->cookies = request->cookies;
    done(done_self);
}

static void on_judged(void *self)
{
    (void)self;
}

static const facts_verdict *judge(scene *s, facts_engine engine)
{
    const agent_judging judging = {.now = NOW, .wire = {exchange, s, NULL}, .engine = engine};

    agent_judge(&judging, &s->site, on_judged, NULL);
    return &s->site.verdict;
}

static const facts_ending *ending_of(const scene *s, facts_way way, facts_visitor visitor, facts_engine engine)
{
    return &s->site.verdict.entrances[way].endings[visitor][engine];
}

static void set_up(scene *s, const char *sts)
{
    memset(s, 0, sizeof *s);
    build_site(&s->site, "a.test", sts);
    s->site.chains[FACTS_HTTPS].end = FACTS_END_ANSWERED;
}

static void fail_wire(scene *s, facts_code code)
{
    build_failure(&s->site, &s->answer, FACTS_PHASE_TLS, code);
    s->answer.secure = true;
}

/* RFC 6797 8.3: the policy of the first answer holds for the next hop. */
static void a_policy_applies_to_the_next_hop(void **state)
{
    static const char *const cases[][2] = {{"http://a.test:81/", "https://a.test:81/"},
                                           {"http://b.a.test/", "https://b.a.test:443/"}};
    const facts_ending *ending;
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_up(&s, YEAR);
        build_hop(&s.site, FACTS_HTTPS, cases[i][0], 200);
        fail_wire(&s, FACTS_FAILURE_TLS_PLAIN_HTTP);
        assert_int_equal(judge(&s, FACTS_ENGINE_ANY)->first_visit, FACTS_ACCESS_NONE);
        assert_int_equal(s.site.verdict.later_visit, FACTS_ACCESS_NONE);
        assert_true(s.site.verdict.in_force && s.site.verdict.complete);
        assert_int_equal(s.asked, 1);
        assert_string_equal(s.url, cases[i][1]);
        ending = ending_of(&s, FACTS_HTTPS, FACTS_STRANGER, FACTS_ENGINE_ANY);
        assert_string_equal(ending->upgraded, cases[i][0]);
        assert_string_equal(ending->known_host, "a.test");
        assert_string_equal(ending->cause, "tls-plain-http");
        assert_int_equal(s.site.further.count, 1);
        facts_site_done(&s.site);
    }
    set_up(&s, "max-age=31536000");
    build_hop(&s.site, FACTS_HTTPS, "http://b.a.test/", 200);
    assert_int_equal(judge(&s, FACTS_ENGINE_ANY)->first_visit, FACTS_ACCESS_OPEN);
    assert_int_equal(s.asked, 0);
    facts_site_done(&s.site);
}

static void what_cannot_be_asked_is_not_seen(void **state)
{
    scene s;

    (void)state;
    set_up(&s, YEAR);
    build_hop(&s.site, FACTS_HTTPS, "http://a.test:81/", 200);
    agent_judge_seen(&(agent_judging){.now = NOW}, &s.site);
    assert_true(s.site.verdict.looked);
    assert_false(s.site.verdict.complete);
    assert_false(ending_of(&s, FACTS_HTTPS, FACTS_STRANGER, FACTS_ENGINE_ANY)->seen);
    facts_site_done(&s.site);
    /* This machine could not ask, which says nothing about the host. */
    set_up(&s, YEAR);
    build_hop(&s.site, FACTS_HTTPS, "http://a.test:81/", 200);
    build_failure(&s.site, &s.answer, FACTS_PHASE_CONNECT, FACTS_FAILURE_NO_ROUTE);
    assert_false(judge(&s, FACTS_ENGINE_ANY)->complete);
    facts_site_done(&s.site);
}

static void some_browsers_refuse(void **state)
{
    static const struct {
        facts_engine engine;
        facts_access access;
    } cases[] = {{FACTS_ENGINE_ANY, FACTS_ACCESS_LOCKED_OUT},
                 {FACTS_ENGINE_CHROMIUM, FACTS_ACCESS_OPEN},
                 {FACTS_ENGINE_FIREFOX, FACTS_ACCESS_LOCKED_OUT},
                 {FACTS_ENGINE_SAFARI, FACTS_ACCESS_OPEN}};
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_up(&s, YEAR);
        build_certificate(&build_first(&s.site, FACTS_HTTPS)->exchange, 0)->must_staple = true;
        assert_int_equal(judge(&s, cases[i].engine)->first_visit, cases[i].access);
        assert_int_equal(s.site.verdict.later_visit, cases[i].access);
        if (cases[i].engine == FACTS_ENGINE_ANY)
            for (size_t k = 1; k < sizeof cases / sizeof *cases; k++)
                assert_int_equal(ending_of(&s, FACTS_HTTPS, FACTS_STRANGER, cases[k].engine)->access, cases[k].access);
        facts_site_done(&s.site);
    }
    /* What Safari does is not known, unless a policy is in force. */
    set_up(&s, YEAR);
    build_error(&build_first(&s.site, FACTS_HTTPS)->exchange, FACTS_TLS_BAD_SIGNATURE, 0, 0);
    judge(&s, FACTS_ENGINE_ANY);
    assert_false(ending_of(&s, FACTS_HTTPS, FACTS_STRANGER, FACTS_ENGINE_SAFARI)->seen);
    assert_true(ending_of(&s, FACTS_HTTPS, FACTS_RETURNING, FACTS_ENGINE_SAFARI)->seen);
    assert_true(s.site.verdict.complete);
    facts_site_done(&s.site);
}

/* Whichever of the addresses comes first, the worst counts. */
static void some_addresses_are_bad(void **state)
{
    facts_endpoint *bad;
    scene s;

    (void)state;
    for (int first = 0; first < 2; first++) {
        set_up(&s, YEAR);
        bad = build_endpoint(&s.site, first ? "192.0.2.1" : "::1");
        build_endpoint(&s.site, first ? "::1" : "192.0.2.1");
        if (!first)
            bad = &s.site.endpoints[0].items[1];
        build_chain(&s.site, &bad->exchange.tls, "a.test");
        build_error(&bad->exchange, FACTS_TLS_NAME_MISMATCH, 0, 0);
        assert_int_equal(judge(&s, FACTS_ENGINE_ANY)->first_visit, FACTS_ACCESS_WARNED);
        assert_int_equal(s.site.verdict.later_visit, FACTS_ACCESS_LOCKED_OUT);
        assert_int_equal(s.site.verdict.entrances[FACTS_HTTPS].address_count, 2);
        assert_int_equal(ending_of(&s, FACTS_HTTPS, FACTS_STRANGER, FACTS_ENGINE_ANY)->access, FACTS_ACCESS_OPEN);
        facts_site_done(&s.site);
    }
    /* An address that nobody reaches stops nobody. */
    set_up(&s, YEAR);
    build_endpoint(&s.site, "192.0.2.1");
    build_failure(&s.site, &build_endpoint(&s.site, "::1")->exchange, FACTS_PHASE_CONNECT,
                  FACTS_FAILURE_CONNECT_TIMEOUT);
    assert_int_equal(judge(&s, FACTS_ENGINE_ANY)->first_visit, FACTS_ACCESS_OPEN);
    assert_false(s.site.verdict.entrances[FACTS_HTTPS].addresses[1].answers);
    facts_site_done(&s.site);
}

/* The next hop is asked at each address: one of them may lead astray, or be of no server that can be asked now. */
static void hops_are_asked_at_each_address(void **state)
{
    scene s;

    (void)state;
    for (int wired = 0; wired < 2; wired++) {
        set_up(&s, YEAR);
        build_reached(&s.site, &build_hop(&s.site, FACTS_HTTPS, "https://a.test/in", 200)->exchange, "192.0.2.1");
        build_endpoint(&s.site, "192.0.2.1");
        build_endpoint(&s.site, "2001:db8::1");
        fail_wire(&s, FACTS_FAILURE_TLS_PLAIN_HTTP);
        if (wired)
            judge(&s, FACTS_ENGINE_ANY);
        else
            agent_judge_seen(&(agent_judging){.now = NOW}, &s.site);
        assert_int_equal(s.asked, wired);
        assert_int_equal(s.site.verdict.complete, wired);
        assert_int_equal(s.site.verdict.first_visit, wired ? FACTS_ACCESS_NONE : FACTS_ACCESS_OPEN);
        assert_true(s.site.verdict.entrances[FACTS_HTTPS].addresses[0].endings[FACTS_STRANGER].seen);
        assert_int_equal(s.site.verdict.entrances[FACTS_HTTPS].addresses[1].endings[FACTS_STRANGER].seen, wired);
        facts_site_done(&s.site);
    }
}

/* Strangers come over plain HTTP to each address, too. */
static void addresses_differ_over_plain_http(void **state)
{
    const facts_entrance *entrance;
    scene s;

    (void)state;
    set_up(&s, YEAR);
    s.site.http_port = 80;
    build_hop(&s.site, FACTS_HTTP, "http://a.test/", 200);
    build_endpoint_of(&s.site, FACTS_HTTP, "192.0.2.1");
    build_failure(&s.site, &build_endpoint_of(&s.site, FACTS_HTTP, "192.0.2.2")->exchange, FACTS_PHASE_RESPONSE,
                  FACTS_FAILURE_RESPONSE_TIMEOUT);
    judge(&s, FACTS_ENGINE_ANY);
    entrance = &s.site.verdict.entrances[FACTS_HTTP];
    assert_int_equal(entrance->address_count, 2);
    assert_int_equal(entrance->addresses[0].endings[FACTS_STRANGER].access, FACTS_ACCESS_OPEN);
    assert_int_equal(entrance->addresses[1].endings[FACTS_STRANGER].access, FACTS_ACCESS_NONE);
    assert_false(entrance->addresses[1].endings[FACTS_RETURNING].seen);
    assert_int_equal(s.site.verdict.first_visit, FACTS_ACCESS_OPEN);
    assert_true(s.site.verdict.complete);
    assert_int_equal(s.asked, 0);
    facts_site_done(&s.site);
}

static void www_is_locked_by_the_policy_of_the_apex(void **state)
{
    static const char *const policies[] = {"max-age=31536000", YEAR};
    const facts_ending *ending;
    facts_hop *www;
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        set_up(&s, policies[i]);
        www = build_hop(&s.site, FACTS_WWW_HTTPS, "https://www.a.test/", 200);
        build_error(&www->exchange, FACTS_TLS_NAME_MISMATCH, 0, 0);
        judge(&s, FACTS_ENGINE_ANY);
        ending = ending_of(&s, FACTS_WWW_HTTPS, FACTS_RETURNING, FACTS_ENGINE_ANY);
        assert_int_equal(ending->access, i == 1 ? FACTS_ACCESS_LOCKED_OUT : FACTS_ACCESS_WARNED);
        assert_int_equal(ending->known_host != NULL, i == 1);
        assert_int_equal(s.site.verdict.first_visit, FACTS_ACCESS_OPEN);
        facts_site_done(&s.site);
    }
}

/* The way over plain HTTP ends with a policy that covers the host, or with none. */
static void plain_http_leads_to_a_policy(void **state)
{
    static const char *const policies[] = {"max-age=31536000", YEAR};
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        set_up(&s, policies[i]);
        build_hop(&s.site, FACTS_WWW_HTTP, "http://www.a.test/", 301);
        build_sts(build_hop(&s.site, FACTS_WWW_HTTP, "https://a.test/", 200), policies[i]);
        judge(&s, FACTS_ENGINE_ANY);
        assert_int_equal(ending_of(&s, FACTS_WWW_HTTP, FACTS_STRANGER, FACTS_ENGINE_ANY)->knows, i == 1);
        facts_site_done(&s.site);
    }
}

/* What a visit sends along is part of what was asked: a cookie makes another request of the same URL. */
static void cookies_tell_requests_apart(void **state)
{
    facts_hop *first, *second;
    scene s;

    (void)state;
    set_up(&s, YEAR);
    first = build_first(&s.site, FACTS_HTTPS);
    build_field(first, "Set-Cookie", SPAN("seen=1; Path=/; Secure"));
    second = build_hop(&s.site, FACTS_HTTPS, "https://a.test/", 200);
    second->exchange.cookies = "seen=1";
    assert_int_equal(judge(&s, FACTS_ENGINE_ANY)->first_visit, FACTS_ACCESS_OPEN);
    assert_int_equal(s.asked, 0);
    facts_site_done(&s.site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_policy_applies_to_the_next_hop),
        cmocka_unit_test(what_cannot_be_asked_is_not_seen),
        cmocka_unit_test(some_browsers_refuse),
        cmocka_unit_test(some_addresses_are_bad),
        cmocka_unit_test(hops_are_asked_at_each_address),
        cmocka_unit_test(addresses_differ_over_plain_http),
        cmocka_unit_test(www_is_locked_by_the_policy_of_the_apex),
        cmocka_unit_test(plain_http_leads_to_a_policy),
        cmocka_unit_test(cookies_tell_requests_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
