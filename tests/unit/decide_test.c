/* The decision: learned before listed, the list as a floor, and every reason. */
#include <holdfast/decide.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define NOW 1000
#define LIST_LIFE 500

static const hf_preload_entry entries[] = {
    {"child.listed.test", false}, {"dev", true}, {"exact.test", false}, {"listed.test", true}, {"open.dev", false},
};
static const hf_preload_table table = {entries, sizeof entries / sizeof entries[0]};

typedef struct fixture {
    hf_hosts *hosts;
    hf_preload preload;
    hf_known known;
} fixture;

static hf_host host_of(const char *text)
{
    hf_host host;

    assert_int_equal(hf_host_parse(text, strlen(text), NULL, &host, NULL), HF_OK);
    return host;
}

static hf_noted note(fixture *f, const char *name, const char *value, int64_t now)
{
    hf_response response = hf_response_init();
    hf_field field = {{HF_HEADER_NAME, strlen(HF_HEADER_NAME)}, {value, strlen(value)}};
    hf_host host = host_of(name);
    hf_noted noted;

    response.now = now;
    response.secure = true;
    assert_int_equal(hf_hosts_note_fields(f->hosts, &host, &field, 1, &response, &noted), HF_OK);
    return noted;
}

static hf_verdict ask(const fixture *f, const char *name, int64_t now)
{
    hf_verdict v = hf_verdict_init();
    hf_host host = host_of(name);

    assert_int_equal(hf_decide(&f->known, &host, (hf_span){NULL, 0}, now, &v), HF_OK);
    return v;
}

static hf_verdict ask_url(const fixture *f, const char *text, int64_t now)
{
    hf_verdict v = hf_verdict_init();
    hf_url url;

    assert_int_equal(hf_url_parse(text, strlen(text), NULL, &url, NULL), HF_OK);
    assert_int_equal(hf_decide_url(&f->known, &url, (hf_span){NULL, 0}, now, &v), HF_OK);
    return v;
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);

    if (f == NULL || hf_hosts_new(NULL, &f->hosts) != HF_OK)
        return -1;
    f->preload = hf_preload_init();
    if (hf_preload_from_table(&table, "test", 0, LIST_LIFE, &f->preload) != HF_OK)
        return -1;
    f->known = (hf_known){.hosts = f->hosts};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;

    hf_hosts_free(f->hosts);
    free(f);
    return 0;
}

/* [RFC6797 8.2-1] [RFC6797 8.4-1] */
static void a_learned_policy_enforces(void **state)
{
    fixture *f = *state;
    hf_verdict v;

    note(f, "learned.test", "max-age=100; includeSubDomains", NOW);
    v = ask(f, "learned.test", NOW);
    assert_true(v.enforce && v.learned && v.tls_errors_fatal && !v.upgrade && !v.preloaded);
    assert_int_equal(v.reason, HF_REASON_LEARNED_CONGRUENT);
    assert_true(v.expires == NOW + 100 && v.learned_expires == NOW + 100);
    v = ask(f, "a.b.learned.test", NOW);
    assert_int_equal(v.reason, HF_REASON_LEARNED_SUPERDOMAIN);
    assert_int_equal(v.learned_offset, 4);
    assert_true(v.learned_include_subdomains);
    v = ask(f, "learned.test", NOW + 101);
    assert_false(v.enforce);
    assert_int_equal(v.reason, HF_REASON_EXPIRED);
    assert_int_equal(ask(f, "test", NOW).reason, HF_REASON_NOT_KNOWN);
}

/* [RFC6797 12.3-1] The most specific covering entry answers; a listed child without the flag does not shield its
 * children. */
static void the_list_answers_with_its_most_specific_entry(void **state)
{
    fixture *f = *state;
    hf_verdict v;

    f->known.preload = &f->preload;
    v = ask(f, "listed.test", 1);
    assert_true(v.enforce && v.preloaded && !v.learned);
    assert_int_equal(v.reason, HF_REASON_PRELOADED_CONGRUENT);
    assert_true(v.expires == LIST_LIFE);
    v = ask(f, "child.listed.test", 1);
    assert_int_equal(v.preloaded_offset, 0);
    assert_false(v.preloaded_include_subdomains);
    v = ask(f, "x.child.listed.test", 1);
    assert_int_equal(v.reason, HF_REASON_PRELOADED_SUPERDOMAIN);
    assert_int_equal(v.preloaded_offset, 8);
    assert_true(v.preloaded_include_subdomains);
    assert_int_equal(ask(f, "sub.exact.test", 1).reason, HF_REASON_NOT_KNOWN);
    assert_true(ask(f, "x.open.dev", 1).preloaded);
    assert_true(ask(f, "dev", 1).preloaded);
    assert_false(ask(f, "unlisted.test", 1).enforce);
    assert_false(ask(f, "notlisted.test", 1).enforce);
}

