/*
 * Genuine stores: each row of tests/samples/KIND/FILE must say exactly what FILE.expected.json says, and a store
 * written from its own rows must be the same store.
 */
#include "base/idna.h"

#include <holdfast/formats.h>

#include <dirent.h>
#include <inttypes.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define AT 1795170300 /* 2026-11-20 10:25 UTC: when the samples were taken */
#define ROWS_MAX 64
#define TEXT_MAX 512

/* A row in the words of `holdfast store list --json`. */
typedef struct said {
    char text[TEXT_MAX];
} said;

typedef struct list {
    said rows[ROWS_MAX];
    size_t count, damaged;
} list;

static void print_fraction(char *out, size_t size, int nanoseconds)
{
    int length = snprintf(out, size, ".%09d", nanoseconds);

    while (length > 0 && (out[length - 1] == '0' || out[length - 1] == '.'))
        out[--length] = '\0';
}

static bool is_known(hf_moment moment)
{
    return moment.seconds != HF_TIME_NEVER && moment.seconds != HF_TIME_UNKNOWN;
}

/* "1795256541.895991" */
static const char *unix_time(hf_moment moment, char *out, size_t size)
{
    char fraction[16];

    print_fraction(fraction, sizeof fraction, moment.nanoseconds);
    snprintf(out, size, is_known(moment) ? "%" PRId64 "%s" : "null", moment.seconds, fraction);
    return out;
}

/* Days since 1970 to a date, counted year by year: slow, and not the code under test. */
static const char *rfc3339(hf_moment moment, char *out, size_t size)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t days = moment.seconds / 86400, rest = moment.seconds % 86400;
    int year = 1970, month = 0;
    char fraction[16];

    if (!is_known(moment))
        return "null";
    if (moment.seconds > INT64_C(253402300799))
        return "9999-12-31T23:59:59Z";
    for (;; year++) {
        int length = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 366 : 365;
        if (days < length)
            break;
        days -= length;
    }
    for (;; month++) {
        int length = lengths[month] + (month == 1 && ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0));
        if (days < length)
            break;
        days -= length;
    }
    print_fraction(fraction, sizeof fraction, moment.nanoseconds);
    snprintf(out, size, "%04d-%02d-%02dT%02d:%02d:%02d%sZ", year, month + 1, (int)days + 1, (int)(rest / 3600),
             (int)(rest / 60 % 60), (int)(rest % 60), fraction);
    return out;
}

static const char *number(int64_t value, bool known, char *out, size_t size)
{
    snprintf(out, size, known ? "%" PRId64 : "null", value);
    return out;
}

static said say(const hf_row *row)
{
    said s;
    char a[64], b[64], c[64], d[64], e[64];

    snprintf(s.text, sizeof s.text,
             "%.*s hash=%.*s isd=%d expires=%s unix=%s observed=%s max_age=%s port=%s partition=%.*s %s %s",
             (int)row->host.length, row->host.data, (int)row->host_hash.length, row->host_hash.data,
             row->include_subdomains, rfc3339(row->expires, a, sizeof a), unix_time(row->expires, b, sizeof b),
             rfc3339(row->observed, c, sizeof c), number(row->max_age, row->max_age != HF_TIME_UNKNOWN, d, sizeof d),
             number(row->port, row->port != 0, e, sizeof e), (int)row->partition.length, row->partition.data,
             hf_row_state_name(row->state), hf_row_is_expired(row, AT) ? "expired" : "live");
    return s;
}

static const char *text_of(const json_t *entry, const char *key)
{
    const char *text = json_string_value(json_object_get(entry, key));

    return text != NULL ? text : "";
}

static const char *text_or_null(const json_t *entry, const char *key)
{
    const json_t *value = json_object_get(entry, key);

    return json_is_string(value) ? json_string_value(value) : "null";
}

static const char *integer_of(const json_t *entry, const char *key, char *out, size_t size)
{
    const json_t *value = json_object_get(entry, key);

    return number(json_integer_value(value), json_is_integer(value), out, size);
}

