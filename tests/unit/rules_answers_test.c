/* Answers of one host that differ, clocks, captive portals: from literals to conclusions. */
#include "agent/verdict.h"
#include "lib/facts_builder.h"
#include "rules/judge.h"

#include "facts/clock.h"

/* A site whose page carries a policy; answers are added to it. */
typedef struct scene {
    facts_site site;
    facts_hop *first;
    finding_judgement report;
} scene;

static void set_up(scene *s, facts_http version, const char *policy)
{
    memset(s, 0, sizeof *s);
    build_site(&s->site, "a.test", policy);
    s->site.depth = FACTS_DEPTH_FULL;
    s->first = build_first(&s->site, FACTS_HTTPS);
    build_response(s->first)->version = version;
    build_reached(&s->site, &s->first->exchange, "192.0.2.1");
}

static facts_answer *answer(scene *s, facts_method method, bool missing, facts_http version, int status,
                            const char *policy)
{
    facts_answer *a = build_answer(&s->site, method, missing, status, policy);

    build_response(&a->hop)->version = version;
    return a;
}

/* The ids of all findings are exactly those given; the list ends with RULE_COUNT. Frees the scene. */
static void assert_findings(scene *s, const char *proof, rule_id first, ...)
{
    va_list wanted;
    size_t i = 0;

    agent_judge_seen(&(agent_judging){.now = NOW}, &s->site);
    rule_judge(&s->site, NOW, &s->site.arena, &s->report);
    va_start(wanted, first);
    for (rule_id id = first; id != RULE_COUNT; id = va_arg(wanted, rule_id)) {
        assert_true(i < s->report.findings.count);
        assert_string_equal(rule_find(s->report.findings.items[i++].rule)->name, rule_find(id)->name);
    }
    va_end(wanted);
    assert_int_equal(s->report.findings.count, i);
    if (proof != NULL)
        assert_string_equal(s->report.findings.items[0].proof, proof);
    facts_site_done(&s->site);
}

static const char year[] = "max-age=31536000";

/* near: hsts-not-on-errors, hsts-head-differs */
static void the_same_everywhere_is_no_finding(void **state)
{
    scene s;

    (void)state;
    set_up(&s, FACTS_HTTP_2, year);
    answer(&s, FACTS_METHOD_HEAD, false, FACTS_HTTP_2, 200, year);
    answer(&s, FACTS_METHOD_GET, true, FACTS_HTTP_2, 404, "max-age=\"31536000\""); /* written otherwise, and the same */
    answer(&s, FACTS_METHOD_GET, false, FACTS_HTTP_1_1, 200, year);
    assert_findings(&s, NULL, RULE_COUNT);
    /* None anywhere is one finding, not one for each answer. */
    set_up(&s, FACTS_HTTP_2, NULL);
    answer(&s, FACTS_METHOD_HEAD, false, FACTS_HTTP_2, 200, NULL);
    answer(&s, FACTS_METHOD_GET, true, FACTS_HTTP_1_1, 404, NULL);
    assert_findings(&s, NULL, RULE_HSTS_MISSING, RULE_COUNT);
}

static void error_pages_without_the_field(void **state)
{
    scene s;

    (void)state;
    set_up(&s, FACTS_HTTP_2, year);
    answer(&s, FACTS_METHOD_GET, true, FACTS_HTTP_2, 404, NULL);
    answer(&s, FACTS_METHOD_HEAD, true, FACTS_HTTP_2, 404, NULL);
    answer(&s, FACTS_METHOD_GET, false, FACTS_HTTP_1_1, 200, year);
    answer(&s, FACTS_METHOD_GET, true, FACTS_HTTP_1_1, 404, NULL);
    assert_findings(
        &s,
        "GET https://a.test/holdfast-0 over HTTP/2, status 404: no HSTS header; GET https://a.test/ over HTTP/2, "
        "status 200: 'max-age=31536000'; and 1 more like the first",
        RULE_HSTS_NOT_ON_ERRORS, RULE_COUNT);
}

static void redirects_without_the_field(void **state)
{
    scene s;

    (void)state;
    set_up(&s, FACTS_HTTP_2, year);
    answer(&s, FACTS_METHOD_GET, true, FACTS_HTTP_2, 302, NULL);
    assert_findings(&s, NULL, RULE_HSTS_NOT_ON_REDIRECTS, RULE_COUNT);
    set_up(&s, FACTS_HTTP_2, year);
    answer(&s, FACTS_METHOD_GET, true, FACTS_HTTP_2, 200, NULL);
    assert_findings(&s, NULL, RULE_REDIRECT_WITHOUT_HSTS, RULE_COUNT);
}

