/* Stores as nobody should write them: every sound row is read, every other one is told with its place and its reason.
 */
#include "lib/store_rows.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define H1 "G0EywIek2XnIhLrUjaK4TrHBT1+2TcixDVRXwM3/CCo="
#define H2 "9WYxasnf0xtpaJGJyzxCYjMyDg4GgNhF3wdZ5iZ6Ec0="
#define ITEM(host, expiry)                                                                                             \
    "{\"expiry\":" expiry ",\"host\":\"" host                                                                          \
    "\",\"mode\":\"force-https\",\"sts_include_subdomains\":false,\"sts_observed\":1.5}"
#define V2(items) "{\"sts\":[" items "],\"version\":2}"

typedef struct text_case {
    const char *format, *text, *summary;
    hf_status status;
} text_case;

static void run(const text_case *cases, size_t count)
{
    summary s;

    for (size_t i = 0; i < count; i++) {
        hf_status status = summarise(cases[i].format, (hf_span){cases[i].text, strlen(cases[i].text)}, NULL, &s);
        if (strcmp(s.text, cases[i].summary) != 0 || status != cases[i].status)
            fail_msg("%s, case %zu: %s\nexpected %s\ngot      %s (%s)", cases[i].format, i, cases[i].text,
                     cases[i].summary, s.text, hf_status_name(status));
    }
}

static void curl_rows(void **state)
{
    static const text_case cases[] = {
        {"curl", "", "", HF_OK},
        {"curl", "# only\n\n  # comments\n", "", HF_OK},
        {"curl", ".a.test \"20261121 10:22:17\"", "a.test+ until 1795256537", HF_OK},
        {"curl", "A.Test. \"20261121 10:22:17\"\r\n", "a.test until 1795256537", HF_OK},
        {"curl", "  a.test\t \"unlimited\"\n", "a.test until never", HF_OK},
        {"curl", "a.test \"337150228 00:00:00\"\n", "a.test until 1001780438400", HF_OK},
        {"curl", "a.test \"99999999990101 00:00:00\"\n", "a.test until 315569457801244800", HF_OK},
        {"curl", "a.test \"9999999999999990101 00:00:00\"\nb.test \"unlimited\"\n",
         "!0/1 the date is not \"YYYYMMDD HH:MM:SS\" or \"unlimited\"; b.test until never", HF_OK},
        {"curl", "a.test \"20260229 00:00:00\"\n# \n", "!0/1 the date is not \"YYYYMMDD HH:MM:SS\" or \"unlimited\"",
         HF_OK},
        {"curl", "a.test \"20240229 23:59:60\"\n", "a.test until 1709251200", HF_OK},
        {"curl", "a.test \"20261121 1:22:17\"\n#", "!0/1 the date is not \"YYYYMMDD HH:MM:SS\" or \"unlimited\"",
         HF_OK},
        {"curl", "a.test 20261121\n", "!0/1 the date is not \"YYYYMMDD HH:MM:SS\" or \"unlimited\"", HF_E_FORMAT},
        {"curl", "a..test \"unlimited\"\n#\n",
         "!0/1 the host name has an empty label (two dots in a row, or a dot in front)", HF_OK},
        {"curl", "a%2e.test \"unlimited\"\n#\n", "!0/1 a character that no host name may hold", HF_OK},
        {"curl", "a.test \"unlimited\"\na.test \"20261121 10:22:17\"\n", "a.test until never; a.test until 1795256537",
         HF_OK},
        {"curl", "127.0.0.1 \"unlimited\"\n", "127.0.0.1 until never", HF_OK},
    };

    (void)state;
    run(cases, sizeof cases / sizeof cases[0]);
}

