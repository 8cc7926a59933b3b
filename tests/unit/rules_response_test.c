/* Responses that browsers throw away or read differently, ports that they block, and hosts that take no policy: from
 * literals to conclusions, each beside one that is nearly the same and no finding. */
#include "agent/verdict.h"
#include "lib/facts_builder.h"
#include "rules/judge.h"

typedef struct scene {
    facts_site site;
    facts_hop *first;
    facts_response spare; /* what Firefox reads, or what was refused */
    facts_reading firefox;
    finding_judgement report;
} scene;

static void set_up(scene *s, const char *host)
{
    memset(s, 0, sizeof *s);
    build_site(&s->site, host, YEAR);
    s->first = build_first(&s->site, FACTS_HTTPS);
}

/* True if the rule is among the findings. Frees the scene. */
static bool raises(scene *s, rule_id id)
{
    bool found = false;

    agent_judge_seen(&(agent_judging){.now = NOW}, &s->site);
    rule_judge(&s->site, NOW, &s->site.arena, &s->report);
    for (size_t i = 0; i < s->report.findings.count; i++)
        found = found || s->report.findings.items[i].rule == id;
    facts_site_done(&s->site);
    return found;
}

static void fail_with(scene *s, facts_phase phase, facts_code code)
{
    build_failure(&s->site, &s->first->exchange, phase, code);
    s->site.chains[FACTS_HTTPS].end = FACTS_END_FAILED;
}

static bool failure_raises(facts_phase phase, facts_code code, rule_id id)
{
    scene s;

    set_up(&s, "a.test");
    fail_with(&s, phase, code);
    return raises(&s, id);
}

static void heads_that_are_thrown_away(void **state)
{
    (void)state;
    assert_true(failure_raises(FACTS_PHASE_RESPONSE, FACTS_FAILURE_RESPONSE_NUL, RULE_RESPONSE_MALFORMED));
    assert_true(failure_raises(FACTS_PHASE_RESPONSE, FACTS_FAILURE_RESPONSE_BAD_STATUS, RULE_RESPONSE_MALFORMED));
    /* near: response-malformed: a limit of ours, or a head that does not end, is not the fault of its form. */
    assert_false(failure_raises(FACTS_PHASE_RESPONSE, FACTS_FAILURE_RESPONSE_TOO_LONG, RULE_RESPONSE_MALFORMED));
    assert_false(failure_raises(FACTS_PHASE_RESPONSE, FACTS_FAILURE_RESPONSE_CUT, RULE_RESPONSE_MALFORMED));
    assert_true(failure_raises(FACTS_PHASE_TLS, FACTS_FAILURE_TLS_NOT_TLS, RULE_TLS_NOT_TLS));
    /* near: tls-not-tls: plain HTTP has a finding of its own. */
    assert_false(failure_raises(FACTS_PHASE_TLS, FACTS_FAILURE_TLS_PLAIN_HTTP, RULE_TLS_NOT_TLS));
}

/* The answer with these two values of a field was refused. */
static bool two_values_raise(facts_code code, const char *name, rule_id id)
{
    scene s;

    set_up(&s, "a.test");
    build_field(s.first, name, SPAN("1"));
    build_field(s.first, name, SPAN("2"));
    s.spare = *s.first->exchange.response;
    fail_with(&s, FACTS_PHASE_RESPONSE, code);
    s.first->exchange.refused = &s.spare;
    return raises(&s, id);
}

static void two_values(void **state)
{
    (void)state;
    assert_true(two_values_raise(FACTS_FAILURE_RESPONSE_SEVERAL_LENGTHS, "Content-Length", RULE_RESPONSE_CONFLICT));
    assert_true(
        two_values_raise(FACTS_FAILURE_RESPONSE_SEVERAL_CONTENTS, "Content-Disposition", RULE_RESPONSE_CONFLICT));
    /* near: response-conflict: of Location it is the conflict of a redirect. */
    assert_false(two_values_raise(FACTS_FAILURE_RESPONSE_SEVERAL_LOCATIONS, "Location", RULE_RESPONSE_CONFLICT));
    assert_true(two_values_raise(FACTS_FAILURE_RESPONSE_SEVERAL_LOCATIONS, "Location", RULE_REDIRECT_CONFLICT));
}

/* Chrome reads the response or fails, and so does Firefox. */
static bool readings_raise(bool chrome, bool firefox, rule_id id)
{
    static const facts_failure failure = {.code = FACTS_FAILURE_RESPONSE_NUL, .phase = FACTS_PHASE_RESPONSE};
    scene s;

    set_up(&s, "a.test");
    s.spare = *s.first->exchange.response;
    s.firefox = (facts_reading){.failure = firefox ? NULL : &failure, .response = firefox ? &s.spare : NULL};
    if (!chrome)
        fail_with(&s, FACTS_PHASE_RESPONSE, FACTS_FAILURE_RESPONSE_NUL);
    s.first->exchange.firefox = &s.firefox;
    return raises(&s, id);
}

