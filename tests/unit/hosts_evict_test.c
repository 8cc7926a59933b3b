/* The full table of known hosts: who goes for a new one, in what order, and what that costs. */
#include <holdfast/hosts.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const hf_span none = {NULL, 0};

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

static bool has(const hf_hosts *hosts, const char *text)
{
    hf_host host = name(text);

    return hf_hosts_get(hosts, &host, none, NULL);
}

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

static void put_by_hand(hf_hosts *hosts, const char *text, int64_t expires, hf_status wanted)
{
    hf_entry entry = hf_entry_init();

    entry.host = span(text);
    entry.expires = expires;
    entry.source = HF_SOURCE_USER;
    assert_int_equal(hf_hosts_put(hosts, &entry, 0), wanted);
}

static void what_a_parent_covers_goes_first(void **state)
{
    hf_hosts *hosts = new_hosts(8);

    (void)state;
    note(hosts, "old.test", 100, false, 0);
    note(hosts, "a.big.test", 100, false, 0);
    note(hosts, "b.big.test", 100, false, 0);
    note(hosts, "x.covered.test", 100, false, 0);
    note(hosts, "covered.test", 100, true, 0);
    note(hosts, "y.z.covered.test", 100, true, 0);
    note(hosts, "apart.test", 100, false, 0);
    note(hosts, "x.apart.test", 100, false, 0);
    note(hosts, "n1.test", 100, false, 1);
    assert_string_equal(
        order(hosts), "old.test a.big.test b.big.test covered.test y.z.covered.test apart.test x.apart.test n1.test ");
    note(hosts, "n2.test", 100, false, 1);
    assert_false(has(hosts, "y.z.covered.test"));
    note(hosts, "n3.test", 100, false, 1);
    assert_true(has(hosts, "covered.test") && has(hosts, "old.test") && !has(hosts, "a.big.test"));
    hf_hosts_free(hosts);
}

/* A parent that is over, or of another partition, or says nothing about subdomains, covers nothing. */
static void only_what_is_in_force_covers(void **state)
{
    hf_hosts *hosts = new_hosts(6);
    hf_entry entry = hf_entry_init();

    (void)state;
    note(hosts, "old.one", 100, false, 0);
    note(hosts, "x.two.test", 100, false, 0);
    note(hosts, "x.three.org", 100, false, 0);
    note(hosts, "three.org", 100, false, 0);
    entry.host = span("two.test");
    entry.partition = span("p");
    entry.include_subdomains = true;
    entry.expires = 100;
    assert_int_equal(hf_hosts_put(hosts, &entry, 0), HF_OK);
    entry.host = span("one");
    entry.partition = none;
    entry.state = HF_STATE_UNSET;
    assert_int_equal(hf_hosts_put(hosts, &entry, 0), HF_OK);
    note(hosts, "n1.test", 100, false, 1); /* two.test and three.org have two each: the oldest of these */
    assert_true(has(hosts, "old.one") && !has(hosts, "x.two.test") && has(hosts, "x.three.org"));
    hf_hosts_free(hosts);
}

/* Whoever fills the table evicts their own names, however old the others are. */
static void a_flood_of_one_site_evicts_itself(void **state)
{
    enum { LIMIT = 200, GOOD = 150, FLOOD = 5000 };
    hf_hosts *hosts = new_hosts(LIMIT);
    char text[40];
    (void)state;
    for (int i = 0; i < GOOD; i++) {
        snprintf(text, sizeof text, "www.good%d.test", i / 2);
        text[2] = (char)('w' + i % 2);
        note(hosts, text, 100, false, 0);
    }
    for (int i = 0; i < FLOOD; i++) {
        snprintf(text, sizeof text, "x%d.deep.flood.test", i);
        assert_int_equal(note(hosts, text, 100, i % 3 == 0, 1), HF_NOTED_ADDED);
    }
    assert_int_equal(hf_hosts_count(hosts), LIMIT);
    for (int i = 0; i < GOOD; i++) {
        snprintf(text, sizeof text, "www.good%d.test", i / 2);
        text[2] = (char)('w' + i % 2);
        assert_true(has(hosts, text));
    }
    snprintf(text, sizeof text, "x%d.deep.flood.test", FLOOD - (LIMIT - GOOD));
    assert_true(has(hosts, text)); /* the oldest of them went */
    hf_hosts_free(hosts);
}

