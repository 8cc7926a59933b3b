/*
 * The compiler of preload images and their reader, together: whatever is asked, an image answers as a plain hash table
 * of the same list. Here with lists made up; with a browser's list, as an argument: preload_compile_test LIST
 * [MUTANTS].
 */
#include "preload/compile.h"

#include "lib/preload_golden.h"
#include "lib/preload_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static hf_preload_image *compile(const name_list *list, base_buffer *octets)
{
    preload_list source = {list->entries, list->count, "made up", 1000, HF_TIME_NEVER};
    hf_preload_image *image;
    base_error error = {""};

    base_buffer_init(octets, 1 << 28);
    if (!preload_compile(&source, octets, &error))
        fail_msg("%s", error.text);
    assert_int_equal(hf_preload_open(octets->data, octets->length, NULL, &image), HF_OK);
    return image;
}

/* -- Right answers ------------------------------------------------------------------------------------------------- */

typedef struct trial {
    name_table table;
    hf_preload preload;
    size_t asked, covered, wrong;
} trial;

static void ask(trial *t, const hf_host *host)
{
    hf_preload_match expected = {0, false}, match = {0, false};
    bool should = name_table_cover(&t->table, host, &expected), does = t->preload.cover(t->preload.self, host, &match);

    t->asked++;
    t->covered += should;
    if (should == does && match.offset == expected.offset && match.include_subdomains == expected.include_subdomains)
        return;
    if (t->wrong++ < 10)
        print_error("%s: covered %d by \"%s\" (%d), but should be %d by \"%s\" (%d)\n", host->name, does,
                    host->name + match.offset, match.include_subdomains, should, host->name + expected.offset,
                    expected.include_subdomains);
}

static void try_list(const name_list *list, const hf_preload_image *image, size_t mutants)
{
    trial t = {.asked = 0};
    uint64_t random = 1;
    hf_host host;

    name_table_init(&t.table, list);
    hf_preload_from_image(image, &t.preload);
    for (size_t i = 0; i < list->count; i++) {
        name_host(list->entries[i].name, &host);
        ask(&t, &host);
    }
    for (size_t i = 0; i < mutants; i++) {
        name_mutate(list, &random, &host);
        ask(&t, &host);
    }
    if (list->count > 10000)
        print_message("%zu names, %zu asked, %zu covered, %zu wrong\n", list->count, t.asked, t.covered, t.wrong);
    name_table_done(&t.table);
    assert_int_equal(t.wrong, 0);
    assert_true(t.covered >= list->count && (mutants == 0 || t.covered < t.asked));
}

/* Each entry comes once, with its flag. */
static void enumerate(const name_list *list, const hf_preload_image *image)
{
    name_table table;
    hf_preload_cursor cursor = {{0}};
    char name[HF_HOST_MAX + 1];
    bool include_subdomains, *seen = base_allocate(list->count);
    size_t count = 0;

    name_table_init(&table, list);
    while (hf_preload_next(image, &cursor, name, &include_subdomains)) {
        const hf_preload_entry *entry = name_table_find(&table, name);
        assert_non_null(entry);
        assert_int_equal(entry->include_subdomains, include_subdomains);
        assert_false(seen[entry - list->entries]);
        seen[entry - list->entries] = true;
        count++;
    }
    assert_int_equal(count, list->count);
    free(seen);
    name_table_done(&table);
}

static void try_made_up(size_t count, size_t mutants)
{
    name_list list;
    base_buffer octets;

    name_list_make(&list, count, count);
    hf_preload_image *image = compile(&list, &octets);
    enumerate(&list, image);
    if (count > 0)
        try_list(&list, image, mutants);
    hf_preload_close(image);
    base_buffer_done(&octets);
    name_list_done(&list);
}

static void answers_of_small_lists(void **state)
{
    (void)state;
    for (size_t count = 0; count <= 40; count++)
        try_made_up(count, count > 0 ? 500 : 0);
    for (size_t count = 50; count <= 1600; count *= 2)
        try_made_up(count, 5000);
}

static void answers_of_a_large_list(void **state)
{
    (void)state;
    try_made_up(20000, 100000);
}

/* -- The octets ---------------------------------------------------------------------------------------------------- */

static void same_list_same_octets(void **state)
{
    name_list list;
    base_buffer first, second;

    (void)state;
    name_list_make(&list, 3000, 5);
    hf_preload_close(compile(&list, &first));
    for (size_t i = 0; i < list.count / 2; i++) {
        hf_preload_entry kept = list.entries[i];
        list.entries[i] = list.entries[list.count - 1 - i];
        list.entries[list.count - 1 - i] = kept;
    }
    hf_preload_close(compile(&list, &second));
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.data, second.data, first.length);
    base_buffer_done(&first);
    base_buffer_done(&second);
    name_list_done(&list);
}

