/* Rows written, read again, carried from format to format; what is lost is said; what is not ours stays. */
#include "base/idna.h"
#include "lib/store_rows.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <time.h>

#include <cmocka.h>

#define NOW 1795170300
#define DAY_ROW(name) row_of(name, NOW + 86400)

static hf_row row_of(const char *host, int64_t expires)
{
    hf_row row = hf_row_init();

    row.host = (hf_span){host, strlen(host)};
    row.expires.seconds = expires;
    row.observed.seconds = row.max_age = HF_TIME_UNKNOWN;
    return row;
}

/* -- Hooks --------------------------------------------------------------------------------------------------------- */

static bool to_unicode(void *self, hf_span name, char *out, size_t capacity, size_t *length)
{
    static const char german[] = "b\xc3\xbc"
                                 "cher.test";

    (void)self;
    if (name.length != 18 || memcmp(name.data, "xn--bcher-kva.test", 18) != 0 || capacity < sizeof german)
        return false;
    *length = sizeof german - 1;
    memcpy(out, german, *length);
    return true;
}

static bool last_two_labels(void *self, hf_span name, hf_host *site)
{
    size_t dots = 0, at = name.length;

    (void)self;
    while (at > 0 && (dots += name.data[at - 1] == '.') < 2)
        at--;
    return hf_host_parse(name.data + at, name.length - at, NULL, site, NULL) == HF_OK;
}

static hf_format_options options_with(hf_names *names)
{
    hf_format_options options = hf_format_options_init();

    options.idna = base_idna();
    options.resolve = names != NULL ? hf_names_resolve : NULL;
    options.to_unicode = to_unicode;
    options.site = last_two_labels;
    options.self = names;
    options.now = NOW;
    return options;
}

/* -- A store made of rows ------------------------------------------------------------------------------------------ */

static hf_losses write_rows(const char *format, const hf_format_options *options, const hf_row *rows, size_t count,
                            hf_octets *octets)
{
    hf_output output = hf_output_to(octets);
    hf_format_writer *writer;
    hf_losses all = 0, losses;

    assert_int_equal(hf_format_writer_new(hf_format_find(format), NULL, options, &output, &writer), HF_OK);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(hf_format_writer_add(writer, &rows[i], &losses), HF_OK);
        all |= losses;
    }
    assert_int_equal(hf_format_writer_finish(writer), HF_OK);
    hf_format_writer_free(writer);
    return all;
}

static void expect_written(const char *format, const hf_row *rows, size_t count, hf_losses losses, const char *wanted)
{
    hf_format_options options = options_with(NULL);
    hf_octets octets = {0};
    summary s;

    hf_losses lost = write_rows(format, &options, rows, count, &octets);
    assert_int_equal(summarise(format, (hf_span){octets.data, octets.length}, &options, &s), HF_OK);
    if (strcmp(s.text, wanted) != 0 || lost != losses)
        fail_msg("%s\nexpected %s (losses %x)\ngot      %s (losses %x)", format, wanted, losses, s.text, lost);
    hf_octets_done(&octets);
}

