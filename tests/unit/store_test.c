/* The store by its public calls: one process, two stores on one file, what lasts and what is forgotten. */
#include "unit/store/folder.h"

static void is_made_with_its_folders(void **state)
{
    (void)state;
    struct stat status;
    snprintf(path, sizeof path, "%s/a/b/known-hosts", folder);
    hf_store *store = open_store();
    assert_string_equal(hf_store_path(store), path);
    assert_int_equal(hf_store_count(store), 0);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    *strrchr(path, '/') = '\0';
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
    hf_store_close(store);
}

static void keeps_every_field(void **state)
{
    (void)state;
    hf_entry entry = hf_entry_init(), back = hf_entry_init();
    entry.host = (hf_span){"xn--bcher-kva.example", 21};
    entry.partition = (hf_span){"^partitionKey=%28https%2Cexample%29\0\xff", 37};
    entry.max_age = HF_TIME_UNKNOWN;
    entry.observed = -5;
    entry.expires = HF_TIME_NEVER;
    entry.source = HF_SOURCE_USER;
    entry.state = HF_STATE_KNOCKOUT;
    entry.include_subdomains = true;
    hf_store *store = open_store();
    assert_int_equal(hf_store_put(store, &entry, NOW, NULL), HF_OK);
    hf_store_close(store);

    store = open_reader();
    hf_host host = host_of("xn--bcher-kva.example");
    assert_false(hf_store_get(store, &host, no_partition, NULL));
    assert_true(hf_store_get(store, &host, entry.partition, &back));
    assert_memory_equal(back.host.data, entry.host.data, entry.host.length);
    assert_int_equal(back.partition.length, 37);
    assert_true(back.max_age == HF_TIME_UNKNOWN && back.observed == -5 && back.expires == HF_TIME_NEVER);
    assert_true(back.source == HF_SOURCE_USER && back.state == HF_STATE_KNOCKOUT && back.include_subdomains);
    hf_store_close(store);
}

static void refuses_what_is_no_entry(void **state)
{
    (void)state;
    static const char *const names[] = {"", ".", "a..b", "a.", ".a", "UPPER.example", "sp ace", "nul\x01"};
    hf_store *store = open_store();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        hf_entry entry = hf_entry_init();
        entry.host = (hf_span){names[i], strlen(names[i])};
        assert_int_equal(hf_store_put(store, &entry, NOW, NULL), HF_E_ARGUMENT);
    }
    assert_int_equal(hf_store_count(store), 0);
    hf_store_close(store);
}

static void follows_the_rules_of_noting(void **state)
{
    (void)state;
    hf_store *store = open_store();
    hf_host host = host_of("example.test"), address = host_of("127.0.0.1"), local = host_of("localhost");
    hf_policy year = {31536000, true, false}, zero = {0, false, false};
    hf_response response = response_at(NOW);
    hf_noted noted;
    assert_int_equal(hf_store_note(store, &host, &zero, &response, &noted, NULL), HF_OK);
    assert_int_equal(noted, HF_NOTED_IGNORED_UNKNOWN);
    assert_int_equal(hf_store_note(store, &host, &year, &response, &noted, NULL), HF_OK);
    assert_int_equal(noted, HF_NOTED_ADDED);
    assert_int_equal(hf_store_note(store, &host, &year, &response, &noted, NULL), HF_OK);
    assert_int_equal(noted, HF_NOTED_RENEWED);
    assert_int_equal(hf_store_note(store, &address, &year, &response, &noted, NULL), HF_OK);
    assert_int_equal(noted, HF_NOTED_IGNORED_IP);
    assert_int_equal(hf_store_note(store, &local, &year, &response, &noted, NULL), HF_OK);
    assert_int_equal(noted, HF_NOTED_IGNORED_LOCALHOST);
    assert_int_equal(hf_store_note_fields(store, &host, NULL, 0, &response, &noted, NULL), HF_OK);
    assert_int_equal(noted, HF_NOTED_IGNORED_NO_FIELD);
    hf_field field = {{HF_HEADER_NAME, strlen(HF_HEADER_NAME)}, {"max-age=0", 9}};
    assert_int_equal(hf_store_note_fields(store, &host, &field, 1, &response, &noted, NULL), HF_OK);
    assert_int_equal(noted, HF_NOTED_FORGOTTEN);
    response.secure = false;
    assert_int_equal(hf_store_note(store, &host, &year, &response, &noted, NULL), HF_OK);
    assert_int_equal(noted, HF_NOTED_IGNORED_INSECURE);
    assert_int_equal(hf_store_count(store), 0);
    hf_store_close(store);

    store = open_reader();
    assert_int_equal(hf_store_count(store), 0);
    hf_store_close(store);
}

