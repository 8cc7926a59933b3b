/* Chains, staples, addresses, default hosts and interception: from facts, written down as literals, to conclusions. */
#include "rules/judge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define NOW INT64_C(1795000000)
#define DAY 86400
#define SPAN(text) ((hf_span){text, sizeof(text) - 1})

static const char *const names[] = {"a.test", "*.b.test"};

/* A host in best health, with two addresses; each test spoils something. */
typedef struct scene {
    facts_site site;
    facts_hop hop;
    facts_certificate certificates[3], other;
    facts_tls_error errors[4], other_errors[2];
    facts_link path[3];
    facts_staple staple;
    facts_response response;
    hf_field field;
    facts_endpoint endpoints[2];
    facts_failure failure;
    finding_judgement report;
} scene;

static void set_up(scene *s, const char *name)
{
    hf_host host;

    memset(s, 0, sizeof *s);
    assert_int_equal(hf_host_parse(name, strlen(name), NULL, &host, NULL), HF_OK);
    facts_site_init(&s->site, &host, 443);
    s->certificates[0] = (facts_certificate){.subject = "CN=a.test",
                                             .issuer = "CN=I",
                                             .fingerprint = "00112233445566778899",
                                             .names = names,
                                             .name_count = 2,
                                             .not_before = NOW - 30 * DAY,
                                             .not_after = NOW + 60 * DAY,
                                             .place = FACTS_PLACE_LEAF};
    s->certificates[1] = (facts_certificate){.subject = "CN=I",
                                             .issuer = "CN=R",
                                             .fingerprint = "11",
                                             .not_before = NOW - 900 * DAY,
                                             .not_after = NOW + 900 * DAY,
                                             .authority = true,
                                             .place = FACTS_PLACE_ISSUER};
    s->certificates[2] = (facts_certificate){.subject = "CN=X",
                                             .issuer = "CN=R",
                                             .fingerprint = "22",
                                             .not_before = NOW - 900 * DAY,
                                             .not_after = NOW + 900 * DAY,
                                             .authority = true};
    s->path[0] = (facts_link){"CN=a.test", "00112233445566778899", NOW + 60 * DAY, 0, false};
    s->path[1] = (facts_link){"CN=I", "11", NOW + 900 * DAY, 1, false};
    s->path[2] = (facts_link){"CN=R", "3333333333333333", NOW + 900 * DAY, -1, true};
    s->field = (hf_field){SPAN("strict-transport-security"), SPAN("max-age=31536000; includeSubDomains")};
    s->response = (facts_response){.version = FACTS_HTTP_1_1, .status = 200, .fields = &s->field, .count = 1};
    s->staple = (facts_staple){.status = FACTS_REVOCATION_GOOD,
                               .produced_at = NOW - DAY,
                               .this_update = NOW - DAY,
                               .next_update = NOW + DAY,
                               .revoked_at = HF_TIME_UNKNOWN};
    s->hop = (facts_hop){.url = "https://a.test/", .host = host, .port = 443};
    s->hop.exchange = (facts_exchange){.secure = true, .response = &s->response};
    s->hop.exchange.tls = (facts_tls){.established = true,
                                      .version = "TLSv1.3",
                                      .cipher = "x",
                                      .certificates = s->certificates,
                                      .certificate_count = 2,
                                      .errors = s->errors,
                                      .path = s->path,
                                      .path_count = 3,
                                      .root = FACTS_ROOT_PUBLIC};
    s->site.chains[FACTS_HTTPS].hops[0] = &s->hop;
    s->site.chains[FACTS_HTTPS].count = 1;
    s->site.endpoints[0] = (facts_endpoints){.name = "a.test", .items = s->endpoints, .count = 2};
    s->endpoints[0] = (facts_endpoint){"192.0.2.1", 443, s->hop.exchange};
    s->endpoints[1] = (facts_endpoint){"2001:db8::1", 443, s->hop.exchange};
}

