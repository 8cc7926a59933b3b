/* The report of a check, as text and as JSON, from literals: findings of every kind of place, and the rows above them.
 */
#include "lib/facts_builder.h"
#include "report/report.h"

#include <stdio.h>

/* What the format writes of a site; freed by the caller. */
static char *printed(const char *format, const facts_site *site, const finding_judgement *judgement, bool brief)
{
    const report_item item = {site, judgement};
    char *text = NULL;
    size_t length;
    base_term term = {.out = open_memstream(&text, &length), .width = 100};
    base_error error;

    assert_true(report_find(format)->write(&item, 1, brief ? REPORT_BRIEF : REPORT_WHOLE, &term, &error));
    fclose(term.out);
    return text;
}

static void assert_holds(const char *text, const char *wanted)
{
    if (strstr(text, wanted) == NULL)
        fail_msg("no '%s' in:\n%s", wanted, text);
}

/* A finding at each kind of place, whatever its rule. */
static void add_findings(const facts_site *site, finding_list *list)
{
    static const finding_include includes[] = {{"nginx.conf", 90}};
    const facts_hop *hop = site->chains[FACTS_HTTPS].hops[0];
    finding_place file = finding_at_file("sites/a.conf", 12, 5, 17);
    const finding_place places[] = {
        finding_at_hop(hop, 2),
        finding_at_certificate(hop, 1, "CN=I"),
        finding_at_address(hop, "::1", 443),
        finding_at_record("a.test", "CAA"),
        finding_at_host(&site->host),
        finding_at_site(&site->host),
    };

    file.includes = includes;
    file.include_count = 1;
    finding_add(list, &places[0], RULE_HSTS_INVALID, "proof of url");
    finding_add(list, &places[1], RULE_CHAIN_ORDER, "proof of certificate");
    finding_add(list, &places[2], RULE_ADDRESS_DOWN, "proof of address");
    finding_add(list, &places[3], RULE_CAA_FORBIDS, "proof of record");
    finding_add(list, &places[4], RULE_CLOCK_SKEW, "proof of host");
    finding_add(list, &places[5], RULE_HSTS_SHORT, "proof of site");
    finding_add(list, &file, RULE_HSTS_SEVERAL, "proof of file")->fix = "another fix.";
}

static void set_up(facts_site *site, finding_judgement *judgement)
{
    build_site(site, "a.test", YEAR);
    *judgement = (finding_judgement){.now = NOW, .findings.arena = &site->arena};
    site->verdict = (facts_verdict){.possible = true,
                                    .looked = true,
                                    .complete = true,
                                    .in_force = true,
                                    .noted = HF_NOTED_ADDED,
                                    .certificate_until = NOW + 60 * DAY,
                                    .policy_until = {NOW + 365 * DAY}};
    judgement->summary = "The summary.";
    add_findings(site, &judgement->findings);
}

static void findings_as_text(void **state)
{
    static const char *const wanted[] = {
        "a.test: The summary.\n",
        "  error hsts-invalid: the HSTS header is invalid (RFC 6797 8.1)\n"
        "    why: A browser ignores the whole header if it breaks the grammar, so no visitor is protected.\n"
        "    at https://a.test/ (hop 2): proof of url\n"
        "    fix: ",
        "\n    certificate 2 of the chain at https://a.test/: proof of certificate\n",
        "\n    address [::1]:443 of a.test: proof of address\n",
        "\n    CAA record of a.test: proof of record\n",
        "\n    host a.test: proof of host\n",
        "\n    site a.test: proof of site\n",
        "  warning hsts-several: ",
        "\n    sites/a.conf:12:5, included from nginx.conf:90: proof of file\n",
        "\n    fix: another fix.\n",
    };
    finding_judgement judgement;
    facts_site site;
    char *text;

    (void)state;
    set_up(&site, &judgement);
    text = printed("text", &site, &judgement, false);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_holds(text, wanted[i]);
    free(text);
    text = printed("text", &site, &judgement, true);
    assert_string_equal(text, "a.test: The summary.\n");
    free(text);
    facts_site_done(&site);
}

