/* Whom a policy stops, now and later, and for how long. */
#include "agent/verdict.h"
#include "lib/facts_builder.h"
#include "rules/judge.h"

typedef struct scene {
    facts_site site;
    facts_hop *first;
    facts_certificate *leaf;
    finding_judgement report;
} scene;

static void set_up(scene *s, const char *sts)
{
    memset(s, 0, sizeof *s);
    build_site(&s->site, "a.test", sts);
    s->first = build_first(&s->site, FACTS_HTTPS);
    s->leaf = build_certificate(&s->first->exchange, 0);
}

/* The certificate lives for `life` days, and ends in `left`. */
static void end_in(scene *s, int64_t life, int64_t left)
{
    s->leaf->not_after = NOW + left * DAY;
    s->leaf->not_before = s->leaf->not_after - life * DAY;
    build_link(&s->first->exchange, 0)->not_after = s->leaf->not_after;
}

static const finding *judge(scene *s, rule_id id)
{
    agent_judge_seen(&(agent_judging){.now = NOW}, &s->site);
    rule_judge(&s->site, NOW, &s->site.arena, &s->report);
    for (size_t i = 0; i < s->report.findings.count; i++)
        if (s->report.findings.items[i].rule == id)
            return &s->report.findings.items[i];
    return NULL;
}

static void assert_proof(const finding *found, const char *part)
{
    const char *proof = found != NULL ? found->proof : NULL;

    if (proof == NULL || strstr(proof, part) == NULL)
        fail_msg("'%s' is not in '%s'", part, proof != NULL ? proof : "");
}

static void assert_none(scene *s, rule_id id)
{
    assert_null(judge(s, id));
    facts_site_done(&s->site);
}

static void who_is_blocked_and_by_which_code(void **state)
{
    const finding *found;
    scene s;

    (void)state;
    set_up(&s, YEAR);
    build_error(&s.first->exchange, FACTS_TLS_EXPIRED, 0, 0);
    found = judge(&s, RULE_LOCKOUT_NOW);
    assert_proof(found, "returning visitors are blocked: ");
    assert_proof(found, "error codes: Chrome NET::ERR_CERT_DATE_INVALID, Firefox SEC_ERROR_EXPIRED_CERTIFICATE");
    assert_string_equal(s.site.verdict.entrances[FACTS_HTTPS].endings[FACTS_RETURNING][FACTS_ENGINE_FIREFOX].code,
                        "SEC_ERROR_EXPIRED_CERTIFICATE");
    assert_true(s.site.verdict.lockout_from == HF_TIME_UNKNOWN);
    facts_site_done(&s.site);
    /* Nobody holds a policy that the host never sends; who gets in is not stopped. */
    set_up(&s, NULL);
    build_error(&s.first->exchange, FACTS_TLS_EXPIRED, 0, 0);
    assert_none(&s, RULE_LOCKOUT_NOW);
    set_up(&s, "max-age=0");
    build_error(&s.first->exchange, FACTS_TLS_EXPIRED, 0, 0);
    assert_none(&s, RULE_LOCKOUT_NOW);
    set_up(&s, YEAR);
    assert_none(&s, RULE_LOCKOUT_NOW);
}

/* The host sends nothing today, but the history says that it did. */
static void a_history_tells_of_holders(void **state)
{
    scene s;

    (void)state;
    set_up(&s, NULL);
    build_error(&s.first->exchange, FACTS_TLS_EXPIRED, 0, 0);
    s.site.horizon.gap = FACTS_HORIZON_NONE;
    s.site.horizon.holds[FACTS_ENGINE_ANY] = (facts_hold){.held = true, .until = NOW + DAY, .by = "a.test"};
    assert_non_null(judge(&s, RULE_LOCKOUT_NOW));
    facts_site_done(&s.site);
}

static void one_browser_stops_alone(void **state)
{
    const finding *found;
    scene s;

    (void)state;
    set_up(&s, YEAR);
    s.first->exchange.tls.path_limit = FACTS_PATH_LIMIT_FIREFOX;
    found = judge(&s, RULE_LOCKOUT_NOW);
    assert_proof(found, "Firefox SEC_ERROR_UNKNOWN_ISSUER");
    assert_proof(found, "those who use Chrome");
    facts_site_done(&s.site);
}

static void some_addresses_stop_visitors(void **state)
{
    facts_endpoint *bad;
    scene s;

    (void)state;
    set_up(&s, YEAR);
    build_endpoint(&s.site, "192.0.2.1");
    bad = build_endpoint(&s.site, "2001:db8::1");
    build_chain(&s.site, &bad->exchange.tls, "a.test");
    build_error(&bad->exchange, FACTS_TLS_EXPIRED, 0, 0);
    assert_proof(judge(&s, RULE_LOCKOUT_NOW), "returning visitors that reach 2001:db8::1 are blocked: ");
    facts_site_done(&s.site);
}