static void full_row_in_each_format(void **state)
{
    hf_row row = row_of("xn--bcher-kva.test", NOW + 86400);

    static const struct {
        const char *format;
        hf_losses losses;
        const char *text;
    } cases[] = {
        {"curl", HF_LOSS_PORT | HF_LOSS_OBSERVED | HF_LOSS_MAX_AGE | HF_LOSS_PARTITION | HF_LOSS_FRACTION,
         "xn--bcher-kva.test+ until 1795256700"},
        {"wget", HF_LOSS_PARTITION | HF_LOSS_FRACTION, "xn--bcher-kva.test:8443+ until 1795256700"},
        {"wget2", HF_LOSS_PARTITION | HF_LOSS_FRACTION, "xn--bcher-kva.test:8443+ until 1795256700"},
        {"firefox", HF_LOSS_PORT | HF_LOSS_OBSERVED | HF_LOSS_MAX_AGE | HF_LOSS_FRACTION,
         "xn--bcher-kva.test^a=b+ until 1795256700.25"},
        {"firefox-txt", HF_LOSS_PORT | HF_LOSS_OBSERVED | HF_LOSS_MAX_AGE | HF_LOSS_FRACTION,
         "xn--bcher-kva.test^a=b+ until 1795256700.25"},
        {"chromium", HF_LOSS_NAME | HF_LOSS_PORT | HF_LOSS_MAX_AGE | HF_LOSS_PARTITION | HF_LOSS_FRACTION,
         "drktFxrfo0EgEIXp31/af/3fTWj5Qhru6OwpFpaMxhA=+ until 1795256700.250001"},
        {"safari", HF_LOSS_PORT | HF_LOSS_MAX_AGE | HF_LOSS_PARTITION | HF_LOSS_FRACTION,
         "xn--bcher-kva.test+ until 1795256700.250001"},
        {"libsoup", HF_LOSS_PORT | HF_LOSS_OBSERVED | HF_LOSS_PARTITION | HF_LOSS_FRACTION,
         "xn--bcher-kva.test+ until 1795256700"},
    };

    (void)state;
    row.expires.nanoseconds = 250001002;
    row.observed = (hf_moment){NOW, 0};
    row.max_age = 86400;
    row.port = 8443;
    row.include_subdomains = true;
    row.partition = (hf_span){"^a=b", 4};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_written(cases[i].format, &row, 1, cases[i].losses, cases[i].text);
}

static void bare_row_in_each_format(void **state)
{
    hf_row row = row_of("a.b.test", NOW + 60);

    (void)state;
    expect_written("curl", &row, 1, 0, "a.b.test until 1795170360");
    expect_written("wget", &row, 1, HF_LOSS_OBSERVED_INVENTED, "a.b.test until 1795170360");
    expect_written("firefox", &row, 1, 0, "a.b.test^partitionKey=%28https%2Cb.test%29 until 1795170360");
    expect_written("chromium", &row, 1, HF_LOSS_NAME | HF_LOSS_OBSERVED_INVENTED,
                   "lLHur/VyMkkrPeafI0BKRx6SGGvOsLpjCTgtYNCz06g= until 1795170360");
    expect_written("safari", &row, 1, 0, "a.b.test until 1795170360");
    expect_written("libsoup", &row, 1, HF_LOSS_OBSERVED_INVENTED, "a.b.test until 1795170360");
}

static void rows_without_end(void **state)
{
    hf_row row = row_of("a.test", HF_TIME_NEVER);

    (void)state;
    expect_written("curl", &row, 1, 0, "a.test until never");
    expect_written("safari", &row, 1, 0, "a.test until never");
    expect_written("libsoup", &row, 1, HF_LOSS_EXPIRES | HF_LOSS_OBSERVED_INVENTED, "a.test until 253402300799");
    expect_written("wget2", &row, 1, HF_LOSS_EXPIRES | HF_LOSS_OBSERVED_INVENTED, "a.test until 2305843009213693952");
    expect_written("firefox", &row, 1, HF_LOSS_EXPIRES,
                   "a.test^partitionKey=%28https%2Ca.test%29 until 253402300799000");
    row.expires.seconds = INT64_C(1001795170137);
    expect_written("curl", &row, 1, HF_LOSS_EXPIRES, "a.test until never");
    row.expires.seconds = -5;
    expect_written("curl", &row, 1, 0, "a.test until 0");
}

static void rows_left_out(void **state)
{
    hf_row rows[] = {DAY_ROW("knock.test"), DAY_ROW("pins.test"), DAY_ROW("")};

    (void)state;
    rows[0].state = HF_ROW_KNOCKOUT;
    rows[1].state = HF_ROW_HPKP;
    rows[2].host_hash = (hf_span){"G0EywIek2XnIhLrUjaK4TrHBT1+2TcixDVRXwM3/CCo=", 44};
    expect_written("curl", rows, 3, HF_LOSS_STATE | HF_LOSS_NO_NAME, "");
    expect_written("chromium", rows, 3, HF_LOSS_STATE | HF_LOSS_OBSERVED_INVENTED | HF_LOSS_NAME,
                   "G0EywIek2XnIhLrUjaK4TrHBT1+2TcixDVRXwM3/CCo= until 1795256700");
    expect_written("firefox", rows, 3, HF_LOSS_STATE | HF_LOSS_NO_NAME,
                   "knock.test^partitionKey=%28https%2Cknock.test%29 until 1795256700 knockout");
    rows[2] = DAY_ROW("xn--unknown.test");
    expect_written("libsoup", rows + 2, 1, HF_LOSS_HOST, "");
}