static void answers_as_the_table_does(void **state)
{
    (void)state;
    static const char *const noted[] = {"a.test", "b.a.test", "sub.b.test", "c.test", "d.c.b.a.test", "localhost"};
    static const char *const asked[] = {"a.test",     "b.a.test",     "x.b.a.test", "x.a.test",     "b.test",
                                        "sub.b.test", "x.sub.b.test", "y.c.test",   "d.c.b.a.test", "test",
                                        "localhost",  "x.localhost",  "127.0.0.1",  "aa.test"};
    hf_store *store = open_store();
    hf_hosts *hosts;
    assert_int_equal(hf_hosts_new(NULL, &hosts), HF_OK);
    for (size_t i = 0; i < sizeof noted / sizeof *noted; i++) {
        hf_host host = host_of(noted[i]);
        hf_policy policy = {100 + (int64_t)i, i % 2 == 0, false};
        hf_response response = response_at(NOW);
        assert_int_equal(hf_hosts_note(hosts, &host, &policy, &response, NULL), HF_OK);
        assert_int_equal(hf_store_note(store, &host, &policy, &response, NULL, NULL), HF_OK);
    }
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        for (int64_t now = NOW + 99; now <= NOW + 107; now++) {
            hf_host host = host_of(asked[i]);
            hf_entry ours = hf_entry_init(), theirs = hf_entry_init();
            hf_match match = hf_hosts_match(hosts, &host, no_partition, now, &theirs);
            assert_int_equal(hf_store_match(store, &host, no_partition, now, &ours), match);
            if (match == HF_MATCH_NONE)
                continue;
            assert_int_equal(ours.host.length, theirs.host.length);
            assert_memory_equal(ours.host.data, theirs.host.data, ours.host.length);
            assert_true(ours.expires == theirs.expires && ours.include_subdomains == theirs.include_subdomains);
        }
    }
    hf_hosts_free(hosts);
    hf_store_close(store);
}

static void is_asked_by_hf_decide(void **state)
{
    (void)state;
    hf_store *store = open_store();
    note(store, "example.test", 100, true);
    hf_learned learned = hf_store_learned(store);
    hf_known known = {.learned = &learned};
    hf_verdict verdict = hf_verdict_init();
    hf_host host = host_of("www.example.test"), top = host_of("example.test"), other = host_of("other.test");
    assert_int_equal(hf_decide(&known, &host, no_partition, NOW + 100, &verdict), HF_OK);
    assert_true(verdict.enforce && verdict.learned && verdict.learned_offset == 4 && verdict.expires == NOW + 100);
    assert_int_equal(verdict.reason, HF_REASON_LEARNED_SUPERDOMAIN);
    assert_int_equal(hf_decide(&known, &top, no_partition, NOW + 101, &verdict), HF_OK);
    assert_int_equal(verdict.reason, HF_REASON_EXPIRED);
    assert_int_equal(hf_decide(&known, &other, no_partition, NOW, &verdict), HF_OK);
    assert_int_equal(verdict.reason, HF_REASON_NOT_KNOWN);
    hf_store_close(store);
}

static void localhost_on_demand(void **state)
{
    (void)state;
    hf_store_options options = usual_options();
    options.enforce_localhost = true;
    hf_store *store = open_with(&options);
    note(store, "localhost", 100, false);
    hf_learned learned = hf_store_learned(store);
    hf_known known = {.learned = &learned};
    hf_verdict verdict = hf_verdict_init();
    hf_host host = host_of("localhost");
    assert_int_equal(hf_decide(&known, &host, no_partition, NOW, &verdict), HF_OK);
    assert_true(verdict.enforce);
    hf_store_close(store);
}

