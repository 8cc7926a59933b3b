/* Stores read into a table of known hosts: what the owning program would have in force, and what a table cannot hold.
 */
#include "lib/store_rows.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NOW 1795170300

typedef struct loaded {
    hf_hosts *hosts;
    size_t count;
    summary seen;
} loaded;

static hf_status load(const char *format, const char *text, loaded *l)
{
    hf_span octets = {text, strlen(text)};
    hf_input input = hf_input_from(&octets);
    hf_row_visitor visitor = {NULL, summary_damage, &l->seen};

    *l = (loaded){.count = 0};
    assert_int_equal(hf_hosts_new(NULL, &l->hosts), HF_OK);
    return hf_format_load(hf_format_find(format), &input, NULL, NOW, &visitor, l->hosts, &l->count);
}

static hf_entry entry_of(const loaded *l, const char *name, const char *partition)
{
    hf_entry entry = hf_entry_init();
    hf_host host;

    assert_int_equal(hf_host_parse(name, strlen(name), NULL, &host, NULL), HF_OK);
    assert_true(hf_hosts_get(l->hosts, &host, (hf_span){partition, strlen(partition)}, &entry));
    return entry;
}

static void whole_rows_arrive(void **state)
{
    loaded l;

    (void)state;
    assert_int_equal(load("wget", "a.test 8080 1 1795170000 86400\n", &l), HF_OK);
    assert_int_equal(l.count, 1);
    hf_entry entry = entry_of(&l, "a.test", "");
    assert_int_equal(entry.observed, 1795170000);
    assert_int_equal(entry.max_age, 86400);
    assert_int_equal(entry.expires, 1795256400);
    assert_int_equal(entry.source, HF_SOURCE_IMPORT);
    assert_int_equal(entry.state, HF_STATE_SET);
    assert_true(entry.include_subdomains);
    hf_hosts_free(l.hosts);
}

static void partitions_and_states_stay_apart(void **state)
{
    loaded l;

    (void)state;
    assert_int_equal(load("firefox-txt",
                          "a.test^p=1:HSTS\t1\t1\t1881570623000,1,1\na.test^p=2:HSTS\t1\t1\t0,2,0\n"
                          "old.test:HSTS\t1\t1\t5000,1,0\n127.0.0.1:HSTS\t1\t1\t1881570623000,1,0\n",
                          &l),
                     HF_OK);
    assert_int_equal(l.count, 2);
    assert_int_equal(entry_of(&l, "a.test", "^p=1").state, HF_STATE_SET);
    assert_int_equal(entry_of(&l, "a.test", "^p=2").state, HF_STATE_KNOCKOUT);
    assert_string_equal(l.seen.text, "");
    hf_hosts_free(l.hosts);
}

static void overlong_partition_is_told(void **state)
{
    static char text[3000];
    loaded l;

    (void)state;
    memcpy(text, "a.test^", 7);
    memset(text + 7, 'x', 1100);
    snprintf(text + 1107, 200, ":HSTS\t1\t1\t1881570623000,1,1\nb.test:HSTS\t1\t1\t1881570623000,1,1\n");
    assert_int_equal(load("firefox-txt", text, &l), HF_OK);
    assert_int_equal(l.count, 1);
    assert_string_equal(l.seen.text, "!0/1 the partition is longer than 1023 octets");
    hf_hosts_free(l.hosts);
}

static void rows_and_entries(void **state)
{
    loaded l;
    hf_row row;
    hf_entry again;

    (void)state;
    assert_int_equal(load("curl", ".a.test \"20301121 10:22:17\"\n", &l), HF_OK);
    hf_entry entry = entry_of(&l, "a.test", "");
    hf_row_from_entry(&entry, &row);
    assert_int_equal(row.expires.seconds, entry.expires);
    assert_int_equal(row.observed.seconds, HF_TIME_UNKNOWN);
    assert_true(hf_row_to_entry(&row, &again));
    assert_int_equal(again.expires, entry.expires);
    assert_true(again.include_subdomains);
    row.state = HF_ROW_HPKP;
    assert_false(hf_row_to_entry(&row, &again));
    hf_hosts_free(l.hosts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_rows_arrive),
        cmocka_unit_test(partitions_and_states_stay_apart),
        cmocka_unit_test(overlong_partition_is_told),
        cmocka_unit_test(rows_and_entries),
    };

    return cmocka_run_group_tests_name("formats_load", tests, NULL, NULL);
}