/* -- Limits -------------------------------------------------------------------------------------------------------- */

static size_t rows_that_fit(const char *format, size_t count)
{
    hf_format_options options = options_with(NULL);
    hf_octets octets = {0};
    hf_output output = hf_output_to(&octets);
    hf_format_writer *writer;
    size_t fit = 0;

    assert_int_equal(hf_format_writer_new(hf_format_find(format), NULL, &options, &output, &writer), HF_OK);
    for (size_t i = 0; i < count; i++) {
        char name[32];
        hf_losses losses;
        snprintf(name, sizeof name, "n%zu.test", i);
        hf_row row = DAY_ROW(name);
        assert_int_equal(hf_format_writer_add(writer, &row, &losses), HF_OK);
        fit += (losses & HF_LOSSES_LEFT_OUT) == 0;
        assert_true((losses & HF_LOSSES_LEFT_OUT) == 0 || (losses & HF_LOSSES_LEFT_OUT) == HF_LOSS_FULL);
    }
    assert_int_equal(hf_format_writer_finish(writer), HF_OK);
    hf_format_writer_free(writer);
    hf_octets_done(&octets);
    return fit;
}

static void limits(void **state)
{
    (void)state;
    assert_int_equal(rows_that_fit("firefox", 2050), 2048);
    assert_int_equal(rows_that_fit("firefox-txt", 1030), 1024);
    assert_int_equal(rows_that_fit("curl", 3000), 3000);
}

static void key_too_long_for_firefox(void **state)
{
    static char partition[300];
    hf_row row = DAY_ROW("a.test");

    (void)state;
    memset(partition, 'x', sizeof partition);
    partition[0] = '^';
    row.partition = (hf_span){partition, 251};
    expect_written("firefox", &row, 1, HF_LOSS_HOST, "");
}

/* -- Rewriting ----------------------------------------------------------------------------------------------------- */

static bool all_but_b(void *self, const hf_row *row)
{
    (void)self;
    if (row->host_hash.length > 0)
        return row->host_hash.data[0] != 'B';
    return row->host.length == 0 || row->host.data[0] != 'b';
}

/* Takes every host that begins with b out, and puts c.test in. */
static hf_status rewrite(const char *format, hf_span previous, hf_octets *octets)
{
    hf_format_options options = options_with(NULL);
    hf_input input = hf_input_from(&previous);
    hf_format_rewrite plan = {&input, all_but_b, NULL};
    hf_output output = hf_output_to(octets);
    hf_format_writer *writer;
    hf_row row = DAY_ROW("c.test");

    row.observed = (hf_moment){NOW, 0};
    hf_status status = hf_format_writer_new(hf_format_find(format), &plan, &options, &output, &writer);
    if (status != HF_OK)
        return status;
    assert_int_equal(hf_format_writer_add(writer, &row, NULL), HF_OK);
    status = hf_format_writer_finish(writer);
    hf_format_writer_free(writer);
    return status;
}

#define HASH_A "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define HASH_B "BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define ITEM(hash)                                                                                                     \
    "{ \"host\":\"" hash "\", \"new\":[1], \"expiry\":1, \"mode\":\"force-https\", \"sts_observed\":1, "               \
    "\"sts_include_subdomains\":true }"
#define C_ITEM                                                                                                         \
    "{\"expiry\":1795256700.0,\"host\":\"u2tDjn7ivEvUQAa4Yv8x/qgofaNLE83/3tRNvpjY4Rw=\",\"mode\":\"force-https\","     \
    "\"sts_include_subdomains\":false,\"sts_observed\":1795170300.0}"

