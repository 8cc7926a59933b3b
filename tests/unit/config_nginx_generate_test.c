/* What is generated for nginx: its lines are those that findings show, it has no finding, and what a wish may not be.
 */
#include "base/memory.h"
#include "config/value.h"
#include "findings/snippet.h"
#include "lib/linted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEXT_MAX ((size_t)64 << 10)
#define YEAR ((int64_t)31536000)

static const char *const names[] = {"a.test", "*.b.test"};

static const config_wish plain_wish = {.policy = {.max_age = YEAR}, .names = names, .name_count = 2};

static void generate(const config_wish *wish, base_buffer *text)
{
    base_buffer_init(text, TEXT_MAX);
    config_platform_find("nginx")->generate(wish, text);
    assert_false(text->failed);
}

/* -- One source ---------------------------------------------------------------------------------------------------- */

/* True if `line` is one of the text, whatever the blanks in front. */
static bool has_line(const char *text, const char *line, size_t length)
{
    while (*text != '\0') {
        const size_t size = strcspn(text, "\n"), blanks = strspn(text, " ");

        if (size == blanks + length && memcmp(text + blanks, line, length) == 0)
            return true;
        text += size + (text[size] == '\n');
    }
    return false;
}

/* Every line of the block that the finding shows is one of the text: a site that mends what `check` finds has what
 * `config generate` writes. */
static void expect_block(const char *text, rule_id rule, const char *host, const char *policy)
{
    base_arena arena = {0};
    finding_snippet snippet;
    size_t lines = 0;

    assert_true(finding_block_of(rule_find(rule), FINDING_SERVER_NGINX, host, policy, &arena, &snippet));
    for (const char *line = snippet.text; *line != '\0';) {
        const size_t size = strcspn(line, "\n"), blanks = strspn(line, " ");

        if (line[blanks] != '#') {
            if (!has_line(text, line + blanks, size - blanks))
                fail_msg("%s: '%.*s' is not in what is generated:\n%s", rule_find(rule)->name, (int)size, line, text);
            lines++;
        }
        line += size + (line[size] == '\n');
    }
    assert_true(lines > 0);
    base_arena_done(&arena);
}

/* The text for a site whose variable has the name that the blocks have. */
static char *with_plain_variable(const base_buffer *text)
{
    static const char variable[] = "$hsts_a_test";
    char *copy = strdup(base_buffer_string(text)), *at;

    while ((at = strstr(copy, variable)) != NULL)
        memmove(at + 5, at + sizeof variable - 1, strlen(at + sizeof variable - 1) + 1);
    return copy;
}

static void lines_are_those_of_findings(void **state)
{
    const config_wish behind = {
        .policy = {.max_age = YEAR}, .names = names, .name_count = 2, .behind_proxy = true, .version = {1, 22, 1}};
    base_buffer text;
    char *shown;

    (void)state;
    generate(&plain_wish, &text);
    shown = with_plain_variable(&text);
    expect_block(shown, RULE_HTTP_STS_IN_CLEAR, "a.test", "max-age=31536000");
    expect_block(shown, RULE_HTTP_NO_REDIRECT, "a.test *.b.test", NULL);
    expect_block(shown, RULE_LISTEN_443_NO_SSL, "a.test", NULL);
    expect_block(shown, RULE_CHAIN_KEY_MISMATCH, "a.test", NULL);
    assert_true(has_line(shown, "proxy_hide_header Strict-Transport-Security;", 44));
    free(shown);
    base_buffer_done(&text);

    generate(&behind, &text);
    assert_null(strstr(base_buffer_string(&text), "443"));
    assert_null(strstr(base_buffer_string(&text), "ssl_certificate"));
    base_buffer_done(&text);
}

/* -- Without findings ---------------------------------------------------------------------------------------------- */

static void nothing_is_found_in_it(void **state)
{
    static const config_version versions[] = {{0}, {1, 0, 0}, {1, 7, 4}, {1, 22, 1}, {1, 25, 1}, {1, 29, 3}};
    static const hf_policy policies[] = {{.max_age = YEAR, .include_subdomains = true},
                                         {.max_age = YEAR, .include_subdomains = true, .preload = true},
                                         {.max_age = 300},
                                         {.max_age = 20000000},
                                         {.max_age = 0}};

    (void)state;
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
        for (size_t k = 0; k < sizeof policies / sizeof *policies * 2; k++) {
            const hf_policy *policy = &policies[k / 2];
            const config_wish wish = {.version = versions[i],
                                      .policy = *policy,
                                      .rollback = policy->max_age == 0,
                                      .behind_proxy = k % 2 == 1,
                                      .names = names,
                                      .name_count = 2};
            base_buffer text;

            generate(&wish, &text);
            linted_check(config_platform_find("nginx"),
                         &(linted_case){.text = base_buffer_string(&text), .version = versions[i]}, 1);
            base_buffer_done(&text);
        }
}