static void two_readings(void **state)
{
    (void)state;
    assert_true(readings_raise(true, false, RULE_RESPONSE_ONE_BROWSER));
    assert_true(readings_raise(false, true, RULE_RESPONSE_ONE_BROWSER));
    assert_true(readings_raise(true, true, RULE_RESPONSE_DIFFERS));
    /* near: response-one-browser: both read it, or neither does. */
    assert_false(readings_raise(true, true, RULE_RESPONSE_ONE_BROWSER));
    assert_false(readings_raise(false, false, RULE_RESPONSE_ONE_BROWSER));
    /* near: response-differs: one of them reads nothing. */
    assert_false(readings_raise(true, false, RULE_RESPONSE_DIFFERS));
    assert_false(readings_raise(false, false, RULE_RESPONSE_DIFFERS));
}

/* The response is of this version, with one field more. */
static bool field_raises(facts_http version, const char *name, const char *value, rule_id id)
{
    scene s;

    set_up(&s, "a.test");
    if (name != NULL)
        build_field(s.first, name, (hf_span){value, strlen(value)});
    build_response(s.first)->version = version;
    return raises(&s, id);
}

static void versions_and_their_fields(void **state)
{
    (void)state;
    assert_true(field_raises(FACTS_HTTP_0_9, NULL, NULL, RULE_RESPONSE_HEADLESS));
    /* near: response-headless: an old version, with a head. */
    assert_false(field_raises(FACTS_HTTP_1_0, NULL, NULL, RULE_RESPONSE_HEADLESS));
    assert_true(field_raises(FACTS_HTTP_2, "upgrade", "h2,h2c", RULE_HTTP2_CONNECTION_FIELD));
    /* near: http2-connection-field: HTTP/1.1 has such fields, and another one has a name alike. */
    assert_false(field_raises(FACTS_HTTP_1_1, "Upgrade", "h2,h2c", RULE_HTTP2_CONNECTION_FIELD));
    assert_false(field_raises(FACTS_HTTP_2, "upgrade-insecure-requests", "1", RULE_HTTP2_CONNECTION_FIELD));
    assert_true(field_raises(FACTS_HTTP_2, "content-length", "12, 12", RULE_HTTP2_CONTENT_LENGTH));
    assert_true(field_raises(FACTS_HTTP_2, "content-length", "+12", RULE_HTTP2_CONTENT_LENGTH));
    /* near: http2-content-length: one number, or another version. */
    assert_false(field_raises(FACTS_HTTP_2, "content-length", "12", RULE_HTTP2_CONTENT_LENGTH));
    assert_false(field_raises(FACTS_HTTP_1_1, "content-length", "12, 12", RULE_HTTP2_CONTENT_LENGTH));
}

static bool port_raises(int port)
{
    scene s;

    set_up(&s, "a.test");
    s.first->port = port;
    return raises(&s, RULE_PORT_BLOCKED);
}

static bool name_raises(const char *name)
{
    scene s;

    set_up(&s, name);
    return raises(&s, RULE_HSTS_LOCALHOST);
}

static void ports_and_names(void **state)
{
    (void)state;
    assert_true(port_raises(25));
    /* near: port-blocked: the ports beside it. */
    assert_false(port_raises(24));
    assert_false(port_raises(8443));
    assert_true(name_raises("localhost"));
    assert_true(name_raises("a.localhost"));
    /* near: hsts-localhost: names that only look alike. */
    assert_false(name_raises("localhost.test"));
    assert_false(name_raises("notlocalhost"));
}

static bool hello_raises(const facts_failure *failure)
{
    scene s;

    set_up(&s, "a.test");
    s.site.large_hello =
        (facts_large_hello){.looked = true, .octets = 1900, .small_octets = 500, .split = true, .failure = failure};
    return raises(&s, RULE_TLS_LARGE_HELLO);
}

static void large_hellos(void **state)
{
    static const facts_failure lost = {.code = FACTS_FAILURE_TLS_TIMEOUT, .phase = FACTS_PHASE_TLS};

    (void)state;
    assert_true(hello_raises(&lost));
    /* near: tls-large-hello: it is answered as the small one is. */
    assert_false(hello_raises(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heads_that_are_thrown_away), cmocka_unit_test(two_values),      cmocka_unit_test(two_readings),
        cmocka_unit_test(versions_and_their_fields),  cmocka_unit_test(ports_and_names), cmocka_unit_test(large_hellos),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
