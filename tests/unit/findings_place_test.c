/* Where a finding was made: as text, as JSON, and when two places are one. */
#include "findings/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const facts_hop hop = {
    .url = "https://a.test/x", .host = {.name = "a.test", .length = 6, .kind = HF_HOST_NAME}, .port = 443};
static const facts_hop other_page = {
    .url = "https://a.test/y", .host = {.name = "a.test", .length = 6, .kind = HF_HOST_NAME}, .port = 443};
static const facts_hop other_host = {
    .url = "https://b.test/x", .host = {.name = "b.test", .length = 6, .kind = HF_HOST_NAME}, .port = 443};
static const facts_hop other_port = {
    .url = "https://a.test:8443/x", .host = {.name = "a.test", .length = 6, .kind = HF_HOST_NAME}, .port = 8443};
static const finding_include includes[] = {{"sites/a.conf", 3}, {"nginx.conf", 90}};

static void assert_place(finding_place place, const char *text, const char *json)
{
    base_buffer out;
    base_json writer;

    base_buffer_init(&out, 4096);
    finding_place_text(&place, &out);
    assert_string_equal(base_buffer_string(&out), text);
    base_buffer_clear(&out);
    base_json_init(&writer, &out, false);
    finding_place_json(&place, &writer);
    assert_string_equal(base_buffer_string(&out), json);
    base_buffer_done(&out);
}

static void every_kind_is_written(void **state)
{
    finding_place file = finding_at_file("tls.conf", 12, 5, 17);

    (void)state;
    assert_place(finding_at_site(&hop.host), "site a.test", "{\"kind\":\"site\",\"host\":\"a.test\"}");
    assert_place(finding_at_host(&hop.host), "host a.test", "{\"kind\":\"host\",\"host\":\"a.test\"}");
    assert_place(finding_at_hop(&hop, 2), "at https://a.test/x (hop 2)",
                 "{\"kind\":\"url\",\"url\":\"https://a.test/x\",\"hop\":2}");
    assert_place(finding_at_hop(&hop, 1), "at https://a.test/x",
                 "{\"kind\":\"url\",\"url\":\"https://a.test/x\",\"hop\":1}");
    assert_place(finding_at_hop(&hop, 0), "at https://a.test/x",
                 "{\"kind\":\"url\",\"url\":\"https://a.test/x\",\"hop\":null}");
    assert_place(finding_at_record("a.test", "CAA"), "CAA record of a.test",
                 "{\"kind\":\"record\",\"owner\":\"a.test\",\"type\":\"CAA\"}");
    assert_place(finding_at_address(&hop, "::1", 443), "address [::1]:443 of a.test",
                 "{\"kind\":\"address\",\"host\":\"a.test\",\"address\":\"::1\",\"port\":443}");
    assert_place(finding_at_address(&hop, "192.0.2.1", 8443), "address 192.0.2.1:8443 of a.test",
                 "{\"kind\":\"address\",\"host\":\"a.test\",\"address\":\"192.0.2.1\",\"port\":8443}");
    assert_place(
        file, "tls.conf:12:5",
        "{\"kind\":\"file\",\"file\":\"tls.conf\",\"line\":12,\"column\":5,\"end_column\":17,\"includes\":[]}");
    file.includes = includes;
    file.include_count = 2;
    assert_place(file, "tls.conf:12:5, included from sites/a.conf:3, included from nginx.conf:90",
                 "{\"kind\":\"file\",\"file\":\"tls.conf\",\"line\":12,\"column\":5,\"end_column\":17,\"includes\":["
                 "{\"file\":\"sites/a.conf\",\"line\":3},{\"file\":\"nginx.conf\",\"line\":90}]}");
    assert_place(
        finding_at_file("tls.conf", 0, 0, 0), "tls.conf",
        "{\"kind\":\"file\",\"file\":\"tls.conf\",\"line\":null,\"column\":null,\"end_column\":null,\"includes\":[]}");
    assert_place(finding_at_certificate(&hop, 1, "CN=I"), "certificate 2 of the chain at https://a.test/x",
                 "{\"kind\":\"certificate\",\"url\":\"https://a.test/x\",\"sent\":1,\"subject\":\"CN=I\"}");
    assert_place(finding_at_certificate(&hop, -1, NULL),
                 "certificate of the trust store, in the chain at https://a.test/x",
                 "{\"kind\":\"certificate\",\"url\":\"https://a.test/x\",\"sent\":null,\"subject\":null}");
}

/* A fault of a host is reported once, however many of its pages show it. */
static void one_place_or_two(void **state)
{
    const finding_place url = finding_at_hop(&hop, 1), page = finding_at_hop(&other_page, 3);
    const finding_place host = finding_at_hop(&other_host, 1), port = finding_at_hop(&other_port, 1);
    const finding_place leaf = finding_at_certificate(&hop, 0, "CN=a"),
                        same = finding_at_certificate(&other_page, 0, "CN=a");
    const finding_place issuer = finding_at_certificate(&hop, 1, "CN=a");
    const finding_place caa = finding_at_record("a.test", "CAA"), a = finding_at_record("a.test", "A");
    const finding_place line = finding_at_file("a.conf", 1, 2, 3), next = finding_at_file("a.conf", 2, 2, 3);
    const finding_place file = finding_at_file("b.conf", 1, 2, 3), column = finding_at_file("a.conf", 1, 1, 3);

    (void)state;
    assert_true(finding_place_is(&url, &page));
    assert_false(finding_place_is(&url, &host));
    assert_false(finding_place_is(&url, &port));
    assert_false(finding_place_is(&url, &leaf));
    assert_true(finding_place_is(&leaf, &same));
    assert_false(finding_place_is(&leaf, &issuer));
    assert_true(finding_place_is(&caa, &(finding_place){.kind = FINDING_AT_RECORD, .owner = "a.test", .type = "CAA"}));
    assert_false(finding_place_is(&caa, &a));
    assert_false(finding_place_is(&line, &next));
    assert_false(finding_place_is(&line, &file));
    assert_false(finding_place_is(&line, &column));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_written),
        cmocka_unit_test(one_place_or_two),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