static void what_was_set_by_hand_stays(void **state)
{
    enum { LIMIT = 40, NOTES = 1000 };
    hf_hosts *hosts = new_hosts(LIMIT);
    char text[32];
    (void)state;
    note(hosts, "learned.test", 100, true, 0);
    for (int i = 0; i < LIMIT - 2; i++) {
        snprintf(text, sizeof text, "h%d.learned.test", i);
        put_by_hand(hosts, text, 100, HF_OK);
    }
    for (int i = 0; i < NOTES; i++) {
        snprintf(text, sizeof text, "n%d.test", i);
        assert_int_equal(note(hosts, text, 100, false, 1), HF_NOTED_ADDED);
        assert_true(has(hosts, text));
    }
    for (int i = 0; i < LIMIT - 2; i++) {
        snprintf(text, sizeof text, "h%d.learned.test", i);
        assert_true(has(hosts, text));
    }
    put_by_hand(hosts, "one.test", 100, HF_OK); /* in the place of learned ones */
    put_by_hand(hosts, "two.test", 100, HF_OK);
    assert_int_equal(hf_hosts_count(hosts), LIMIT);
    put_by_hand(hosts, "three.test", 100, HF_E_FULL);
    put_by_hand(hosts, "two.test", 50, HF_OK);
    assert_int_equal(hf_hosts_count(hosts), LIMIT);
    assert_int_equal(hf_hosts_forget(hosts, &(hf_host){HF_HOST_NAME, 8, "one.test"}, none), 1);
    put_by_hand(hosts, "three.test", 100, HF_OK);
    hf_hosts_free(hosts);
}

static void a_table_of_hosts_set_by_hand_refuses_new_ones_until_one_expires(void **state)
{
    hf_hosts *hosts = new_hosts(4);
    hf_policy policy = {100, false, false};
    hf_response response = hf_response_init();
    hf_host host = name("new.test");

    (void)state;
    response.secure = true;
    for (int i = 0; i < 4; i++)
        put_by_hand(hosts, (char[]){(char)('a' + i), '\0'}, 10 * i, HF_OK);
    response.now = 0;
    assert_int_equal(hf_hosts_note(hosts, &host, &policy, &response, NULL), HF_E_FULL);
    assert_string_equal(order(hosts), "a b c d ");
    response.now = 1;
    assert_int_equal(hf_hosts_note(hosts, &host, &policy, &response, NULL), HF_OK);
    assert_string_equal(order(hosts), "b c d new.test ");
    hf_hosts_free(hosts);
}

/* A header of the host itself makes an entry of its own kind, which may go. */
static void a_header_replaces_what_was_set_by_hand(void **state)
{
    hf_hosts *hosts = new_hosts(2);

    (void)state;
    put_by_hand(hosts, "a", 100, HF_OK);
    put_by_hand(hosts, "b", 100, HF_OK);
    note(hosts, "a", 100, false, 0);
    note(hosts, "c", 100, false, 0);
    assert_string_equal(order(hosts), "b c ");
    note(hosts, "d", 100, false, 0);
    assert_string_equal(order(hosts), "b d ");
    put_by_hand(hosts, "d", 100, HF_OK);
    put_by_hand(hosts, "e", 100, HF_E_FULL);
    hf_hosts_free(hosts);
}

/* -- Eviction beside a model that looks at everything at every note ------------------------------------------------ */

enum { MODEL_LIMIT = 15, MODEL_NAMES = 60, MODEL_STEPS = 20000 };

typedef struct model_entry {
    char name[32];
    int64_t expires;
    bool include_subdomains, by_hand;
} model_entry;

typedef struct model {
    model_entry entries[MODEL_LIMIT]; /* oldest first */
    size_t count;
} model;

static const char *model_site(const char *host)
{
    const char *site = host;

    for (const char *dot = strchr(host, '.'); dot != NULL; dot = strchr(dot + 1, '.'))
        if (strchr(dot + 1, '.') != NULL)
            site = dot + 1;
    return site;
}

static bool model_is_covered(const model *m, const char *host, int64_t now)
{
    for (size_t i = 0; i < m->count; i++) {
        size_t length = strlen(host), parent = strlen(m->entries[i].name);
        if (m->entries[i].include_subdomains && m->entries[i].expires >= now && length > parent &&
            host[length - parent - 1] == '.' && strcmp(host + length - parent, m->entries[i].name) == 0)
            return true;
    }
    return false;
}

static void model_drop(model *m, size_t at)
{
    memmove(&m->entries[at], &m->entries[at + 1], (--m->count - at) * sizeof(model_entry));
}

