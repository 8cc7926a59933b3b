/* Chains, staples, addresses, default hosts and interception: from facts, written down as literals, to conclusions. */
#include "agent/verdict.h"
#include "browsers/causes.h"
#include "lib/explained.h"
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
    leave_out_explanations(&s->report.findings);
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

static void assert_summary(const scene *s, const char *text)
{
    if (strstr(s->report.summary, text) == NULL)
        fail_msg("no '%s' in: %s", text, s->report.summary);
}

/* What is not served to who has no certificate is not missing. */
static void a_demand_for_a_client_certificate_is_a_warning(void **state)
{
    static const int statuses[] = {400, 403, 495, 496};
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        set_up(&s, "a.test");
        build_response(build_first(&s.site, FACTS_HTTPS))->status = statuses[i];
        build_response(build_first(&s.site, FACTS_HTTPS))->count = 0;
        s.exchange->tls.asks_certificate = true;
        assert_findings(&s, RULE_CLIENT_CERTIFICATE, RULE_COUNT);
        assert_false(s.site.verdict.complete);
        assert_summary(&s, "Only visitors with a client certificate get in");
        done(&s);
    }
    for (facts_phase phase = FACTS_PHASE_TLS; phase <= FACTS_PHASE_RESPONSE; phase++) {
        set_up(&s, "a.test");
        build_failure(&s.site, s.exchange, phase, FACTS_FAILURE_CLIENT_CERTIFICATE);
        assert_findings(&s, RULE_CLIENT_CERTIFICATE, RULE_COUNT);
        assert_false(s.site.verdict.complete);
        assert_summary(&s, "Only visitors with a client certificate get in");
        done(&s);
    }
    set_up(&s, "a.test");
    s.exchange->tls.asks_certificate = true;
    assert_findings(&s, RULE_CLIENT_CERTIFICATE_OPTIONAL, RULE_COUNT);
    assert_true(s.site.verdict.complete);
    assert_summary(&s, "HSTS is in force");
    done(&s);
}

/* What browsers did not see of a server with two keys. near: cert-other-key */
static void the_certificate_with_the_other_key_is_judged(void **state)
{
    scene s;

    (void)state;
    for (int fault = 0; fault < 3; fault++) {
        facts_exchange *other;

        set_up(&s, "a.test");
        s.site.key_certificates.looked = true;
        s.site.key_certificates.exchanges[FACTS_KEY_ECDSA] = *s.exchange;
        other = &s.site.key_certificates.exchanges[FACTS_KEY_RSA];
        *other = *s.exchange;
        build_chain(&s.site, &other->tls, "a.test");
        build_certificate(other, 0)->fingerprint = "another";
        if (fault == 1)
            build_error(other, FACTS_TLS_EXPIRED, 0, 0);
        if (fault == 2)
            build_certificate(other, 0)->not_after = NOW + DAY;
        assert_findings(&s, fault > 0 ? RULE_CERT_OTHER_KEY : RULE_COUNT, RULE_COUNT);
        done(&s);
    }
}

static void places_are_findings(void **state)
{
    static const struct {
        facts_place place;
        rule_id id;
    } cases[] = {{FACTS_PLACE_OUT_OF_ORDER, RULE_CHAIN_ORDER},
                 {FACTS_PLACE_DUPLICATE, RULE_CHAIN_DUPLICATE},
                 {FACTS_PLACE_UNRELATED, RULE_CHAIN_UNRELATED},
                 {FACTS_PLACE_ROOT, RULE_CHAIN_ROOT_SENT},
                 {FACTS_PLACE_OTHER_KEY, RULE_CHAIN_OTHER_KEY},
                 {FACTS_PLACE_ALTERNATIVE, RULE_COUNT},
                 {FACTS_PLACE_UNKNOWN, RULE_COUNT}};
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

/* Another issuer of the name is told from a damaged certificate, where key identifiers can tell them apart. */
static void a_namesake_is_told(void **state)
{
    static const struct {
        const char *asked, *own;
        rule_id id;
    } cases[] = {{"aa", "bb", RULE_CERT_WRONG_ISSUER},
                 {"aa", "aa", RULE_CERT_ERROR},
                 {NULL, "bb", RULE_CERT_WRONG_ISSUER},
                 {NULL, NULL, RULE_CERT_WRONG_ISSUER}};
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_up(&s, "a.test");
        build_error(s.exchange, FACTS_TLS_BAD_SIGNATURE, 0, 0);
        s.leaf->authority_key = cases[i].asked;
        build_link(s.exchange, 1)->subject_key = cases[i].own;
        build_certificate(s.exchange, 1)->place = FACTS_PLACE_OTHER_KEY; /* it is on the path: one finding is enough */
        assert_findings(&s, cases[i].id, RULE_COUNT);
        if (i == 0)
            assert_string_equal(s.report.findings.items[0].proof,
                                "CN=a.test was signed by a key aa of CN=I; the certificate of that name that is sent "
                                "has another key bb");
        done(&s);
    }
    set_up(&s, "a.test");
    build_error(s.exchange, FACTS_TLS_BAD_SIGNATURE, 2, -1); /* of the last one of the path: there is no issuer */
    assert_findings(&s, RULE_CERT_ERROR, RULE_COUNT);
    done(&s);
}

