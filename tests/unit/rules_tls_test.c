/* Chains, staples, addresses, default hosts and interception: from facts, written down as literals, to conclusions. */
#include "agent/verdict.h"
#include "lib/facts_builder.h"
#include "rules/judge.h"

/* A host in best health, with two addresses; each test spoils something. */
typedef struct scene {
    facts_site site;
    facts_exchange *exchange; /* of https://NAME/ */
    facts_certificate *leaf;
    finding_judgement report;
} scene;

static void set_up(scene *s, const char *name)
{
    memset(s, 0, sizeof *s);
    build_site(&s->site, name, YEAR);
    s->exchange = &build_first(&s->site, FACTS_HTTPS)->exchange;
    s->leaf = build_certificate(s->exchange, 0);
}

/* What the host shows at each of its two addresses is what the way in saw, so far. */
static facts_endpoint *add_addresses(scene *s)
{
    build_endpoint(&s->site, "192.0.2.1");
    return build_endpoint(&s->site, "2001:db8::1");
}

/* The ids of all findings are exactly those given; the list ends with RULE_COUNT. Frees the scene. */
static void assert_findings(scene *s, rule_id first, ...)
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
    build_staple(&s.site, s.exchange);
    s.leaf->must_staple = true;
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
        build_sent(s.exchange, "CN=X", "CN=R")->place = cases[i].place;
        assert_findings(&s, cases[i].id, RULE_COUNT);
        if (cases[i].id != RULE_COUNT)
            assert_string_equal(s.report.findings.items[0].proof, "of 3 that are sent: number 3, CN=X");
        done(&s);
    }
    set_up(&s, "a.test");
    build_sent(s.exchange, "CN=X", "CN=R")->place = FACTS_PLACE_OUT_OF_ORDER;
    build_certificate(s.exchange, 1)->place = FACTS_PLACE_OUT_OF_ORDER;
    assert_findings(&s, RULE_CHAIN_ORDER, RULE_COUNT);
    assert_string_equal(s.report.findings.items[0].proof, "of 3 that are sent: number 2, CN=I; number 3, CN=X");
    done(&s);
}

static void assert_certificate(const scene *s, size_t i, int sent, const char *subject)
{
    const finding_place *place = &s->report.findings.items[i].place;

    assert_int_equal(place->kind, FINDING_AT_CERTIFICATE);
    assert_string_equal(place->url, "https://a.test/");
    assert_int_equal(place->sent, sent);
    if (subject == NULL)
        assert_null(place->subject);
    else
        assert_string_equal(place->subject, subject);
}

/* The place of a finding is the certificate that it is about. */
static void findings_are_at_their_certificates(void **state)
{
    scene s;

    (void)state;
    set_up(&s, "a.test");
    build_error(s.exchange, FACTS_TLS_EXPIRED, 0, 0);
    build_error(s.exchange, FACTS_TLS_EXPIRED, 1, 1);
    build_error(s.exchange, FACTS_TLS_EXPIRED, 2, -1);
    build_sent(s.exchange, "CN=X", "CN=R")->place = FACTS_PLACE_UNRELATED;
    build_link(s.exchange, 1)->sent = -1;
    assert_findings(&s, RULE_CERT_EXPIRED, RULE_CERT_CHAIN_EXPIRED, RULE_CERT_CHAIN_EXPIRED, RULE_CHAIN_UNRELATED,
                    RULE_CHAIN_INCOMPLETE, RULE_COUNT);
    assert_certificate(&s, 0, 0, "CN=a.test");
    assert_certificate(&s, 1, 1, "CN=I");
    assert_certificate(&s, 2, -1, NULL);
    assert_certificate(&s, 3, 2, "CN=X");
    assert_certificate(&s, 4, -1, "CN=I");
    done(&s);
}

static void a_gap_is_told(void **state)
{
    scene s;

    (void)state;
    set_up(&s, "a.test");
    build_link(s.exchange, 1)->sent = -1;
    assert_findings(&s, RULE_CHAIN_INCOMPLETE, RULE_COUNT);
    done(&s);
    /* What is trusted by itself need not be sent. */
    set_up(&s, "a.test");
    build_link(s.exchange, 1)->sent = -1;
    s.exchange->tls.path_count = 2;
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
        s.leaf->not_before = cases[i].not_before;
        s.leaf->not_after = cases[i].not_before + cases[i].life;
        s.exchange->tls.root = cases[i].root;
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
    facts_staple *staple;
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int must = 0; must < 2; must++) {
            set_up(&s, "a.test");
            staple = build_staple(&s.site, s.exchange);
            s.leaf->must_staple = must == 1;
            staple->problem = cases[i].problem;
            staple->status = cases[i].status;
            assert_findings(&s, cases[i].id == RULE_STAPLE_FAULT && must == 1 ? RULE_STAPLE_MISSING : cases[i].id,
                            RULE_COUNT);
            done(&s);
        }
    set_up(&s, "a.test");
    s.leaf->must_staple = true;
    assert_findings(&s, RULE_STAPLE_MISSING, RULE_COUNT);
    done(&s);
}

