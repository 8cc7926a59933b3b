/* The Known HSTS Hosts: every rule of holdfast/hosts.h. */
#include <holdfast/hosts.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

uint64_t hf__seed(void); /* engine/seed.h, which is not installed */

static const hf_span none = {NULL, 0};

/* -- Helpers ------------------------------------------------------------------------------------------------------- */

static hf_host name(const char *text)
{
    hf_host host = {.kind = HF_HOST_NAME, .length = strlen(text)};

    assert_true(host.length <= HF_HOST_MAX);
    memcpy(host.name, text, host.length + 1);
    return host;
}

static hf_span span(const char *text)
{
    return (hf_span){text, strlen(text)};
}

static hf_hosts *new_hosts(size_t limit)
{
    hf_hosts *hosts;
    hf_hosts_options options = hf_hosts_options_init();

    options.limit = limit;
    options.seed = 42;
    assert_int_equal(hf_hosts_new(&options, &hosts), HF_OK);
    return hosts;
}

static hf_response response_at(int64_t now)
{
    hf_response response = hf_response_init();

    response.now = now;
    response.secure = true;
    return response;
}

static hf_noted note(hf_hosts *hosts, const char *text, int64_t max_age, bool include_subdomains, int64_t now)
{
    hf_host host = name(text);
    hf_policy policy = {max_age, include_subdomains, false};
    hf_response response = response_at(now);
    hf_noted noted;

    assert_int_equal(hf_hosts_note(hosts, &host, &policy, &response, &noted), HF_OK);
    return noted;
}

static hf_noted note_in(hf_hosts *hosts, const char *text, const char *partition, int64_t max_age)
{
    hf_host host = name(text);
    hf_policy policy = {max_age, true, false};
    hf_response response = response_at(0);

    response.partition = span(partition);
    hf_noted noted;
    assert_int_equal(hf_hosts_note(hosts, &host, &policy, &response, &noted), HF_OK);
    return noted;
}

static hf_noted note_response(hf_hosts *hosts, const hf_host *host, const hf_response *response)
{
    hf_policy policy = {100, false, false};
    hf_noted noted;

    assert_int_equal(hf_hosts_note(hosts, host, &policy, response, &noted), HF_OK);
    return noted;
}

static hf_match match(const hf_hosts *hosts, const char *text, int64_t now)
{
    hf_host host = name(text);

    return hf_hosts_match(hosts, &host, none, now, NULL);
}

static bool has(const hf_hosts *hosts, const char *text)
{
    hf_host host = name(text);

    return hf_hosts_get(hosts, &host, none, NULL);
}

static size_t forget(hf_hosts *hosts, const char *text)
{
    hf_host host = name(text);

    return hf_hosts_forget(hosts, &host, none);
}

/* The names of all entries in their order, a blank behind each. */
static const char *order(const hf_hosts *hosts)
{
    static char text[1024];
    size_t length = 0;
    uint64_t cursor = 0;
    hf_entry entry = hf_entry_init();

    while (hf_hosts_next(hosts, &cursor, &entry)) {
        memcpy(text + length, entry.host.data, entry.host.length);
        length += entry.host.length;
        text[length++] = ' ';
    }
    text[length] = '\0';
    return text;
}

/* -- Noting -------------------------------------------------------------------------------------------------------- */

/* [RFC6797 8.1-1, 8.1.1-2, 8.1-3] */
static void a_host_is_noted_with_expiry_and_flag(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    hf_host host = name("example.com");
    hf_entry entry = hf_entry_init();

    (void)state;
    assert_int_equal(note(hosts, "example.com", 100, true, 1000), HF_NOTED_ADDED);
    assert_true(hf_hosts_get(hosts, &host, none, &entry));
    assert_int_equal(entry.host.length, 11);
    assert_memory_equal(entry.host.data, "example.com", 11);
    assert_int_equal(entry.partition.length, 0);
    assert_int_equal(entry.max_age, 100);
    assert_int_equal(entry.observed, 1000);
    assert_int_equal(entry.expires, 1100);
    assert_int_equal(entry.source, HF_SOURCE_HEADER);
    assert_int_equal(entry.state, HF_STATE_SET);
    assert_true(entry.include_subdomains);
    hf_hosts_free(hosts);
}

/* [RFC6797 8.1-2] */
static void a_second_field_replaces_the_policy(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    hf_host host = name("example.com");
    hf_entry entry = hf_entry_init();

    (void)state;
    note(hosts, "example.com", 100, true, 1000);
    assert_int_equal(note(hosts, "example.com", 50, false, 1010), HF_NOTED_RENEWED);
    assert_true(hf_hosts_get(hosts, &host, none, &entry));
    assert_int_equal(entry.expires, 1060);
    assert_false(entry.include_subdomains);
    assert_int_equal(hf_hosts_count(hosts), 1);
    hf_hosts_free(hosts);
}

/* [RFC6797 8.1-4, 8.1-5, 6.1.1-3] */
static void max_age_zero_forgets_exactly_this_host(void **state)
{
    hf_hosts *hosts = new_hosts(0);

    (void)state;
    note(hosts, "example.com", 100, true, 0);
    note(hosts, "www.example.com", 100, true, 0);
    note(hosts, "a.www.example.com", 100, true, 0);
    assert_int_equal(note(hosts, "www.example.com", 0, true, 1), HF_NOTED_FORGOTTEN);
    assert_string_equal(order(hosts), "example.com a.www.example.com ");
    assert_int_equal(match(hosts, "www.example.com", 1), HF_MATCH_SUPERDOMAIN);
    assert_int_equal(note(hosts, "www.example.com", 0, true, 1), HF_NOTED_IGNORED_UNKNOWN);
    assert_int_equal(hf_hosts_count(hosts), 2);
    hf_hosts_free(hosts);
}

/* [RFC6797 8.1.1-3, 5.3-2] */
static void a_child_never_changes_its_parent(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    hf_host parent = name("example.com");
    hf_entry entry = hf_entry_init();

    (void)state;
    note(hosts, "example.com", 100, true, 0);
    assert_int_equal(note(hosts, "www.example.com", 5, false, 10), HF_NOTED_ADDED);
    assert_int_equal(note(hosts, "www.example.com", 0, false, 11), HF_NOTED_FORGOTTEN);
    assert_true(hf_hosts_get(hosts, &parent, none, &entry));
    assert_int_equal(entry.expires, 100);
    assert_true(entry.include_subdomains);
    hf_hosts_free(hosts);
}