static void what_one_notes_the_other_sees(void **state)
{
    (void)state;
    bool changed;
    hf_store *reader = open_reader(), *one = open_store(), *two = open_store();
    assert_int_equal(hf_store_count(reader), 0);
    note(one, "one.test", 1, false);
    note(two, "two.test", 2, false);
    note(one, "two.test", 3, false);
    assert_int_equal(hf_store_refresh(reader, &changed, NULL), HF_OK);
    assert_true(changed);
    assert_true(kept(reader, "one.test") == 1 && kept(reader, "two.test") == 3);
    assert_int_equal(hf_store_refresh(reader, &changed, NULL), HF_OK);
    assert_false(changed);
    assert_int_equal(hf_store_compact(two, NULL), HF_OK);
    note(one, "three.test", 4, false);
    assert_int_equal(hf_store_refresh(reader, &changed, NULL), HF_OK);
    assert_true(changed && kept(reader, "three.test") == 4 && hf_store_count(reader) == 3);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(hf_store_refresh(reader, &changed, NULL), HF_OK);
    assert_true(changed && hf_store_count(reader) == 0);
    note(one, "four.test", 5, false);
    assert_int_equal(hf_store_refresh(reader, &changed, NULL), HF_OK);
    assert_true(changed && hf_store_count(reader) == 1);
    hf_store_close(one);
    hf_store_close(two);
    hf_store_close(reader);
    assert_int_equal(damages, 0);
}

/* The names in the order of the walk, parted by blanks. */
static const char *names_in(const hf_store *store)
{
    static char names[1024];
    hf_store_walk *walk;
    hf_entry entry = hf_entry_init();

    names[0] = '\0';
    assert_int_equal(hf_store_walk_new(store, &walk), HF_OK);
    while (hf_store_walk_next(walk, &entry)) {
        size_t length = strlen(names);
        snprintf(names + length, sizeof names - length, "%s%.*s", length > 0 ? " " : "", (int)entry.host.length,
                 entry.host.data);
    }
    hf_store_walk_free(walk);
    return names;
}

static void walks_in_the_order_of_noting(void **state)
{
    (void)state;
    hf_store *store = open_store();
    assert_string_equal(names_in(store), "");
    note(store, "a.test", 1, false);
    note(store, "b.test", 1, false);
    note(store, "c.test", 1, false);
    note(store, "a.test", 2, false);
    note(store, "b.test", 0, false);
    assert_string_equal(names_in(store), "c.test a.test");
    assert_int_equal(hf_store_compact(store, NULL), HF_OK);
    assert_string_equal(names_in(store), "c.test a.test");
    note(store, "b.test", 1, false);
    note(store, "c.test", 1, false);
    assert_string_equal(names_in(store), "a.test b.test c.test");
    hf_store_close(store);
}

/* What a person had forgotten is not to be found in the file any more. */
static bool file_holds(const char *text)
{
    char octets[65536];
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    size_t length = fread(octets, 1, sizeof octets, file);
    fclose(file);
    for (size_t i = 0; i + strlen(text) <= length; i++) {
        if (memcmp(octets + i, text, strlen(text)) == 0)
            return true;
    }
    return false;
}

static void forgets(void **state)
{
    (void)state;
    size_t gone;
    hf_store *store = open_store();
    hf_host secret = host_of("secret.test"), top = host_of("top.test");
    note(store, "secret.test", 10, false);
    note(store, "xtop.test", 10, false);
    note(store, "top.test", 10, false);
    note(store, "a.b.top.test", 20, false);
    assert_true(file_holds("secret.test"));
    assert_int_equal(hf_store_forget(store, &secret, (hf_span){"x", 1}, &gone, NULL), HF_OK);
    assert_int_equal(gone, 0);
    assert_int_equal(hf_store_forget(store, &secret, no_partition, &gone, NULL), HF_OK);
    assert_int_equal(gone, 1);
    assert_false(file_holds("secret.test"));
    assert_int_equal(hf_store_forget_subtree(store, &top, &gone, NULL), HF_OK);
    assert_int_equal(gone, 2);
    assert_string_equal(names_in(store), "xtop.test");
    note(store, "later.test", 30, false);
    assert_int_equal(hf_store_forget_expired(store, NOW + 10, &gone, NULL), HF_OK);
    assert_int_equal(gone, 0);
    assert_int_equal(hf_store_forget_expired(store, NOW + 11, &gone, NULL), HF_OK);
    assert_int_equal(gone, 1);
    assert_int_equal(hf_store_forget_between(store, NOW + 1, NOW + 100, &gone, NULL), HF_OK);
    assert_int_equal(gone, 0);
    assert_int_equal(hf_store_forget_between(store, NOW, NOW + 1, &gone, NULL), HF_OK);
    assert_int_equal(gone, 1);
    note(store, "last.test", 30, false);
    assert_int_equal(hf_store_clear(store, &gone, NULL), HF_OK);
    assert_int_equal(gone, 1);
    assert_int_equal(hf_store_count(store), 0);
    hf_store_close(store);
}