static void the_list_is_a_floor(void **state)
{
    fixture *f = *state;
    hf_verdict v;

    f->known.preload = &f->preload;
    note(f, "listed.test", "max-age=10", 0);
    v = ask(f, "listed.test", 1);
    assert_true(v.learned && v.preloaded);
    assert_int_equal(v.reason, HF_REASON_LEARNED_CONGRUENT);
    assert_true(v.learned_expires == 10 && v.expires == LIST_LIFE);
    assert_int_equal(note(f, "listed.test", "max-age=0", 2), HF_NOTED_FORGOTTEN);
    assert_int_equal(ask(f, "listed.test", 3).reason, HF_REASON_PRELOADED_CONGRUENT);
    note(f, "listed.test", "max-age=1000", 3);
    assert_true(ask(f, "listed.test", 4).expires == 1003);
}

static void an_old_list_stops(void **state)
{
    fixture *f = *state;
    hf_preload list = hf_preload_init();
    hf_verdict v;

    f->known.preload = &f->preload;
    assert_true(ask(f, "dev", LIST_LIFE).enforce);
    v = ask(f, "dev", LIST_LIFE + 1);
    assert_true(!v.enforce && !v.preloaded);
    assert_int_equal(v.reason, HF_REASON_LIST_STALE);
    note(f, "dev", "max-age=9999", 0);
    assert_int_equal(ask(f, "dev", LIST_LIFE + 1).reason, HF_REASON_LEARNED_CONGRUENT);
    assert_int_equal(hf_preload_from_table(&table, NULL, HF_TIME_UNKNOWN, 1, &list), HF_OK);
    assert_false(hf_preload_is_stale(&list, INT64_MAX));
    assert_int_equal(hf_preload_from_table(&table, NULL, INT64_MIN + 1, 1, &list), HF_OK);
    assert_true(hf_preload_is_stale(&list, INT64_MAX));
    assert_int_equal(hf_preload_from_table(&table, NULL, 0, HF_TIME_NEVER, &list), HF_OK);
    assert_false(hf_preload_is_stale(&list, INT64_MAX));
    f->known.preload = &list;
    assert_true(ask(f, "listed.test", 1).expires == HF_TIME_NEVER);
}

/* [RFC6797 8.3-5] */
static void urls_are_upgraded_by_scheme(void **state)
{
    fixture *f = *state;

    note(f, "learned.test", "max-age=100", NOW);
    assert_true(ask_url(f, "http://learned.test:8080/", NOW).upgrade);
    assert_true(ask_url(f, "ws://learned.test/", NOW).upgrade);
    assert_true(ask_url(f, "http://LEARNED.test./", NOW).upgrade);
    assert_false(ask_url(f, "https://learned.test/", NOW).upgrade);
    assert_true(ask_url(f, "https://learned.test/", NOW).tls_errors_fatal);
    assert_false(ask_url(f, "http://sub.learned.test/", NOW).upgrade);
    assert_int_equal(ask_url(f, "ftp://learned.test/", NOW).reason, HF_REASON_SCHEME);
    assert_int_equal(ask_url(f, "http://a..learned.test/", NOW).reason, HF_REASON_NOT_A_DNS_NAME);
    assert_int_equal(ask_url(f, "http://0x7f.1/", NOW).reason, HF_REASON_IP_ADDRESS);
    assert_int_equal(ask_url(f, "http://[::1]/", NOW).reason, HF_REASON_IP_ADDRESS);
    assert_int_equal(ask_url(f, "http://a.localhost/", NOW).reason, HF_REASON_LOCALHOST);
}

static void localhost_may_be_enforced(void **state)
{
    fixture *f = *state;
    hf_hosts_options options = hf_hosts_options_init();

    hf_hosts_free(f->hosts);
    options.enforce_localhost = true;
    assert_int_equal(hf_hosts_new(&options, &f->hosts), HF_OK);
    f->known.hosts = f->hosts;
    assert_int_equal(note(f, "localhost", "max-age=100", NOW), HF_NOTED_ADDED);
    assert_true(ask(f, "localhost", NOW).enforce);
}

