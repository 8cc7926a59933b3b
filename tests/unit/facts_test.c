/* What facts say of themselves: where a response leads, how far a clock is off, how old a list is, what is written of
 * what was not seen. From literals. */
#include "base/json.h"
#include "facts/clock.h"
#include "facts/endpoints.h"
#include "facts/list_words.h"
#include "facts/location.h"
#include "facts/sts_field.h"
#include "lib/facts_builder.h"

/* -- Where a response leads ---------------------------------------------------------------------------------------- */

static void expect_location(int status, const hf_field *fields, size_t count, facts_location wanted, const char *to)
{
    const facts_response response = {.status = status, .fields = fields, .count = count};
    const hf_span *location = NULL;

    assert_int_equal(facts_location_of(&response, &location), wanted);
    if (to == NULL) {
        assert_null(location);
    } else {
        assert_non_null(location);
        assert_int_equal(location->length, strlen(to));
        assert_memory_equal(location->data, to, location->length);
    }
}

static void a_redirect_needs_a_status_and_a_place(void **state)
{
    const hf_field one[] = {{SPAN("Server"), SPAN("x")}, {SPAN("lOCATION"), SPAN("/a")}};
    const int redirects[] = {301, 302, 303, 307, 308}, others[] = {200, 201, 300, 304, 305, 306, 399, 404, 500};

    (void)state;
    for (size_t i = 0; i < sizeof redirects / sizeof *redirects; i++)
        expect_location(redirects[i], one, 2, FACTS_FOLLOW, "/a");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        expect_location(others[i], one, 2, FACTS_STAY, NULL);
    expect_location(301, one, 1, FACTS_STAY, NULL);
}

static void an_empty_location_is_passed_over(void **state)
{
    const hf_field empty[] = {{SPAN("Location"), SPAN("")}, {SPAN("Location"), SPAN("/b")}};

    (void)state;
    expect_location(302, empty, 2, FACTS_FOLLOW, "/b");
    expect_location(302, empty, 1, FACTS_STAY, NULL);
}

/* -- The clock ----------------------------------------------------------------------------------------------------- */

static void date_answer(facts_site *site, const char *name, int64_t date, int64_t received)
{
    facts_answer *answer = build_answer(site, FACTS_METHOD_HEAD, false, 200, NULL);
    facts_response *response = build_response(&answer->hop);

    if (name != NULL)
        assert_int_equal(hf_host_parse(name, strlen(name), NULL, &answer->hop.host, NULL), HF_OK);
    response->date = date;
    response->received = received;
}

static void the_clock_is_the_median_of_the_hosts_own_answers(void **state)
{
    facts_site site;
    facts_clock clock;

    (void)state;
    build_site(&site, "a.test", YEAR);
    build_response(build_first(&site, FACTS_HTTPS))->date = HF_TIME_UNKNOWN;
    clock = facts_clock_of(&site);
    assert_int_equal(clock.samples, 0);
    assert_int_equal(clock.skew, 0);
    date_answer(&site, NULL, NOW + 700, NOW);
    date_answer(&site, NULL, NOW - 90000, NOW);
    date_answer(&site, NULL, NOW + 600, NOW);
    date_answer(&site, "other.test", NOW + 5, NOW);
    clock = facts_clock_of(&site);
    assert_int_equal(clock.samples, 3);
    assert_int_equal(clock.skew, 600);
    facts_site_done(&site);
}

static void expect_skew(const char *age, int64_t skew)
{
    facts_site site;
    facts_hop *first;

    build_site(&site, "a.test", NULL);
    first = build_first(&site, FACTS_HTTPS);
    build_response(first)->date = NOW - 1000;
    build_response(first)->received = NOW;
    build_field(first, "aGE", (hf_span){age, strlen(age)});
    assert_int_equal(facts_clock_of(&site).skew, skew);
    facts_site_done(&site);
}

static void time_in_a_cache_is_no_skew(void **state)
{
    (void)state;
    expect_skew("1000", 0);
    expect_skew("400", -600);
    expect_skew("", -1000);
    expect_skew("4x", -1000);
    expect_skew("-4", -1000);
}

/* -- The age of a list --------------------------------------------------------------------------------------------- */

static void expect_words(const char *source, int64_t made, int64_t life, int64_t now, const char *wanted)
{
    hf_preload list = hf_preload_init();
    char words[FACTS_LIST_WORDS_MAX];

    list.source = source;
    list.list_time = made;
    list.life = life;
    facts_list_words(&list, now, words);
    assert_string_equal(words, wanted);
}

static void a_list_says_how_old_it_is(void **state)
{
    (void)state;
    expect_words("Chromium", NOW - DAY, 70 * DAY, NOW, "Chromium, 1 day old");
    expect_words("Chromium", NOW - 2 * DAY + 1, 70 * DAY, NOW, "Chromium, 1 day old");
    expect_words("Chromium", NOW - 70 * DAY, HF_TIME_NEVER, NOW, "Chromium, 70 days old");
    expect_words("Chromium", NOW + 1, 70 * DAY, NOW, "Chromium, made later than now");
    expect_words("", HF_TIME_UNKNOWN, 70 * DAY, NOW, "a list without a name");
    expect_words(NULL, NOW, 70 * DAY, NOW, "a list without a name, 0 days old");
    expect_words("Firefox", 0, DAY, 3 * DAY, "Firefox, 3 days old, too old to enforce since 1970-01-02T00:00:00Z");
}