typedef struct doomed {
    const char *names;
    size_t asked;
} doomed;

static bool is_doomed(void *self, const hf_entry *entry)
{
    doomed *d = self;
    char name[64];

    d->asked++;
    snprintf(name, sizeof name, " %.*s ", (int)entry->host.length, entry->host.data);
    return strstr(d->names, name) != NULL;
}

/* Many hosts in one pass: one new file, whatever their number. */
static void forgets_many_at_once(void **state)
{
    (void)state;
    size_t gone = 9;
    struct stat before, after;
    doomed none = {" x.test ", 0}, some = {" a.test c.test ", 0};
    hf_store *store = open_store();

    note(store, "a.test", 10, false);
    note(store, "b.test", 10, false);
    note(store, "c.test", 10, true);
    assert_int_equal(stat(path, &before), 0);
    assert_int_equal(hf_store_forget_if(store, NULL, NULL, NULL, NULL), HF_E_ARGUMENT);
    assert_int_equal(hf_store_forget_if(store, is_doomed, &none, &gone, NULL), HF_OK);
    assert_int_equal(gone, 0);
    assert_int_equal(stat(path, &after), 0);
    assert_true(before.st_ino == after.st_ino);
    assert_int_equal(hf_store_forget_if(store, is_doomed, &some, &gone, NULL), HF_OK);
    assert_int_equal(gone, 2);
    assert_true(some.asked > 2);
    assert_string_equal(names_in(store), "b.test");
    assert_false(file_holds("a.test"));
    hf_store_close(store);
}

typedef struct series {
    size_t next, count;
    int64_t expires;
    char name[32];
} series;

static bool next_of_series(void *self, hf_entry *entry)
{
    series *s = self;

    if (s->next == s->count)
        return false;
    int length = snprintf(s->name, sizeof s->name, "host%zu.example", s->next++);
    entry->host = (hf_span){s->name, (size_t)length};
    entry->expires = s->expires;
    entry->max_age = (int64_t)s->next;
    entry->source = HF_SOURCE_IMPORT;
    return true;
}

static void put_series(hf_store *store, size_t first, size_t count, int64_t expires)
{
    series s = {.next = first, .count = first + count, .expires = expires};
    size_t put;

    assert_int_equal(hf_store_put_all(store, next_of_series, &s, NOW, &put, NULL), HF_OK);
    assert_int_equal(put, count);
}

static void growth_is_bounded(void **state)
{
    (void)state;
    hf_store *store = open_store();
    off_t largest = 0;
    for (int i = 0; i < 40; i++) {
        put_series(store, 0, 1000, NOW);
        if (size_of(path) > largest)
            largest = size_of(path);
    }
    assert_int_equal(hf_store_count(store), 1000);
    assert_true(largest < 1400000);
    assert_true(kept(store, "host999.example") == 1000);
    hf_store_close(store);
}

static void the_limit_is_kept(void **state)
{
    (void)state;
    hf_store_options options = usual_options();
    options.limit = 100;
    hf_store *store = open_with(&options);
    put_series(store, 0, 50, NOW - 1);
    put_series(store, 50, 55, NOW + 1);
    assert_int_equal(hf_store_count(store), 105);
    put_series(store, 105, 5, NOW + 1); /* 110 are more than a sixteenth beyond: the 50 expired go */
    assert_int_equal(hf_store_count(store), 60);
    put_series(store, 200, 60, NOW + 1); /* and now those noted longest ago */
    assert_int_equal(hf_store_count(store), 100);
    assert_true(kept(store, "host69.example") == -1 && kept(store, "host70.example") == 71 &&
                kept(store, "host259.example") == 260);
    hf_store_close(store);
}