/* [RFC6797 8.1-1, 8.1-7] */
static void only_error_free_tls_counts(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    hf_host host = name("example.com");
    hf_response response = response_at(0);

    (void)state;
    response.secure = false;
    assert_int_equal(note_response(hosts, &host, &response), HF_NOTED_IGNORED_INSECURE);
    response.tls_error = true;
    assert_int_equal(note_response(hosts, &host, &response), HF_NOTED_IGNORED_INSECURE);
    response.secure = true;
    assert_int_equal(note_response(hosts, &host, &response), HF_NOTED_IGNORED_TLS_ERROR);
    assert_int_equal(hf_hosts_count(hosts), 0);
    hf_hosts_free(hosts);
}

/* [RFC6797 8.1.1-1] */
static void only_names_can_be_noted(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    hf_host host = name("127.0.0.1");
    hf_response response = response_at(0);

    (void)state;
    host.kind = HF_HOST_IPV4;
    assert_int_equal(note_response(hosts, &host, &response), HF_NOTED_IGNORED_IP);
    host.kind = HF_HOST_IPV6;
    assert_int_equal(note_response(hosts, &host, &response), HF_NOTED_IGNORED_IP);
    host.kind = HF_HOST_OTHER;
    assert_int_equal(note_response(hosts, &host, &response), HF_NOTED_IGNORED_NOT_A_DNS_NAME);
    assert_int_equal(hf_hosts_count(hosts), 0);
    hf_hosts_free(hosts);
}

/* The name in it is that of a parent, and what is asked or forgotten is not the parent. */
static void a_host_that_is_no_dns_name_has_no_entry(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    hf_host host = name("example.com");

    (void)state;
    note(hosts, "example.com", 100, true, 0);
    host.kind = HF_HOST_OTHER;
    assert_false(hf_hosts_get(hosts, &host, none, NULL));
    assert_int_equal(hf_hosts_match(hosts, &host, none, 0, NULL), HF_MATCH_NONE);
    assert_int_equal(hf_hosts_forget(hosts, &host, none), 0);
    assert_int_equal(hf_hosts_forget_subtree(hosts, &host), 0);
    assert_int_equal(hf_hosts_count(hosts), 1);
    hf_hosts_free(hosts);
}

/* [RFC6797 14.9-1] */
static void cross_site_notes_are_refused_unless_allowed(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    hf_host host = name("example.com");
    hf_response response = response_at(0);

    (void)state;
    response.context = HF_CONTEXT_CROSS_SITE;
    assert_int_equal(note_response(hosts, &host, &response), HF_NOTED_IGNORED_CROSS_SITE);
    response.allow_cross_site = true;
    assert_int_equal(note_response(hosts, &host, &response), HF_NOTED_ADDED);
    response.allow_cross_site = false;
    response.context = HF_CONTEXT_SAME_SITE;
    assert_int_equal(note_response(hosts, &host, &response), HF_NOTED_RENEWED);
    hf_hosts_free(hosts);
}

static void localhost_is_exempt_unless_enforced(void **state)
{
    hf_hosts *hosts = new_hosts(0), *strict;
    hf_hosts_options options = hf_hosts_options_init();
    hf_entry entry = hf_entry_init();

    (void)state;
    assert_int_equal(note(hosts, "localhost", 100, true, 0), HF_NOTED_IGNORED_LOCALHOST);
    assert_int_equal(note(hosts, "a.localhost", 100, true, 0), HF_NOTED_IGNORED_LOCALHOST);
    entry.host = span("localhost");
    entry.expires = HF_TIME_NEVER;
    entry.include_subdomains = true;
    assert_int_equal(hf_hosts_put(hosts, &entry, 0), HF_OK);
    assert_int_equal(match(hosts, "localhost", 0), HF_MATCH_NONE);
    assert_int_equal(match(hosts, "a.localhost", 0), HF_MATCH_NONE);
    assert_false(hf_hosts_enforces_localhost(hosts));

    options.enforce_localhost = true;
    assert_int_equal(hf_hosts_new(&options, &strict), HF_OK);
    assert_true(hf_hosts_enforces_localhost(strict));
    assert_int_equal(note(strict, "localhost", 100, true, 0), HF_NOTED_ADDED);
    assert_int_equal(match(strict, "a.localhost", 0), HF_MATCH_SUPERDOMAIN);
    hf_hosts_free(strict);
    hf_hosts_free(hosts);
}

static hf_noted note_fields(hf_hosts *hosts, const hf_field *fields, size_t count, bool secure)
{
    hf_host host = name("example.com");
    hf_response response = response_at(0);
    hf_noted noted;

    response.secure = secure;
    assert_int_equal(hf_hosts_note_fields(hosts, &host, fields, count, &response, &noted), HF_OK);
    return noted;
}

/* [RFC6797 8.1-6, 8.1-8, 8.6-1, 7.1-4] */
static void the_first_field_alone_is_processed(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    const hf_field fields[] = {
        {span("Server"), span("x")},
        {span("strict-transport-security"), span("max-age=10; includeSubDomains")},
        {span("Strict-Transport-Security"), span("max-age=0")},
        {span("Strict-Transport-Security"), span("max-age")},
    };

    (void)state;
    assert_int_equal(note_fields(hosts, fields, 4, true), HF_NOTED_ADDED);
    assert_int_equal(match(hosts, "www.example.com", 10), HF_MATCH_SUPERDOMAIN);
    assert_int_equal(note_fields(hosts, fields + 3, 1, true), HF_NOTED_IGNORED_VOID);
    assert_int_equal(note_fields(hosts, fields + 3, 1, false), HF_NOTED_IGNORED_INSECURE);
    assert_int_equal(note_fields(hosts, fields, 1, true), HF_NOTED_IGNORED_NO_FIELD);
    assert_int_equal(note_fields(hosts, NULL, 0, true), HF_NOTED_IGNORED_NO_FIELD);
    assert_int_equal(match(hosts, "example.com", 10), HF_MATCH_CONGRUENT);
    assert_int_equal(note_fields(hosts, fields + 2, 2, true), HF_NOTED_FORGOTTEN);
    assert_int_equal(hf_hosts_count(hosts), 0);
    hf_hosts_free(hosts);
}

static void every_outcome_has_a_name_and_a_text(void **state)
{
    (void)state;
    assert_string_equal(hf_noted_name(HF_NOTED_ADDED), "added");
    assert_string_equal(hf_noted_name(HF_NOTED_IGNORED_NOT_A_DNS_NAME), "ignored-not-a-dns-name");
    assert_non_null(strstr(hf_noted_text(HF_NOTED_IGNORED_IP), "IP address"));
    assert_string_equal(hf_noted_name((hf_noted)999), "?");
    assert_string_equal(hf_noted_text((hf_noted)-1), "?");
}