/* A program built when hf_verdict was smaller gets what fits, and nothing behind it is written. */
static void an_older_verdict_is_not_overrun(void **state)
{
    fixture *f = *state;
    hf_host host = host_of("learned.test");

    struct {
        hf_verdict v;
    } old;

    note(f, "learned.test", "max-age=100", NOW);
    memset(&old, 0x5a, sizeof old);
    old.v.size = offsetof(hf_verdict, learned);
    assert_int_equal(hf_decide(&f->known, &host, (hf_span){NULL, 0}, NOW, &old.v), HF_OK);
    assert_true(old.v.enforce);
    assert_int_equal(old.v.size, offsetof(hf_verdict, learned));
    for (size_t i = offsetof(hf_verdict, learned); i < sizeof old.v; i++)
        assert_int_equal(((unsigned char *)&old.v)[i], 0x5a);
    old.v.size = 0;
    assert_int_equal(hf_decide(&f->known, &host, (hf_span){NULL, 0}, NOW, &old.v), HF_E_ARGUMENT);
}

/* A list of a program built when hf_preload had fewer members: what stands behind them is not the list's. */
static void an_older_list_is_read_up_to_its_size(void **state)
{
    fixture *f = *state;
    hf_host host = host_of("dev");
    hf_verdict v = hf_verdict_init();

    f->known.preload = &f->preload;
    f->preload.size = offsetof(hf_preload, life);
    f->preload.life = HF_TIME_NEVER;
    assert_true(ask(f, "dev", 0).expires == 0); /* without a life, that of its own second */
    assert_int_equal(ask(f, "dev", 1).reason, HF_REASON_LIST_STALE);
    assert_true(hf_preload_is_stale(&f->preload, 1));
    f->preload.size = 0;
    assert_int_equal(hf_decide(&f->known, &host, (hf_span){NULL, 0}, 0, &v), HF_E_ARGUMENT);
    f->preload = hf_preload_init();
    assert_int_equal(hf_decide(&f->known, &host, (hf_span){NULL, 0}, 0, &v), HF_E_ARGUMENT);
}

static void an_older_list_is_not_overrun(void **state)
{
    hf_preload old;

    (void)state;
    memset(&old, 0x5a, sizeof old);
    old.size = offsetof(hf_preload, list_time);
    assert_int_equal(hf_preload_from_table(&table, "test", 7, 7, &old), HF_OK);
    assert_string_equal(old.source, "test");
    assert_int_equal(old.size, offsetof(hf_preload, list_time));
    for (size_t i = offsetof(hf_preload, list_time); i < sizeof old; i++)
        assert_int_equal(((unsigned char *)&old)[i], 0x5a);
    old.size = 0;
    assert_int_equal(hf_preload_from_table(&table, "test", 7, 7, &old), HF_E_ARGUMENT);
}

static void tables_must_be_sorted(void **state)
{
    static const hf_preload_entry wrong[] = {{"b", true}, {"a", true}}, twice[] = {{"a", true}, {"a", true}};
    hf_preload_table unsorted = {wrong, 2}, doubled = {twice, 2}, none = {NULL, 0};
    hf_preload list = hf_preload_init();

    (void)state;
    assert_int_equal(hf_preload_from_table(&unsorted, NULL, 0, 0, &list), HF_E_ARGUMENT);
    assert_int_equal(hf_preload_from_table(&doubled, NULL, 0, 0, &list), HF_E_ARGUMENT);
    assert_int_equal(hf_preload_from_table(&none, NULL, 0, 0, &list), HF_OK);
    assert_int_equal(hf_preload_from_table(&none, NULL, 0, -1, &list), HF_E_ARGUMENT);
}

