/* base/options.h and base/closest.h: every spelling of an option, and what is wrong with the others. */
#include "base/closest.h"
#include "base/options.h"
#include "base/term.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct settings {
    bool json;
    bool quiet;
    const char *file;
    base_texts hosts;
    int64_t at;
    int64_t wait;
    base_color color;
} settings;

static const base_option table[] = {
    {"json", 0, NULL, "", NULL, offsetof(settings, json)},
    {"quiet", 'q', NULL, "", NULL, offsetof(settings, quiet)},
    {"file", 'f', "FILE", "", base_read_text, offsetof(settings, file)},
    {"host", 'h', "HOST", "", base_read_texts, offsetof(settings, hosts)},
    {"at", 0, "TIME", "", base_read_time, offsetof(settings, at)},
    {"wait", 'w', "DURATION", "", base_read_duration, offsetof(settings, wait)},
    {"color", 0, "WHEN", "", base_read_color, offsetof(settings, color)},
    {0},
};

#define ARGUMENTS_MAX 80

static settings got;
static base_operands operands;
static base_error error;
static char *arguments[ARGUMENTS_MAX];

static bool parse(const char *const *words)
{
    int count = 0;

    for (; words[count] != NULL; count++)
        arguments[count] = (char *)words[count];
    got = (settings){0};
    error.text[0] = '\0';
    return base_options_parse(table, count, arguments, &got, &operands, &error);
}

#define PARSE(...) parse((const char *const[]){__VA_ARGS__, NULL})

static void every_spelling_is_understood(void **state)
{
    (void)state;
    assert_true(PARSE("--json", "-q", "--file", "a", "--at=7", "-w2w", "--color=never"));
    assert_true(got.json && got.quiet);
    assert_string_equal(got.file, "a");
    assert_int_equal(got.at, 7);
    assert_int_equal(got.wait, 1209600);
    assert_int_equal(got.color, BASE_COLOR_NEVER);
    assert_int_equal(operands.count, 0);
    assert_true(PARSE("-qf", "x"));
    assert_true(got.quiet);
    assert_string_equal(got.file, "x");
    assert_true(PARSE("-f-q"));
    assert_false(got.quiet);
    assert_string_equal(got.file, "-q");
    assert_true(PARSE("--file="));
    assert_string_equal(got.file, "");
    assert_true(PARSE("--file", "-"));
    assert_string_equal(got.file, "-");
}

static void operands_stand_anywhere(void **state)
{
    (void)state;
    assert_true(PARSE("a", "-q", "-", "--file", "f", "b", "--", "--json", "-x", "--"));
    assert_int_equal(operands.count, 6);
    assert_string_equal(operands.items[0], "a");
    assert_string_equal(operands.items[1], "-");
    assert_string_equal(operands.items[2], "b");
    assert_string_equal(operands.items[3], "--json");
    assert_string_equal(operands.items[5], "--");
    assert_false(got.json);
}

static void an_option_may_be_repeated(void **state)
{
    const char *words[ARGUMENTS_MAX];
    size_t i;

    (void)state;
    assert_true(PARSE("-ha", "--host=b", "--file=1", "--file=2"));
    assert_int_equal(got.hosts.count, 2);
    assert_string_equal(got.hosts.items[1], "b");
    assert_string_equal(got.file, "2");
    for (i = 0; i < BASE_TEXTS_MAX + 1; i++)
        words[i] = "-hx";
    words[i] = NULL;
    assert_false(parse(words));
    assert_string_equal(error.text, "--host: given more than 64 times");
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    assert_false(PARSE("--jsn"));
    assert_string_equal(error.text, "unknown option --jsn: did you mean --json?");
    assert_false(PARSE("--colour=always"));
    assert_string_equal(error.text, "unknown option --colour: did you mean --color?");
    assert_false(PARSE("--qu"));
    assert_string_equal(error.text, "unknown option --qu: did you mean --quiet?");
    assert_false(PARSE("--zzzzzz"));
    assert_string_equal(error.text, "unknown option --zzzzzz");
    assert_false(PARSE("-qx"));
    assert_string_equal(error.text, "unknown option -x");
    assert_false(PARSE("--file"));
    assert_string_equal(error.text, "--file needs a value: --file FILE");
    assert_false(PARSE("-f"));
    assert_string_equal(error.text, "--file needs a value: --file FILE");
    assert_false(PARSE("--json=1"));
    assert_string_equal(error.text, "--json takes no value");
    assert_false(PARSE("--at", "soon"));
    assert_string_equal(error.text,
                        "--at: 'soon' is not a time: write 2026-11-20, 2026-11-20T10:25:00Z or Unix seconds");
    assert_false(PARSE("--color", "red"));
    assert_string_equal(error.text, "--color: 'red' is not one of auto, always, never");
}

static const char *closest(const char *word)
{
    static const char *const words[] = {"check", "header", "decide", "help"};
    base_closest nearest = {.word = word};
    size_t i;

    for (i = 0; i < sizeof words / sizeof words[0]; i++)
        base_closest_offer(&nearest, words[i]);
    return nearest.found;
}

static void the_closest_word_is_found(void **state)
{
    (void)state;
    assert_string_equal(closest("chekc"), "check");
    assert_string_equal(closest("headers"), "header");
    assert_string_equal(closest("decid"), "decide");
    assert_string_equal(closest("hepl"), "help");
    assert_string_equal(closest("dec"), "decide");
    assert_null(closest("frobnicate"));
    assert_null(closest(""));
    assert_null(closest("a-word-far-longer-than-any-command-is"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_is_understood), cmocka_unit_test(operands_stand_anywhere),
        cmocka_unit_test(an_option_may_be_repeated),    cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(the_closest_word_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