static void a_broken_contract_changes_nothing(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    hf_host host = name("example.com"), empty = {.kind = HF_HOST_NAME};
    hf_policy policy = {100, false, false}, negative = {-1, false, false};
    hf_response response = response_at(0), unsized = response, odd = response, pointless = response;
    hf_entry entry = hf_entry_init(), bad;

    (void)state;
    unsized.size = 0;
    odd.context = (hf_context)3;
    pointless.partition.length = 1;
    assert_int_equal(hf_hosts_note(NULL, &host, &policy, &response, NULL), HF_E_ARGUMENT);
    assert_int_equal(hf_hosts_note(hosts, NULL, &policy, &response, NULL), HF_E_ARGUMENT);
    assert_int_equal(hf_hosts_note(hosts, &host, NULL, &response, NULL), HF_E_ARGUMENT);
    assert_int_equal(hf_hosts_note(hosts, &host, &policy, NULL, NULL), HF_E_ARGUMENT);
    assert_int_equal(hf_hosts_note(hosts, &empty, &policy, &response, NULL), HF_E_ARGUMENT);
    assert_int_equal(hf_hosts_note(hosts, &host, &negative, &response, NULL), HF_E_ARGUMENT);
    assert_int_equal(hf_hosts_note(hosts, &host, &policy, &unsized, NULL), HF_E_ARGUMENT);
    assert_int_equal(hf_hosts_note(hosts, &host, &policy, &odd, NULL), HF_E_ARGUMENT);
    assert_int_equal(hf_hosts_note(hosts, &host, &policy, &pointless, NULL), HF_E_ARGUMENT);
    assert_int_equal(hf_hosts_note_fields(hosts, &host, NULL, 1, &response, NULL), HF_E_ARGUMENT);
    assert_int_equal(hf_hosts_note_fields(hosts, &host, NULL, 0, NULL, NULL), HF_E_ARGUMENT);

    entry.host = span("example.com");
    assert_int_equal(hf_hosts_put(hosts, NULL, 0), HF_E_ARGUMENT);
    assert_int_equal(hf_hosts_put(NULL, &entry, 0), HF_E_ARGUMENT);
    bad = entry;
    bad.size = 0;
    assert_int_equal(hf_hosts_put(hosts, &bad, 0), HF_E_ARGUMENT);
    bad = entry;
    bad.host.length = 0;
    assert_int_equal(hf_hosts_put(hosts, &bad, 0), HF_E_ARGUMENT);
    bad = entry;
    bad.host.length = HF_HOST_MAX + 1;
    assert_int_equal(hf_hosts_put(hosts, &bad, 0), HF_E_ARGUMENT);
    bad = entry;
    bad.source = (hf_source)3;
    assert_int_equal(hf_hosts_put(hosts, &bad, 0), HF_E_ARGUMENT);
    bad = entry;
    bad.state = (hf_state)4;
    assert_int_equal(hf_hosts_put(hosts, &bad, 0), HF_E_ARGUMENT);
    assert_int_equal(hf_hosts_new(NULL, NULL), HF_E_ARGUMENT);
    assert_int_equal(hf_hosts_count(hosts), 0);
    hf_hosts_free(hosts);
    hf_hosts_free(NULL);
}

/* -- Expiry -------------------------------------------------------------------------------------------------------- */

/* [RFC6797 8.1.1-4, 8.2-1] */
static void a_policy_is_in_force_up_to_its_last_second(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    hf_host host = name("example.com");
    hf_entry entry = hf_entry_init();

    (void)state;
    note(hosts, "example.com", 100, false, 1000);
    assert_int_equal(match(hosts, "example.com", 1100), HF_MATCH_CONGRUENT);
    assert_int_equal(match(hosts, "example.com", 1101), HF_MATCH_NONE);
    assert_true(hf_hosts_get(hosts, &host, none, &entry));
    assert_true(hf_entry_is_live(&entry, 1100));
    assert_false(hf_entry_is_live(&entry, 1101));
    assert_int_equal(hf_hosts_count_live(hosts, 1100), 1);
    assert_int_equal(hf_hosts_count_live(hosts, 1101), 0);
    hf_hosts_free(hosts);
}

static void expiry_saturates(void **state)
{
    static const struct {
        int64_t now, max_age, expires;
    } cases[] = {
        {1, INT64_MAX - 1, HF_TIME_NEVER},
        {2, INT64_MAX - 1, HF_TIME_NEVER},
        {INT64_MAX, 1, HF_TIME_NEVER},
        {0, INT64_MAX - 1, INT64_MAX - 1},
        {-5, 3, -2},
        {INT64_MIN, INT64_MAX, -1},
    };
    hf_hosts *hosts = new_hosts(0);
    hf_host host = name("example.com");
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hf_entry entry = hf_entry_init();
        note(hosts, "example.com", cases[i].max_age, false, cases[i].now);
        assert_true(hf_hosts_get(hosts, &host, none, &entry));
        assert_true(entry.expires == cases[i].expires);
    }
    note(hosts, "example.com", INT64_MAX, false, 5);
    assert_int_equal(match(hosts, "example.com", INT64_MAX), HF_MATCH_CONGRUENT);
    assert_int_equal(hf_hosts_forget_expired(hosts, INT64_MAX), 0);
    hf_hosts_free(hosts);
}

/* [RFC6797 8.1.1-5] */
static void expired_entries_go_when_the_time_is_told(void **state)
{
    hf_hosts *hosts = new_hosts(0);

    (void)state;
    note(hosts, "a.example", 10, false, 0);
    note(hosts, "b.example", 20, false, 0);
    note(hosts, "c.example", 5, false, 0);
    assert_int_equal(hf_hosts_forget_expired(hosts, 5), 0);
    assert_int_equal(hf_hosts_forget_expired(hosts, 11), 2);
    assert_string_equal(order(hosts), "b.example ");
    assert_int_equal(hf_hosts_forget_expired(hosts, 20), 0);
    assert_int_equal(hf_hosts_forget_expired(hosts, 21), 1);
    assert_int_equal(hf_hosts_count(hosts), 0);
    hf_hosts_free(hosts);
}

/* -- Matching ------------------------------------------------------------------------------------------------------ */