/* The ids of all findings are exactly those given; the list ends with RULE_COUNT. Frees the scene. */
static void assert_findings(scene *s, rule_id first, ...)
{
    va_list wanted;
    size_t i = 0;

    rule_judge(&s->site, NOW, &s->site.arena, &s->report);
    va_start(wanted, first);
    for (rule_id id = first; id != RULE_COUNT; id = va_arg(wanted, rule_id)) {
        assert_true(i < s->report.findings.count);
        assert_string_equal(rule_find(s->report.findings.items[i++].rule)->name, rule_find(id)->name);
    }
    va_end(wanted);
    assert_int_equal(s->report.findings.count, i);
}

static void done(scene *s)
{
    facts_site_done(&s->site);
}

static void health_has_no_findings(void **state)
{
    scene s;

    (void)state;
    set_up(&s, "a.test");
    s.hop.exchange.tls.staple = &s.staple;
    s.certificates[0].must_staple = true;
    assert_findings(&s, RULE_COUNT);
    done(&s);
}

static void places_are_findings(void **state)
{
    static const struct {
        facts_place place;
        rule_id id;
    } cases[] = {{FACTS_PLACE_OUT_OF_ORDER, RULE_CHAIN_ORDER},  {FACTS_PLACE_DUPLICATE, RULE_CHAIN_DUPLICATE},
                 {FACTS_PLACE_UNRELATED, RULE_CHAIN_UNRELATED}, {FACTS_PLACE_ROOT, RULE_CHAIN_ROOT_SENT},
                 {FACTS_PLACE_ALTERNATIVE, RULE_COUNT},         {FACTS_PLACE_UNKNOWN, RULE_COUNT}};
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_up(&s, "a.test");
        s.hop.exchange.tls.certificate_count = 3;
        s.certificates[2].place = cases[i].place;
        assert_findings(&s, cases[i].id, RULE_COUNT);
        if (cases[i].id != RULE_COUNT)
            assert_string_equal(s.report.findings.items[0].proof, "of 3 that are sent: number 3, CN=X");
        done(&s);
    }
    set_up(&s, "a.test");
    s.hop.exchange.tls.certificate_count = 3;
    s.certificates[1].place = s.certificates[2].place = FACTS_PLACE_OUT_OF_ORDER;
    assert_findings(&s, RULE_CHAIN_ORDER, RULE_COUNT);
    assert_string_equal(s.report.findings.items[0].proof, "of 3 that are sent: number 2, CN=I; number 3, CN=X");
    done(&s);
}

static void a_gap_is_told(void **state)
{
    scene s;

    (void)state;
    set_up(&s, "a.test");
    s.path[1].sent = -1;
    assert_findings(&s, RULE_CHAIN_INCOMPLETE, RULE_COUNT);
    done(&s);
    /* What is trusted by itself need not be sent. */
    set_up(&s, "a.test");
    s.path[1].sent = -1;
    s.hop.exchange.tls.path_count = 2;
    assert_findings(&s, RULE_COUNT);
    done(&s);
}

static void a_long_life_below_a_public_root_is_refused(void **state)
{
    static const struct {
        int64_t not_before, life;
        facts_root root;
        rule_id id;
    } cases[] = {
        {NOW - DAY, 398 * (int64_t)DAY, FACTS_ROOT_PUBLIC, RULE_COUNT},
        {NOW - DAY, 398 * (int64_t)DAY + 1, FACTS_ROOT_PUBLIC, RULE_CERT_VALIDITY_TOO_LONG},
        {NOW - DAY, 398 * (int64_t)DAY + 1, FACTS_ROOT_LOCAL, RULE_CERT_VALIDITY_LONG},
        {NOW - DAY, 398 * (int64_t)DAY + 1, FACTS_ROOT_UNKNOWN, RULE_CERT_VALIDITY_LONG},
        {1598918399, 4000 * (int64_t)DAY, FACTS_ROOT_PUBLIC, RULE_COUNT},
        {1598918400, 4000 * (int64_t)DAY, FACTS_ROOT_PUBLIC, RULE_CERT_VALIDITY_TOO_LONG},
    };
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_up(&s, "a.test");
        s.certificates[0].not_before = cases[i].not_before;
        s.certificates[0].not_after = cases[i].not_before + cases[i].life;
        s.hop.exchange.tls.root = cases[i].root;
        if (cases[i].root == FACTS_ROOT_LOCAL)
            assert_findings(&s, cases[i].id, RULE_TLS_LOCAL_ROOT, RULE_COUNT);
        else
            assert_findings(&s, cases[i].id, RULE_COUNT);
        done(&s);
    }
}