/* However many are learned after it, and however many of them there are. */
static void the_limit_spares_what_was_set_by_hand(void **state)
{
    (void)state;
    char name[32];
    hf_store_options options = usual_options();
    options.limit = 100;
    hf_store *store = open_with(&options);
    for (int i = 0; i < 120; i++) {
        hf_entry entry = hf_entry_init();
        snprintf(name, sizeof name, "hand%d.example", i);
        entry.host = (hf_span){name, strlen(name)};
        entry.expires = HF_TIME_NEVER;
        entry.max_age = 7;
        entry.source = HF_SOURCE_USER;
        assert_int_equal(hf_store_put(store, &entry, NOW, NULL), HF_OK);
        if (i == 39)
            put_series(store, 0, 300, NOW + 1);
        assert_true(i != 39 || hf_store_count(store) <= 106);
    }
    for (int i = 0; i < 120; i++) {
        snprintf(name, sizeof name, "hand%d.example", i);
        assert_int_equal(kept(store, name), 7);
    }
    assert_true(kept(store, "host0.example") == -1);
    put_series(store, 300, 10, NOW + 1);
    assert_true(kept(store, "host309.example") == 310);
    hf_store_close(store);
}

static bool put_named(hf_store *store, const char *name, bool include_subdomains)
{
    hf_entry entry = hf_entry_init();

    entry.host = (hf_span){name, strlen(name)};
    entry.include_subdomains = include_subdomains;
    entry.expires = NOW + 1;
    entry.max_age = 7;
    return hf_store_put(store, &entry, NOW, NULL) == HF_OK;
}

/* Whoever fills the file with names of one site evicts their own, however old the others are. */
static void the_limit_falls_on_the_largest_site(void **state)
{
    (void)state;
    char name[48];
    hf_store_options options = usual_options();
    options.limit = 100;
    hf_store *store = open_with(&options);
    put_series(store, 0, 60, NOW + 1);
    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof name, "a.n%d.flood.test", i);
        assert_true(put_named(store, name, false));
    }
    assert_true(hf_store_count(store) <= 106);
    for (int i = 0; i < 60; i++) {
        snprintf(name, sizeof name, "host%d.example", i);
        assert_int_equal(kept(store, name), i + 1);
    }
    assert_int_equal(kept(store, "a.n0.flood.test"), -1);
    assert_int_equal(kept(store, "a.n499.flood.test"), 7);
    hf_store_close(store);
}

/* Of what a parent covers nothing is lost: it goes before anything else, and the parent stays. */
static void the_limit_falls_first_on_what_is_covered(void **state)
{
    (void)state;
    char name[48];
    hf_store_options options = usual_options();
    options.limit = 100;
    hf_store *store = open_with(&options);
    put_series(store, 0, 80, NOW + 1);
    assert_true(put_named(store, "covering.test", true));
    assert_true(put_named(store, "alone.test", false));
    assert_true(put_named(store, "www.alone.test", false));
    for (int i = 0; i < 24; i++) { /* the 107th entry is one too many */
        snprintf(name, sizeof name, "n%d.covering.test", i);
        assert_true(put_named(store, name, false));
    }
    assert_int_equal(hf_store_count(store), 100);
    for (int i = 0; i < 24; i++) {
        snprintf(name, sizeof name, "n%d.covering.test", i);
        assert_int_equal(kept(store, name), i < 7 ? -1 : 7);
    }
    assert_int_equal(kept(store, "covering.test"), 7);
    assert_int_equal(kept(store, "www.alone.test"), 7);
    assert_int_equal(kept(store, "host0.example"), 1);
    hf_store_close(store);
}