static void wget_rows(void **state)
{
    static const text_case cases[] = {
        {"wget", "a.test\t0\t1\t1000\t500\n", "a.test+ until 1500", HF_OK},
        {"wget", "a.test 8080 0 1000 0\r\n", "a.test:8080 until 1000", HF_OK},
        {"wget", "a.test\t80\t0\t1000\t9223372036854775807\n", "a.test until never", HF_OK},
        {"wget", "a.test\t0\t0\t1000\t99999999999999999999999\n", "a.test until never", HF_OK},
        {"wget", "a.test\t65536\t0\t1000\t1\n#", "!0/1 the port is beyond 65535", HF_OK},
        {"wget", "a.test\t0\t0\t-5\t1\n#", "!0/1 not five fields: host, port, 0 or 1, time, max-age", HF_OK},
        {"wget", "a.test\t0\t0\t1000\n", "!0/1 not five fields: host, port, 0 or 1, time, max-age", HF_E_FORMAT},
        /* sscanf stops after the fifth field; created is allowed to lie ahead. */
        {"wget", "a.test\t0\t1\t1000\t500\tmore\n", "a.test+ until 1500", HF_OK},
        {"wget", " \t a.test 443\t 2  1000\t500 \n", "a.test+ until 1500", HF_OK},
        {"wget2", "a.test 443 1 1000 500\nb.test 443 1 1000 4611686018427387904\n",
         "a.test+ until 1500; b.test+ until 4611686018427388904", HF_OK},
    };

    (void)state;
    run(cases, sizeof cases / sizeof cases[0]);
}

static void firefox_rows(void **state)
{
    static const text_case cases[] = {
        {"firefox-txt", "a.test:HSTS\t1\t20777\t1500,1,1\r\n", "a.test+ until 1.5", HF_OK},
        {"firefox-txt", "a.test\t1\t20777\t1500,3,0\n", "a.test until 1.5 negative", HF_OK},
        {"firefox-txt", "a.test^partitionKey=%28https%2Ca.test%29:HSTS\t1\t1\t1500,0,0,2\n",
         "a.test^partitionKey=%28https%2Ca.test%29 until 1.5 unset", HF_OK},
        {"firefox-txt", "a.test:HSTS\t1\t1\t9223372036854775807,1,0\n", "a.test until never", HF_OK},
        {"firefox-txt", "a.test:HSTS\t70000\t1\t1,1,0\n",
         "!0/1 not four fields parted by TABs: key, score, day of last use, value", HF_E_FORMAT},
        {"firefox-txt", "a.test:HSTS\t1\t1\t1,4,0\n\n", "!0/1 the state is not 0, 1, 2 or 3", HF_OK},
        {"firefox-txt", "a.test:HSTS\t1\t1\t1,1,2\n\n", "!0/1 includeSubDomains is not 0 or 1", HF_OK},
        {"firefox-txt", "a.test:HSTS\t1\t1\t-1,1,0\n\n",
         "!0/1 the value does not begin with the expiry in milliseconds", HF_OK},
        {"firefox-txt", "^x:HSTS\t1\t1\t1,1,0\n\n", "!0/1 the host name is empty", HF_OK},
    };

    (void)state;
    run(cases, sizeof cases / sizeof cases[0]);
}