static void a_text_that_does_not_fit_is_known(void **state)
{
    base_buffer text;

    (void)state;
    base_buffer_init(&text, 100);
    config_platform_find("nginx")->generate(&plain_wish, &text);
    assert_true(text.failed);
    base_buffer_done(&text);
}

/* -- Wishes -------------------------------------------------------------------------------------------------------- */

static void wishes_are_checked(void **state)
{
    static const struct {
        hf_policy policy;
        const char *reason; /* NULL: it is good */
    } cases[] = {
        {{.max_age = YEAR}, NULL},
        {{.max_age = 1}, NULL},
        {{.max_age = YEAR, .include_subdomains = true, .preload = true}, NULL},
        {{.max_age = YEAR - 1, .include_subdomains = true, .preload = true}, "at least 31536000"},
        {{.max_age = YEAR, .preload = true}, "--include-subdomains"},
        {{.max_age = 0}, "--rollback"},
        {{.max_age = 10 * YEAR}, NULL},
        {{.max_age = 10 * YEAR + 1}, "ten years"},
    };
    base_error error;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const config_wish wish = {.policy = cases[i].policy};

        assert_int_equal(config_wish_check(&wish, &error), cases[i].reason == NULL);
        if (cases[i].reason != NULL && strstr(error.text, cases[i].reason) == NULL)
            fail_msg("'%s' does not speak of %s", error.text, cases[i].reason);
    }
    assert_true(config_wish_check(&(config_wish){.rollback = true}, &error));
}

static void names_become_canonical(void **state)
{
    static const struct {
        const char *text, *name; /* NULL: refused */
    } cases[] = {
        {"a.test", "a.test"},
        {"A.Test.", "a.test"},
        {"*.A.test", "*.a.test"},
        {"b\xc3\xbc"
         "cher.test",
         "xn--bcher-kva.test"},
        {"a_b.test", "a_b.test"},
        {"", NULL},
        {"*.", NULL},
        {"*.*.a.test", NULL},
        {"a.*", NULL},
        {"a.test;", NULL},
        {"a b", NULL},
        {"$host", NULL},
        {"a\"b", NULL},
        {"~a", NULL},
        {"127.0.0.1", NULL},
        {"*.127.0.0.1", NULL},
        {"::1", NULL},
    };
    char name[CONFIG_NAME_MAX], longest[3 + HF_HOST_MAX];
    base_error error;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (config_wish_name(cases[i].text, name, &error) != (cases[i].name != NULL))
            fail_msg("'%s': %s", cases[i].text, cases[i].name != NULL ? error.text : name);
        if (cases[i].name != NULL)
            assert_string_equal(name, cases[i].name);
    }
    memset(longest, 'a', sizeof longest);
    memcpy(longest, "*.", 2);
    for (size_t i = 2 + 50; i < sizeof longest - 1; i += 51)
        longest[i] = '.';
    longest[sizeof longest - 1] = '\0';
    assert_true(config_wish_name(longest, name, &error));
    assert_string_equal(name, longest);
}

static void stages_have_names(void **state)
{
    (void)state;
    assert_null(config_stage_find("hour"));
    assert_int_equal(config_stage_find("minutes")->max_age, 300);
    assert_true(config_stage_find("preload")->preload);
    for (const config_stage *stage = config_stages; stage->name != NULL; stage++) {
        assert_ptr_equal(config_stage_find(stage->name), stage);
        assert_true(stage[1].name == NULL || stage[1].max_age > stage->max_age);
        assert_true(stage->days == 0 || stage[1].name != NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_those_of_findings),
        cmocka_unit_test(nothing_is_found_in_it),
        cmocka_unit_test(a_text_that_does_not_fit_is_known),
        cmocka_unit_test(wishes_are_checked),
        cmocka_unit_test(names_become_canonical),
        cmocka_unit_test(stages_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