static void versions_of_http_that_differ(void **state)
{
    scene s;

    (void)state;
    set_up(&s, FACTS_HTTP_2, NULL);
    answer(&s, FACTS_METHOD_GET, false, FACTS_HTTP_1_1, 200, year);
    assert_findings(&s, NULL, RULE_HSTS_MISSING, RULE_HSTS_NOT_ON_HTTP2, RULE_COUNT);
    set_up(&s, FACTS_HTTP_2, year);
    answer(&s, FACTS_METHOD_GET, false, FACTS_HTTP_1_1, 200, NULL);
    answer(&s, FACTS_METHOD_GET, true, FACTS_HTTP_1_1, 404, NULL);
    assert_findings(&s, NULL, RULE_HSTS_NOT_ON_HTTP1, RULE_COUNT);
    set_up(&s, FACTS_HTTP_2, year);
    answer(&s, FACTS_METHOD_GET, false, FACTS_HTTP_1_1, 200, "max-age=0");
    assert_findings(
        &s,
        "GET https://a.test/ over HTTP/2, status 200: 'max-age=31536000'; GET https://a.test/ over HTTP/1.1, "
        "status 200: 'max-age=0'; and 1 more like the first",
        RULE_HSTS_DIFFERS, RULE_COUNT);
}

static void head_that_differs(void **state)
{
    scene s;

    (void)state;
    set_up(&s, FACTS_HTTP_2, year);
    answer(&s, FACTS_METHOD_HEAD, false, FACTS_HTTP_2, 200, NULL);
    assert_findings(&s, NULL, RULE_HSTS_HEAD_DIFFERS, RULE_COUNT);
    set_up(&s, FACTS_HTTP_2, year);
    answer(&s, FACTS_METHOD_HEAD, false, FACTS_HTTP_2, 200, "max-age=0");
    assert_findings(&s, NULL, RULE_HSTS_HEAD_DIFFERS, RULE_COUNT);
    set_up(&s, FACTS_HTTP_2, NULL);
    answer(&s, FACTS_METHOD_HEAD, false, FACTS_HTTP_2, 200, year);
    assert_findings(&s, NULL, RULE_HSTS_MISSING, RULE_HSTS_HEAD_DIFFERS, RULE_COUNT);
}

static void addresses_that_differ(void **state)
{
    scene s;

    (void)state;
    set_up(&s, FACTS_HTTP_2, year);
    build_reached(&s.site, &answer(&s, FACTS_METHOD_GET, false, FACTS_HTTP_2, 200, NULL)->hop.exchange, "192.0.2.2");
    assert_findings(
        &s,
        "GET https://a.test/ over HTTP/2 at 192.0.2.2, status 200: no HSTS header; GET https://a.test/ over HTTP/2 "
        "at 192.0.2.1, status 200: 'max-age=31536000'",
        RULE_HSTS_NOT_ON_ADDRESS, RULE_COUNT);
    set_up(&s, FACTS_HTTP_2, year);
    build_reached(&s.site, &answer(&s, FACTS_METHOD_GET, false, FACTS_HTTP_2, 200, year)->hop.exchange, "192.0.2.2");
    assert_findings(&s, NULL, RULE_COUNT);
}

static void hostile_values_are_escaped_and_cut(void **state)
{
    static char value[4000];
    scene s;

    (void)state;
    memset(value, 0x1b, sizeof value - 1);
    set_up(&s, FACTS_HTTP_2, year);
    answer(&s, FACTS_METHOD_HEAD, false, FACTS_HTTP_2, 200, value);
    agent_judge_seen(&(agent_judging){.now = NOW}, &s.site);
    rule_judge(&s.site, NOW, &s.site.arena, &s.report);
    assert_int_equal(s.report.findings.count, 1);
    assert_null(strchr(s.report.findings.items[0].proof, 0x1b));
    assert_true(strlen(s.report.findings.items[0].proof) < 1000);
    facts_site_done(&s.site);
}

static void clocks_that_are_apart(void **state)
{
    scene s;

    (void)state;
    set_up(&s, FACTS_HTTP_2, year);
    build_response(s.first)->date = NOW + 300;
    assert_findings(&s, NULL, RULE_COUNT);
    set_up(&s, FACTS_HTTP_2, year);
    build_response(s.first)->date = NOW + 3600;
    assert_findings(&s, "by the Date of 1 answer the server's clock is 1 hour ahead of this machine's", RULE_CLOCK_SKEW,
                    RULE_COUNT);
    /* The median: one that is odd does not matter. */
    set_up(&s, FACTS_HTTP_2, year);
    build_response(s.first)->date = 0;
    answer(&s, FACTS_METHOD_HEAD, false, FACTS_HTTP_2, 200, year);
    answer(&s, FACTS_METHOD_GET, false, FACTS_HTTP_2, 200, year);
    assert_int_equal(facts_clock_of(&s.site).samples, 3);
    assert_findings(&s, NULL, RULE_COUNT);
    /* What lay in a cache was dated when it went in. */
    set_up(&s, FACTS_HTTP_2, NULL);
    build_response(s.first)->date = NOW - 5000;
    build_field(s.first, "Age", SPAN("4990"));
    assert_int_equal(facts_clock_of(&s.site).skew, -10);
    assert_findings(&s, NULL, RULE_HSTS_MISSING, RULE_COUNT);
    set_up(&s, FACTS_HTTP_2, year);
    build_response(s.first)->date = HF_TIME_UNKNOWN;
    assert_int_equal(facts_clock_of(&s.site).samples, 0);
    assert_findings(&s, NULL, RULE_COUNT);
}