/* [RFC6797 8.2-2, 8.2-3, 8.2-4, 8.2-5, 8.3-5] */
static void matches_are_made_label_by_label(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    hf_host host = name("qaz.bar.foo.example.com");
    hf_entry entry = hf_entry_init();

    (void)state;
    note(hosts, "foo.example.com", 100, true, 0);
    assert_int_equal(match(hosts, "foo.example.com", 0), HF_MATCH_CONGRUENT);
    assert_int_equal(match(hosts, "bar.foo.example.com", 0), HF_MATCH_SUPERDOMAIN);
    assert_int_equal(match(hosts, "xfoo.example.com", 0), HF_MATCH_NONE);
    assert_int_equal(match(hosts, "example.com", 0), HF_MATCH_NONE);
    assert_int_equal(match(hosts, "foo.example.co", 0), HF_MATCH_NONE);
    assert_int_equal(match(hosts, "com", 0), HF_MATCH_NONE);
    note(hosts, "bar.foo.example.com", 100, true, 0);
    assert_int_equal(hf_hosts_match(hosts, &host, none, 0, &entry), HF_MATCH_SUPERDOMAIN);
    assert_int_equal(entry.host.length, strlen("bar.foo.example.com"));
    note(hosts, "com", 100, true, 0);
    assert_int_equal(match(hosts, "example.com", 0), HF_MATCH_SUPERDOMAIN);
    hf_hosts_free(hosts);
}

/* [RFC6797 8.3-5] */
static void without_the_directive_subdomains_are_free(void **state)
{
    hf_hosts *hosts = new_hosts(0);

    (void)state;
    note(hosts, "example.com", 100, true, 0);
    note(hosts, "www.example.com", 100, false, 0);
    assert_int_equal(match(hosts, "www.example.com", 0), HF_MATCH_CONGRUENT);
    /* the parent still covers what lies below the child */
    assert_int_equal(match(hosts, "a.www.example.com", 0), HF_MATCH_SUPERDOMAIN);
    note(hosts, "example.com", 100, false, 0);
    assert_int_equal(match(hosts, "a.www.example.com", 0), HF_MATCH_NONE);
    hf_hosts_free(hosts);
}

static void nothing_dead_hides_a_live_parent(void **state)
{
    static const hf_state states[] = {HF_STATE_UNSET, HF_STATE_KNOCKOUT, HF_STATE_NEGATIVE};
    hf_hosts *hosts = new_hosts(0);

    (void)state;
    note(hosts, "example.com", 1000, true, 0);
    note(hosts, "www.example.com", 10, true, 0);
    assert_int_equal(match(hosts, "www.example.com", 11), HF_MATCH_SUPERDOMAIN);
    assert_int_equal(match(hosts, "a.www.example.com", 11), HF_MATCH_SUPERDOMAIN);
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        hf_entry entry = hf_entry_init();
        entry.host = span("www.example.com");
        entry.expires = HF_TIME_NEVER;
        entry.state = states[i];
        entry.include_subdomains = true;
        assert_int_equal(hf_hosts_put(hosts, &entry, 0), HF_OK);
        assert_int_equal(match(hosts, "www.example.com", 0), HF_MATCH_SUPERDOMAIN);
        assert_int_equal(match(hosts, "a.www.example.com", 0), HF_MATCH_SUPERDOMAIN);
    }
    assert_int_equal(hf_hosts_count_live(hosts, 0), 1);
    forget(hosts, "www.example.com");
    assert_int_equal(match(hosts, "www.example.com", 0), HF_MATCH_SUPERDOMAIN);
    hf_hosts_free(hosts);
}

/* [RFC6797 8.3-3] */
static void addresses_and_odd_hosts_never_match(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    hf_host host = name("1.2.3.4");
    hf_entry entry = hf_entry_init();

    (void)state;
    entry.host = span("1.2.3.4");
    entry.expires = HF_TIME_NEVER;
    assert_int_equal(hf_hosts_put(hosts, &entry, 0), HF_OK);
    host.kind = HF_HOST_IPV4;
    assert_int_equal(hf_hosts_match(hosts, &host, none, 0, NULL), HF_MATCH_NONE);
    host.kind = HF_HOST_OTHER;
    assert_int_equal(hf_hosts_match(hosts, &host, none, 0, NULL), HF_MATCH_NONE);
    host.length = 0;
    host.kind = HF_HOST_NAME;
    assert_int_equal(hf_hosts_match(hosts, &host, none, 0, NULL), HF_MATCH_NONE);
    assert_false(hf_hosts_get(hosts, &host, none, NULL));
    assert_int_equal(hf_hosts_forget(hosts, &host, none), 0);
    /* more labels than a name can have must not overrun anything */
    host.length = HF_HOST_MAX;
    memset(host.name, '.', HF_HOST_MAX);
    assert_int_equal(hf_hosts_match(hosts, &host, none, 0, NULL), HF_MATCH_NONE);
    hf_hosts_free(hosts);
}

static void the_longest_names_work(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    char text[HF_HOST_MAX + 1];

    (void)state;
    for (size_t i = 0; i < HF_HOST_MAX; i++)
        text[i] = i % 2 ? '.' : 'a'; /* 127 labels */
    text[HF_HOST_MAX] = '\0';
    note(hosts, text, 100, false, 0);
    assert_int_equal(match(hosts, text, 0), HF_MATCH_CONGRUENT);
    note(hosts, "a", 100, true, 0);
    assert_int_equal(match(hosts, text, 0), HF_MATCH_CONGRUENT);
    assert_int_equal(match(hosts, text + 2, 0), HF_MATCH_SUPERDOMAIN);
    memset(text, 'b', HF_HOST_MAX);
    text[63] = text[127] = text[191] = '.';
    note(hosts, text, 100, false, 0);
    assert_int_equal(match(hosts, text, 0), HF_MATCH_CONGRUENT);
    text[0] = 'c';
    assert_int_equal(match(hosts, text, 0), HF_MATCH_NONE);
    hf_hosts_free(hosts);
}

/* Labels of every length around the eight octets of a word, in names shorter and longer than a word. */
static void every_length_of_label_is_told_apart(void **state)
{
    static const char *const parents[] = {"a", "example", "eightlet", "x.y", "sixteen-letters-.com"};
    hf_hosts *hosts = new_hosts(0);

    (void)state;
    for (size_t p = 0; p < sizeof parents / sizeof parents[0]; p++)
        for (int length = 1; length <= 25; length++) {
            char text[80];
            snprintf(text, sizeof text, "%.*s.%s", length, "abcdefghijklmnopqrstuvwxyz", parents[p]);
            assert_int_equal(note(hosts, text, 100, false, 0), HF_NOTED_ADDED);
        }
    for (size_t p = 0; p < sizeof parents / sizeof parents[0]; p++)
        for (int length = 1; length <= 26; length++) {
            char text[80];
            snprintf(text, sizeof text, "%.*s.%s", length, "abcdefghijklmnopqrstuvwxyz", parents[p]);
            assert_int_equal(match(hosts, text, 0), length <= 25 ? HF_MATCH_CONGRUENT : HF_MATCH_NONE);
        }
    hf_hosts_free(hosts);
}

/* -- Partitions ---------------------------------------------------------------------------------------------------- */