static void what_is_not_ours_stays(void **state)
{
    static const struct {
        const char *format, *before, *after;
    } cases[] = {
        {"curl", "# mine\n\na.test   \"20301121 10:22:17\"\r\nb.test \"unlimited\"\nodd line\n# end",
         "# mine\n\na.test   \"20301121 10:22:17\"\r\nodd line\n# end\nc.test \"20261121 10:25:00\"\n"},
        {"wget", "# mine\nb.test\t0\t0\t1\t2\na.test 0 1 1 2 more",
         "# mine\na.test 0 1 1 2 more\nc.test\t0\t0\t1795170300\t86400\n"},
        {"wget2", "b.test 443 0 1 2\n", "c.test 443 0 1795170300 86400\n"},
        {"firefox-txt", "a.test:HPKP\t1\t1\t1,1,0,pin\nb.test:HSTS\t1\t1\t1,1,0\n",
         "a.test:HPKP\t1\t1\t1,1,0,pin\nc.test^partitionKey=%28https%2Cc.test%29:HSTS\t1\t20777\t1795256700000,1,0\n"},
        {"chromium", "{\"later\":{\"x\":1}, \"sts\": [ " ITEM(HASH_A) " , " ITEM(HASH_B) ", 7 ] ,\"version\":2}\n",
         "{\"later\":{\"x\":1}, \"sts\": [ " ITEM(HASH_A) ", 7," C_ITEM " ] ,\"version\":2}\n"},
        {"chromium", "{\"sts\":[" ITEM(HASH_B) "],\"version\":2}", "{\"sts\":[" C_ITEM "],\"version\":2}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hf_octets octets = {0};
        hf_span before = {cases[i].before, strlen(cases[i].before)};
        assert_int_equal(rewrite(cases[i].format, before, &octets), HF_OK);
        if (octets.length != strlen(cases[i].after) || memcmp(octets.data, cases[i].after, octets.length) != 0)
            fail_msg("%s\nexpected %s\ngot      %.*s", cases[i].format, cases[i].after, (int)octets.length,
                     octets.data);
        hf_octets_done(&octets);
    }
}

static void what_cannot_be_kept_is_refused(void **state)
{
    static const struct {
        const char *format, *before;
    } cases[] = {
        {"chromium", "{\"sts\":[],\"version\":3}"},
        {"chromium", "{\"sts\":[],\"version\":2"},
        {"chromium", "{\"sts\":[],\"sts\":[],\"version\":2}"},
        {"chromium", "{\"" HASH_A "\":{\"expiry\":1}}"},
        {"safari", "<plist><dict><key>HSTS Store Schema Version</key><integer>2</integer></dict></plist>"},
        {"safari", "bplist00x"},
        {"libsoup", "SQLite format 3"},
        {"firefox", "short"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hf_octets octets = {0};
        hf_span before = {cases[i].before, strlen(cases[i].before)};
        assert_int_equal(rewrite(cases[i].format, before, &octets), HF_E_FORMAT);
        hf_octets_done(&octets);
    }
}

/* -- Property lists ------------------------------------------------------------------------------------------------ */

#define PLIST_HEAD                                                                                                     \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                                                     \
    "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "                                                          \
    "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n<dict>\n"
#define OTHERS                                                                                                         \
    "\t<key>Other</key>\n\t<array>\n\t\t<integer>-2</integer>\n\t\t<integer>9223372036854775808</integer>\n"           \
    "\t\t<real>0.1</real>\n\t\t<false/>\n\t\t<data>AAH/</data>\n\t\t<data>AAE=</data>\n"                               \
    "\t\t<date>2020-01-02T03:04:05Z</date>\n\t\t<string>h\xc3\xa9&lt;&amp;&gt;</string>\n\t</array>\n"
#define A_HOST                                                                                                         \
    "\t\t<key>a.test</key>\n\t\t<dict>\n\t\t\t<key>Expiry</key>\n\t\t\t<real>816949338.125</real>\n"                   \
    "\t\t\t<key>New</key>\n\t\t\t<true/>\n\t\t</dict>\n"
#define SESSION_HEAD "\t<key>com.apple.CFNetwork.defaultStorageSession</key>\n\t<dict>\n"
#define B_HOST "\t\t<key>b.test</key>\n\t\t<dict>\n\t\t\t<key>Expiry</key>\n\t\t\t<real>1</real>\n\t\t</dict>\n"
#define C_HOST                                                                                                         \
    "\t\t<key>c.test</key>\n\t\t<dict>\n\t\t\t<key>Create Time</key>\n\t\t\t<real>816863100</real>\n"                  \
    "\t\t\t<key>Expiry</key>\n\t\t\t<real>816949500</real>\n\t\t\t<key>HSTS Host</key>\n\t\t\t<true/>\n\t\t</dict>\n"
#define PLIST_TAIL "\t</dict>\n</dict>\n</plist>\n"

static void an_xml_list_stays_one(void **state)
{
    static const char before[] = PLIST_HEAD OTHERS SESSION_HEAD A_HOST B_HOST PLIST_TAIL;
    static const char after[] = PLIST_HEAD OTHERS SESSION_HEAD A_HOST C_HOST PLIST_TAIL;
    hf_octets octets = {0};

    (void)state;
    assert_int_equal(rewrite("safari", (hf_span){before, sizeof before - 1}, &octets), HF_OK);
    if (octets.length != sizeof after - 1 || memcmp(octets.data, after, octets.length) != 0)
        fail_msg("expected %s\ngot      %.*s", after, (int)octets.length, octets.data);
    hf_octets_done(&octets);
}

static bool holds(const hf_octets *octets, const char *part, size_t length)
{
    for (size_t i = 0; i + length <= octets->length; i++) {
        if (memcmp(octets->data + i, part, length) == 0)
            return true;
    }
    return false;
}

/* Made by Python's plistlib: a row, and in "Other" an object of each kind that a list can hold. */
static void a_binary_list_keeps_the_rest(void **state)
{
    static const char before[] =
        "bplist00\323\001\002\003\004\005\015_\020\031HSTS Store Schema Version_\020)com.apple.CFNet"
        "work.defaultStorageSessionUOther\020\003\322\006\007\010\013Va.testVb.test\321\011\012VExpi"
        "ry#A\310X\324-\020\000\000\321\011\014#\077\360\000\000\000\000\000\000\254\016\017\020\021"
        "\022\023\024\025\026\027\030\031\023\377\377\377\377\377\377\377\376\021\001,\022\000\001\021"
        "p\023\000\000\001\000\000\000\000\000\024\000\000\000\000\000\000\000\000\200\000\000\000\000"
        "\000\000\000C\000\001\3773A\301\336\312\222\200\000\000d\000h\000\351\330=\336\000\200\007\010"
        "#\077\340\000\000\000\000\000\000\321\032\033Qn_\020\024xxxxxxxxxxxxxxxxxxxx\000\010\000\017"
        "\000+\000W\000]\000_\000d\000k\000r\000u\000|\000\205\000\210\000\221\000\236\000\247\000\252"
        "\000\257\000\270\000\311\000\315\000\326\000\337\000\341\000\342\000\353\000\356\000\360\000"
        "\000\000\000\000\000\002\001\000\000\000\000\000\000\000\034\000\000\000\000\000\000\000\000"
        "\000\000\000\000\000\000\001\007";

    static const struct {
        const char *octets;
        size_t length;
    } kept[] = {
        {"\x13\xff\xff\xff\xff\xff\xff\xff\xfe", 9},
        {"\x11\x01\x2c", 3},
        {"\x12\x00\x01\x11\x70", 5},
        {"\x13\x00\x00\x01\x00\x00\x00\x00\x00", 9},
        {"\x14\x00\x00\x00\x00\x00\x00\x00\x00\x80\x00\x00\x00\x00\x00\x00\x00", 17},
        {"\x43\x00\x01\xff", 4},
        {"\x33\x41\xc1\xde\xca\x92\x80\x00\x00", 9},
        {"\x64\x00h\x00\xe9\xd8\x3d\xde\x00", 9},
        {"\x23\x3f\xe0\x00\x00\x00\x00\x00\x00", 9},
        {"\x5f\x10\x14xxxxxxxxxxxxxxxxxxxx", 23},
    };
    hf_octets octets = {0}, again = {0};
    summary s;

    (void)state;
    assert_int_equal(rewrite("safari", (hf_span){before, sizeof before - 1}, &octets), HF_OK);
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        if (!holds(&octets, kept[i].octets, kept[i].length))
            fail_msg("object %zu is gone", i);
    }
    assert_int_equal(summarise("safari", (hf_span){octets.data, octets.length}, NULL, &s), HF_OK);
    assert_string_equal(s.text, "a.test until 1795256538.125; c.test until 1795256700");
    assert_int_equal(rewrite("safari", (hf_span){octets.data, octets.length}, &again), HF_OK);
    assert_int_equal(again.length, octets.length); /* c.test again, in the place of itself */
    assert_memory_equal(again.data, octets.data, octets.length);
    hf_octets_done(&again);
    hf_octets_done(&octets);
}

static bool keep_every_second(void *self, const hf_row *row)
{
    size_t *seen = self;

    (void)row;
    return (*seen)++ % 2 == 0;
}

static void add_many(hf_format_writer *writer, char letter, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "%c%zu.test", letter, i);
        hf_row row = DAY_ROW(name);
        row.observed = (hf_moment){NOW + (int64_t)i, 0};
        assert_int_equal(hf_format_writer_add(writer, &row, NULL), HF_OK);
    }
}