static void chromium_items(void **state)
{
    static const text_case cases[] = {
        {"chromium", V2(ITEM(H1, "1810938143.015447")), H1 " until 1810938143.015447", HF_OK},
        {"chromium", V2(ITEM(H1, "1.810938143015447e9")), H1 " until 1810938143.015447", HF_OK},
        {"chromium", V2(ITEM(H1, "18109381430E-1")), H1 " until 1810938143", HF_OK},
        {"chromium", V2(ITEM(H1, "-1.25")), H1 " until -2.75", HF_OK},
        {"chromium", V2(ITEM(H1, "1e400")), H1 " until never", HF_OK},
        {"chromium", V2(ITEM(H1, "9223372036854775808")), H1 " until never", HF_OK},
        {"chromium", V2(ITEM(H1, "0.0000000004")), H1 " until 0", HF_OK},
        {"chromium", V2(ITEM(H1, "0")), H1 " until 0", HF_OK},
        {"chromium", V2(ITEM(H1, "\"soon\"") "," ITEM(H2, "2")),
         "!8 \"expiry\" is missing or no number; " H2 " until 2", HF_OK},
        {"chromium", V2(ITEM(H1, "NaN")), "!18 a value was expected", HF_OK},
        {"chromium", V2(ITEM("short", "1")), "!8 \"host\" is not the base64 of 32 octets", HF_OK},
        {"chromium", V2(ITEM(H1, "1") "," ITEM(H1, "2")), H1 " until 1; " H1 " until 2", HF_OK},
        {"chromium",
         V2("{\"host\":\"" H2 "\",\"host\":\"" H1 "\",\"mode\":\"default\",\"expiry\":1,\"expiry\":3,"
            "\"sts_observed\":1,\"sts_include_subdomains\":true,\"new\":[{}]}"),
         H1 "+ until 3 unset", HF_OK},
        {"chromium", V2("1,null,[[]],\"x\""),
         "!8 \"host\" is missing; !10 \"host\" is missing; !15 \"host\" is missing; !20 \"host\" is missing", HF_OK},
        {"chromium", V2("{\"host\":\"" H1 "\",\"expiry\":1,\"mode\":\"force-https\",\"sts_observed\":1}"),
         "!8 \"sts_include_subdomains\" is missing or no truth value", HF_OK},
        {"chromium", "{\"expect_ct\":[{\"a\":\"\\u00e9\\ud83d\\ude00\\\"\"}],\"sts\":[],\"version\":2} \n", "", HF_OK},
        {"chromium", "{\"sts\":[],\"version\":3}", "!0 a version other than 2: Chromium ignores the whole file", HF_OK},
        {"chromium", "{\"sts\":[" ITEM(H1, "1") "]}",
         H1 " until 1; !0 \"version\" is missing: Chromium ignores the whole file", HF_OK},
        {"chromium", "{\"sts\":[" ITEM(H1, "1") ",{\"expi", H1 " until 1; !152 the file ends too soon", HF_OK},
        {"chromium", V2("") "x", "!22 something follows the end of the document", HF_OK},
        {"chromium", "{\"" H1 "\":{\"created\":1,\"expiry\":2.5,\"include_subdomains\":true,\"mode\":\"strict\"}}",
         H1 "+ until 2.5", HF_OK},
        {"chromium", "{\"" H1 "\":{\"expiry\":2.5,\"sts_include_subdomains\":true,\"mode\":\"force-https\"}}",
         H1 "+ until 2.5", HF_OK},
        {"chromium",
         "{\"" H1
         "\":{\"created\":1,\"expiry\":0.0,\"include_subdomains\":false,\"mode\":\"pinning-only\",\"expect_ct\":"
         "{\"expect_ct_enforce\":true}},\"" H2
         "\":{\"expiry\":9,\"include_subdomains\":true,\"mode\":\"default\",\"sts_observed\":3}}",
         H1 " until 0 unset; " H2 "+ until 9 unset", HF_OK},
        {"chromium", "{\"" H1 "\":{\"created\":1,\"expiry\":1,\"include_subdomains\":true}}", "!1 \"mode\" is missing",
         HF_OK},
        {"chromium",
         V2("{\"expiry\":1,\"host\":\"" H1
            "\",\"mode\":\"strict\",\"sts_include_subdomains\":false,\"sts_observed\":1}"),
         "!8 \"mode\" is neither force-https nor default", HF_OK},
        {"chromium",
         V2("{\"expiry\":1,\"host\":\"" H1
            "\",\"mode\":\"force-https\",\"sts_include_subdomains\":false,\"created\":1}"),
         "!8 \"sts_observed\" is missing or no number", HF_OK},
        {"chromium",
         V2("{\"expiry\":1,\"host\":\"" H1
            "\",\"mode\":\"force-https\",\"include_subdomains\":false,\"sts_observed\":1}"),
         "!8 \"sts_include_subdomains\" is missing or no truth value", HF_OK},
        {"chromium", "{}", "", HF_OK},
        {"chromium", "", "!0 the file ends too soon", HF_E_FORMAT},
        {"chromium", "no JSON", "!0 an object was expected", HF_E_FORMAT},
        {"chromium", "{\"a\":\"\x01\"}", "!6 a control character in a string", HF_E_FORMAT},
        {"chromium", "{\"a\":01}", "!6 a number begins with 0", HF_E_FORMAT},
        {"chromium", "{\"a\":\"\\x\"}", "!7 no such escape in a string", HF_E_FORMAT},
    };

    (void)state;
    run(cases, sizeof cases / sizeof cases[0]);
}

#define PLIST(content) "<plist version=\"1.0\"><dict>" content "</dict></plist>"
#define SESSION(content) PLIST("<key>com.apple.CFNetwork.defaultStorageSession</key><dict>" content "</dict>")