static void partitions_know_nothing_of_each_other(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    hf_host host = name("www.example.com"), parent = name("example.com");
    hf_entry entry = hf_entry_init();

    (void)state;
    assert_int_equal(note_in(hosts, "example.com", "(https,a.test)", 100), HF_NOTED_ADDED);
    assert_int_equal(note_in(hosts, "example.com", "(https,b.test)", 200), HF_NOTED_ADDED);
    assert_int_equal(hf_hosts_match(hosts, &host, none, 0, NULL), HF_MATCH_NONE);
    assert_int_equal(hf_hosts_match(hosts, &host, span("(https,b.test)"), 0, &entry), HF_MATCH_SUPERDOMAIN);
    assert_int_equal(entry.max_age, 200);
    assert_int_equal(entry.partition.length, 14);
    assert_memory_equal(entry.partition.data, "(https,b.test)", 14);
    assert_int_equal(note_in(hosts, "example.com", "(https,a.test)", 0), HF_NOTED_FORGOTTEN);
    assert_int_equal(hf_hosts_count(hosts), 1);
    assert_int_equal(hf_hosts_forget(hosts, &parent, none), 0);
    assert_int_equal(hf_hosts_forget(hosts, &parent, span("(https,b.test)")), 1);
    /* host and partition are not simply strung together */
    note_in(hosts, "ab", "cd", 100);
    host = name("abc");
    assert_false(hf_hosts_get(hosts, &host, span("d"), NULL));
    hf_hosts_free(hosts);
}

static void the_longest_partition_works_and_a_longer_one_is_refused(void **state)
{
    static char text[HF_PARTITION_MAX + 1];
    hf_hosts *hosts = new_hosts(0);
    hf_host host = name("example.com");
    hf_policy policy = {100, false, false};
    hf_response response = response_at(0);
    hf_entry entry = hf_entry_init();

    (void)state;
    memset(text, 'p', sizeof text);
    response.partition = (hf_span){text, HF_PARTITION_MAX};
    for (int i = 0; i < 40; i++) {
        text[0] = (char)('a' + i);
        assert_int_equal(hf_hosts_note(hosts, &host, &policy, &response, NULL), HF_OK);
    }
    for (int i = 0; i < 40; i++) {
        text[0] = (char)('a' + i);
        assert_true(hf_hosts_get(hosts, &host, response.partition, &entry));
        assert_int_equal(entry.partition.length, HF_PARTITION_MAX);
        assert_memory_equal(entry.partition.data, text, HF_PARTITION_MAX);
    }
    response.partition.length++;
    assert_int_equal(hf_hosts_note(hosts, &host, &policy, &response, NULL), HF_E_PARTITION_TOO_LONG);
    assert_int_equal(hf_hosts_note_fields(hosts, &host, NULL, 0, &response, NULL), HF_E_PARTITION_TOO_LONG);
    entry.partition = response.partition;
    assert_int_equal(hf_hosts_put(hosts, &entry, 0), HF_E_PARTITION_TOO_LONG);
    assert_int_equal(hf_hosts_match(hosts, &host, response.partition, 0, NULL), HF_MATCH_NONE);
    assert_false(hf_hosts_get(hosts, &host, response.partition, NULL));
    assert_int_equal(hf_hosts_count(hosts), 40);
    hf_hosts_free(hosts);
}

/* -- Order, iteration, eviction ------------------------------------------------------------------------------------ */

static void the_order_is_that_of_noting(void **state)
{
    hf_hosts *hosts = new_hosts(0);

    (void)state;
    assert_string_equal(order(hosts), "");
    note(hosts, "a", 100, false, 9);
    note(hosts, "b", 100, false, 5);
    note(hosts, "c", 100, false, 7);
    assert_string_equal(order(hosts), "a b c ");
    note(hosts, "a", 100, false, 1);
    assert_string_equal(order(hosts), "b c a ");
    note(hosts, "a", 100, false, 1);
    note(hosts, "c", 100, false, 1);
    assert_string_equal(order(hosts), "b a c ");
    forget(hosts, "a");
    assert_string_equal(order(hosts), "b c ");
    forget(hosts, "b");
    forget(hosts, "c");
    assert_string_equal(order(hosts), "");
    note(hosts, "d", 100, false, 1);
    assert_string_equal(order(hosts), "d ");
    hf_hosts_free(hosts);
}

static void the_entry_just_returned_may_be_forgotten(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    hf_entry entry = hf_entry_init();
    uint64_t cursor = 0;
    size_t seen = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        char text[32];
        snprintf(text, sizeof text, "h%d.example", i);
        note(hosts, text, 100, false, i);
    }
    for (; hf_hosts_next(hosts, &cursor, &entry); seen++) {
        hf_host host = {.kind = HF_HOST_NAME, .length = entry.host.length};
        assert_int_equal(entry.observed, seen);
        memcpy(host.name, entry.host.data, entry.host.length);
        if (seen % 10 != 0)
            assert_int_equal(hf_hosts_forget(hosts, &host, none), 1);
    }
    assert_int_equal(seen, 1000);
    assert_int_equal(hf_hosts_count(hosts), 100);
    assert_false(hf_hosts_next(hosts, &cursor, &entry));
    hf_hosts_free(hosts);
}

static void a_full_table_evicts_the_oldest(void **state)
{
    hf_hosts *hosts = new_hosts(3);

    (void)state;
    note(hosts, "a", 100, false, 0);
    note(hosts, "b", 100, false, 0);
    note(hosts, "c", 100, false, 0);
    note(hosts, "a", 100, false, 1);
    note(hosts, "d", 100, false, 2);
    assert_string_equal(order(hosts), "c a d ");
    assert_false(has(hosts, "b"));
    note(hosts, "c", 100, false, 3); /* known: evicts nothing */
    assert_string_equal(order(hosts), "a d c ");
    hf_hosts_free(hosts);
}

static void a_full_table_evicts_what_has_expired_first(void **state)
{
    hf_hosts *hosts = new_hosts(4);

    (void)state;
    note(hosts, "old", 100, false, 0);
    note(hosts, "x", 5, false, 0);
    note(hosts, "y", 6, false, 0);
    note(hosts, "new", 100, false, 0);
    note(hosts, "z", 100, false, 7);
    assert_string_equal(order(hosts), "old new z ");
    note(hosts, "u", 1, false, 7);
    note(hosts, "v", 100, false, 8); /* u is in force in second 8 */
    assert_string_equal(order(hosts), "new z u v ");
    note(hosts, "w", 100, false, 9);
    assert_string_equal(order(hosts), "new z v w ");
    hf_hosts_free(hosts);
}

/*
 * Somebody notes a host a second, each for a second, so that at every note one entry has expired. Each look for it
 * costs a look at the whole table, and leaves nothing expired behind: so many notes may not see more of them than one
 * in limit / 8.
 */
