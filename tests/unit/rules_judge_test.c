/* From facts, written down as literals, to conclusions: no network. */
#include "agent/verdict.h"
#include "lib/explained.h"
#include "lib/facts_builder.h"
#include "rules/judge.h"

/* A host in best health; each test spoils something. */
typedef struct scene {
    facts_site site;
    facts_hop *first;        /* of https://a.test/ */
    facts_certificate *leaf; /* its own */
    finding_judgement report;
} scene;

static void set_up(scene *s, const char *sts)
{
    memset(s, 0, sizeof *s);
    build_site(&s->site, "a.test", sts);
    s->first = build_first(&s->site, FACTS_HTTPS);
    s->leaf = build_certificate(&s->first->exchange, 0);
}

/* A second hop over HTTPS in good health. */
static facts_hop *lead_on(scene *s, const char *url, const char *sts)
{
    facts_hop *second = build_hop(&s->site, FACTS_HTTPS, url, 200);

    build_response(s->first)->status = 301;
    if (sts != NULL)
        build_sts(second, sts);
    return second;
}

/* Port 80 answers with `status`, and leads to the URLs given; the list ends with NULL. */
static facts_hop *open_http(scene *s, int status, ...)
{
    facts_hop *http = build_hop(&s->site, FACTS_HTTP, "http://a.test/", status), *hop;
    const char *url;
    va_list urls;

    va_start(urls, status);
    while ((url = va_arg(urls, const char *)) != NULL) {
        hop = build_hop(&s->site, FACTS_HTTP, url, 200);
        if (hop->exchange.secure)
            build_sts(hop, YEAR);
    }
    va_end(urls);
    return http;
}

static void judge(scene *s)
{
    agent_judge_seen(&(agent_judging){.now = NOW}, &s->site);
    rule_judge(&s->site, NOW, &s->site.arena, &s->report);
    leave_out_explanations(&s->report.findings);
}

static void add_error(scene *s, facts_tls_code code, int depth, int sent)
{
    build_error(&s->first->exchange, code, depth, sent);
}

static void fail_with(scene *s, facts_phase phase, facts_code code)
{
    build_failure(&s->site, &s->first->exchange, phase, code);
    s->site.chains[FACTS_HTTPS].end = FACTS_END_FAILED;
}

/* The ids of all findings are exactly those given; the list ends with RULE_COUNT. Frees the scene. */
static void assert_findings(scene *s, rule_id first, ...)
{
    va_list wanted;
    size_t i = 0;

    judge(s);
    va_start(wanted, first);
    for (rule_id id = first; id != RULE_COUNT; id = va_arg(wanted, rule_id)) {
        assert_true(i < s->report.findings.count);
        assert_string_equal(rule_find(s->report.findings.items[i++].rule)->name, rule_find(id)->name);
    }
    va_end(wanted);
    assert_int_equal(s->report.findings.count, i);
    facts_site_done(&s->site);
}

static void health_has_no_findings(void **state)
{
    scene s;

    (void)state;
    set_up(&s, YEAR);
    judge(&s);
    assert_true(s.site.verdict.looked);
    assert_true(s.site.verdict.in_force);
    assert_int_equal(s.site.verdict.first_visit, FACTS_ACCESS_OPEN);
    assert_int_equal(s.site.verdict.later_visit, FACTS_ACCESS_OPEN);
    assert_int_equal(s.site.verdict.certificate_until, NOW + 60 * DAY);
    assert_int_equal(s.site.verdict.policy_until[FACTS_ENGINE_ANY], NOW + 31536000);
    facts_site_done(&s.site);
    set_up(&s, YEAR);
    assert_findings(&s, RULE_COUNT);
}

static void the_first_field_counts(void **state)
{
    scene s;

    (void)state;
    set_up(&s, YEAR);
    build_sts(s.first, "max-age=0");
    assert_findings(&s, RULE_HSTS_SEVERAL, RULE_COUNT);
    assert_true(s.site.verdict.in_force);
    set_up(&s, "max-age=x");
    build_sts(s.first, "max-age=31536000");
    assert_findings(&s, RULE_HSTS_INVALID, RULE_HSTS_SEVERAL, RULE_COUNT);
    assert_false(s.site.verdict.in_force);
    set_up(&s, YEAR);
    build_field(s.first, "X-Strict-Transport-Security", SPAN("max-age=0"));
    assert_findings(&s, RULE_COUNT);
}

static void fields_that_protect_nobody(void **state)
{
    scene s;

    (void)state;
    set_up(&s, NULL);
    assert_findings(&s, RULE_HSTS_MISSING, RULE_COUNT);
    set_up(&s, "includeSubDomains");
    assert_findings(&s, RULE_HSTS_INVALID, RULE_COUNT);
    set_up(&s, "max-age=0");
    assert_findings(&s, RULE_HSTS_DISABLED, RULE_COUNT);
    set_up(&s, "max-age=300");
    assert_findings(&s, RULE_HSTS_SHORT, RULE_COUNT);
    assert_true(s.site.verdict.in_force);
    set_up(&s, "max-age=31536000; include-subdomains");
    assert_findings(&s, RULE_HSTS_PECULIAR, RULE_COUNT);
    assert_true(s.site.verdict.in_force);
}

