/* What a wish to forget covers, and what becomes of a store. */
#include "stores/forget.h"

#include "stores/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static base_error error;

static hf_row row_of(const char *name, int64_t observed)
{
    hf_row row = hf_row_init();

    row.host = (hf_span){name, strlen(name)};
    row.observed.seconds = observed;
    row.expires.seconds = 5000;
    row.max_age = HF_TIME_UNKNOWN;
    return row;
}

static bool covers(const stores_wish *wish, const char *name)
{
    const hf_row row = row_of(name, 1000);

    return stores_wish_covers(wish, &row);
}

static void wish_for(stores_wish *wish, const char *name)
{
    hf_host host;

    if (!stores_host(name, &host, &error))
        fail_msg("%s", error.text);
    stores_wish_add(wish, &host);
}

static void test_hosts(void **state)
{
    stores_wish wish = {.from = HF_TIME_UNKNOWN};

    (void)state;
    wish_for(&wish, "b.example");
    wish_for(&wish, "a.example");
    stores_wish_settle(&wish);
    assert_true(covers(&wish, "a.example"));
    assert_true(covers(&wish, "b.example"));
    assert_false(covers(&wish, "x.a.example"));
    assert_false(covers(&wish, "example"));
    assert_false(covers(&wish, "aa.example"));
    wish.subtree = true;
    assert_true(covers(&wish, "y.x.a.example"));
    assert_false(covers(&wish, "xa.example"));
    stores_wish_done(&wish);
}

static void test_times(void **state)
{
    const stores_wish wish = {.from = 1000, .to = 2000};
    hf_row row = row_of("a.example", 1000);

    (void)state;
    assert_true(stores_wish_covers(&wish, &row));
    row.observed.seconds = 2000;
    assert_false(stores_wish_covers(&wish, &row));
    row.observed.seconds = HF_TIME_UNKNOWN;
    assert_false(stores_wish_covers(&wish, &row));
    row.max_age = 3500; /* noted at 1500, then */
    assert_true(stores_wish_covers(&wish, &row));
    row.expires.seconds = HF_TIME_NEVER;
    assert_false(stores_wish_covers(&wish, &row));
}

/* A store of curl, forgotten from: the plan of a dry run and what is carried out are the same. */
static void test_store(void **state)
{
    static const char before[] =
        ".example \"20301231 00:00:00\"\na.example \"20301231 00:00:00\"\nb.test \"20301231 00:00:00\"\n";
    char path[] = "/tmp/holdfast-forget-XXXXXX", backup[64], after[200];
    const stores_store store = {.kind = "curl", .path = path, .format = hf_format_find("curl")};
    const preload_lists_options lists = PRELOAD_LISTS_DEFAULTS;
    const stores_context_options options = {.lists = &lists, .now = 1700000000};
    stores_wish wish = {.from = HF_TIME_UNKNOWN};
    facts_store_forgotten forgotten;
    stores_context context;
    FILE *file = fdopen(mkstemp(path), "w");

    (void)state;
    fputs(before, file);
    fclose(file);
    wish_for(&wish, "a.example");
    stores_wish_settle(&wish);
    assert_true(stores_context_init(&context, &options, &error));
    for (int dry_run = 1; dry_run >= 0; dry_run--) {
        if (!stores_forget(&wish, &store, &context, dry_run == 1, &forgotten, &error))
            fail_msg("%s", error.text);
        assert_int_equal(forgotten.outcome.gone, 1);
        assert_int_equal(forgotten.outcome.kept, 2);
        assert_int_equal(forgotten.name_count, 1);
        assert_string_equal(forgotten.names[0], "a.example");
        assert_string_equal(forgotten.parent, "example");
        assert_int_equal(forgotten.outcome.backup == NULL, dry_run);
        stores_outcome_done(&forgotten.outcome);
    }
    file = fopen(path, "r");
    after[fread(after, 1, sizeof after - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(after, ".example \"20301231 00:00:00\"\nb.test \"20301231 00:00:00\"\n");
    snprintf(backup, sizeof backup, "%s.holdfast-backup", path);
    assert_int_equal(unlink(backup), 0);
    unlink(path);
    stores_context_done(&context);
    stores_wish_done(&wish);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_store),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