static void expired_entries_are_looked_for_seldom(void **state)
{
    enum { LIMIT = 800, NOTES = 2000 };
    hf_hosts *hosts = new_hosts(LIMIT);
    size_t looks = 0;
    char text[32];
    (void)state;
    for (int i = 0; i < LIMIT; i++) {
        snprintf(text, sizeof text, "h%d.example", i);
        note(hosts, text, HF_TIME_NEVER, false, 0);
    }
    for (int i = 0; i < NOTES; i++) {
        snprintf(text, sizeof text, "x%d.example", i);
        assert_int_equal(note(hosts, text, 1, false, 2 * i), HF_NOTED_ADDED);
        assert_true(hf_hosts_count(hosts) <= LIMIT);
        looks += i > 0 && hf_hosts_count(hosts) == hf_hosts_count_live(hosts, 2 * i);
    }
    assert_in_range(looks, 8, NOTES / (LIMIT / 8));
    hf_hosts_free(hosts);
}

/* Between two looks the one noted longest ago goes, alive or not; the next look makes room by all that has expired. */
static void a_full_table_that_has_just_looked_evicts_the_oldest(void **state)
{
    hf_hosts *hosts = new_hosts(16); /* looks once in two new hosts */
    char text[32];

    (void)state;
    for (int i = 0; i < 14; i++) {
        snprintf(text, sizeof text, "h%d", i);
        note(hosts, text, 100, false, 0);
    }
    note(hosts, "x", 1, false, 0);
    note(hosts, "y", 3, false, 0);
    note(hosts, "z", 100, false, 2); /* looks, and x goes */
    assert_true(has(hosts, "h0") && !has(hosts, "x"));
    note(hosts, "u", 100, false, 4); /* does not look, though y has expired */
    assert_true(!has(hosts, "h0") && has(hosts, "y"));
    note(hosts, "v", 100, false, 4); /* looks, and y goes */
    assert_true(has(hosts, "h1") && !has(hosts, "y"));
    assert_int_equal(hf_hosts_count(hosts), 16);
    hf_hosts_free(hosts);
}

/* What two tables hash by does not show in what they answer, so the number itself is held here. */
static void the_system_gives_a_seed(void **state)
{
    (void)state;
#if defined(__linux__) || defined(_WIN32)
    uint64_t first = hf__seed(), second = hf__seed();
    assert_true(first != 0 && second != 0 && first != second);
#else
    assert_true(hf__seed() == 0);
#endif
}

static void a_table_of_one_works(void **state)
{
    hf_hosts *hosts = new_hosts(1);

    (void)state;
    for (int i = 0; i < 300; i++) {
        char text[32];
        snprintf(text, sizeof text, "%.*sx%d", i % 20, "aaaaaaaaaaaaaaaaaaaa", i);
        assert_int_equal(note(hosts, text, 100, false, 0), HF_NOTED_ADDED);
        assert_int_equal(hf_hosts_count(hosts), 1);
        assert_true(has(hosts, text));
    }
    hf_hosts_free(hosts);
}

/* -- Put ----------------------------------------------------------------------------------------------------------- */

static void put_keeps_every_member(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    hf_host host = name("example.com");
    hf_entry entry = hf_entry_init(), got = hf_entry_init();

    (void)state;
    entry.host = span("example.com");
    entry.partition = span("p");
    entry.max_age = HF_TIME_UNKNOWN;
    entry.observed = HF_TIME_UNKNOWN;
    entry.expires = -5;
    entry.source = HF_SOURCE_USER;
    entry.state = HF_STATE_NEGATIVE;
    entry.include_subdomains = true;
    assert_int_equal(hf_hosts_put(hosts, &entry, 0), HF_OK);
    assert_true(hf_hosts_get(hosts, &host, span("p"), &got));
    assert_true(got.max_age == HF_TIME_UNKNOWN && got.observed == HF_TIME_UNKNOWN && got.expires == -5);
    assert_int_equal(got.source, HF_SOURCE_USER);
    assert_int_equal(got.state, HF_STATE_NEGATIVE);
    assert_true(got.include_subdomains);
    assert_ptr_not_equal(got.host.data, entry.host.data);
    hf_hosts_free(hosts);
}

/* What the table gave out may be put in again, although records move and go meanwhile. */
static void put_takes_the_table_s_own_bytes(void **state)
{
    hf_hosts *hosts = new_hosts(1);
    hf_host host = name("example.com");
    hf_entry entry = hf_entry_init();

    (void)state;
    note(hosts, "example.com", 100, false, 0);
    assert_true(hf_hosts_get(hosts, &host, none, &entry));
    entry.partition = (hf_span){entry.host.data, 7};
    assert_int_equal(hf_hosts_put(hosts, &entry, 0), HF_OK);
    assert_true(hf_hosts_get(hosts, &host, span("example"), &entry));
    entry.max_age = 7;
    assert_int_equal(hf_hosts_put(hosts, &entry, 0), HF_OK);
    assert_true(hf_hosts_get(hosts, &host, span("example"), &entry));
    assert_int_equal(entry.max_age, 7);
    assert_int_equal(hf_hosts_count(hosts), 1);
    hf_hosts_free(hosts);
}

/* -- Forgetting ---------------------------------------------------------------------------------------------------- */

/* [RFC6797 12.5-1] */
static void one_host_is_forgotten(void **state)
{
    hf_hosts *hosts = new_hosts(0);

    (void)state;
    note(hosts, "a.example", 100, false, 0);
    note(hosts, "example", 100, true, 0);
    assert_int_equal(forget(hosts, "example"), 1);
    assert_int_equal(forget(hosts, "example"), 0);
    assert_string_equal(order(hosts), "a.example ");
    hf_hosts_free(hosts);
}

static void a_subtree_is_forgotten_in_every_partition(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    hf_host top = name("example"), empty = {.kind = HF_HOST_NAME};

    (void)state;
    note(hosts, "example", 100, true, 0);
    note(hosts, "a.example", 100, true, 0);
    note(hosts, "myexample", 100, true, 0);
    note(hosts, "example.com", 100, true, 0);
    note_in(hosts, "b.a.example", "p", 100);
    assert_int_equal(hf_hosts_forget_subtree(hosts, &empty), 0);
    assert_int_equal(hf_hosts_forget_subtree(hosts, &top), 3);
    assert_string_equal(order(hosts), "myexample example.com ");
    hf_hosts_free(hosts);
}