/* The fix of a peculiar header is another one than was sent, and says what was meant. */
static void a_fix_is_what_was_meant(void **state)
{
    static const struct {
        const char *sent, *fix, *subject;
    } cases[] = {
        {"max-age=31536000; includeSubdomain", ": max-age=31536000; includeSubDomains, which binds every subdomain",
         "'includeSubdomain'"},
        {"max-age=31536000; pre-load", ": max-age=31536000. Only if every subdomain", "'pre-load'"},
        {"max-age=31536000; preload", "Leave out preload: Strict-Transport-Security: max-age=31536000. Only if",
         "'preload'"},
        {"max-age=300; includeSubDomains; preload", ": max-age=31536000; includeSubDomains; preload", "'preload'"},
        {"max-age=31536000; include-subdomains; preload",
         "Send Strict-Transport-Security: max-age=31536000; "
         "includeSubDomains; preload, which binds",
         "'include-subdomains'"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const finding *peculiar = NULL;
        scene s;

        set_up(&s, cases[i].sent);
        judge(&s);
        for (size_t k = 0; k < s.report.findings.count; k++)
            if (s.report.findings.items[k].rule == RULE_HSTS_PECULIAR)
                peculiar = &s.report.findings.items[k];
        assert_non_null(peculiar);
        if (strstr(peculiar->fix, cases[i].fix) == NULL || strstr(peculiar->proof, cases[i].subject) == NULL)
            fail_msg("%s: fix '%s', proof '%s'", cases[i].sent, peculiar->fix, peculiar->proof);
        facts_site_done(&s.site);
    }
}

/* However many peculiarities a field has: all are kept, and the proof stays short. */
static void a_field_of_notes_alone_is_bounded(void **state)
{
    static char value[30000];
    scene s;

    (void)state;
    memset(value, ';', sizeof value);
    set_up(&s, NULL);
    build_field(s.first, "strict-transport-security", (hf_span){value, sizeof value});
    judge(&s);
    assert_int_equal(s.report.findings.items[0].rule, RULE_HSTS_INVALID);
    assert_true(s.report.own->sent.note_count > 1);
    facts_site_done(&s.site);
    for (size_t i = 0; i < sizeof value; i++)
        value[i] = "=;"[i % 2];
    set_up(&s, NULL);
    build_field(s.first, "strict-transport-security", (hf_span){value, sizeof value});
    judge(&s);
    assert_int_equal(s.report.findings.count, 1);
    assert_non_null(strstr(s.report.findings.items[0].proof, "name"));
    assert_true(strlen(s.report.findings.items[0].proof) < 2000);
    facts_site_done(&s.site);
}

static void an_address_holds_no_policy(void **state)
{
    scene s;

    (void)state;
    set_up(&s, YEAR);
    assert_int_equal(hf_host_parse("192.0.2.1", 9, NULL, &s.first->host, NULL), HF_OK);
    s.site.host = s.first->host;
    assert_findings(&s, RULE_HSTS_IP_ADDRESS, RULE_COUNT);
    assert_false(s.site.verdict.in_force);
    set_up(&s, YEAR);
    assert_int_equal(hf_host_parse("192.0.2.1.test", 14, NULL, &s.first->host, NULL), HF_OK);
    s.site.host = s.first->host;
    assert_findings(&s, RULE_COUNT);
}

static void certificate_errors_have_their_rules(void **state)
{
    static const struct {
        facts_tls_code code;
        int depth;
        rule_id id;
        bool final; /* Chrome or Firefox does not let the user proceed */
    } cases[] = {
        {FACTS_TLS_EXPIRED, 0, RULE_CERT_EXPIRED, false},
        {FACTS_TLS_EXPIRED, 1, RULE_CERT_CHAIN_EXPIRED, false},
        {FACTS_TLS_NOT_YET_VALID, 0, RULE_CERT_NOT_YET_VALID, false},
        {FACTS_TLS_NAME_MISMATCH, 0, RULE_CERT_WRONG_NAME, false},
        {FACTS_TLS_SELF_SIGNED, 0, RULE_CERT_SELF_SIGNED, false},
        {FACTS_TLS_UNTRUSTED_ROOT, 1, RULE_CERT_UNKNOWN_ISSUER, false},
        {FACTS_TLS_ISSUER_MISSING, 0, RULE_CERT_MISSING_INTERMEDIATE, false},
        {FACTS_TLS_ISSUER_MISSING, 1, RULE_CERT_UNKNOWN_ISSUER, false},
        {FACTS_TLS_WEAK_KEY, 0, RULE_CERT_WEAK_KEY, false},
        {FACTS_TLS_WEAK_KEY, 1, RULE_CERT_WEAK_KEY, false},
        {FACTS_TLS_WEAK_SIGNATURE, 0, RULE_CERT_WEAK_SIGNATURE, true},
        {FACTS_TLS_REVOKED, 0, RULE_CERT_REVOKED, true},
        {FACTS_TLS_NAME_CONSTRAINTS, 0, RULE_CERT_NAME_CONSTRAINTS, true},
        {FACTS_TLS_WRONG_PURPOSE, 0, RULE_CERT_WRONG_PURPOSE, true},
        {FACTS_TLS_NOT_AN_AUTHORITY, 1, RULE_CERT_NOT_AN_AUTHORITY, true},
        {FACTS_TLS_PATH_LENGTH, 1, RULE_CERT_NOT_AN_AUTHORITY, true},
        {FACTS_TLS_UNKNOWN_EXTENSION, 0, RULE_CERT_CRITICAL_EXTENSION, true},
        {FACTS_TLS_NOT_DER, 0, RULE_CERT_ENCODING, true},
        {FACTS_TLS_BAD_DATE, 0, RULE_CERT_ENCODING, true},
        {FACTS_TLS_NO_KEY_USAGE, 0, RULE_CERT_KEY_USAGE, true},
        {FACTS_TLS_KEY_TYPE, 0, RULE_CERT_KEY_TYPE, true},
        {FACTS_TLS_OTHER, 0, RULE_CERT_ERROR, true},
    };
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_up(&s, YEAR);
        add_error(&s, cases[i].code, cases[i].depth, cases[i].depth);
        assert_findings(&s, cases[i].id, RULE_COUNT);
        assert_false(s.site.verdict.in_force);
        assert_int_equal(s.site.verdict.first_visit, cases[i].final ? FACTS_ACCESS_LOCKED_OUT : FACTS_ACCESS_WARNED);
        assert_int_equal(s.site.verdict.later_visit, FACTS_ACCESS_LOCKED_OUT);
        set_up(&s, YEAR);
        add_error(&s, cases[i].code, cases[i].depth, -1);
        assert_findings(&s, cases[i].id, RULE_COUNT);
    }
}