/* What one browser alone finds no path for stops its users alone. */
static void limits_stop_one_browser(void **state)
{
    static const struct {
        facts_path_limit limit;
        rule_id id;
        facts_engine stopped, passes;
    } cases[] = {{FACTS_PATH_LIMIT_FIREFOX, RULE_CERT_PATH_LENGTH, FACTS_ENGINE_FIREFOX, FACTS_ENGINE_CHROMIUM},
                 {FACTS_PATH_LIMIT_CHROMIUM, RULE_CERT_PATH_SEARCH, FACTS_ENGINE_CHROMIUM, FACTS_ENGINE_FIREFOX}};
    facts_page page;
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_up(&s, "a.test");
        s.exchange->tls.path_limit = cases[i].limit;
        assert_findings(&s, cases[i].id, RULE_COUNT);
        assert_int_equal(s.site.verdict.first_visit, FACTS_ACCESS_WARNED);
        assert_int_equal(s.site.verdict.later_visit, FACTS_ACCESS_LOCKED_OUT);
        assert_true(browsers_page_of_tls(&s.exchange->tls, cases[i].stopped, &page));
        assert_true(page.bypass);
        assert_false(browsers_page_of_tls(&s.exchange->tls, cases[i].passes, &page));
        done(&s);
    }
}