static void the_end_of_the_certificate_is_foreseen(void **state)
{
    const finding *found;
    scene s;

    (void)state;
    set_up(&s, "max-age=63072000");
    end_in(&s, 90, 10);
    found = judge(&s, RULE_LOCKOUT_AHEAD);
    assert_int_equal(s.site.verdict.lockout_from, NOW + 10 * DAY);
    assert_proof(found, "if nothing changes, returning visitors will be locked out from 2026-11-28T");
    assert_proof(found, "some of them until 2027-11-28T");
    assert_proof(found, "in Chrome, 2028-11-27T");
    assert_proof(found, "Firefox SEC_ERROR_EXPIRED_CERTIFICATE");
    assert_int_equal(found->place.kind, FINDING_AT_CERTIFICATE);
    assert_int_equal(found->place.sent, 0);
    facts_site_done(&s.site);
    /* It is not late yet; nobody holds a policy. */
    set_up(&s, YEAR);
    end_in(&s, 90, 20);
    assert_none(&s, RULE_LOCKOUT_AHEAD);
    assert_int_equal(s.site.verdict.lockout_from, NOW + 20 * DAY);
    set_up(&s, NULL);
    end_in(&s, 90, 10);
    assert_none(&s, RULE_LOCKOUT_AHEAD);
    assert_true(s.site.verdict.lockout_from == HF_TIME_UNKNOWN);
}

/* An issuer may end first: what counts is the life of the server's certificate, whose renewal brings another issuer. */
static void an_issuer_ends_first(void **state)
{
    const finding *found;
    scene s;

    (void)state;
    set_up(&s, YEAR);
    build_link(&s.first->exchange, 1)->not_after = NOW + 5 * DAY;
    found = judge(&s, RULE_LOCKOUT_AHEAD);
    assert_proof(found, build_link(&s.first->exchange, 1)->subject);
    assert_proof(found, "Firefox SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE");
    facts_site_done(&s.site);
    set_up(&s, YEAR);
    build_link(&s.first->exchange, 1)->not_after = NOW + 30 * DAY;
    assert_none(&s, RULE_LOCKOUT_AHEAD);
}

static void a_preloaded_host_stops_first_visitors_too(void **state)
{
    scene s;

    (void)state;
    set_up(&s, YEAR);
    end_in(&s, 90, 10);
    s.site.listings[0] = (facts_listing){
        .engine = FACTS_ENGINE_FIREFOX, .browsers = "Firefox", .readable = true, .matched = "a.test", .age = "new"};
    s.site.listing_count = 1;
    assert_proof(judge(&s, RULE_LOCKOUT_AHEAD), "(and first visitors in Firefox: it is preloaded)");
    facts_site_done(&s.site);
}

static void one_threshold_for_all(void **state)
{
    static const struct {
        facts_warn_before before;
        int64_t life, left;
        bool late;
    } cases[] = {{{.seconds = 30 * DAY}, 90, 29, true}, {{.seconds = 30 * DAY}, 90, 31, false},
                 {{.percent = 33}, 90, 29, true},       {{.percent = 33}, 90, 30, false},
                 {{.percent = 33}, 6, 1, true},         {{.percent = 33}, 6, 2, false},
                 {{.percent = 33}, 398, 131, true},     {{.seconds = 7 * DAY}, 90, 10, false},
                 {{.seconds = 7 * DAY}, 6, 5, true}};
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_up(&s, YEAR);
        end_in(&s, cases[i].life, cases[i].left);
        s.site.warn_before = cases[i].before;
        assert_int_equal(judge(&s, RULE_LOCKOUT_AHEAD) != NULL, cases[i].late);
        assert_int_equal(judge(&s, RULE_CERT_EXPIRES_SOON) != NULL, cases[i].late);
        facts_site_done(&s.site);
    }
}

static void the_horizon_is_later_than_the_policy(void **state)
{
    const finding *found;
    scene s;

    (void)state;
    set_up(&s, "max-age=300");
    s.site.horizon.gap = FACTS_HORIZON_NONE;
    for (facts_engine engine = 0; engine < FACTS_ENGINES; engine++)
        s.site.horizon.holds[engine] = (facts_hold){.held = true, .until = NOW + 200 * DAY, .by = "a.test"};
    found = judge(&s, RULE_LOCKOUT_HORIZON);
    assert_proof(found, "by the history, visitors can hold a policy of a.test until 2027-06-06T");
    assert_proof(found, ", in Firefox until 2027-06-06T");
    facts_site_done(&s.site);
    /* The policy of today lasts as long. */
    set_up(&s, YEAR);
    s.site.horizon.gap = FACTS_HORIZON_NONE;
    for (facts_engine engine = 0; engine < FACTS_ENGINES; engine++)
        s.site.horizon.holds[engine] = (facts_hold){.held = true, .until = NOW + 365 * DAY, .by = "a.test"};
    assert_none(&s, RULE_LOCKOUT_HORIZON);
    set_up(&s, "max-age=300");
    assert_none(&s, RULE_LOCKOUT_HORIZON);
}