static void many_entries_are_found_again(void **state)
{
    (void)state;
    char name[32];
    hf_store *store = open_store();
    put_series(store, 0, 20000, NOW);
    hf_store_close(store);
    store = open_reader();
    assert_int_equal(hf_store_count(store), 20000);
    for (int i = 0; i < 20000; i += 7) {
        snprintf(name, sizeof name, "host%d.example", i);
        assert_true(kept(store, name) == i + 1);
    }
    assert_true(kept(store, "host20000.example") == -1);
    hf_store_close(store);
}

static void readers_need_no_file_and_change_nothing(void **state)
{
    (void)state;
    bool changed;
    snprintf(path, sizeof path, "%s/not/there/known-hosts", folder);
    hf_store *reader = open_reader();
    assert_int_equal(hf_store_count(reader), 0);
    assert_int_equal(hf_store_refresh(reader, &changed, NULL), HF_OK);
    assert_false(changed);
    assert_int_equal(try_note(reader, "a.test", 1, false), HF_E_STORE_READ_ONLY);
    assert_int_equal(hf_store_clear(reader, NULL, NULL), HF_E_STORE_READ_ONLY);
    snprintf(path, sizeof path, "%s/not", folder);
    assert_false(exists(path));
    snprintf(path, sizeof path, "%s/not/there/known-hosts", folder);
    hf_store *store = open_store();
    note(store, "a.test", 1, false);
    assert_int_equal(hf_store_refresh(reader, &changed, NULL), HF_OK);
    assert_true(changed && kept(reader, "a.test") == 1);
    hf_store_close(store);
    hf_store_close(reader);
}

static void the_usual_path(void **state)
{
    (void)state;
    char out[64], small[8];
    setenv("XDG_DATA_HOME", "/data", 1);
    setenv("HOME", "/home/a", 1);
    assert_int_equal(hf_store_default_path(out, sizeof out), HF_OK);
    assert_string_equal(out, "/data/holdfast/known-hosts");
    assert_int_equal(hf_store_default_path(small, sizeof small), HF_E_BUFFER);
    setenv("XDG_DATA_HOME", "relative", 1);
    assert_int_equal(hf_store_default_path(out, sizeof out), HF_OK);
    assert_string_equal(out, "/home/a/.local/share/holdfast/known-hosts");
    unsetenv("XDG_DATA_HOME");
    unsetenv("HOME");
    assert_int_equal(hf_store_default_path(out, sizeof out), HF_E_STORE_NO_HOME);
}

static void misuse_is_refused(void **state)
{
    (void)state;
    hf_store *store;
    hf_store_options options = hf_store_options_init();
    hf_store_error error = hf_store_error_init();
    assert_int_equal(hf_store_open(NULL, &store, NULL), HF_E_ARGUMENT);
    assert_int_equal(hf_store_open(&options, &store, &error), HF_E_ARGUMENT);
    assert_string_equal(error.text, "a store needs a path");
    assert_int_equal(hf_store_clear(NULL, NULL, NULL), HF_E_ARGUMENT);
    assert_int_equal(hf_store_put(NULL, NULL, 0, NULL), HF_E_ARGUMENT);
    hf_store_close(NULL);
    assert_string_equal(hf_damage_name(HF_DAMAGE_INDEX), "index");
    assert_string_equal(hf_damage_name((hf_damage_kind)99), "?");
    assert_non_null(strstr(hf_damage_text(HF_DAMAGE_ENTRIES), "lost"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_folder, leave_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(is_made_with_its_folders),
        TEST(keeps_every_field),
        TEST(refuses_what_is_no_entry),
        TEST(follows_the_rules_of_noting),
        TEST(answers_as_the_table_does),
        TEST(is_asked_by_hf_decide),
        TEST(localhost_on_demand),
        TEST(what_one_notes_the_other_sees),
        TEST(walks_in_the_order_of_noting),
        TEST(forgets),
        TEST(forgets_many_at_once),
        TEST(growth_is_bounded),
        TEST(the_limit_is_kept),
        TEST(the_limit_spares_what_was_set_by_hand),
        TEST(the_limit_falls_on_the_largest_site),
        TEST(the_limit_falls_first_on_what_is_covered),
        TEST(many_entries_are_found_again),
        TEST(readers_need_no_file_and_change_nothing),
        TEST(the_usual_path),
        TEST(misuse_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