/* Some browsers refuse it, and the others let visitors in: the verdict and the finding name them. */
static void what_browsers_dispute(void **state)
{
    static const struct {
        facts_tls_code code;
        rule_id id;
        const char *who;
        facts_access chromium, firefox;
    } cases[] = {
        {FACTS_TLS_KEY_CURVE, RULE_CERT_KEY_TYPE,
         "Chrome refuses it (ERR_SSL_VERSION_OR_CIPHER_MISMATCH), Firefox accepts it", FACTS_ACCESS_NONE,
         FACTS_ACCESS_OPEN},
        {FACTS_TLS_EXCHANGE_GROUP, RULE_TLS_CIPHER,
         "Chrome refuses it (ERR_SSL_VERSION_OR_CIPHER_MISMATCH), Firefox accepts it", FACTS_ACCESS_NONE,
         FACTS_ACCESS_OPEN},
        {FACTS_TLS_KEY_USAGE, RULE_CERT_KEY_USAGE,
         "Chrome refuses it (ERR_SSL_KEY_USAGE_INCOMPATIBLE), Firefox accepts it", FACTS_ACCESS_NONE,
         FACTS_ACCESS_OPEN},
        {FACTS_TLS_EMPTY_SUBJECT, RULE_CERT_EMPTY_SUBJECT,
         "Chrome refuses it (NET::ERR_CERT_INVALID), Firefox accepts it", FACTS_ACCESS_LOCKED_OUT, FACTS_ACCESS_OPEN},
        {FACTS_TLS_SERVER_IS_CA, RULE_CERT_CA_AS_SERVER,
         "Chrome accepts it, Firefox warns (MOZILLA_PKIX_ERROR_CA_CERT_USED_AS_END_ENTITY)", FACTS_ACCESS_OPEN,
         FACTS_ACCESS_WARNED},
        {FACTS_TLS_WILDCARD_SUFFIX, RULE_CERT_WRONG_NAME,
         "Chrome warns (NET::ERR_CERT_COMMON_NAME_INVALID), Firefox accepts it", FACTS_ACCESS_WARNED,
         FACTS_ACCESS_OPEN},
        {FACTS_TLS_LOOSE_EXTENSION, RULE_CERT_ENCODING, "Chrome refuses it (NET::ERR_CERT_INVALID), Firefox accepts it",
         FACTS_ACCESS_LOCKED_OUT, FACTS_ACCESS_OPEN},
        {FACTS_TLS_POLICY_REQUIRED, RULE_CERT_POLICY_REQUIRED,
         "Chrome refuses it (NET::ERR_CERT_INVALID), Firefox accepts it", FACTS_ACCESS_LOCKED_OUT, FACTS_ACCESS_OPEN},
    };
    const facts_ending *endings;
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        facts_tls_error error = {cases[i].code, facts_tls_code_text(cases[i].code), 0, 0, 0};

        set_up(&s, YEAR);
        s.first->exchange.tls.disputed = &error;
        s.first->exchange.tls.disputed_count = 1;
        judge(&s);
        endings = s.site.verdict.entrances[FACTS_HTTPS].endings[FACTS_STRANGER];
        assert_int_equal(endings[FACTS_ENGINE_CHROMIUM].access, cases[i].chromium);
        assert_int_equal(endings[FACTS_ENGINE_FIREFOX].access, cases[i].firefox);
        assert_false(endings[FACTS_ENGINE_SAFARI].seen);
        assert_true(s.site.verdict.in_force);
        assert_int_equal(s.report.findings.items[0].rule, cases[i].id);
        assert_non_null(strstr(s.report.findings.items[0].proof, cases[i].who));
        assert_non_null(strstr(s.report.summary, "Firefox"));
        facts_site_done(&s.site);
    }
}