static void list_it(scene *s, facts_engine engine, const char *matched)
{
    s->site.listings[0] =
        (facts_listing){.engine = engine, .browsers = "B", .readable = true, .matched = matched, .age = "12 days old"};
    s->site.listing_count = 1;
}

static void a_list_has_a_floor(void **state)
{
    static const struct {
        facts_engine engine;
        const char *sts, *proof; /* NULL: long enough */
    } cases[] = {
        {FACTS_ENGINE_FIREFOX, "max-age=10886399", "max-age=10886399; Firefox's list drops hosts"},
        {FACTS_ENGINE_FIREFOX, "max-age=10886400", NULL},
        {FACTS_ENGINE_FIREFOX, "max-age=0", "max-age=0; Firefox's list"},
        {FACTS_ENGINE_CHROMIUM, "max-age=300", "Chromium's list removes hosts"},
        {FACTS_ENGINE_CHROMIUM, "max-age=10886400", "the form of Chromium's list asks for 31536000"},
        {FACTS_ENGINE_CHROMIUM, "max-age=31536000", NULL},
        {FACTS_ENGINE_SAFARI, "max-age=300", NULL},
    };
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const finding *found;

        set_up(&s, cases[i].sts);
        list_it(&s, cases[i].engine, s.site.host.name);
        found = judge(&s, RULE_HSTS_SHORT_ON_PRELOADED);
        assert_int_equal(found != NULL, cases[i].proof != NULL);
        if (found != NULL && cases[i].proof != NULL)
            assert_proof(found, cases[i].proof);
        facts_site_done(&s.site);
    }
    /* What covers it is the entry of a parent, or nothing. */
    set_up(&s, "max-age=300");
    list_it(&s, FACTS_ENGINE_FIREFOX, "test");
    assert_none(&s, RULE_HSTS_SHORT_ON_PRELOADED);
    set_up(&s, "max-age=300");
    list_it(&s, FACTS_ENGINE_FIREFOX, NULL);
    assert_none(&s, RULE_HSTS_SHORT_ON_PRELOADED);
}

static void a_redirect_keeps_the_port(void **state)
{
    static const struct {
        const char *from, *to;
        bool wrong;
    } cases[] = {{"http://a.test/", "https://a.test/", false},
                 {"http://a.test/", "https://a.test:8443/", true},
                 {"http://a.test:8080/", "https://a.test:8080/", false},
                 {"http://a.test:8080/", "https://a.test/", true}};
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_up(&s, YEAR);
        build_hop(&s.site, FACTS_HTTP, cases[i].from, 301);
        build_sts(build_hop(&s.site, FACTS_HTTP, cases[i].to, 200), YEAR);
        assert_int_equal(judge(&s, RULE_HTTP_REDIRECT_PORT) != NULL, cases[i].wrong);
        facts_site_done(&s.site);
    }
    /* Without a policy the redirect is all there is. */
    set_up(&s, NULL);
    build_hop(&s.site, FACTS_HTTP, "http://a.test/", 301);
    build_hop(&s.site, FACTS_HTTP, "https://a.test:8443/", 200);
    assert_none(&s, RULE_HTTP_REDIRECT_PORT);
}

static void what_warn_before_takes(void **state)
{
    static const char *const good[] = {"14d", "33%", "1%", "99%", "36h"};
    static const char *const bad[] = {"",  "%",  "0%",   "100%", "-1%",   "+1%", "33.3%",
                                      "0", "0d", "soon", "33 %", "1000%", "33",  "1209600"};
    facts_warn_before before;
    base_error error;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(facts_warn_before_read(good[i], &before, &error));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(facts_warn_before_read(bad[i], &before, &error));
    assert_true(facts_warn_before_read("33%", &before, &error));
    assert_int_equal(before.percent, 33);
    assert_true(facts_warn_before_read("14d", &before, &error));
    assert_int_equal(before.seconds, 14 * DAY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_blocked_and_by_which_code),
        cmocka_unit_test(a_history_tells_of_holders),
        cmocka_unit_test(one_browser_stops_alone),
        cmocka_unit_test(some_addresses_stop_visitors),
        cmocka_unit_test(the_end_of_the_certificate_is_foreseen),
        cmocka_unit_test(an_issuer_ends_first),
        cmocka_unit_test(a_preloaded_host_stops_first_visitors_too),
        cmocka_unit_test(one_threshold_for_all),
        cmocka_unit_test(the_horizon_is_later_than_the_policy),
        cmocka_unit_test(a_list_has_a_floor),
        cmocka_unit_test(a_redirect_keeps_the_port),
        cmocka_unit_test(what_warn_before_takes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
