/* Files before they are served, and chains that are mended: from facts, written down as literals, to conclusions. */
#include "agent/files.h"
#include "lib/facts_builder.h"
#include "rules/judge.h"

/* A file in best health, for one name, with its key; each test spoils something. */
typedef struct scene {
    facts_files files;
    facts_file_name names[2];
    facts_key_file key;
    facts_tls *tls;
    finding_judgement report;
} scene;

static void set_up(scene *s)
{
    memset(s, 0, sizeof *s);
    build_site(&s->files.site, "a.test", YEAR);
    s->names[0].name = "a.test";
    s->names[0].hop = *build_first(&s->files.site, FACTS_HTTPS);
    s->names[0].hop.file = "full.pem";
    s->names[0].hop.url = NULL;
    s->names[0].hop.exchange.response = NULL;
    s->files.site.chains[FACTS_HTTPS].hops[0] = &s->names[0].hop;
    s->files.path = "full.pem";
    s->files.names = s->names;
    s->files.name_count = 1;
    s->key = (facts_key_file){.path = "key.pem", .type = "EC", .bits = 256, .mode = 0600};
    s->files.key = &s->key;
    s->tls = &s->names[0].hop.exchange.tls;
}

/* Another name, for which the same chain is shown. */
static facts_file_name *add_name(scene *s)
{
    s->names[1] = s->names[0];
    s->names[1].name = "b.test";
    assert_int_equal(hf_host_parse("b.test", 6, NULL, &s->names[1].hop.host, NULL), HF_OK);
    s->files.name_count = 2;
    return &s->names[1];
}

/* The ids of all findings are exactly those given; the list ends with RULE_COUNT. Frees the scene. */
static void assert_findings(scene *s, bool accepted, rule_id first, ...)
{
    va_list wanted;
    size_t i = 0;

    agent_judge_files(&s->files);
    rule_judge_files(&s->files, NOW, &s->files.site.arena, &s->report);
    assert_int_equal(facts_files_are_accepted(&s->files), accepted);
    va_start(wanted, first);
    for (rule_id id = first; id != RULE_COUNT; id = va_arg(wanted, rule_id)) {
        assert_true(i < s->report.findings.count);
        assert_string_equal(rule_find(s->report.findings.items[i++].rule)->name, rule_find(id)->name);
    }
    va_end(wanted);
    assert_int_equal(s->report.findings.count, i);
    facts_site_done(&s->files.site);
}

static void health_has_no_findings(void **state)
{
    scene s;

    (void)state;
    set_up(&s);
    add_name(&s);
    assert_findings(&s, true, RULE_COUNT);
    set_up(&s);
    s.files.key = NULL;
    assert_findings(&s, true, RULE_COUNT);
}

static void a_key_belongs_to_the_first_certificate(void **state)
{
    scene s;

    (void)state;
    set_up(&s);
    s.key.fits = -1;
    assert_findings(&s, false, RULE_CERT_KEY_MISMATCH, RULE_COUNT);
    set_up(&s);
    s.key.fits = 1;
    assert_findings(&s, false, RULE_CHAIN_LEAF_NOT_FIRST, RULE_COUNT);
    set_up(&s);
    s.files.key = NULL;
    build_certificate(&s.names[0].hop.exchange, 0)->authority = true;
    build_certificate(&s.names[0].hop.exchange, 1)->authority = false;
    assert_findings(&s, true, RULE_CHAIN_LEAF_NOT_FIRST, RULE_COUNT);
}

static void a_key_is_for_few_eyes(void **state)
{
    scene s;

    (void)state;
    set_up(&s);
    s.key.mode = 0644;
    s.key.is_open = true;
    assert_findings(&s, true, RULE_KEY_READABLE, RULE_COUNT);
    set_up(&s);
    s.key.mode = 0640;
    assert_findings(&s, true, RULE_COUNT);
}

/* What is wrong with the chain is said once, what is wrong with a name for each. */
static void each_name_is_judged(void **state)
{
    scene s;

    (void)state;
    set_up(&s);
    build_error(&s.names[0].hop.exchange, FACTS_TLS_EXPIRED, 0, 0);
    add_name(&s);
    build_error(&s.names[1].hop.exchange, FACTS_TLS_NAME_MISMATCH, 0, 0);
    assert_findings(&s, false, RULE_CERT_EXPIRED, RULE_CERT_WRONG_NAME, RULE_COUNT);
}