/* An owner who mends the first should not meet the second tomorrow. */
static void every_error_is_named(void **state)
{
    scene s;

    (void)state;
    set_up(&s, YEAR);
    add_error(&s, FACTS_TLS_ISSUER_MISSING, 0, 0);
    add_error(&s, FACTS_TLS_SIGNATURE_UNCHECKED, 0, 0);
    add_error(&s, FACTS_TLS_EXPIRED, 0, 0);
    add_error(&s, FACTS_TLS_NAME_MISMATCH, 0, 0);
    assert_findings(&s, RULE_CERT_MISSING_INTERMEDIATE, RULE_CERT_EXPIRED, RULE_CERT_WRONG_NAME, RULE_COUNT);
}

/* near: cert-expires-soon */
static void a_late_renewal_is_told(void **state)
{
    static const struct {
        int64_t life, left;
        bool soon;
    } cases[] = {{90, 15, false}, {90, 13, true}, {47, 15, false}, {47, 13, true},
                 {6, 3, false},   {6, 2, true},   {398, 13, true}};
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_up(&s, YEAR);
        s.leaf->not_after = NOW + cases[i].left * DAY;
        s.leaf->not_before = s.leaf->not_after - cases[i].life * DAY;
        assert_findings(&s, cases[i].soon ? RULE_CERT_EXPIRES_SOON : RULE_COUNT, RULE_COUNT);
    }
}

/* More time than 63 bits of seconds hold is no reason to call a renewal late. */
static void a_moment_long_ago_leaves_much_time(void **state)
{
    scene s;

    (void)state;
    set_up(&s, YEAR);
    add_error(&s, FACTS_TLS_NAME_MISMATCH, 0, 0);
    agent_judge_seen(&(agent_judging){.now = INT64_MIN + 1}, &s.site);
    rule_judge(&s.site, INT64_MIN + 1, &s.site.arena, &s.report);
    leave_out_explanations(&s.report.findings);
    assert_int_equal(s.report.findings.count, 1);
    assert_int_equal(s.report.findings.items[0].rule, RULE_CERT_WRONG_NAME);
    facts_site_done(&s.site);
}

static void until_is_the_first_expiry_of_the_path(void **state)
{
    scene s;

    (void)state;
    set_up(&s, YEAR);
    build_link(&s.first->exchange, 1)->not_after = NOW + 5 * DAY;
    judge(&s);
    assert_int_equal(s.site.verdict.certificate_until, NOW + 5 * DAY);
    facts_site_done(&s.site);
    /* What was sent besides does not count, and a root only has to be trusted. */
    set_up(&s, YEAR);
    build_certificate(&s.first->exchange, 1)->not_after = NOW - 5 * DAY;
    build_link(&s.first->exchange, 2)->not_after = NOW + 5 * DAY;
    judge(&s);
    assert_int_equal(s.site.verdict.certificate_until, NOW + 60 * DAY);
    facts_site_done(&s.site);
    /* Without a path the names of what was sent lead on. */
    set_up(&s, YEAR);
    s.first->exchange.tls.path_count = 0;
    build_certificate(&s.first->exchange, 1)->not_after = NOW + 5 * DAY;
    judge(&s);
    assert_int_equal(s.site.verdict.certificate_until, NOW + 5 * DAY);
    build_certificate(&s.first->exchange, 1)->subject = "CN=unrelated";
    judge(&s);
    assert_int_equal(s.site.verdict.certificate_until, NOW + 60 * DAY);
    facts_site_done(&s.site);
}

static void what_expires_besides_the_leaf(void **state)
{
    facts_certificate *cross;
    scene s;

    (void)state;
    set_up(&s, YEAR);
    build_link(&s.first->exchange, 1)->not_after = NOW + 5 * DAY;
    assert_findings(&s, RULE_CERT_ISSUER_EXPIRES_SOON, RULE_LOCKOUT_AHEAD, RULE_COUNT);
    set_up(&s, YEAR);
    cross = build_sent(&s.first->exchange, "CN=R", "CN=Old");
    cross->place = FACTS_PLACE_ALTERNATIVE;
    cross->not_after = NOW - DAY;
    assert_findings(&s, RULE_CHAIN_EXPIRED, RULE_COUNT);
}

static void a_slow_page_is_said_to_be_slow(void **state)
{
    scene s;

    (void)state;
    set_up(&s, YEAR);
    s.first->exchange.milliseconds[FACTS_PHASE_RESPONSE] = 10000;
    assert_findings(&s, RULE_COUNT);
    set_up(&s, YEAR);
    s.first->exchange.milliseconds[FACTS_PHASE_RESPONSE] = 12345;
    judge(&s);
    assert_string_equal(s.report.findings.items[0].proof, "the response came after 12.3 s");
    assert_findings(&s, RULE_HTTPS_SLOW, RULE_COUNT);
}

static void targets_that_browsers_do_not_agree_on(void **state)
{
    const facts_failure conflict = {FACTS_PHASE_RESPONSE, FACTS_FAILURE_RESPONSE_SEVERAL_LOCATIONS, 0, ""};
    scene s;

    (void)state;
    set_up(&s, YEAR);
    build_response(s.first)->status = 302;
    build_field(s.first, "Location", SPAN("/a"));
    build_field(s.first, "Location", SPAN("/b"));
    s.first->exchange.refused = s.first->exchange.response;
    s.first->exchange.response = NULL;
    s.first->exchange.failure = &conflict;
    s.site.chains[FACTS_HTTPS].end = FACTS_END_FAILED;
    judge(&s);
    assert_non_null(strstr(s.report.findings.items[0].proof, "Location: /a, and with Location: /b"));
    assert_findings(&s, RULE_REDIRECT_CONFLICT, RULE_COUNT);
    set_up(&s, YEAR);
    build_response(s.first)->status = 302;
    build_field(s.first, "location", SPAN(""));
    assert_findings(&s, RULE_REDIRECT_EMPTY, RULE_COUNT);
    set_up(&s, YEAR);
    build_response(s.first)->status = 304;
    build_field(s.first, "location", SPAN(""));
    assert_findings(&s, RULE_COUNT);
}