static void a_time_span_is_forgotten_half_open(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    hf_entry entry = hf_entry_init();

    (void)state;
    note(hosts, "a", 100, false, 9);
    note(hosts, "b", 100, false, 10);
    note(hosts, "c", 100, false, 19);
    note(hosts, "d", 100, false, 20);
    entry.host = span("unknown");
    entry.observed = HF_TIME_UNKNOWN;
    assert_int_equal(hf_hosts_put(hosts, &entry, 0), HF_OK);
    assert_int_equal(hf_hosts_forget_between(hosts, 10, 20), 2);
    assert_string_equal(order(hosts), "a d unknown ");
    assert_int_equal(hf_hosts_forget_between(hosts, 20, 20), 0);
    assert_int_equal(hf_hosts_forget_between(hosts, 0, 10), 1);
    assert_int_equal(hf_hosts_forget_between(hosts, HF_TIME_UNKNOWN, 10), 1);
    assert_string_equal(order(hosts), "d ");
    hf_hosts_free(hosts);
}

/* -- Structs of other ages ----------------------------------------------------------------------------------------- */

static void an_older_caller_is_read_and_written_up_to_its_size(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    hf_host host = name("example.com");
    hf_entry entry = hf_entry_init();

    (void)state;
    entry.host = span("example.com");
    entry.expires = 50;
    entry.state = HF_STATE_KNOCKOUT; /* beyond what the older caller has */
    entry.include_subdomains = true;
    entry.size = offsetof(hf_entry, source);
    assert_int_equal(hf_hosts_put(hosts, &entry, 0), HF_OK);
    assert_int_equal(match(hosts, "example.com", 50), HF_MATCH_CONGRUENT);
    assert_int_equal(match(hosts, "a.example.com", 50), HF_MATCH_NONE);
    assert_true(hf_entry_is_live(&entry, 50));
    assert_false(hf_entry_is_live(&entry, 51));

    memset(&entry, 0x55, sizeof entry);
    entry.size = offsetof(hf_entry, max_age);
    assert_true(hf_hosts_get(hosts, &host, none, &entry));
    assert_int_equal(entry.host.length, 11);
    assert_int_equal(entry.size, offsetof(hf_entry, max_age));
    assert_true(entry.max_age == INT64_C(0x5555555555555555));

    memset(&entry, 0x55, sizeof entry);
    entry.size = 0;
    assert_true(hf_hosts_get(hosts, &host, none, &entry));
    assert_true(entry.host.length != 11 && entry.size == 0);
    assert_false(hf_entry_is_live(&entry, 0));
    hf_hosts_free(hosts);
}

typedef struct newer_entry {
    hf_entry entry;
    uint64_t later;
} newer_entry;

static void what_a_newer_caller_knows_alone_is_not_touched(void **state)
{
    hf_hosts *hosts = new_hosts(0);
    hf_host host = name("example.com");
    newer_entry entry = {.entry.size = sizeof entry, .later = 77};

    struct {
        hf_response response;
        uint64_t later;
    } response = {response_at(0), 99};
    hf_policy policy = {100, true, false};
    (void)state;
    response.response.size = sizeof response;
    assert_int_equal(hf_hosts_note(hosts, &host, &policy, &response.response, NULL), HF_OK);
    assert_true(hf_hosts_get(hosts, &host, none, &entry.entry));
    assert_int_equal(entry.entry.expires, 100);
    assert_int_equal(entry.entry.size, sizeof entry);
    assert_int_equal(entry.later, 77);
    assert_int_equal(hf_hosts_put(hosts, &entry.entry, 0), HF_OK);
    hf_hosts_free(hosts);
}

static void options_of_an_older_caller_have_defaults(void **state)
{
    hf_hosts *hosts;
    hf_hosts_options options = hf_hosts_options_init();

    (void)state;
    options.enforce_localhost = true;
    options.size = offsetof(hf_hosts_options, enforce_localhost);
    assert_int_equal(hf_hosts_new(&options, &hosts), HF_OK);
    assert_false(hf_hosts_enforces_localhost(hosts));
    hf_hosts_free(hosts);
    options.size = 0;
    assert_int_equal(hf_hosts_new(&options, &hosts), HF_E_ARGUMENT);
    assert_int_equal(hf_hosts_new(NULL, &hosts), HF_OK);
    hf_hosts_free(hosts);
}

/* -- Memory -------------------------------------------------------------------------------------------------------- */

typedef struct counter {
    size_t held, blocks, most;
} counter;

static void *counted_allocate(void *self, size_t size)
{
    counter *c = self;
    void *block = malloc(size);

    assert_true(size > 0);
    if (block != NULL) {
        c->held += size;
        c->blocks++;
    }
    c->most = c->held > c->most ? c->held : c->most;
    return block;
}

static void counted_release(void *self, void *block, size_t size)
{
    counter *c = self;

    assert_non_null(block);
    assert_true(size <= c->held && c->blocks > 0);
    c->held -= size;
    c->blocks--;
    free(block);
}

static hf_hosts *new_counted(counter *c, size_t limit)
{
    hf_alloc alloc = {counted_allocate, counted_release, c};
    hf_hosts_options options = hf_hosts_options_init();
    hf_hosts *hosts;

    options.alloc = &alloc;
    options.limit = limit;
    assert_int_equal(hf_hosts_new(&options, &hosts), HF_OK);
    return hosts;
}

static void note_numbered(hf_hosts *hosts, int first, int count, int width)
{
    for (int i = first; i < first + count; i++) {
        char text[HF_HOST_MAX + 1];
        snprintf(text, sizeof text, "h%0*d.example", width, i);
        note(hosts, text, 1000000, i % 2 == 0, i);
    }
}

static void memory_is_counted_exactly_and_given_back(void **state)
{
    counter c = {0};
    hf_hosts *hosts = new_counted(&c, 0);
    size_t empty = c.held;
    hf_alloc halved = {counted_allocate, NULL, NULL};
    hf_hosts_options options = hf_hosts_options_init();
    hf_hosts *never;

    (void)state;
    assert_int_equal(hf_hosts_memory(hosts), c.held);
    note_numbered(hosts, 0, 5, 1);
    assert_int_equal(hf_hosts_memory(hosts), c.held);
    assert_true(c.held < 8192); /* a client that knows five hosts */
    note_numbered(hosts, 5, 5000, 1);
    assert_int_equal(hf_hosts_memory(hosts), c.held);
    assert_int_equal(hf_hosts_count(hosts), 5005);
    assert_int_equal(hf_hosts_clear(hosts), 5005);
    assert_int_equal(c.held, empty);
    assert_int_equal(hf_hosts_memory(hosts), empty);
    note_numbered(hosts, 0, 100, 1);
    assert_int_equal(hf_hosts_count(hosts), 100);
    hf_hosts_free(hosts);
    assert_int_equal(c.held, 0);
    assert_int_equal(c.blocks, 0);
    options.alloc = &halved;
    assert_int_equal(hf_hosts_new(&options, &never), HF_E_ARGUMENT);
}