static void staples_are_held_to_their_promise(void **state)
{
    static const struct {
        facts_staple_problem problem;
        facts_revocation status;
        rule_id id;
    } cases[] = {
        {FACTS_STAPLE_NONE, FACTS_REVOCATION_GOOD, RULE_COUNT},
        {FACTS_STAPLE_NONE, FACTS_REVOCATION_UNKNOWN, RULE_STAPLE_FAULT},
        {FACTS_STAPLE_MALFORMED, FACTS_REVOCATION_UNSTATED, RULE_STAPLE_FAULT},
        {FACTS_STAPLE_UNSUCCESSFUL, FACTS_REVOCATION_UNSTATED, RULE_STAPLE_FAULT},
        {FACTS_STAPLE_OTHER_CERTIFICATE, FACTS_REVOCATION_UNSTATED, RULE_STAPLE_FAULT},
        {FACTS_STAPLE_BAD_SIGNATURE, FACTS_REVOCATION_GOOD, RULE_STAPLE_FAULT},
        {FACTS_STAPLE_NOT_YET_VALID, FACTS_REVOCATION_GOOD, RULE_STAPLE_FAULT},
        {FACTS_STAPLE_EXPIRED, FACTS_REVOCATION_GOOD, RULE_STAPLE_FAULT},
        /* Nobody can tell. */
        {FACTS_STAPLE_UNCHECKED_SIGNATURE, FACTS_REVOCATION_GOOD, RULE_COUNT},
    };
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int must = 0; must < 2; must++) {
            set_up(&s, "a.test");
            s.hop.exchange.tls.staple = &s.staple;
            s.certificates[0].must_staple = must == 1;
            s.staple.problem = cases[i].problem;
            s.staple.status = cases[i].status;
            assert_findings(&s, cases[i].id == RULE_STAPLE_FAULT && must == 1 ? RULE_STAPLE_MISSING : cases[i].id,
                            RULE_COUNT);
            done(&s);
        }
    set_up(&s, "a.test");
    s.certificates[0].must_staple = true;
    assert_findings(&s, RULE_STAPLE_MISSING, RULE_COUNT);
    done(&s);
}

static void a_revocation_is_told_with_its_reason(void **state)
{
    scene s;

    (void)state;
    set_up(&s, "a.test");
    s.site.endpoints[0].count = 0;
    s.staple.status = FACTS_REVOCATION_REVOKED;
    s.staple.reason = FACTS_REASON_KEY_COMPROMISE;
    s.staple.revoked_at = NOW - 2 * DAY;
    s.hop.exchange.tls.staple = &s.staple;
    s.errors[0] = (facts_tls_error){FACTS_TLS_REVOKED, "words", 23, 0, 0};
    s.hop.exchange.tls.error_count = 1;
    assert_findings(&s, RULE_CERT_REVOKED, RULE_COUNT);
    assert_non_null(strstr(s.report.findings.items[0].proof, "reason keyCompromise"));
    assert_int_equal(s.report.verdict.later_visit, FACTS_ACCESS_LOCKED_OUT);
    done(&s);
}

/* It is not a warning that could be bypassed: there is no connection. */
static void what_browsers_refuse_lets_nobody_in(void **state)
{
    static const struct {
        facts_tls_code code;
        rule_id id;
    } cases[] = {{FACTS_TLS_OLD_VERSION, RULE_TLS_VERSION},
                 {FACTS_TLS_NO_COMMON_CIPHER, RULE_TLS_CIPHER},
                 {FACTS_TLS_NO_COMMON_GROUP, RULE_TLS_CIPHER},
                 {FACTS_TLS_NO_COMMON_SIGNATURE, RULE_TLS_CIPHER}};
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_up(&s, "a.test");
        s.site.endpoints[0].count = 0;
        s.errors[0] = (facts_tls_error){cases[i].code, "words", 0, -1, -1};
        s.hop.exchange.tls.error_count = 1;
        assert_findings(&s, cases[i].id, RULE_COUNT);
        assert_int_equal(s.report.verdict.first_visit, FACTS_ACCESS_NONE);
        assert_int_equal(s.report.verdict.later_visit, FACTS_ACCESS_NONE);
        assert_false(s.report.verdict.in_force);
        assert_non_null(strstr(s.report.verdict.summary, "No visitor can connect: browsers refuse the TLS"));
        done(&s);
    }
}