/* -- The header ---------------------------------------------------------------------------------------------------- */

static void all_notes_are_kept_however_many(void **state)
{
    char value[8192] = "max-age=1";
    base_arena arena = {0};
    facts_sts_value read;

    (void)state;
    for (int i = 0; i < 100; i++)
        snprintf(value + strlen(value), sizeof value - strlen(value), "; unknown%d", i);
    read = facts_sts_read((hf_span){value, strlen(value)}, &arena);
    assert_true(read.valid);
    assert_int_equal(read.policy.max_age, 1);
    assert_true(read.note_count >= 100);
    assert_int_equal(facts_sts_read((hf_span){value, strlen(value)}, NULL).note_count, 0);
    assert_false(facts_sts_read(SPAN("includeSubDomains"), NULL).valid);
    base_arena_done(&arena);
}

/* -- What was not seen --------------------------------------------------------------------------------------------- */

static void expect_json(void (*write)(const void *facts, base_json *json), const void *facts, const char *wanted)
{
    base_buffer out;
    base_json json;

    base_buffer_init(&out, 65536);
    base_json_init(&json, &out, false);
    write(facts, &json);
    base_buffer_append(&out, "", 1);
    assert_string_equal(out.data, wanted);
    base_buffer_done(&out);
}

static void write_redirects(const void *facts, base_json *json)
{
    facts_redirects_json(facts, json);
}

static void write_response(const void *facts, base_json *json)
{
    facts_response_json(facts, json);
}

static void write_default_host(const void *facts, base_json *json)
{
    facts_default_host_json(facts, json);
}

static void write_clock(const void *facts, base_json *json)
{
    facts_clock_json(facts, json);
}

static void what_was_not_seen_is_null(void **state)
{
    const facts_redirects redirects = {0};
    const facts_default_host host = {0};
    facts_site site;

    (void)state;
    expect_json(write_redirects, &redirects, "null");
    expect_json(write_response, NULL, "null");
    expect_json(write_default_host, &host, "null");
    build_site(&site, "a.test", NULL);
    build_response(build_first(&site, FACTS_HTTPS))->date = HF_TIME_UNKNOWN;
    expect_json(write_clock, &site, "{\"samples\":0,\"server_ahead\":null}");
    facts_site_done(&site);
}

/* -- Secrets ------------------------------------------------------------------------------------------------------- */

static void write_exchange(const void *facts, base_json *json)
{
    facts_exchange_json(facts, json);
}

static char *json_of(void (*write)(const void *facts, base_json *json), const void *facts)
{
    base_buffer out;
    base_json json;
    char *text;

    base_buffer_init(&out, 65536);
    base_json_init(&json, &out, false);
    write(facts, &json);
    text = strdup(base_buffer_string(&out));
    base_buffer_done(&out);
    return text;
}

/* The visit needs cookies, and keeps them as they came; only what is written has asterisks. */
static void cookies_and_credentials_are_masked(void **state)
{
    static const char raw[] = "HTTP/1.1 200 OK\r\nSet-Cookie : a=hidden; Path=/hidden-not\r\nset-cookie: hidden\r\n"
                              "Cookie: x=hid\r\n den;y\r\nAuthorization:\thidden\r\nX: shown=1\r\n\r\n";
    const hf_field fields[] = {{SPAN("SET-COOKIE"), SPAN("a=hidden; b")},
                               {SPAN("Cookie"), SPAN("hidden")},
                               {SPAN("Proxy-Authorization"), SPAN("hidden")},
                               {SPAN("X"), SPAN("shown=1; c")}};
    const facts_response response = {.status = 200, .raw = {raw, sizeof raw - 1}, .fields = fields, .count = 4};
    const facts_exchange exchange = {.cookies = "a=hidden; hidden;b=hidden="};
    char *text = json_of(write_response, &response), *sent = json_of(write_exchange, &exchange);

    (void)state;
    assert_null(strstr(text, "hidden\\"));
    assert_null(strstr(text, "=hidden"));
    assert_null(strstr(text, "\"hidden"));
    assert_null(strstr(text, " den"));
    assert_non_null(strstr(text, "; Path=/hidden-not"));
    assert_non_null(strstr(text, "X: shown=1"));
    assert_non_null(strstr(text, "\"shown=1; c\""));
    assert_non_null(strstr(text, "\"a=******; b\""));
    assert_memory_equal(fields[0].value.data, "a=hidden; b", 11);
    assert_null(strstr(sent, "hidden"));
    assert_non_null(strstr(sent, "\"a=***; ***;b=***\""));
    free(text);
    free(sent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_redirect_needs_a_status_and_a_place),
        cmocka_unit_test(an_empty_location_is_passed_over),
        cmocka_unit_test(the_clock_is_the_median_of_the_hosts_own_answers),
        cmocka_unit_test(time_in_a_cache_is_no_skew),
        cmocka_unit_test(a_list_says_how_old_it_is),
        cmocka_unit_test(all_notes_are_kept_however_many),
        cmocka_unit_test(what_was_not_seen_is_null),
        cmocka_unit_test(cookies_and_credentials_are_masked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