/* Port 80 answers with `status`, at a public address, and may lead to `url` at `address`. */
static facts_hop *open_http(scene *s, int status, const char *url, const char *address)
{
    facts_hop *http = build_hop(&s->site, FACTS_HTTP, "http://a.test/", status);

    build_reached(&s->site, &http->exchange, "192.0.2.1");
    if (url != NULL)
        build_reached(&s->site, &build_hop(&s->site, FACTS_HTTP, url, 200)->exchange, address);
    return http;
}

static void portals_are_told_by_what_only_they_do(void **state)
{
    scene s;

    (void)state;
    set_up(&s, FACTS_HTTP_2, year);
    open_http(&s, 511, NULL, NULL);
    assert_findings(&s, NULL, RULE_HTTP_ERROR, RULE_CAPTIVE_PORTAL, RULE_COUNT);
    set_up(&s, FACTS_HTTP_2, year);
    open_http(&s, 302, "http://10.1.2.3/", "10.1.2.3");
    assert_findings(&s, NULL, RULE_HTTP_REDIRECT_FOREIGN, RULE_CAPTIVE_PORTAL, RULE_COUNT);
    set_up(&s, FACTS_HTTP_2, year);
    open_http(&s, 302, "http://login.example/", "192.168.0.1");
    assert_findings(&s, NULL, RULE_HTTP_REDIRECT_FOREIGN, RULE_CAPTIVE_PORTAL, RULE_COUNT);
    /* Another host on the public net, an intranet's own redirects, and a subdomain at home are none. */
    set_up(&s, FACTS_HTTP_2, year);
    open_http(&s, 301, "http://b.test/", "192.0.2.9");
    assert_findings(&s, NULL, RULE_HTTP_REDIRECT_FOREIGN, RULE_COUNT);
    set_up(&s, FACTS_HTTP_2, year);
    build_reached(&s.site, &open_http(&s, 301, "http://b.test/", "10.0.0.2")->exchange, "10.0.0.1");
    assert_findings(&s, NULL, RULE_HTTP_REDIRECT_FOREIGN, RULE_COUNT);
    set_up(&s, FACTS_HTTP_2, year);
    open_http(&s, 301, "http://x.a.test/", "10.0.0.2");
    assert_findings(&s, NULL, RULE_HTTP_REDIRECT_FOREIGN, RULE_COUNT);
}

/* http and https lead to the same foreign host, and the certificate does not hold. */
static void portals_that_intercept_are_told(void **state)
{
    scene s;

    (void)state;
    set_up(&s, FACTS_HTTP_2, NULL);
    build_error(&s.first->exchange, FACTS_TLS_NAME_MISMATCH, 0, 0);
    build_response(s.first)->status = 302;
    build_hop(&s.site, FACTS_HTTPS, "https://login.example/", 200);
    open_http(&s, 302, "http://login.example/", "192.0.2.9");
    agent_judge_seen(&(agent_judging){.now = NOW}, &s.site);
    rule_judge(&s.site, NOW, &s.site.arena, &s.report);
    assert_string_equal(rule_find(s.report.findings.items[s.report.findings.count - 1].rule)->name, "captive-portal");
    assert_string_equal(s.report.findings.items[s.report.findings.count - 1].proof,
                        "plain HTTP redirects to login.example, and so does HTTPS, with an invalid certificate: "
                        "name-mismatch");
    s.first->exchange.tls.error_count = 0;
    agent_judge_seen(&(agent_judging){.now = NOW}, &s.site);
    rule_judge(&s.site, NOW, &s.site.arena, &s.report);
    for (size_t i = 0; i < s.report.findings.count; i++)
        assert_true(s.report.findings.items[i].rule != RULE_CAPTIVE_PORTAL);
    facts_site_done(&s.site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_everywhere_is_no_finding),
        cmocka_unit_test(error_pages_without_the_field),
        cmocka_unit_test(redirects_without_the_field),
        cmocka_unit_test(versions_of_http_that_differ),
        cmocka_unit_test(head_that_differs),
        cmocka_unit_test(addresses_that_differ),
        cmocka_unit_test(hostile_values_are_escaped_and_cut),
        cmocka_unit_test(clocks_that_are_apart),
        cmocka_unit_test(portals_are_told_by_what_only_they_do),
        cmocka_unit_test(portals_that_intercept_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