/* The entry that goes; m->count if none may. */
static size_t model_victim(const model *m, int64_t now)
{
    size_t best = m->count, most = 0;

    for (size_t i = 0; i < m->count; i++)
        if (!m->entries[i].by_hand && model_is_covered(m, m->entries[i].name, now))
            return i;
    for (size_t i = 0; i < m->count; i++) {
        size_t same = 0;
        for (size_t j = 0; j < m->count; j++)
            same +=
                !m->entries[j].by_hand && strcmp(model_site(m->entries[i].name), model_site(m->entries[j].name)) == 0;
        if (!m->entries[i].by_hand && same > most) {
            most = same;
            best = i;
        }
    }
    return best;
}

static bool model_put(model *m, const model_entry *entry, int64_t now)
{
    for (size_t i = 0; i < m->count; i++) {
        if (strcmp(m->entries[i].name, entry->name) == 0) {
            model_drop(m, i);
            m->entries[m->count++] = *entry;
            return true;
        }
    }
    for (size_t i = m->count; m->count == MODEL_LIMIT && i-- > 0;) {
        bool expired = false;
        for (size_t j = m->count; j-- > 0;)
            if (m->entries[j].expires < now) {
                model_drop(m, j);
                expired = true;
            }
        if (expired)
            break;
        i = 0;
    }
    if (m->count == MODEL_LIMIT) {
        size_t victim = model_victim(m, now);
        if (victim == m->count)
            return false;
        model_drop(m, victim);
    }
    m->entries[m->count++] = *entry;
    return true;
}

static uint32_t next_random(uint32_t *random)
{
    *random = *random * 1664525u + 1013904223u;
    return *random >> 16;
}

static void random_name(uint32_t *random, char out[32])
{
    static const char *const tops[] = {"com", "org", "test"}, *const labels[] = {"a", "b", "c", "dd"};
    size_t length = (size_t)snprintf(out, 32, "%s", tops[next_random(random) % 3]);

    for (unsigned depth = next_random(random) % 4; depth > 0; depth--) {
        char whole[32];
        snprintf(whole, sizeof whole, "%s.%.*s", labels[next_random(random) % 4], (int)length, out);
        length = strlen(whole);
        memcpy(out, whole, length + 1);
    }
}

static void check_model(const hf_hosts *hosts, const model *m)
{
    uint64_t cursor = 0;
    hf_entry entry = hf_entry_init();
    size_t i = 0;

    for (; hf_hosts_next(hosts, &cursor, &entry); i++) {
        assert_true(i < m->count);
        assert_int_equal(entry.host.length, strlen(m->entries[i].name));
        assert_memory_equal(entry.host.data, m->entries[i].name, entry.host.length);
    }
    assert_int_equal(i, m->count);
}

/* A table so small looks at every new host, so that the model need not know when. */
static void eviction_is_that_of_the_model(void **state)
{
    hf_hosts *hosts = new_hosts(MODEL_LIMIT);
    model m = {.count = 0};
    uint32_t random = 1;

    (void)state;
    for (int64_t now = 0; now < MODEL_STEPS; now++) {
        model_entry e = {.expires = now + (int64_t)(next_random(&random) % 8 == 0 ? 10 : 100000)};
        hf_entry entry = hf_entry_init();
        random_name(&random, e.name);
        e.include_subdomains = next_random(&random) % 6 == 0;
        e.by_hand = next_random(&random) % 200 < (now % 4000 < 2000 ? 20 : 1);
        entry.host = span(e.name);
        entry.expires = e.expires;
        entry.include_subdomains = e.include_subdomains;
        entry.source = e.by_hand ? HF_SOURCE_USER : HF_SOURCE_HEADER;
        assert_int_equal(hf_hosts_put(hosts, &entry, now), model_put(&m, &e, now) ? HF_OK : HF_E_FULL);
        check_model(hosts, &m);
    }
    hf_hosts_free(hosts);
}

/* Of a larger table the next limit / 8 are chosen at once: they go in the order in which a look at every note would
 * have it. */
static void what_is_chosen_at_once_goes_in_order(void **state)
{
    hf_hosts *hosts = new_hosts(64);
    char text[32];
    static const char *const wanted[] = {"x.par.net", "b0.b.net", "a0.a.net", "b1.b.net",
                                         "a1.a.net",  "b2.b.net", "a2.a.net", "b3.b.net"};

    (void)state;
    for (int i = 0; i < 20; i++) {
        snprintf(text, sizeof text, "a%d.a.net", i);
        note(hosts, text, 1000, false, 0);
    }
    for (int i = 0; i < 21; i++) {
        snprintf(text, sizeof text, "b%d.b.net", i);
        note(hosts, text, 1000, false, 0);
    }
    note(hosts, "par.net", 1000, true, 0);
    note(hosts, "x.par.net", 1000, true, 0);
    for (int i = 0; i < 21; i++) {
        snprintf(text, sizeof text, "s%d.net", i);
        note(hosts, text, 1000, false, 0);
    }
    assert_int_equal(hf_hosts_count(hosts), 64);
    for (size_t i = 0; i < 8; i++) {
        assert_true(has(hosts, wanted[i]));
        snprintf(text, sizeof text, "n%zu.net", i);
        note(hosts, text, 1000, false, 1);
        assert_false(has(hosts, wanted[i]));
    }
    assert_int_equal(hf_hosts_count(hosts), 64);
    hf_hosts_free(hosts);
}