/* www leads to the apex, whose policy covers it: nothing is missing. */
static void a_parent_covers(void **state)
{
    static const struct {
        const char *from, *to, *sts;
        bool covered;
    } cases[] = {
        {"http://www.a.test/", "https://a.test/", YEAR, true},
        {"http://www.a.test/", "https://a.test/", "max-age=31536000", false},
        {"http://www.a.test/", "https://a.test/", "max-age=0; includeSubDomains", false},
        {"http://xa.test/", "https://a.test/", YEAR, false},
        {"http://a.test/", "https://www.a.test/", YEAR, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scene s;
        facts_hop *http, *to;
        bool foreign = false;

        set_up(&s, YEAR);
        http = build_hop(&s.site, FACTS_WWW_HTTP, cases[i].from, 301);
        to = build_hop(&s.site, FACTS_WWW_HTTP, cases[i].to, 200);
        build_sts(to, cases[i].sts);
        judge(&s);
        for (size_t k = 0; k < s.report.findings.count; k++)
            foreign |= s.report.findings.items[k].rule == RULE_HTTP_REDIRECT_FOREIGN;
        if (foreign == cases[i].covered)
            fail_msg("%s to %s, %s", http->url, cases[i].to, cases[i].sts);
        facts_site_done(&s.site);
    }
}

/* The page itself: an error is said as one, and a refusal of this check is nothing about the header. */
static void pages_that_are_errors(void **state)
{
    static const int errors[] = {400, 404, 410, 421, 500, 502, 503}, none[] = {401, 403, 429, 204};
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        set_up(&s, YEAR);
        build_response(s.first)->status = errors[i];
        assert_findings(&s, RULE_HTTPS_ERROR, RULE_COUNT);
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        set_up(&s, YEAR);
        build_response(s.first)->status = none[i];
        assert_findings(&s, RULE_COUNT);
    }
    set_up(&s, NULL);
    build_response(s.first)->status = 429;
    judge(&s);
    assert_false(s.site.verdict.complete);
    assert_findings(&s, RULE_HTTPS_REFUSED, RULE_COUNT);
    set_up(&s, NULL);
    build_response(s.first)->status = 503;
    build_field(s.first, "retry-after", SPAN("120\x1b"));
    judge(&s);
    assert_non_null(strstr(s.report.findings.items[1].proof, "503, with Retry-After: 120\\x1b"));
    assert_findings(&s, RULE_HSTS_MISSING, RULE_HTTPS_ERROR, RULE_COUNT);
}

static void a_policy_without_end_saturates(void **state)
{
    scene s;

    (void)state;
    set_up(&s, "max-age=9223372036854775807; includeSubDomains");
    judge(&s);
    assert_true(s.site.verdict.in_force);
    assert_true(s.site.verdict.policy_until[FACTS_ENGINE_SAFARI] == HF_TIME_NEVER);
    facts_site_done(&s.site);
}

/* Chrome keeps no policy for more than a year: where no browser is asked for, that is the end. */
static void the_first_to_drop_a_policy_counts(void **state)
{
    scene s;

    (void)state;
    set_up(&s, "max-age=63072000");
    judge(&s);
    assert_int_equal(s.site.verdict.policy_until[FACTS_ENGINE_ANY], NOW + 31536000);
    assert_int_equal(s.site.verdict.policy_until[FACTS_ENGINE_CHROMIUM], NOW + 31536000);
    assert_int_equal(s.site.verdict.policy_until[FACTS_ENGINE_FIREFOX], NOW + 63072000);
    assert_non_null(strstr(s.report.summary, "in force for 2 years; Chrome keeps it for 1 year. Browsers let"));
    facts_site_done(&s.site);
    set_up(&s, YEAR);
    judge(&s);
    assert_non_null(strstr(s.report.summary, "in force for 1 year, with subdomains. Browsers let"));
    facts_site_done(&s.site);
}

/* Https does not answer, or late: at a public name, links to http:// fall back where the browser's time is over. */
static void links_fall_back_to_http(void **state)
{
    scene s;

    (void)state;
    for (int late = 0; late < 2; late++) {
        memset(&s, 0, sizeof s);
        build_site(&s.site, "shop.example.com", YEAR);
        s.first = build_first(&s.site, FACTS_HTTPS);
        if (late)
            s.first->exchange.milliseconds[FACTS_PHASE_RESPONSE] = 2600;
        else
            fail_with(&s, FACTS_PHASE_CONNECT, FACTS_FAILURE_CONNECTION_REFUSED);
        build_hop(&s.site, FACTS_HTTP, "http://shop.example.com/", 200);
        judge(&s);
        for (facts_engine engine = FACTS_ENGINE_ANY; engine <= FACTS_ENGINE_FIREFOX; engine++)
            assert_int_equal(s.site.verdict.entrances[FACTS_HTTP].endings[FACTS_STRANGER][engine].fell_back,
                             !late || engine == FACTS_ENGINE_FIREFOX);
        assert_int_equal(strstr(s.report.summary, "No visitor can connect over HTTPS: nothing listens") != NULL, !late);
        assert_non_null(strstr(s.report.summary, late ? "fall back to plain HTTP in Firefox today."
                                                      : "fall back to plain HTTP in Chrome, Firefox"));
        facts_site_done(&s.site);
    }
}