static bool count_row(void *self, const hf_row *row)
{
    size_t *rows = self;

    (void)row;
    ++*rows;
    return true;
}

/*
 * Makes a list of so many hosts, and then another from it, of which half goes and as many come. The processor's time
 * for it.
 */
static clock_t time_of_a_rewrite(const char *format, size_t count)
{
    hf_format_options options = options_with(NULL);
    hf_octets before = {0}, after = {0};
    hf_output first = hf_output_to(&before), second = hf_output_to(&after);
    hf_format_writer *writer;
    size_t seen = 0, rows = 0;
    clock_t began = clock();

    assert_int_equal(hf_format_writer_new(hf_format_find(format), NULL, &options, &first, &writer), HF_OK);
    add_many(writer, 'n', count);
    assert_int_equal(hf_format_writer_finish(writer), HF_OK);
    hf_format_writer_free(writer);
    hf_span octets = {before.data, before.length};
    hf_input input = hf_input_from(&octets);
    hf_format_rewrite plan = {&input, keep_every_second, &seen};
    assert_int_equal(hf_format_writer_new(hf_format_find(format), &plan, &options, &second, &writer), HF_OK);
    assert_int_equal(seen, count);
    add_many(writer, 'm', count / 2);
    assert_int_equal(hf_format_writer_finish(writer), HF_OK);
    hf_format_writer_free(writer);
    clock_t spent = clock() - began;
    hf_span result = {after.data, after.length};
    input = hf_input_from(&result);
    assert_int_equal(
        hf_format_read(hf_format_find(format), &input, &options, &(hf_row_visitor){count_row, NULL, &rows}), HF_OK);
    assert_int_equal(rows, count);
    hf_octets_done(&before);
    hf_octets_done(&after);
    return spent;
}