static void safari_lists(void **state)
{
    static const text_case cases[] = {
        {"safari", SESSION("<key>a.test</key><dict><key>Expiry</key><real>816949338.123457</real></dict>"),
         "a.test until 1795256538.123457", HF_OK},
        {"safari", SESSION("<key>a.test</key><dict><key>Expiry</key><integer>9223372036854775808</integer></dict>"),
         "a.test until never", HF_OK},
        {"safari", SESSION("<key>a.test</key><dict><key>Expiry</key><real>nan</real></dict>"),
         "!/1 \"Expiry\" is missing or no number", HF_OK},
        {"safari", SESSION("<key>a.test</key><dict><key>Expiry</key><real>-1e300</real></dict>"),
         "a.test until -9223372036854775807", HF_OK},
        {"safari",
         SESSION("<key>a.test</key><real>inf</real><key>b.test</key><real>-inf</real><key>c.test</key>"
                 "<real>0.25</real><key>d.test</key><string>x</string>"),
         "a.test until never; b.test until never negative; c.test until 978307200.25; !/4 neither a dictionary nor a "
         "number",
         HF_OK},
        {"safari", SESSION("<key>a b</key><dict></dict>"), "!/1 a character that no host name may hold", HF_OK},
        {"safari", PLIST("<key>other</key><dict><key>a.test</key><real>0</real></dict><key>x</key><true/>"),
         "a.testother until 978307200", HF_OK},
        {"safari", "<plist><array/></plist>", "!0 not a property list with a dictionary at its root", HF_E_FORMAT},
        {"safari", "bplist00", "!0 not a property list with a dictionary at its root", HF_E_FORMAT},
    };

    (void)state;
    run(cases, sizeof cases / sizeof cases[0]);
}

/* -- What no text case can say ------------------------------------------------------------------------------------- */

static void lines_over_the_limit(void **state)
{
    static char text[9000];
    summary s;
    int length = snprintf(text, sizeof text, "a.test \"unlimited\"\n");

    (void)state;
    memset(text + length, 'x', 8000);
    length += 8000;
    length += snprintf(text + length, sizeof text - (size_t)length, "\nb.test \"unlimited\"\n");
    assert_int_equal(summarise("curl", (hf_span){text, (size_t)length}, NULL, &s), HF_OK);
    assert_string_equal(s.text, "a.test until never; !19/2 the line is longer than 4095 octets; b.test until never");
}

static void nul_in_a_line(void **state)
{
    static const char text[] = "a.test\0 \"unlimited\"\nb.test \"unlimited\"\n";
    summary s;

    (void)state;
    assert_int_equal(summarise("curl", (hf_span){text, sizeof text - 1}, NULL, &s), HF_OK);
    assert_string_equal(s.text, "!0/1 the line holds a NUL; b.test until never");
}

static void values_within_values(void **state)
{
    static char text[5000];
    summary s;

    (void)state;
    memcpy(text, "{\"a\":", 5);
    memset(text + 5, '[', 4900);
    assert_int_equal(summarise("chromium", (hf_span){text, 4905}, NULL, &s), HF_E_FORMAT);
    assert_string_equal(s.text, "!104 more than 100 values within each other");
}

static void put_slot(unsigned char *slot, const char *key, const char *value, int score)
{
    uint16_t sum = 0;

    memset(slot, 0, 286);
    slot[3] = (unsigned char)score;
    slot[5] = 1;
    memcpy(slot + 6, key, strlen(key));
    memcpy(slot + 262, value, strlen(value));
    for (int i = 0; i < 286; i += 2)
        sum ^= (uint16_t)(slot[i] << 8 | slot[i + 1]);
    slot[0] = (unsigned char)(sum >> 8);
    slot[1] = (unsigned char)sum;
}

static void firefox_slots(void **state)
{
    static unsigned char slots[6 * 286 + 10];
    summary s;

    (void)state;
    put_slot(slots, "a.test", "1500,1,1", 1);
    put_slot(slots + 286, "b.test:HSTS", "1500,1,0", 0);
    put_slot(slots + 2 * 286, "c.test", "1500,1,0", 1);
    slots[2 * 286 + 7] ^= 1;
    put_slot(slots + 4 * 286, "d.test^a:HSTS", "1500,2,0", 1);
    put_slot(slots + 5 * 286, "e.test", "15x,2,0", 1);
    assert_int_equal(summarise("firefox", (hf_span){(char *)slots, sizeof slots}, NULL, &s), HF_OK);
    assert_string_equal(s.text, "a.test+ until 1.5; !286 the score is 0: Firefox takes the slot for free; "
                                "!572 the checksum is wrong: Firefox takes the slot for free; "
                                "d.test^a until 1.5 knockout; "
                                "!1430 the value does not begin with the expiry in milliseconds; "
                                "!1716 the file ends within a slot");
}