static void failures_are_findings_or_could_not_look(void **state)
{
    static const struct {
        facts_phase phase;
        facts_code code;
        rule_id id; /* RULE_COUNT: this machine could not look */
    } cases[] = {
        {FACTS_PHASE_RESOLVE, FACTS_FAILURE_NAME_UNKNOWN, RULE_COUNT},
        {FACTS_PHASE_RESOLVE, FACTS_FAILURE_RESOLVER_FAILED, RULE_COUNT},
        {FACTS_PHASE_RESOLVE, FACTS_FAILURE_RESOLVE_TIMEOUT, RULE_COUNT},
        {FACTS_PHASE_CONNECT, FACTS_FAILURE_NO_ROUTE, RULE_COUNT},
        {FACTS_PHASE_CONNECT, FACTS_FAILURE_CONNECTION_REFUSED, RULE_PORT_CLOSED},
        {FACTS_PHASE_CONNECT, FACTS_FAILURE_CONNECT_TIMEOUT, RULE_NO_ANSWER},
        {FACTS_PHASE_TLS, FACTS_FAILURE_CONNECTION_RESET, RULE_CONNECTION_LOST},
        {FACTS_PHASE_TLS, FACTS_FAILURE_TLS_ALERT, RULE_TLS_FAILED},
        {FACTS_PHASE_TLS, FACTS_FAILURE_TLS_VERSION, RULE_TLS_VERSION},
        {FACTS_PHASE_TLS, FACTS_FAILURE_TLS_PLAIN_HTTP, RULE_TLS_PLAIN_HTTP},
        {FACTS_PHASE_RESPONSE, FACTS_FAILURE_RESPONSE_TIMEOUT, RULE_RESPONSE_FAILED},
    };
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_up(&s, YEAR);
        fail_with(&s, cases[i].phase, cases[i].code);
        assert_findings(&s, cases[i].id, RULE_COUNT);
        assert_int_equal(s.site.verdict.complete, cases[i].id != RULE_COUNT);
        assert_int_equal(s.site.verdict.looked, cases[i].id != RULE_COUNT);
        assert_int_equal(s.site.verdict.first_visit, FACTS_ACCESS_NONE);
        assert_false(s.site.verdict.in_force);
    }
}

/* -- The ways in --------------------------------------------------------------------------------------------------- */

static void plain_http_must_lead_to_https_first(void **state)
{
    scene s;

    (void)state;
    set_up(&s, YEAR);
    open_http(&s, 301, "https://a.test/", NULL);
    assert_findings(&s, RULE_COUNT);
    set_up(&s, YEAR);
    open_http(&s, 302, "https://a.test/", NULL);
    assert_findings(&s, RULE_HTTP_REDIRECT_TEMPORARY, RULE_COUNT);
    set_up(&s, YEAR);
    open_http(&s, 200, NULL);
    assert_findings(&s, RULE_HTTP_NO_REDIRECT, RULE_COUNT);
    assert_true(s.site.verdict.in_force);
    set_up(&s, YEAR);
    open_http(&s, 404, NULL);
    assert_findings(&s, RULE_HTTP_ERROR, RULE_COUNT);
    set_up(&s, YEAR);
    open_http(&s, 301, "http://a.test/x", "https://a.test/", NULL);
    assert_findings(&s, RULE_HTTP_REDIRECT_LATE, RULE_COUNT);
    set_up(&s, YEAR);
    open_http(&s, 301, "https://www.a.test/", NULL);
    assert_findings(&s, RULE_HTTP_REDIRECT_FOREIGN, RULE_COUNT);
    set_up(&s, YEAR);
    open_http(&s, 301, "https://b.test/", "https://a.test/", NULL);
    assert_findings(&s, RULE_COUNT);
    set_up(&s, YEAR);
    build_sts(open_http(&s, 301, "https://a.test/", NULL), "max-age=1");
    assert_findings(&s, RULE_HTTP_STS_IN_CLEAR, RULE_COUNT);
}

static void plain_http_that_fails(void **state)
{
    static const struct {
        facts_code code;
        rule_id id; /* RULE_COUNT: this machine could not look */
    } cases[] = {
        {FACTS_FAILURE_CONNECTION_REFUSED, RULE_HTTP_CLOSED},
        {FACTS_FAILURE_CONNECT_TIMEOUT, RULE_HTTP_CLOSED},
        {FACTS_FAILURE_RESPONSE_NOT_HTTP, RULE_HTTP_BROKEN},
        {FACTS_FAILURE_NO_ROUTE, RULE_COUNT},
        {FACTS_FAILURE_PROXY_REFUSED, RULE_COUNT},
    };
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_up(&s, YEAR);
        build_failure(&s.site, &open_http(&s, 0, NULL)->exchange, FACTS_PHASE_CONNECT, cases[i].code);
        s.site.chains[FACTS_HTTP].end = FACTS_END_FAILED;
        assert_findings(&s, cases[i].id, RULE_COUNT);
        assert_true(s.site.verdict.looked);
        assert_int_equal(s.site.verdict.complete, cases[i].id != RULE_COUNT);
    }
}