/* Ten times as many take about ten times as long; a hundred times would be the square. */
static void time_grows_with_the_rows(void **state)
{
    static const char *const kinds[] = {"safari", "chromium", "curl", "wget2", "libsoup"};

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        clock_t few = time_of_a_rewrite(kinds[i], 600), many = time_of_a_rewrite(kinds[i], 6000);
        if (many > 40 * (few + CLOCKS_PER_SEC / 500))
            fail_msg("%s: %ld for 600 rows, %ld for 6000", kinds[i], (long)few, (long)many);
    }
}

/* -- A database with more in it than ours -------------------------------------------------------------------------- */

static sqlite3 *open_octets(const hf_octets *octets)
{
    sqlite3 *db;
    unsigned char *copy = sqlite3_malloc64(octets->length);

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    memcpy(copy, octets->data, octets->length);
    assert_int_equal(sqlite3_deserialize(db, "main", copy, (sqlite3_int64)octets->length, (sqlite3_int64)octets->length,
                                         SQLITE_DESERIALIZE_FREEONCLOSE),
                     SQLITE_OK);
    return db;
}

static void expect_text(sqlite3 *db, const char *sql, const char *wanted)
{
    sqlite3_stmt *statement;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(statement, 0), wanted);
    sqlite3_finalize(statement);
}

static hf_octets database(const char *sql)
{
    hf_octets octets = {0};
    hf_output output = hf_output_to(&octets);
    sqlite3 *db;
    sqlite3_int64 size;

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    unsigned char *image = sqlite3_serialize(db, "main", &size, 0);
    assert_true(output.write(output.self, 0, (const char *)image, (size_t)size));
    sqlite3_free(image);
    sqlite3_close(db);
    return octets;
}