static void places_name_the_file(void **state)
{
    scene s;
    base_buffer text;

    (void)state;
    set_up(&s);
    build_error(&s.names[0].hop.exchange, FACTS_TLS_EXPIRED, 0, 0);
    rule_judge_files(&s.files, NOW, &s.files.site.arena, &s.report);
    base_buffer_init(&text, 4096);
    finding_place_text(&s.report.findings.items[0].place, &text);
    assert_string_equal(base_buffer_string(&text), "certificate 1 of the chain in full.pem");
    base_buffer_done(&text);
    facts_site_done(&s.files.site);
}

/* -- A missing certificate ----------------------------------------------------------------------------------------- */

static void assert_says(const scene *s, const char *text)
{
    if (strstr(s->report.findings.items[0].proof, text) == NULL)
        fail_msg("no '%s' in: %s", text, s->report.findings.items[0].proof);
}

static void judge_missing(scene *s, int depth, rule_id id)
{
    rule_judge_files(&s->files, NOW, &s->files.site.arena, &s->report);
    assert_true(s->report.findings.count > 0);
    assert_string_equal(rule_find(s->report.findings.items[0].rule)->name, rule_find(id)->name);
    assert_ptr_equal(facts_tls_orphan(s->tls), &s->tls->certificates[depth]);
}

static void a_missing_certificate_is_named(void **state)
{
    static const char *const urls[] = {"http://aia.test/ca.der"};
    facts_certificate *leaf;
    scene s;

    (void)state;
    set_up(&s);
    leaf = build_certificate(&s.names[0].hop.exchange, 0);
    leaf->authority_key = "c0ffee";
    leaf->issuer_urls = urls;
    leaf->issuer_url_count = 1;
    build_error(&s.names[0].hop.exchange, FACTS_TLS_ISSUER_MISSING, 0, 0);
    judge_missing(&s, 0, RULE_CERT_MISSING_INTERMEDIATE);
    assert_says(&s, "(key identifier c0ffee), which is not in the file");
    assert_says(&s, "some browsers may fetch it from http://aia.test/ca.der");
    s.files.site.mended = (facts_mended){.wanted = true, .request_count = 1};
    s.files.site.mended.requests[0] = (facts_issuer_request){.url = urls[0], .failure = "nobody answers"};
    judge_missing(&s, 0, RULE_CERT_MISSING_INTERMEDIATE);
    assert_says(&s, "it was asked for at http://aia.test/ca.der: nobody answers");
    facts_site_done(&s.files.site);
}

/* Above an authority it may as well be an unknown root that is missing, unless the certificate was found. */
static void one_that_was_found_was_missing(void **state)
{
    facts_certificate chain[3];
    scene s;

    (void)state;
    set_up(&s);
    build_error(&s.names[0].hop.exchange, FACTS_TLS_ISSUER_MISSING, 1, 1);
    judge_missing(&s, 1, RULE_CERT_UNKNOWN_ISSUER);
    memcpy(chain, s.tls->certificates, 2 * sizeof *chain);
    chain[2] = chain[1];
    chain[2].fingerprint = "0123456789abcdef0123";
    chain[2].subject = "CN=Found";
    s.files.site.mended = (facts_mended){.wanted = true, .found = true, .tls.certificates = chain};
    s.files.site.mended.tls.certificate_count = 3;
    judge_missing(&s, 1, RULE_CERT_MISSING_INTERMEDIATE);
    assert_says(&s, "CN=Found, SHA-256 0123456789abcdef..., completes the path");
    assert_non_null(strstr(s.report.findings.items[0].fix, "Send CN=Found too"));
    facts_site_done(&s.files.site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(health_has_no_findings),         cmocka_unit_test(a_key_belongs_to_the_first_certificate),
        cmocka_unit_test(a_key_is_for_few_eyes),          cmocka_unit_test(each_name_is_judged),
        cmocka_unit_test(places_name_the_file),           cmocka_unit_test(a_missing_certificate_is_named),
        cmocka_unit_test(one_that_was_found_was_missing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