static void other_stores_have_their_say(void **state)
{
    static const facts_tls_error errors[] = {{FACTS_TLS_UNTRUSTED_ROOT, "words", 19, 2, 2},
                                             {FACTS_TLS_EXPIRED, "words", 10, 1, 1}};
    static const facts_store_verdict verdicts[] = {{"phone", NULL, 0}, {"old tv", errors, 2}};
    scene s;

    (void)state;
    set_up(&s, "a.test");
    s.hop.exchange.tls.verdicts = verdicts;
    s.hop.exchange.tls.verdict_count = 2;
    assert_findings(&s, RULE_STORE_REFUSES, RULE_COUNT);
    assert_string_equal(s.report.findings.items[0].proof, "old tv: untrusted-root, expired");
    done(&s);
}

static void names_asked_for_are_to_be_covered(void **state)
{
    static const char *const also[] = {"a.test", "x.B.test", "www.a.test", "b.test"};
    scene s;

    (void)state;
    set_up(&s, "a.test");
    s.site.also_names = also;
    s.site.also_name_count = 4;
    assert_findings(&s, RULE_CERT_NAME_UNCOVERED, RULE_CERT_NAME_UNCOVERED, RULE_COUNT);
    assert_string_equal(s.report.findings.items[0].proof, "www.a.test is not among the names of CN=a.test");
    done(&s);
}

static void a_default_certificate_is_told(void **state)
{
    scene s;

    (void)state;
    for (int same = 0; same < 2; same++)
        for (int wrong = 0; wrong < 2; wrong++) {
            set_up(&s, "a.test");
            s.site.endpoints[0].count = 0;
            s.other = s.certificates[0];
            if (same == 0)
                s.other.fingerprint = "99";
            s.site.default_host.looked = true;
            s.site.default_host.exchange.tls = (facts_tls){.certificates = &s.other, .certificate_count = 1};
            s.errors[0] = (facts_tls_error){FACTS_TLS_NAME_MISMATCH, "words", 62, 0, 0};
            s.hop.exchange.tls.error_count = (size_t)wrong;
            if (wrong == 1 && same == 1)
                assert_findings(&s, RULE_CERT_WRONG_NAME, RULE_CERT_DEFAULT, RULE_COUNT);
            else
                assert_findings(&s, wrong == 1 ? RULE_CERT_WRONG_NAME : RULE_COUNT, RULE_COUNT);
            done(&s);
        }
}

static void addresses_are_held_against_each_other(void **state)
{
    scene s;

    (void)state;
    /* One has missed the renewal. */
    set_up(&s, "a.test");
    s.other = s.certificates[0];
    s.other.fingerprint = "99";
    s.other_errors[0] = (facts_tls_error){FACTS_TLS_EXPIRED, "words", 10, 0, 0};
    s.endpoints[1].exchange.tls.certificates = &s.other;
    s.endpoints[1].exchange.tls.certificate_count = 1;
    s.endpoints[1].exchange.tls.errors = s.other_errors;
    s.endpoints[1].exchange.tls.error_count = 1;
    assert_findings(&s, RULE_ADDRESS_FAULT, RULE_ADDRESS_CERTIFICATE_DIFFERS, RULE_COUNT);
    assert_non_null(strstr(s.report.findings.items[0].proof, "expired"));
    done(&s);
    /* One is down. */
    set_up(&s, "a.test");
    s.failure = facts_failure_make(FACTS_PHASE_CONNECT, FACTS_FAILURE_CONNECTION_REFUSED, NULL);
    s.endpoints[1].exchange = (facts_exchange){.secure = true, .failure = &s.failure};
    assert_findings(&s, RULE_ADDRESS_DOWN, RULE_COUNT);
    assert_non_null(strstr(s.report.findings.items[0].proof, "1 of 2 addresses answer"));
    done(&s);
    /* This machine has no IPv6: that says nothing about the host. */
    set_up(&s, "a.test");
    s.failure = facts_failure_make(FACTS_PHASE_CONNECT, FACTS_FAILURE_NO_ROUTE, NULL);
    s.endpoints[1].exchange = (facts_exchange){.secure = true, .failure = &s.failure};
    assert_findings(&s, RULE_COUNT);
    done(&s);
    /* All have the same error: it is told of the host, not of each. */
    set_up(&s, "a.test");
    s.errors[0] = (facts_tls_error){FACTS_TLS_EXPIRED, "words", 10, 0, 0};
    s.hop.exchange.tls.error_count = 1;
    s.endpoints[0].exchange.tls.error_count = s.endpoints[1].exchange.tls.error_count = 1;
    assert_findings(&s, RULE_CERT_EXPIRED, RULE_COUNT);
    done(&s);
}