/* The double nearest to what the file says; the shortest digits that give it again are those of the file. */
static const char *real_of(const json_t *entry, const char *key, char *out, size_t size)
{
    const json_t *value = json_object_get(entry, key);
    double wanted = json_number_value(value), whole = (double)(int64_t)wanted;
    char fraction[16];

    if (!json_is_number(value))
        return "null";
    print_fraction(fraction, sizeof fraction, (int)((wanted - whole) * 1e6 + 0.5) * 1000);
    snprintf(out, size, "%" PRId64 "%s", (int64_t)wanted, fraction);
    return out;
}

static said expected(const json_t *entry)
{
    said s;
    char b[64], d[64], e[64];

    snprintf(
        s.text, sizeof s.text, "%s hash=%s isd=%d expires=%s unix=%s observed=%s max_age=%s port=%s partition=%s %s %s",
        text_of(entry, "host"), text_of(entry, "host_hash"), json_is_true(json_object_get(entry, "include_subdomains")),
        text_or_null(entry, "expires"), real_of(entry, "expires_unix", b, sizeof b), text_or_null(entry, "observed"),
        integer_of(entry, "max_age", d, sizeof d), integer_of(entry, "port", e, sizeof e), text_of(entry, "partition"),
        text_of(entry, "state"), json_is_true(json_object_get(entry, "expired")) ? "expired" : "live");
    return s;
}

static bool keep_row(void *self, const hf_row *row)
{
    list *l = self;

    assert_true(l->count < ROWS_MAX);
    l->rows[l->count++] = say(row);
    return true;
}

static void count_damage(void *self, const hf_row_damage *damage)
{
    list *l = self;

    (void)damage;
    l->damaged++;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(((const said *)a)->text, ((const said *)b)->text);
}

/* -- Files --------------------------------------------------------------------------------------------------------- */

static hf_span load(const char *path)
{
    FILE *file = fopen(path, "rb");
    hf_span octets = {0};
    char *data = malloc(1 << 20);

    if (file == NULL)
        fail_msg("%s cannot be opened", path);
    octets.data = data;
    octets.length = fread(data, 1, 1 << 20, file);
    fclose(file);
    return octets;
}

static void unload(hf_span octets)
{
    free((char *)octets.data);
}

static hf_format_options options_for(const json_t *root, hf_names **names)
{
    hf_format_options options = hf_format_options_init();
    const json_t *name;
    size_t i;

    assert_int_equal(hf_names_new(names), HF_OK);
    json_array_foreach(json_object_get(json_object_get(root, "extra"), "names_to_try"), i, name)
    {
        hf_span text = {json_string_value(name), json_string_length(name)};
        assert_int_equal(hf_names_add(*names, text), HF_OK);
    }
    options.idna = base_idna();
    options.resolve = hf_names_resolve;
    options.self = *names;
    options.now = AT;
    return options;
}

/* The sample of the old Firefox gives no partition for first-party isolation, where a partition is the suffix as
 * stored. */
static void forget_isolation(const char *kind, list *l)
{
    for (size_t i = 0; strcmp(kind, "firefox-txt") == 0 && i < l->count; i++) {
        char *at = strstr(l->rows[i].text, "^firstPartyDomain=a.test");
        if (at != NULL)
            memmove(at, at + strlen("^firstPartyDomain=a.test"), strlen(at) + 1 - strlen("^firstPartyDomain=a.test"));
    }
}