static void what_the_image_says_of_itself(void **state)
{
    static const hf_preload_entry entries[] = {{"example", true}, {"b.dev", false}, {"a.dev", true}};
    /* SHA-256 of "a.dev\t1\nb.dev\t0\nexample\t1\n" */
    static const uint8_t digest[] = {0x7d, 0xaa, 0x81, 0x01, 0x17, 0x0e, 0x9b, 0x92, 0xaf, 0x9c, 0x32,
                                     0x28, 0x90, 0x06, 0x43, 0xcb, 0xcc, 0xef, 0x7e, 0xc4, 0xb4, 0x95,
                                     0x4e, 0x25, 0xb0, 0x46, 0xb1, 0xa4, 0xa7, 0x8e, 0xcf, 0x84};
    preload_list list = {entries, 3, "a source", 1780272000, 6048000};
    base_buffer octets;
    hf_preload_image *image;
    hf_preload preload;
    hf_preload_info info = hf_preload_info_init();

    (void)state;
    base_buffer_init(&octets, 1 << 20);
    assert_true(preload_compile(&list, &octets, NULL));
    assert_int_equal(hf_preload_open(octets.data, octets.length, NULL, &image), HF_OK);
    hf_preload_describe(image, &info);
    assert_string_equal(info.source, "a source");
    assert_int_equal(info.list_time, 1780272000);
    assert_int_equal(info.life, 6048000);
    assert_int_equal(info.count, 3);
    assert_int_equal(info.length, octets.length);
    assert_memory_equal(info.digest, digest, sizeof digest);
    hf_preload_from_image(image, &preload);
    assert_string_equal(preload.source, "a source");
    assert_false(hf_preload_is_stale(&preload, 1780272000 + 6048000));
    assert_true(hf_preload_is_stale(&preload, 1780272000 + 6048001));
    hf_preload_close(image);
    base_buffer_done(&octets);
}

/* The image that image_test.c reads is what this compiler makes. After a wanted change of the model its octets must be
 * made anew. */
static void the_golden_image(void **state)
{
    const size_t count = sizeof golden_entries / sizeof golden_entries[0];
    preload_list list = {golden_entries, count, "a list for tests", 1780272000, 6048000};
    base_buffer octets;

    (void)state;
    base_buffer_init(&octets, 1 << 20);
    assert_true(preload_compile(&list, &octets, NULL));
    assert_int_equal(octets.length, sizeof golden_octets);
    assert_memory_equal(octets.data, golden_octets, sizeof golden_octets);
    base_buffer_done(&octets);
}

static void small_lists_make_small_images(void **state)
{
    static const hf_preload_entry one[] = {{"only.example", true}};
    preload_list list = {one, 1, "", HF_TIME_UNKNOWN, HF_TIME_NEVER};
    base_buffer octets;

    (void)state;
    base_buffer_init(&octets, 1 << 20);
    assert_true(preload_compile(&list, &octets, NULL));
    assert_in_range(octets.length, 100, 200);
    base_buffer_done(&octets);
}

/* -- Lists that are refused ---------------------------------------------------------------------------------------- */

static void refused_lists(void **state)
{
    static const struct {
        hf_preload_entry entries[2];
        const char *words;
    } cases[] = {
        {{{"a.example", true}, {"a.example", false}}, "\"a.example\" stands in the list twice"},
        {{{"a.example", true}, {"B.example", true}}, "\"B.example\" must be written \"b.example\""},
        {{{"a.example", true}, {"a..example", true}}, "\"a..example\" is not a host name"},
        {{{"a.example", true}, {"", true}}, "\"\" is not a host name"},
        {{{"a.example", true}, {"::1", true}}, "\"::1\" is not a host name"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        preload_list list = {cases[i].entries, 2, "", 0, 0};
        base_error error = {""};
        base_buffer octets;
        base_buffer_init(&octets, 1 << 20);
        assert_false(preload_compile(&list, &octets, &error));
        if (strncmp(error.text, cases[i].words, strlen(cases[i].words)) != 0)
            fail_msg("%s", error.text);
        base_buffer_done(&octets);
    }
}

/* The browsers' lists have an address in them. It is kept, and nothing is ever covered by it. */
static void addresses_are_kept(void **state)
{
    static const hf_preload_entry entries[] = {{"1.0.0.1", true}, {"a.example", true}};
    const name_list list = {(hf_preload_entry *)entries, 2, {NULL}};
    base_buffer octets;
    hf_preload_image *image = compile(&list, &octets);

    (void)state;
    enumerate(&list, image);
    hf_preload_close(image);
    base_buffer_done(&octets);
}

/* "made-up": a list as large as the largest browser's. */
static int try_file(const char *path, size_t mutants)
{
    name_list list;
    base_buffer octets;

    if (strcmp(path, "made-up") == 0)
        name_list_make(&list, 168000, 4);
    else
        name_list_load(&list, path);
    hf_preload_image *image = compile(&list, &octets);
    enumerate(&list, image);
    try_list(&list, image, mutants);
    hf_preload_close(image);
    base_buffer_done(&octets);
    name_list_done(&list);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_of_small_lists),
        cmocka_unit_test(answers_of_a_large_list),
        cmocka_unit_test(same_list_same_octets),
        cmocka_unit_test(what_the_image_says_of_itself),
        cmocka_unit_test(small_lists_make_small_images),
        cmocka_unit_test(refused_lists),
        cmocka_unit_test(addresses_are_kept),
        cmocka_unit_test(the_golden_image),
    };

    if (argc > 1)
        return try_file(argv[1], argc > 2 ? strtoul(argv[2], NULL, 10) : 10000000);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