static void a_root_of_this_machine_is_told_with_care(void **state)
{
    scene s;

    (void)state;
    set_up(&s, "a.test");
    s.hop.exchange.tls.root = FACTS_ROOT_LOCAL;
    assert_findings(&s, RULE_TLS_LOCAL_ROOT, RULE_COUNT);
    done(&s);
    set_up(&s, "a.test");
    s.hop.exchange.tls.root = FACTS_ROOT_LOCAL;
    s.path[2].subject = "CN=Zscaler Root CA";
    assert_findings(&s, RULE_TLS_INTERCEPTED, RULE_COUNT);
    assert_non_null(strstr(s.report.findings.items[0].proof, "Zscaler"));
    done(&s);
    /* A public authority may be called what it likes. */
    set_up(&s, "a.test");
    s.path[2].subject = "CN=Zscaler Root CA";
    assert_findings(&s, RULE_COUNT);
    done(&s);
}

/* Judges two hosts in one run; true if both are told to be intercepted. */
static bool are_intercepted(const char *a, const char *b, facts_root root, const char *issuer)
{
    static scene s[2];
    facts_site sites[2];
    finding_judgement reports[2];
    bool told = true;

    for (size_t i = 0; i < 2; i++) {
        set_up(&s[i], i == 0 ? a : b);
        s[i].hop.exchange.tls.root = root;
        s[i].site.endpoints[0].count = 0;
        if (i == 1)
            s[i].certificates[0].issuer = issuer;
        rule_judge(&s[i].site, NOW, &s[i].site.arena, &s[i].report);
        sites[i] = s[i].site;
        reports[i] = s[i].report;
    }
    rule_judge_together(sites, reports, 2);
    for (size_t i = 0; i < 2; i++) {
        told &= reports[i].findings.count > 0 && reports[i].findings.items[0].rule == RULE_TLS_INTERCEPTED;
        facts_site_done(&sites[i]);
    }
    return told;
}

static void one_issuer_for_unrelated_hosts(void **state)
{
    (void)state;
    assert_true(are_intercepted("a.test", "b.example", FACTS_ROOT_LOCAL, "CN=I"));
    assert_false(are_intercepted("a.test", "b.example", FACTS_ROOT_PUBLIC, "CN=I"));
    assert_false(are_intercepted("a.test", "b.example", FACTS_ROOT_LOCAL, "CN=J"));
    assert_false(are_intercepted("a.test", "www.a.test", FACTS_ROOT_LOCAL, "CN=I"));
    /* Nobody knows which roots are public. */
    assert_false(are_intercepted("a.test", "b.example", FACTS_ROOT_UNKNOWN, "CN=I"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(health_has_no_findings),
        cmocka_unit_test(places_are_findings),
        cmocka_unit_test(a_gap_is_told),
        cmocka_unit_test(a_long_life_below_a_public_root_is_refused),
        cmocka_unit_test(staples_are_held_to_their_promise),
        cmocka_unit_test(a_revocation_is_told_with_its_reason),
        cmocka_unit_test(what_browsers_refuse_lets_nobody_in),
        cmocka_unit_test(other_stores_have_their_say),
        cmocka_unit_test(names_asked_for_are_to_be_covered),
        cmocka_unit_test(a_default_certificate_is_told),
        cmocka_unit_test(addresses_are_held_against_each_other),
        cmocka_unit_test(a_root_of_this_machine_is_told_with_care),
        cmocka_unit_test(one_issuer_for_unrelated_hosts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