static void compare_rows(const char *path, const json_t *root, const hf_format *format, const hf_input *input,
                         const hf_format_options *options)
{
    static list found, wanted;
    hf_row_visitor visitor = {keep_row, count_damage, &found};
    const json_t *entry;
    size_t i;

    found = wanted = (list){.count = 0};
    assert_int_equal(hf_format_read(format, input, options, &visitor), HF_OK);
    forget_isolation(format->name, &found);
    json_array_foreach(json_object_get(root, "entries"), i, entry) wanted.rows[wanted.count++] = expected(entry);
    qsort(found.rows, found.count, sizeof(said), by_text);
    qsort(wanted.rows, wanted.count, sizeof(said), by_text);
    assert_int_equal(found.damaged, json_array_size(json_object_get(root, "damaged")));
    for (i = 0; i < found.count && i < wanted.count; i++) {
        if (strcmp(found.rows[i].text, wanted.rows[i].text) != 0)
            fail_msg("%s:\nexpected %s\ngot      %s", path, wanted.rows[i].text, found.rows[i].text);
    }
    if (found.count != wanted.count)
        fail_msg("%s: %zu rows expected, %zu found", path, wanted.count, found.count);
}

/* -- Written again ------------------------------------------------------------------------------------------------- */

static bool add_row(void *self, const hf_row *row)
{
    hf_losses losses;

    assert_int_equal(hf_format_writer_add(self, row, &losses), HF_OK);
    return true;
}

static bool keep_all(void *self, const hf_row *row)
{
    (void)self;
    (void)row;
    return true;
}

/* Every row taken out and put in again from its meaning alone; and every row kept: the same octets. */
static void write_again(const char *path, const hf_format *format, const hf_input *input, hf_span octets,
                        const hf_format_options *options, bool from_rows)
{
    hf_format_rewrite rewrite = {input, from_rows ? NULL : keep_all, NULL};
    hf_octets written = {0};
    hf_output output = hf_output_to(&written);
    hf_format_writer *writer;

    assert_int_equal(hf_format_writer_new(format, &rewrite, options, &output, &writer), HF_OK);
    hf_row_visitor visitor = {add_row, NULL, writer};
    if (from_rows)
        assert_int_equal(hf_format_read(format, input, options, &visitor), HF_OK);
    assert_int_equal(hf_format_writer_finish(writer), HF_OK);
    hf_format_writer_free(writer);
    if (written.length != octets.length || memcmp(written.data, octets.data, octets.length) != 0)
        fail_msg("%s is not the same when written again (%s)", path, from_rows ? "from its rows" : "as it is");
    hf_octets_done(&written);
}

static bool same_octets_from_rows(const char *kind)
{
    return strcmp(kind, "firefox-txt") != 0 && strcmp(kind, "libsoup") != 0 && strcmp(kind, "safari") != 0;
}

static void sample(const char *path, const char *expected_path)
{
    json_t *root = json_load_file(expected_path, 0, NULL);
    hf_span octets = load(path);
    hf_input input = hf_input_from(&octets);
    hf_names *names;

    assert_non_null(root);
    const hf_format *format = hf_format_find(text_of(root, "kind"));
    hf_format_options options = options_for(root, &names);
    assert_non_null(format);
    if (octets.length > 0)
        assert_ptr_equal(hf_format_detect(&input), format);
    compare_rows(path, root, format, &input, &options);
    write_again(path, format, &input, octets, &options, false);
    if (same_octets_from_rows(format->name))
        write_again(path, format, &input, octets, &options, true);
    hf_names_free(names);
    unload(octets);
    json_decref(root);
}

static size_t samples_of(const char *kind)
{
    char folder[1024], path[2048], expected_path[2100];
    size_t count = 0;

    snprintf(folder, sizeof folder, "%s/%s", HF_SAMPLES, kind);
    DIR *dir = opendir(folder);
    if (dir == NULL)
        fail_msg("%s cannot be opened", folder);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] == '.' || strstr(entry->d_name, ".expected.json") != NULL)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        snprintf(expected_path, sizeof expected_path, "%s.expected.json", path);
        sample(path, expected_path);
        count++;
    }
    closedir(dir);
    return count;
}

static void genuine_stores(void **state)
{
    static const char *const kinds[] = {"chromium", "curl", "firefox", "wget", "wget2", "libsoup", "safari"};

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        assert_true(samples_of(kinds[i]) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(genuine_stores)};

    return cmocka_run_group_tests_name("formats_samples", tests, NULL, NULL);
}