static void reasons_and_statuses_are_described(void **state)
{
    (void)state;
    for (int r = HF_REASON_LEARNED_CONGRUENT; r <= HF_REASON_SCHEME; r++) {
        assert_true(strlen(hf_reason_name((hf_reason)r)) > 3);
        assert_true(strlen(hf_reason_text((hf_reason)r)) > 10);
        assert_true(strlen(hf_reason_section((hf_reason)r)) >= 1);
    }
    assert_string_equal(hf_reason_name((hf_reason)99), "?");
    assert_string_equal(hf_status_name(HF_E_MEMORY), "HF_E_MEMORY");
    assert_string_equal(hf_status_name((hf_status)7), "HF_E_?");
    assert_string_equal(hf_status_text(HF_OK), "ok");
    assert_string_equal(hf_status_text((hf_status)7), "an unknown error");
    assert_true(strlen(hf_version()) >= 5);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#define LABEL_64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* Such a host cannot be noted, but what lies below a known host is covered by it. */
static void a_host_that_is_no_dns_name_is_covered_by_its_parents(void **state)
{
    static const struct {
        const char *url, *matched;
        hf_reason reason;
    } cases[] = {
        {"http://a..learned.test/", "learned.test", HF_REASON_LEARNED_SUPERDOMAIN},
        {"http://" LABEL_64 ".x.Learned.test./", "learned.test", HF_REASON_LEARNED_SUPERDOMAIN},
        {"http://learned.test../", "learned.test", HF_REASON_LEARNED_SUPERDOMAIN},
        {"http://.alone.learned.test/", "learned.test", HF_REASON_LEARNED_SUPERDOMAIN},
        {"http://a..listed.test/", "listed.test", HF_REASON_PRELOADED_SUPERDOMAIN},
        {"http://a..child.listed.test/", "listed.test", HF_REASON_PRELOADED_SUPERDOMAIN},
        {"http://a..open.dev/", "dev", HF_REASON_PRELOADED_SUPERDOMAIN},
        {"http://a..exact.test/", NULL, HF_REASON_NOT_A_DNS_NAME},
        {"http://a..alone.test/", NULL, HF_REASON_NOT_A_DNS_NAME},
        {"http://learned.test..other.test/", NULL, HF_REASON_NOT_A_DNS_NAME},
        {"http://../", NULL, HF_REASON_NOT_A_DNS_NAME},
        {"http://a..localhost/", NULL, HF_REASON_NOT_A_DNS_NAME},
    };
    fixture *f = *state;
    hf_entry localhost = hf_entry_init();

    f->known.preload = &f->preload;
    localhost.host = (hf_span){"localhost", 9};
    localhost.expires = HF_TIME_NEVER;
    localhost.include_subdomains = true;
    assert_int_equal(hf_hosts_put(f->hosts, &localhost, 0), HF_OK);
    note(f, "learned.test", "max-age=100; includeSubDomains", 0);
    note(f, "alone.learned.test", "max-age=100", 0);
    note(f, "alone.test", "max-age=100", 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hf_verdict v = ask_url(f, cases[i].url, 1);
        hf_url url;
        assert_int_equal(hf_url_parse(cases[i].url, strlen(cases[i].url), NULL, &url, NULL), HF_OK);
        assert_int_equal(v.reason, cases[i].reason);
        assert_int_equal(v.enforce, cases[i].matched != NULL);
        assert_int_equal(v.upgrade, cases[i].matched != NULL);
        assert_int_equal(v.tls_errors_fatal, cases[i].matched != NULL);
        if (v.learned)
            assert_string_equal(url.host.name + v.learned_offset, cases[i].matched);
        else if (v.preloaded)
            assert_string_equal(url.host.name + v.preloaded_offset, cases[i].matched);
    }
}

static void what_covers_a_host_that_is_no_dns_name_ends_in_time(void **state)
{
    fixture *f = *state;

    note(f, "learned.test", "max-age=100; includeSubDomains", 0);
    assert_int_equal(ask_url(f, "http://a..learned.test/", 100).expires, 100);
    assert_false(ask_url(f, "http://a..learned.test/", 101).enforce);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_learned_policy_enforces),
        WITH_FIXTURE(the_list_answers_with_its_most_specific_entry),
        WITH_FIXTURE(the_list_is_a_floor),
        WITH_FIXTURE(an_old_list_stops),
        WITH_FIXTURE(urls_are_upgraded_by_scheme),
        WITH_FIXTURE(localhost_may_be_enforced),
        WITH_FIXTURE(an_older_verdict_is_not_overrun),
        WITH_FIXTURE(an_older_list_is_read_up_to_its_size),
        cmocka_unit_test(an_older_list_is_not_overrun),
        cmocka_unit_test(tables_must_be_sorted),
        cmocka_unit_test(reasons_and_statuses_are_described),
        cmocka_unit_test_setup_teardown(a_host_that_is_no_dns_name_is_covered_by_its_parents, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_covers_a_host_that_is_no_dns_name_ends_in_time, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