/* A chosen one that is noted anew stays, and the next goes in its place; when all are used up before the next look, the
 * oldest does. */
static void what_was_chosen_and_is_noted_again_stays(void **state)
{
    hf_hosts *hosts = new_hosts(32); /* chooses four */
    char text[32];

    (void)state;
    for (int i = 0; i < 31; i++) {
        snprintf(text, sizeof text, "s%d.net", i);
        note(hosts, text, 1000, false, 0);
    }
    note(hosts, "old.test", 1000, false, 0);
    note(hosts, "n0.net", 1000, false, 1); /* s0 goes; s1, s2 and s3 are next */
    assert_false(has(hosts, "s0.net"));
    note(hosts, "s1.net", 1000, false, 1);
    note(hosts, "s3.net", 1000, false, 1);
    note(hosts, "n1.net", 1000, false, 1);
    assert_true(has(hosts, "s1.net") && !has(hosts, "s2.net"));
    note(hosts, "n2.net", 1000, false, 1); /* none is left: the oldest */
    assert_true(has(hosts, "s3.net") && !has(hosts, "s4.net"));
    assert_int_equal(hf_hosts_count(hosts), 32);
    hf_hosts_free(hosts);
}

typedef struct counter {
    size_t calls;
} counter;

static void *count_allocate(void *self, size_t size)
{
    ((counter *)self)->calls++;
    return malloc(size);
}

static void count_release(void *self, void *block, size_t size)
{
    (void)self, (void)size;
    free(block);
}

/* Each look at all entries takes memory for a moment: so many notes may not see more of them than one in limit / 8. */
static void a_full_table_is_not_looked_through_at_every_note(void **state)
{
    enum { LIMIT = 800, NOTES = 8000 };
    counter counted = {0};
    hf_alloc alloc = {count_allocate, count_release, &counted};
    hf_hosts_options options = hf_hosts_options_init();
    hf_hosts *hosts;
    char text[32];
    (void)state;
    options.limit = LIMIT;
    options.alloc = &alloc;
    assert_int_equal(hf_hosts_new(&options, &hosts), HF_OK);
    for (int i = 0; i < LIMIT - 1; i++) {
        snprintf(text, sizeof text, "h%d.test", i);
        put_by_hand(hosts, text, 1000000, HF_OK);
    }
    note(hosts, "n.test", 100, false, 0);
    counted.calls = 0;
    for (int i = 0; i < NOTES; i++) { /* one place is left for all of them */
        snprintf(text, sizeof text, "n%d.test", i);
        assert_int_equal(note(hosts, text, 100, false, i), HF_NOTED_ADDED);
    }
    assert_in_range(counted.calls, NOTES / (LIMIT / 8), 4 * NOTES / (LIMIT / 8));
    put_by_hand(hosts, "last.test", 1000000, HF_OK);
    counted.calls = 0;
    for (int i = 0; i < NOTES; i++)
        put_by_hand(hosts, "more.test", 1000000, HF_E_FULL);
    assert_in_range(counted.calls, NOTES / (LIMIT / 8), 4 * NOTES / (LIMIT / 8));
    hf_hosts_free(hosts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_parent_covers_goes_first),
        cmocka_unit_test(only_what_is_in_force_covers),
        cmocka_unit_test(a_flood_of_one_site_evicts_itself),
        cmocka_unit_test(what_was_set_by_hand_stays),
        cmocka_unit_test(a_table_of_hosts_set_by_hand_refuses_new_ones_until_one_expires),
        cmocka_unit_test(a_header_replaces_what_was_set_by_hand),
        cmocka_unit_test(eviction_is_that_of_the_model),
        cmocka_unit_test(what_is_chosen_at_once_goes_in_order),
        cmocka_unit_test(what_was_chosen_and_is_noted_again_stays),
        cmocka_unit_test(a_full_table_is_not_looked_through_at_every_note),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