static void a_revocation_is_told_with_its_reason(void **state)
{
    facts_staple *staple;
    scene s;

    (void)state;
    set_up(&s, "a.test");
    staple = build_staple(&s.site, s.exchange);
    staple->status = FACTS_REVOCATION_REVOKED;
    staple->reason = FACTS_REASON_KEY_COMPROMISE;
    staple->revoked_at = NOW - 2 * DAY;
    build_error(s.exchange, FACTS_TLS_REVOKED, 0, 0);
    assert_findings(&s, RULE_CERT_REVOKED, RULE_COUNT);
    assert_non_null(strstr(s.report.findings.items[0].proof, "reason keyCompromise"));
    assert_int_equal(s.site.verdict.later_visit, FACTS_ACCESS_LOCKED_OUT);
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
        build_error(s.exchange, cases[i].code, -1, -1);
        assert_findings(&s, cases[i].id, RULE_COUNT);
        assert_int_equal(s.site.verdict.first_visit, FACTS_ACCESS_NONE);
        assert_int_equal(s.site.verdict.later_visit, FACTS_ACCESS_NONE);
        assert_false(s.site.verdict.in_force);
        assert_non_null(strstr(s.report.summary, "No visitor can connect: browsers refuse the TLS"));
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
    s.exchange->tls.verdicts = verdicts;
    s.exchange->tls.verdict_count = 2;
    assert_findings(&s, RULE_STORE_REFUSES, RULE_COUNT);
    assert_string_equal(s.report.findings.items[0].proof, "old tv: untrusted-root, expired");
    done(&s);
}

static void names_asked_for_are_to_be_covered(void **state)
{
    static const char *const names[] = {"a.test", "*.b.test"};
    static const char *const also[] = {"a.test", "x.B.test", "www.a.test", "b.test"};
    scene s;

    (void)state;
    set_up(&s, "a.test");
    s.leaf->names = names;
    s.leaf->name_count = 2;
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
            s.site.default_host.looked = true;
            build_chain(&s.site, &s.site.default_host.exchange.tls, "a.test");
            if (same == 0)
                build_certificate(&s.site.default_host.exchange, 0)->fingerprint = "99";
            if (wrong == 1)
                build_error(s.exchange, FACTS_TLS_NAME_MISMATCH, 0, 0);
            if (wrong == 1 && same == 1)
                assert_findings(&s, RULE_CERT_WRONG_NAME, RULE_CERT_DEFAULT, RULE_COUNT);
            else
                assert_findings(&s, wrong == 1 ? RULE_CERT_WRONG_NAME : RULE_COUNT, RULE_COUNT);
            done(&s);
        }
}

static void addresses_are_held_against_each_other(void **state)
{
    facts_endpoint *second;
    scene s;

    (void)state;
    /* One has missed the renewal. */
    set_up(&s, "a.test");
    second = add_addresses(&s);
    build_chain(&s.site, &second->exchange.tls, "a.test");
    build_certificate(&second->exchange, 0)->fingerprint = "99";
    build_error(&second->exchange, FACTS_TLS_EXPIRED, 0, 0);
    assert_findings(&s, RULE_ADDRESS_FAULT, RULE_ADDRESS_CERTIFICATE_DIFFERS, RULE_COUNT);
    assert_non_null(strstr(s.report.findings.items[0].proof, "expired"));
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(s.report.findings.items[i].place.kind, FINDING_AT_ADDRESS);
        assert_string_equal(s.report.findings.items[i].place.address, "2001:db8::1");
        assert_int_equal(s.report.findings.items[i].place.port, 443);
    }
    done(&s);
    /* One is down. */
    set_up(&s, "a.test");
    build_failure(&s.site, &add_addresses(&s)->exchange, FACTS_PHASE_CONNECT, FACTS_FAILURE_CONNECTION_REFUSED);
    assert_findings(&s, RULE_ADDRESS_DOWN, RULE_COUNT);
    assert_non_null(strstr(s.report.findings.items[0].proof, "1 of 2 addresses answer"));
    done(&s);
    /* This machine has no IPv6: that says nothing about the host. */
    set_up(&s, "a.test");
    build_failure(&s.site, &add_addresses(&s)->exchange, FACTS_PHASE_CONNECT, FACTS_FAILURE_NO_ROUTE);
    assert_findings(&s, RULE_COUNT);
    done(&s);
    /* All have the same error: it is told of the host, not of each. */
    set_up(&s, "a.test");
    build_error(s.exchange, FACTS_TLS_EXPIRED, 0, 0);
    add_addresses(&s);
    assert_findings(&s, RULE_CERT_EXPIRED, RULE_COUNT);
    done(&s);
}

static void a_root_of_this_machine_is_told_with_care(void **state)
{
    scene s;

    (void)state;
    set_up(&s, "a.test");
    s.exchange->tls.root = FACTS_ROOT_LOCAL;
    assert_findings(&s, RULE_TLS_LOCAL_ROOT, RULE_COUNT);
    done(&s);
    set_up(&s, "a.test");
    s.exchange->tls.root = FACTS_ROOT_LOCAL;
    build_link(s.exchange, 2)->subject = "CN=Zscaler Root CA";
    assert_findings(&s, RULE_TLS_INTERCEPTED, RULE_COUNT);
    assert_non_null(strstr(s.report.findings.items[0].proof, "Zscaler"));
    done(&s);
    /* A public authority may be called what it likes. */
    set_up(&s, "a.test");
    build_link(s.exchange, 2)->subject = "CN=Zscaler Root CA";
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
        s[i].exchange->tls.root = root;
        if (i == 1)
            s[i].leaf->issuer = issuer;
        /* From here on the copy alone takes from the arena, and gives it back. */
        sites[i] = s[i].site;
        agent_judge_seen(&(agent_judging){.now = NOW}, &sites[i]);
        rule_judge(&sites[i], NOW, &sites[i].arena, &reports[i]);
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
        cmocka_unit_test(findings_are_at_their_certificates),
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