static void an_entry_costs_at_most_64_octets_and_its_name(void **state)
{
    hf_hosts *hosts = new_hosts(0);

    (void)state;
    note_numbered(hosts, 0, 100000, 7); /* names of 16 octets */
    assert_int_equal(hf_hosts_count(hosts), 100000);
    assert_true(hf_hosts_memory(hosts) <= (size_t)100000 * (64 + 16));
    hf_hosts_free(hosts);
}

/* Names of ever other lengths: what is forgotten must serve what comes, or the table would grow for ever. */
static void memory_stays_bounded_whatever_the_lengths(void **state)
{
    counter c = {0};
    hf_hosts *hosts = new_counted(&c, 500);

    (void)state;
    for (int width = 1; width <= 240; width++)
        note_numbered(hosts, width * 1000, 600, width);
    assert_int_equal(hf_hosts_count(hosts), 500);
    assert_true(c.most < (size_t)3 * 500 * (40 + HF_HOST_MAX));
    for (int i = 0; i < 500; i++) {
        char text[HF_HOST_MAX + 1];
        snprintf(text, sizeof text, "h%0*d.example", 240, 240100 + i);
        assert_true(has(hosts, text));
    }
    hf_hosts_free(hosts);
    assert_int_equal(c.held, 0);
}

static void memory_goes_back_when_many_are_forgotten(void **state)
{
    counter c = {0};
    hf_hosts *hosts = new_counted(&c, 0);
    size_t full;

    (void)state;
    note_numbered(hosts, 0, 20000, 5);
    full = c.held;
    assert_int_equal(hf_hosts_forget_between(hosts, 200, 20000), 19800);
    assert_true(c.held < full / 20);
    for (int i = 0; i < 20000; i++) {
        char text[32];
        snprintf(text, sizeof text, "h%05d.example", i);
        assert_int_equal(has(hosts, text), i < 200);
    }
    note_numbered(hosts, 200, 500, 5);
    assert_int_equal(hf_hosts_count(hosts), 700);
    assert_int_equal(match(hosts, "a.h00002.example", 50), HF_MATCH_SUPERDOMAIN);
    hf_hosts_free(hosts);
    assert_int_equal(c.held, 0);
}

/* The same notes under several seeds: the seed moves entries about, and never changes an answer. */
static void the_seed_changes_no_answer(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        hf_hosts *hosts;
        hf_hosts_options options = hf_hosts_options_init();
        options.seed = seed * UINT64_C(0x9e3779b97f4a7c15);
        assert_int_equal(hf_hosts_new(&options, &hosts), HF_OK);
        note_numbered(hosts, 0, 300, 1);
        for (int i = 0; i < 600; i++) {
            char text[32];
            snprintf(text, sizeof text, "a.h%d.example", i);
            assert_int_equal(has(hosts, text + 2), i < 300);
            assert_int_equal(match(hosts, text, 0), i < 300 && i % 2 == 0 ? HF_MATCH_SUPERDOMAIN : HF_MATCH_NONE);
        }
        for (int i = 0; i < 300; i += 3) {
            char text[32];
            snprintf(text, sizeof text, "h%d.example", i);
            assert_int_equal(forget(hosts, text), 1);
        }
        for (int i = 0; i < 300; i++) {
            char text[32];
            snprintf(text, sizeof text, "h%d.example", i);
            assert_int_equal(has(hosts, text), i % 3 != 0);
        }
        hf_hosts_free(hosts);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_is_noted_with_expiry_and_flag),
        cmocka_unit_test(a_second_field_replaces_the_policy),
        cmocka_unit_test(max_age_zero_forgets_exactly_this_host),
        cmocka_unit_test(a_child_never_changes_its_parent),
        cmocka_unit_test(only_error_free_tls_counts),
        cmocka_unit_test(only_names_can_be_noted),
        cmocka_unit_test(a_host_that_is_no_dns_name_has_no_entry),
        cmocka_unit_test(cross_site_notes_are_refused_unless_allowed),
        cmocka_unit_test(localhost_is_exempt_unless_enforced),
        cmocka_unit_test(the_first_field_alone_is_processed),
        cmocka_unit_test(every_outcome_has_a_name_and_a_text),
        cmocka_unit_test(a_broken_contract_changes_nothing),
        cmocka_unit_test(a_policy_is_in_force_up_to_its_last_second),
        cmocka_unit_test(expiry_saturates),
        cmocka_unit_test(expired_entries_go_when_the_time_is_told),
        cmocka_unit_test(matches_are_made_label_by_label),
        cmocka_unit_test(without_the_directive_subdomains_are_free),
        cmocka_unit_test(nothing_dead_hides_a_live_parent),
        cmocka_unit_test(addresses_and_odd_hosts_never_match),
        cmocka_unit_test(the_longest_names_work),
        cmocka_unit_test(every_length_of_label_is_told_apart),
        cmocka_unit_test(partitions_know_nothing_of_each_other),
        cmocka_unit_test(the_longest_partition_works_and_a_longer_one_is_refused),
        cmocka_unit_test(the_order_is_that_of_noting),
        cmocka_unit_test(the_entry_just_returned_may_be_forgotten),
        cmocka_unit_test(a_full_table_evicts_the_oldest),
        cmocka_unit_test(a_full_table_evicts_what_has_expired_first),
        cmocka_unit_test(expired_entries_are_looked_for_seldom),
        cmocka_unit_test(a_full_table_that_has_just_looked_evicts_the_oldest),
        cmocka_unit_test(the_system_gives_a_seed),
        cmocka_unit_test(a_table_of_one_works),
        cmocka_unit_test(put_keeps_every_member),
        cmocka_unit_test(put_takes_the_table_s_own_bytes),
        cmocka_unit_test(one_host_is_forgotten),
        cmocka_unit_test(a_subtree_is_forgotten_in_every_partition),
        cmocka_unit_test(a_time_span_is_forgotten_half_open),
        cmocka_unit_test(an_older_caller_is_read_and_written_up_to_its_size),
        cmocka_unit_test(what_a_newer_caller_knows_alone_is_not_touched),
        cmocka_unit_test(options_of_an_older_caller_have_defaults),
        cmocka_unit_test(memory_is_counted_exactly_and_given_back),
        cmocka_unit_test(an_entry_costs_at_most_64_octets_and_its_name),
        cmocka_unit_test(memory_stays_bounded_whatever_the_lengths),
        cmocka_unit_test(memory_goes_back_when_many_are_forgotten),
        cmocka_unit_test(the_seed_changes_no_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