/* Two slots more than Firefox reads. */
static void firefox_too_long(void **state)
{
    size_t length = 2049 * 286;
    unsigned char *slots = calloc(1, length);
    summary s;

    (void)state;
    put_slot(slots + 2048 * 286, "a.test", "1500,1,1", 1);
    assert_int_equal(summarise("firefox", (hf_span){(char *)slots, length}, NULL, &s), HF_OK);
    assert_string_equal(s.text, "!585728 beyond the 2,048 slots that Firefox reads");
    free(slots);
}

/* A container that holds itself, and twenty each of which holds the next one many times. */
static void safari_bombs(void **state)
{
    static const unsigned char self[] =
        "bplist00\xa1\x00\x08\0\0\0\0\0\0\1\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0a";
    unsigned char bomb[8 + 20 * 15 + 20 * 2 + 32] = "bplist00";
    size_t at = 8, table = 8 + 20 * 15;
    summary s;

    (void)state;
    assert_int_equal(summarise("safari", (hf_span){(const char *)self, sizeof self - 1}, NULL, &s), HF_E_FORMAT);
    for (size_t i = 0; i < 20; i++, at += 15) {
        bomb[at] = 0xae;
        memset(bomb + at + 1, i < 19 ? (int)i + 1 : 0, 14);
        bomb[table + 2 * i] = (unsigned char)(at >> 8);
        bomb[table + 2 * i + 1] = (unsigned char)at;
    }
    bomb[8 + 19 * 15] = 0x09;
    bomb[sizeof bomb - 32 + 6] = 2;
    bomb[sizeof bomb - 32 + 7] = 1;
    bomb[sizeof bomb - 32 + 15] = 20;
    bomb[sizeof bomb - 2] = (unsigned char)(table >> 8);
    bomb[sizeof bomb - 1] = (unsigned char)table;
    assert_int_equal(summarise("safari", (hf_span){(const char *)bomb, sizeof bomb}, NULL, &s), HF_E_FORMAT);
}

static bool refuse_to_read(void *self, uint64_t offset, char *buffer, size_t capacity, size_t *length)
{
    (void)self;
    (void)offset;
    (void)buffer;
    (void)capacity;
    (void)length;
    return false;
}

static void unreadable_octets(void **state)
{
    summary s = {.length = 0};
    hf_input input = {refuse_to_read, NULL, 1000};
    hf_row_visitor visitor = {summary_row, summary_damage, &s};

    (void)state;
    for (const hf_format *const *format = hf_formats(); *format != NULL; format++)
        assert_int_equal(hf_format_read(*format, &input, NULL, &visitor), HF_E_READ);
    assert_int_equal(s.rows, 0);
}

static void names_and_hashes(void **state)
{
    static const char wanted[] = "\x1b\x41\x32\xc0\x87\xa4\xd9\x79";
    unsigned char hash[32];
    hf_names *names;
    hf_host host;

    (void)state;
    hf_name_hash((hf_span){"example.test", 12}, hash);
    assert_memory_equal(hash, wanted, 8);
    assert_int_equal(hf_names_new(&names), HF_OK);
    assert_false(hf_names_resolve(names, hash, &host));
    for (int i = 0; i < 1000; i++) {
        char name[32];
        int length = snprintf(name, sizeof name, "n%d.test", i);
        assert_int_equal(hf_names_add(names, (hf_span){name, (size_t)length}), HF_OK);
    }
    assert_false(hf_names_resolve(names, hash, &host));
    assert_int_equal(hf_names_add(names, (hf_span){"example.test", 12}), HF_OK);
    assert_true(hf_names_resolve(names, hash, &host));
    assert_string_equal(host.name, "example.test");
    hf_names_free(names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curl_rows),        cmocka_unit_test(wget_rows),
        cmocka_unit_test(firefox_rows),     cmocka_unit_test(chromium_items),
        cmocka_unit_test(safari_lists),     cmocka_unit_test(lines_over_the_limit),
        cmocka_unit_test(nul_in_a_line),    cmocka_unit_test(values_within_values),
        cmocka_unit_test(firefox_slots),    cmocka_unit_test(firefox_too_long),
        cmocka_unit_test(safari_bombs),     cmocka_unit_test(unreadable_octets),
        cmocka_unit_test(names_and_hashes),
    };

    return cmocka_run_group_tests_name("formats_read", tests, NULL, NULL);
}