#define TABLE                                                                                                          \
    "CREATE TABLE soup_hsts_policies (id INTEGER PRIMARY KEY, host TEXT UNIQUE, max_age INTEGER, expiry INTEGER, "     \
    "include_subdomains INTEGER);"

static void database_keeps_the_rest(void **state)
{
    hf_octets after = {0},
              before = database("PRAGMA page_size=1024; PRAGMA user_version=42; PRAGMA application_id=7; CREATE TABLE "
                                "other(x); INSERT INTO other "
                                "VALUES('mine');" TABLE "INSERT INTO soup_hsts_policies "
                                "VALUES(3,'a.test',1,2,0),(5,'b.test',1,2,0),(7,'c.test',1,2,1),(9,'bad host',1,2,0)");

    (void)state;
    assert_int_equal(rewrite("libsoup", (hf_span){before.data, before.length}, &after), HF_OK);
    sqlite3 *db = open_octets(&after);
    expect_text(db,
                "SELECT group_concat(id||host||max_age||','||expiry||','||include_subdomains) FROM soup_hsts_policies",
                "3a.test1,2,0,7c.test86400,1795256700,0,9bad host1,2,0");
    expect_text(db, "SELECT x FROM other", "mine");
    expect_text(db, "PRAGMA user_version", "42");
    expect_text(db, "PRAGMA application_id", "7");
    expect_text(db, "PRAGMA page_size", "1024");
    expect_text(db, "PRAGMA integrity_check", "ok");
    sqlite3_close(db);
    for (size_t i = 0; i + 6 <= after.length; i++)
        assert_memory_not_equal(after.data + i, "b.test", 6);
    hf_octets_done(&before);
    hf_octets_done(&after);
}

/* A database whose header says that it has a write-ahead log, closed in good order: it goes on saying so. */
static void database_with_a_log(void **state)
{
    hf_octets after = {0}, before = database(TABLE "INSERT INTO soup_hsts_policies VALUES(5,'b.test',1,2,0)");
    summary s;

    (void)state;
    before.data[18] = before.data[19] = 2;
    assert_int_equal(summarise("libsoup", (hf_span){before.data, before.length}, NULL, &s), HF_OK);
    assert_string_equal(s.text, "b.test until 2");
    assert_int_equal(rewrite("libsoup", (hf_span){before.data, before.length}, &after), HF_OK);
    assert_int_equal(after.data[18], 2);
    assert_int_equal(after.data[19], 2);
    assert_int_equal(summarise("libsoup", (hf_span){after.data, after.length}, NULL, &s), HF_OK);
    assert_string_equal(s.text, "c.test until 1795256700");
    hf_octets_done(&before);
    hf_octets_done(&after);
}

#define NOT_OURS "!0 no database that holds the plain table soup_hsts_policies alone"

