#include "lib/linted.h"

#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MENDED_MAX 65536

static bool is_wanted(const linted_case *wanted, size_t index, const finding *found)
{
    return index < LINTED_MAX && wanted->wanted[index].line == found->place.line &&
           wanted->wanted[index].rule == found->rule;
}

static void check_findings(const linted_case *wanted, const config_lint *lint)
{
    size_t count = 0;

    while (count < LINTED_MAX && wanted->wanted[count].line > 0)
        count++;
    for (size_t i = 0; i < lint->findings.count; i++)
        if (!is_wanted(wanted, i, &lint->findings.items[i]))
            fail_msg("%s: finding %zu is %s in line %zu: %s", wanted->text, i,
                     rule_find(lint->findings.items[i].rule)->name, lint->findings.items[i].place.line,
                     lint->findings.items[i].proof);
    if (lint->findings.count != count)
        fail_msg("%s: %zu findings, not %zu", wanted->text, lint->findings.count, count);
}

static void check_mended(const linted_case *wanted, const config_fix *fix)
{
    base_buffer out;
    size_t at = 0;

    base_buffer_init(&out, MENDED_MAX);
    for (size_t i = 0; i < fix->count; i++) {
        assert_true(fix->edits[i].offset >= at);
        base_buffer_append(&out, wanted->text + at, fix->edits[i].offset - at);
        base_buffer_text(&out, fix->edits[i].text);
        at = fix->edits[i].offset + fix->edits[i].length;
    }
    base_buffer_text(&out, wanted->text + at);
    assert_string_equal(base_buffer_string(&out), wanted->mended != NULL ? wanted->mended : wanted->text);
    base_buffer_done(&out);
}

static void check_case(const config_platform *platform, const linted_case *wanted)
{
    config_estate estate = {.root = "/nonexistent"};
    config_file *file = config_estate_add(&estate, "a.conf", wanted->text, strlen(wanted->text));
    const config_asking asking = {
        .platform = platform, .files = &file, .file_count = 1, .context = wanted->context, .version = wanted->version};
    config_lint lint;
    base_error error;

    config_lint_init(&lint, &estate, wanted->version);
    if (!platform->lint(&asking, &lint, &error))
        fail_msg("%s: %s", wanted->text, error.text);
    config_lint_finish(&lint);
    check_findings(wanted, &lint);
    if (lint.findings.count > 0)
        check_mended(wanted, &lint.fixes[0]);
    config_lint_done(&lint);
    config_estate_done(&estate);
}

void linted_check(const config_platform *platform, const linted_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_case(platform, &cases[i]);
}