/* Lines to paste are shown once; a notice has them in JSON alone. */
static void blocks_to_paste(void **state)
{
    finding_judgement judgement;
    finding_place first, second;
    facts_site site;
    char *text;

    (void)state;
    set_up(&site, &judgement);
    judgement.findings = (finding_list){.arena = &site.arena};
    first = finding_at_hop(site.chains[FACTS_HTTPS].hops[0], 1);
    second = finding_at_host(&site.host);
    build_field(site.chains[FACTS_HTTPS].hops[0], "Server", SPAN("nginx/1.22.1"));
    finding_add(&judgement.findings, &first, RULE_HSTS_MISSING, "one");
    finding_add(&judgement.findings, &second, RULE_HSTS_NOT_ON_ERRORS, "two");
    finding_add(&judgement.findings, &second, RULE_HTTP_CLOSED, "three");
    text = printed("text", &site, &judgement, false);
    assert_holds(text, "\n    nginx:\n"
                       "      # In every ssl server block, in place of other lines with this header:\n"
                       "      add_header Strict-Transport-Security \"max-age=300\" always;\n"
                       "    mind: A location ");
    assert_holds(text, "\n    nginx: as above, for hsts-missing\n");
    assert_null(strstr(text, "listen 80;"));
    free(text);
    text = printed("json", &site, &judgement, false);
    assert_holds(text, "\"server\": \"nginx\"");
    assert_holds(text, "    listen 80;\\n    listen [::]:80;\\n    server_name a.test;\\n");
    free(text);
    facts_site_done(&site);
}

/* Without the blanks that indent it. */
static void squeeze(char *text)
{
    char *to = text;

    for (const char *at = text; *at != '\0'; at++)
        if (*at != '\n')
            *to++ = *at;
        else
            at += strspn(at + 1, " ");
    *to = '\0';
}

static void findings_as_json(void **state)
{
    static const char *const wanted[] = {
        "{\"id\": \"hsts-invalid\",\"severity\": \"error\",\"section\": \"8.1\",\"place\": {\"kind\": "
        "\"url\",\"url\": \"https://a.test/\",\"hop\": 2},\"url\": \"https://a.test/\",\"title\": \"the HSTS header is "
        "invalid\",\"proof\": \"proof of url\",\"why\": \"",
        "\"place\": {\"kind\": \"certificate\",\"url\": \"https://a.test/\",\"sent\": 1,\"subject\": "
        "\"CN=I\"},\"url\": \"https://a.test/\"",
        "\"place\": {\"kind\": \"address\",\"host\": \"a.test\",\"address\": \"::1\",\"port\": 443},\"url\": "
        "\"https://a.test/\"",
        "\"place\": {\"kind\": \"record\",\"owner\": \"a.test\",\"type\": \"CAA\"},\"url\": null",
        "\"place\": {\"kind\": \"host\",\"host\": \"a.test\"},\"url\": null",
        "\"place\": {\"kind\": \"site\",\"host\": \"a.test\"},\"url\": null",
        "\"place\": {\"kind\": \"file\",\"file\": \"sites/a.conf\",\"line\": 12,\"column\": 5,\"end_column\": "
        "17,\"includes\": [{\"file\": \"nginx.conf\",\"line\": 90}]},\"url\": null",
        "\"fix\": \"another fix.\",\"fix_block\": null,\"visitor\": null}",
    };
    finding_judgement judgement;
    facts_site site;
    char *text;

    (void)state;
    set_up(&site, &judgement);
    text = printed("json", &site, &judgement, false);
    squeeze(text);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_holds(text, wanted[i]);
    free(text);
    text = printed("json", &site, &judgement, true);
    assert_null(strstr(text, "findings"));
    assert_holds(text, "\"hsts_in_force\": true");
    free(text);
    facts_site_done(&site);
}

/* Rows of the text: who gets in, the way in, its header with a note, and the certificate. */
static void rows_above_the_findings(void **state)
{
    static const char *const wanted[] = {
        "  first visit        gets in, and holds a policy from then on\n",
        "  returning visitor  blocked: error page, cannot be bypassed\n",
        "  https              200 https://a.test/, which must send the header: 1 year, with subdomains\n",
        "  HSTS header        max-age=31536000; includeSubDomains; \\x1b\n",
        "  certificate        CN=a.test\n",
    };
    const hf_note note = {.id = HF_NOTE_UNKNOWN_DIRECTIVE, .offset = 37, .length = 1};
    finding_judgement judgement;
    facts_sts_field field;
    facts_site site;
    char *text;

    (void)state;
    set_up(&site, &judgement);
    field = (facts_sts_field){.hop = site.chains[FACTS_HTTPS].hops[0],
                              .count = 1,
                              .sent = {SPAN("max-age=31536000; includeSubDomains; \x1b"),
                                       true,
                                       {.max_age = 31536000, .include_subdomains = true},
                                       &note,
                                       1},
                              .noted = HF_NOTED_ADDED,
                              .in_force = true};
    judgement.fields = &field;
    judgement.field_count = 1;
    judgement.own = &field;
    site.verdict.later_visit = FACTS_ACCESS_LOCKED_OUT;
    text = printed("text", &site, &judgement, false);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_holds(text, wanted[i]);
    assert_holds(text, hf_note_message(HF_NOTE_UNKNOWN_DIRECTIVE));
    free(text);
    facts_site_done(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_as_text),
        cmocka_unit_test(blocks_to_paste),
        cmocka_unit_test(findings_as_json),
        cmocka_unit_test(rows_above_the_findings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