static void every_hop_of_the_host_carries_the_field(void **state)
{
    scene s;

    (void)state;
    set_up(&s, YEAR);
    lead_on(&s, "https://a.test/b", NULL);
    assert_findings(&s, RULE_REDIRECT_WITHOUT_HSTS, RULE_COUNT);
    set_up(&s, YEAR);
    lead_on(&s, "https://a.test/b", "max-age=31536000");
    assert_findings(&s, RULE_HSTS_DIFFERS, RULE_COUNT);
    /* Another host: covered by includeSubDomains, or not, or none of ours. */
    set_up(&s, YEAR);
    lead_on(&s, "https://www.a.test/", NULL);
    assert_findings(&s, RULE_COUNT);
    set_up(&s, "max-age=31536000");
    lead_on(&s, "https://www.a.test/", NULL);
    assert_findings(&s, RULE_HOST_WITHOUT_POLICY, RULE_COUNT);
    set_up(&s, "max-age=31536000");
    lead_on(&s, "https://b.test/", NULL);
    assert_findings(&s, RULE_COUNT);
}

/* What others get wrong: the field of the last hop does not make up for that of the first. */
static void the_first_hop_must_carry_it(void **state)
{
    scene s;

    (void)state;
    set_up(&s, NULL);
    lead_on(&s, "https://www.a.test/", "max-age=31536000");
    judge(&s);
    assert_int_equal(s.report.findings.items[0].rule, RULE_HSTS_MISSING);
    assert_non_null(strstr(s.report.findings.items[0].proof, "https://www.a.test/ sends one"));
    assert_false(s.site.verdict.in_force);
    facts_site_done(&s.site);
}

static void subdomains_are_the_business_of_the_apex(void **state)
{
    scene s;

    (void)state;
    set_up(&s, "max-age=31536000");
    s.site.registrable = true;
    assert_findings(&s, RULE_HSTS_WITHOUT_SUBDOMAINS, RULE_COUNT);
    set_up(&s, "max-age=31536000");
    s.site.registrable = true;
    lead_on(&s, "https://www.a.test/", "max-age=31536000; includeSubDomains");
    assert_findings(&s, RULE_HSTS_SUBDOMAINS_NOT_ON_APEX, RULE_COUNT);
}

static void redirects_that_are_no_good(void **state)
{
    static const struct {
        facts_end end;
        rule_id id;
        size_t hops; /* besides the first */
        hf_span location;
    } cases[] = {{FACTS_END_LOOP, RULE_REDIRECT_LOOP, 0, {"https://a.test/", sizeof "https://a.test/" - 1}},
                 {FACTS_END_TOO_MANY,
                  RULE_REDIRECT_TOO_MANY,
                  FACTS_REDIRECTS_MAX,
                  {"https://a.test/further", sizeof "https://a.test/further" - 1}},
                 {FACTS_END_NOWHERE, RULE_REDIRECT_NOWHERE, 0, {"gopher://\x1b", sizeof "gopher://\x1b" - 1}}};
    facts_hop *last;
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_up(&s, YEAR);
        last = s.first;
        for (size_t hop = 0; hop < cases[i].hops; hop++) {
            last = build_hop(&s.site, FACTS_HTTPS, base_arena_format(&s.site.arena, "https://a.test/%zu", hop), 200);
            build_sts(last, YEAR);
        }
        last->to = "https://a.test/";
        last->location = &cases[i].location;
        build_response(last)->status = 301;
        build_field(last, "Location", cases[i].location);
        s.site.chains[FACTS_HTTPS].end = cases[i].end;
        judge(&s);
        assert_int_equal(s.report.findings.count, 1);
        assert_int_equal(s.report.findings.items[0].rule, cases[i].id);
        assert_int_equal(s.site.verdict.first_visit, FACTS_ACCESS_NONE);
        assert_null(strchr(s.report.findings.items[0].proof, '\x1b'));
        facts_site_done(&s.site);
    }
    set_up(&s, YEAR);
    build_hop(&s.site, FACTS_HTTPS, "http://b.test/", 200);
    assert_findings(&s, RULE_REDIRECT_DOWNGRADE, RULE_COUNT);
    /* Where we could go no further, nothing is said of browsers. */
    set_up(&s, YEAR);
    build_response(s.first)->status = 301;
    build_field(s.first, "Location", SPAN("https://a.test/further"));
    s.site.chains[FACTS_HTTPS].end = FACTS_END_HOST_BUDGET;
    judge(&s);
    assert_int_equal(s.report.findings.count, 0);
    assert_true(s.site.verdict.looked && !s.site.verdict.complete);
    assert_int_equal(s.site.verdict.first_visit, FACTS_ACCESS_UNSEEN);
    assert_int_equal(s.site.verdict.later_visit, FACTS_ACCESS_UNSEEN);
    assert_non_null(strstr(s.report.summary, "Where visitors arrive was not seen: Holdfast spends no more"));
    facts_site_done(&s.site);
    set_up(&s, YEAR);
    build_failure(&s.site, &lead_on(&s, "https://b.test/", NULL)->exchange, FACTS_PHASE_RESOLVE,
                  FACTS_FAILURE_NAME_UNKNOWN);
    s.site.chains[FACTS_HTTPS].end = FACTS_END_FAILED;
    assert_findings(&s, RULE_REDIRECT_UNKNOWN_NAME, RULE_COUNT);
    assert_true(s.site.verdict.complete);
}