static void other_paths_are_told(void **state)
{
    static const facts_link links[] = {{"CN=a.test", "00", 0, 0, false, NULL}, {"CN=X", "22", 0, 1, false, NULL}};
    static const facts_tls_error errors[] = {{FACTS_TLS_EXPIRED, "", 10, 1, 1},
                                             {FACTS_TLS_ISSUER_MISSING, "", 20, 1, 1}};
    static const facts_path paths[] = {{links, 2, errors, 2}, {links, 1, errors, 1}};
    scene s;

    (void)state;
    set_up(&s, "a.test");
    s.exchange->tls.other_paths = paths;
    s.exchange->tls.other_path_count = 2;
    assert_findings(&s, RULE_CHAIN_OTHER_PATHS, RULE_COUNT);
    assert_string_equal(s.report.findings.items[0].proof,
                        "CN=a.test, issued by CN=X: expired (CN=X), issuer-missing (CN=X); CN=a.test: expired");
    assert_int_equal(s.site.verdict.first_visit, FACTS_ACCESS_OPEN);
    done(&s);
    /* The path that is good is not among them. */
    set_up(&s, "a.test");
    assert_true(s.exchange->tls.path_count > 0);
    assert_findings(&s, RULE_COUNT);
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

/* near: store-refuses: one of two */
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

/* near: cert-name-uncovered: two of four */
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

/* A host whose port 80 redirects to HTTPS, with two addresses; the second is the one to be spoilt. */
static facts_endpoint *add_clear_addresses(scene *s)
{
    set_up(s, "a.test");
    s->site.http_port = 80;
    build_hop(&s->site, FACTS_HTTP, "http://a.test/", 301);
    build_sts(build_hop(&s->site, FACTS_HTTP, "https://a.test/", 200), YEAR);
    add_addresses(s);
    build_endpoint_of(&s->site, FACTS_HTTP, "192.0.2.1");
    return build_endpoint_of(&s->site, FACTS_HTTP, "2001:db8::1");
}

static void expect_clear_proof(scene *s, const char *met)
{
    char proof[256];

    snprintf(proof, sizeof proof,
             "visitors that reach 2001:db8::1 over http://a.test/ %s; those that reach 192.0.2.1 are redirected to "
             "https://a.test/",
             met);
    assert_findings(s, RULE_ADDRESS_HTTP_DIFFERS, RULE_COUNT);
    assert_string_equal(s->report.findings.items[0].proof, proof);
    assert_int_equal(s->report.findings.items[0].severity, HF_SEVERITY_WARNING);
    assert_string_equal(s->report.findings.items[0].place.address, "2001:db8::1");
    assert_int_equal(s->report.findings.items[0].place.port, 80);
    done(s);
}

static void addresses_differ_over_plain_http(void **state)
{
    static const facts_response page = {.status = 200};
    facts_endpoint *second;
    scene s;

    (void)state;
    second = add_clear_addresses(&s);
    second->to = NULL;
    second->exchange.response = &page;
    expect_clear_proof(&s, "get an answer without a redirect (status 200)");
    second = add_clear_addresses(&s);
    second->to = "http://b.test/";
    expect_clear_proof(&s, "are redirected to http://b.test/");
    second = add_clear_addresses(&s);
    second->to = "https://a.test:8443/";
    expect_clear_proof(&s, "are redirected to https://a.test:8443/");
    second = add_clear_addresses(&s);
    second->to = NULL;
    build_failure(&s.site, &second->exchange, FACTS_PHASE_CONNECT, FACTS_FAILURE_CONNECTION_REFUSED);
    expect_clear_proof(
        &s, base_arena_format(&s.site.arena, "get no answer (%s)", facts_code_text(FACTS_FAILURE_CONNECTION_REFUSED)));
}

/* Nothing is said where addresses agree, or where this machine or this check may be the reason that they do not.
 * near: address-http-differs */
static void addresses_agree_over_plain_http(void **state)
{
    static const facts_response limited = {.status = 429}, page = {.status = 200};
    facts_endpoint *second;
    scene s;

    (void)state;
    add_clear_addresses(&s)->to = "https://a.test/?session=2";
    assert_findings(&s, RULE_COUNT);
    done(&s);
    second = add_clear_addresses(&s);
    second->to = NULL;
    second->exchange.response = &limited;
    assert_findings(&s, RULE_COUNT);
    done(&s);
    second = add_clear_addresses(&s);
    build_failure(&s.site, &second->exchange, FACTS_PHASE_CONNECT, FACTS_FAILURE_NO_ROUTE);
    second->to = NULL;
    assert_findings(&s, RULE_COUNT);
    done(&s);
    /* That the whole address is down is one finding. */
    second = add_clear_addresses(&s);
    second->to = NULL;
    build_failure(&s.site, &second->exchange, FACTS_PHASE_CONNECT, FACTS_FAILURE_CONNECTION_REFUSED);
    build_failure(&s.site, &s.site.endpoints[FACTS_HTTPS].items[1].exchange, FACTS_PHASE_CONNECT,
                  FACTS_FAILURE_CONNECTION_REFUSED);
    assert_findings(&s, RULE_ADDRESS_DOWN, RULE_COUNT);
    done(&s);
    /* No address redirects: that is a finding of the host. */
    set_up(&s, "a.test");
    s.site.http_port = 80;
    build_hop(&s.site, FACTS_HTTP, "http://a.test/", 200);
    build_endpoint_of(&s.site, FACTS_HTTP, "192.0.2.1");
    build_endpoint_of(&s.site, FACTS_HTTP, "2001:db8::1")->exchange.response = &page;
    assert_findings(&s, RULE_HTTP_NO_REDIRECT, RULE_COUNT);
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
        cmocka_unit_test(a_demand_for_a_client_certificate_is_a_warning),
        cmocka_unit_test(the_certificate_with_the_other_key_is_judged),
        cmocka_unit_test(places_are_findings),
        cmocka_unit_test(a_namesake_is_told),
        cmocka_unit_test(limits_stop_one_browser),
        cmocka_unit_test(other_paths_are_told),
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
        cmocka_unit_test(addresses_differ_over_plain_http),
        cmocka_unit_test(addresses_agree_over_plain_http),
        cmocka_unit_test(a_root_of_this_machine_is_told_with_care),
        cmocka_unit_test(one_issuer_for_unrelated_hosts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