static void strange_databases(void **state)
{
    static const struct {
        const char *sql, *summary;
        hf_status status;
    } cases[] = {
        {"CREATE TABLE x(y)", NOT_OURS, HF_E_FORMAT},
        {"CREATE VIEW soup_hsts_policies AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT i AS "
         "id, "
         "'a' AS host, 1 AS max_age, 1 AS expiry, 0 AS include_subdomains FROM n",
         NOT_OURS, HF_E_FORMAT},
        {TABLE "CREATE VIEW v AS SELECT 1", NOT_OURS, HF_E_FORMAT},
        {TABLE "CREATE TRIGGER t AFTER DELETE ON soup_hsts_policies BEGIN SELECT 1; END", NOT_OURS, HF_E_FORMAT},
        {TABLE "CREATE INDEX i ON soup_hsts_policies(hex(zeroblob(max_age)))", NOT_OURS, HF_E_FORMAT},
        {"CREATE TABLE soup_hsts_policies (id INTEGER PRIMARY KEY, host TEXT UNIQUE, max_age INTEGER, expiry INTEGER, "
         "include_subdomains INTEGER GENERATED ALWAYS AS (max_age + 1))",
         NOT_OURS, HF_E_FORMAT},
        {"CREATE TABLE soup_hsts_policies (id INTEGER PRIMARY KEY, host TEXT UNIQUE, max_age INTEGER, expiry INTEGER, "
         "include_subdomains INTEGER CHECK (length(hex(zeroblob(1000))) > 1))",
         NOT_OURS, HF_E_FORMAT},
        {"CREATE TABLE soup_hsts_policies (id INTEGER PRIMARY KEY, host TEXT UNIQUE, max_age INTEGER, expiry INTEGER, "
         "include_subdomains INTEGER DEFAULT (random()))",
         NOT_OURS, HF_E_FORMAT},
        {TABLE "CREATE TABLE x(y, z AS (y))", NOT_OURS, HF_E_FORMAT},
        {TABLE
         "INSERT INTO soup_hsts_policies VALUES(1,'a.test',1,2,0),(2,hex(zeroblob(2500)),1,2,0),(3,'b.test',1,2,0)",
         "a.test until 2; !/1 a row is longer than any of libsoup's: what follows is not read", HF_OK},
        {TABLE
         "INSERT INTO soup_hsts_policies VALUES(1,NULL,1,2,0),(2,'a.test','x',2,0),(3,x'00',1,2,0),(4,'B.test',-1,2,0),"
         "(5,'c.test',1,9223372036854775807,2)",
         "!/1 the host is no text; !/2 max_age, expiry or include_subdomains is no integer; !/3 the host is no text; "
         "!/4 max_age is negative; c.test+ until never",
         HF_OK},
    };
    summary s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hf_octets octets = database(cases[i].sql);
        assert_int_equal(summarise("libsoup", (hf_span){octets.data, octets.length}, NULL, &s), cases[i].status);
        assert_string_equal(s.text, cases[i].summary);
        hf_octets_done(&octets);
    }
}

/* -- Failing outputs ----------------------------------------------------------------------------------------------- */

typedef struct narrow {
    hf_octets octets;
    size_t room;
} narrow;

static bool narrow_write(void *self, uint64_t offset, const char *data, size_t length)
{
    narrow *n = self;
    hf_output output = hf_output_to(&n->octets);

    return offset + length <= n->room && output.write(output.self, offset, data, length);
}

static bool narrow_read(void *self, uint64_t offset, char *buffer, size_t capacity, size_t *length)
{
    narrow *n = self;
    hf_output output = hf_output_to(&n->octets);

    return output.read(output.self, offset, buffer, capacity, length);
}

static bool narrow_truncate(void *self, uint64_t length)
{
    (void)self;
    (void)length;
    return false;
}

static hf_status write_narrow(const hf_format *format, narrow *n)
{
    hf_format_options options = options_with(NULL);
    hf_output output = {narrow_write, narrow_read, narrow_truncate, n};
    hf_row row = DAY_ROW("a.test");
    hf_format_writer *writer = NULL;

    hf_status status = hf_format_writer_new(format, NULL, &options, &output, &writer);
    if (status == HF_OK)
        status = hf_format_writer_add(writer, &row, NULL);
    if (status == HF_OK)
        status = hf_format_writer_finish(writer);
    hf_format_writer_free(writer);
    return status;
}

static void full_outputs(void **state)
{
    (void)state;
    for (const hf_format *const *format = hf_formats(); *format != NULL; format++) {
        narrow wide = {.room = 1 << 20}, none = {.room = 10};
        assert_int_equal(write_narrow(*format, &wide), HF_OK);
        assert_int_equal(write_narrow(*format, &none), HF_E_WRITE);
        hf_octets_done(&wide.octets);
        hf_octets_done(&none.octets);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_row_in_each_format),
        cmocka_unit_test(bare_row_in_each_format),
        cmocka_unit_test(rows_without_end),
        cmocka_unit_test(rows_left_out),
        cmocka_unit_test(limits),
        cmocka_unit_test(key_too_long_for_firefox),
        cmocka_unit_test(what_is_not_ours_stays),
        cmocka_unit_test(what_cannot_be_kept_is_refused),
        cmocka_unit_test(database_keeps_the_rest),
        cmocka_unit_test(database_with_a_log),
        cmocka_unit_test(strange_databases),
        cmocka_unit_test(an_xml_list_stays_one),
        cmocka_unit_test(a_binary_list_keeps_the_rest),
        cmocka_unit_test(time_grows_with_the_rows),
        cmocka_unit_test(full_outputs),
    };

    return cmocka_run_group_tests_name("formats_write", tests, NULL, NULL);
}