/* The visitor is stopped where the error is: by the policy that the first answer has set, or by a warning elsewhere. */
static void an_error_further_on_stops_the_visitor(void **state)
{
    scene s;

    (void)state;
    for (int foreign = 0; foreign < 2; foreign++) {
        set_up(&s, YEAR);
        build_error(&lead_on(&s, foreign ? "https://b.test/" : "https://www.a.test/", NULL)->exchange,
                    FACTS_TLS_EXPIRED, 0, 0);
        assert_findings(&s, RULE_CERT_EXPIRED, RULE_COUNT);
        assert_true(s.site.verdict.in_force);
        assert_int_equal(s.site.verdict.first_visit, foreign ? FACTS_ACCESS_WARNED : FACTS_ACCESS_LOCKED_OUT);
        assert_int_equal(s.site.verdict.later_visit, foreign ? FACTS_ACCESS_WARNED : FACTS_ACCESS_LOCKED_OUT);
    }
}

static void www_that_nobody_uses_is_no_fault(void **state)
{
    facts_hop *plain;
    scene s;

    (void)state;
    for (int used = 0; used < 2; used++) {
        set_up(&s, YEAR);
        build_failure(&s.site, &build_hop(&s.site, FACTS_WWW_HTTPS, "https://www.a.test/", 0)->exchange,
                      FACTS_PHASE_CONNECT, FACTS_FAILURE_CONNECTION_REFUSED);
        s.site.chains[FACTS_WWW_HTTPS].end = FACTS_END_FAILED;
        plain = build_hop(&s.site, FACTS_WWW_HTTP, "http://www.a.test/", 200);
        if (!used)
            build_failure(&s.site, &plain->exchange, FACTS_PHASE_CONNECT, FACTS_FAILURE_CONNECTION_REFUSED);
        s.site.chains[FACTS_WWW_HTTP].end = used ? FACTS_END_ANSWERED : FACTS_END_FAILED;
        if (used)
            assert_findings(&s, RULE_PORT_CLOSED, RULE_HTTP_NO_REDIRECT, RULE_COUNT);
        else
            assert_findings(&s, RULE_COUNT);
    }
}

/* Whoever reads a finding must find all of it. */
static void the_catalogue_is_complete(void **state)
{
    (void)state;
    for (rule_id id = 0; id < RULE_COUNT; id++) {
        const rule_entry *rule = rule_find(id);

        assert_true(strlen(rule->name) > 0 && strlen(rule->title) > 0 && strlen(rule->why) > 0 &&
                    strlen(rule->fix) > 0);
        assert_int_equal(strspn(rule->name, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(rule->name));
        assert_int_equal(rule->why[strlen(rule->why) - 1], '.');
        assert_int_equal(rule->fix[strlen(rule->fix) - 1], '.');
        for (rule_id other = 0; other < id; other++)
            assert_string_not_equal(rule->name, rule_find(other)->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(health_has_no_findings),
        cmocka_unit_test(the_first_field_counts),
        cmocka_unit_test(fields_that_protect_nobody),
        cmocka_unit_test(a_field_of_notes_alone_is_bounded),
        cmocka_unit_test(an_address_holds_no_policy),
        cmocka_unit_test(certificate_errors_have_their_rules),
        cmocka_unit_test(what_browsers_dispute),
        cmocka_unit_test(every_error_is_named),
        cmocka_unit_test(a_late_renewal_is_told),
        cmocka_unit_test(a_moment_long_ago_leaves_much_time),
        cmocka_unit_test(until_is_the_first_expiry_of_the_path),
        cmocka_unit_test(what_expires_besides_the_leaf),
        cmocka_unit_test(pages_that_are_errors),
        cmocka_unit_test(a_slow_page_is_said_to_be_slow),
        cmocka_unit_test(targets_that_browsers_do_not_agree_on),
        cmocka_unit_test(a_parent_covers),
        cmocka_unit_test(a_policy_without_end_saturates),
        cmocka_unit_test(the_first_to_drop_a_policy_counts),
        cmocka_unit_test(links_fall_back_to_http),
        cmocka_unit_test(failures_are_findings_or_could_not_look),
        cmocka_unit_test(plain_http_must_lead_to_https_first),
        cmocka_unit_test(plain_http_that_fails),
        cmocka_unit_test(every_hop_of_the_host_carries_the_field),
        cmocka_unit_test(the_first_hop_must_carry_it),
        cmocka_unit_test(subdomains_are_the_business_of_the_apex),
        cmocka_unit_test(redirects_that_are_no_good),
        cmocka_unit_test(a_fix_is_what_was_meant),
        cmocka_unit_test(an_error_further_on_stops_the_visitor),
        cmocka_unit_test(www_that_nobody_uses_is_no_fault),
        cmocka_unit_test(the_catalogue_is_complete),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
