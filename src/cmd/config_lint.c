/* holdfast config lint FILE|DIR...: what is wrong with a configuration, and where; and the edits that mend it. */
#include "cmd/config.h"
#include "cmd/config_fix.h"
#include "cmd/config_pairs.h"
#include "cmd/document.h"
#include "cmd/fail_on.h"

#include <stdlib.h>
#include <string.h>

#define DOCUMENT_MAX ((size_t)256 << 20)

typedef struct settings {
    cmd_common common;
    cmd_config_source source;
    cmd_fail_on fail_on;
    bool fix, diff;
} settings;

/* One reading of the files, judged. */
typedef struct linting {
    config_estate estate;
    config_asking asking;
    config_lint lint;
} linting;

/* -- Judging ------------------------------------------------------------------------------------------------------- */

static bool judge(const settings *s, const base_operands *operands, linting *l, base_error *error)
{
    *l = (linting){0};
    if (!cmd_config_open(&s->source, operands, &l->estate, &l->asking, error))
        return false;
    config_lint_init(&l->lint, &l->estate, l->asking.version);
    if (!l->asking.platform->lint(&l->asking, &l->lint, error))
        return false;
    cmd_config_judge_pairs(&l->lint, cmd_now(&s->common));
    config_lint_finish(&l->lint);
    return true;
}

static void forget(linting *l)
{
    config_lint_done(&l->lint);
    config_estate_done(&l->estate);
}

/* -- The report ---------------------------------------------------------------------------------------------------- */

/* The line of a place, for which `file` is the file of the place before. */
static hf_span line_of(const config_estate *estate, const finding_place *place, const config_file **file)
{
    hf_span text = {0};

    for (size_t i = 0; i < estate->file_count && (*file == NULL || (*file)->name != place->file); i++)
        if (estate->files[i]->name == place->file)
            *file = estate->files[i];
    if (*file != NULL)
        (void)config_line_text(*file, place->line, &text);
    return text;
}

static report_lint report_of(linting *l)
{
    const finding_list *findings = &l->lint.findings;
    report_lint_item *items = base_arena_take(&l->estate.arena, (findings->count + 1) * sizeof *items);
    const config_file *file = NULL;

    for (size_t i = 0; i < findings->count; i++)
        items[i] = (report_lint_item){.said = &findings->items[i],
                                      .line = line_of(&l->estate, &findings->items[i].place, &file),
                                      .fixable = l->lint.fixes[i].count > 0};
    return (report_lint){.items = items,
                         .count = findings->count,
                         .files = l->estate.file_count,
                         .ignored = l->lint.ignored,
                         .left_out = l->lint.left_out};
}

static bool write_report(const settings *s, const report_lint *report, base_error *error)
{
    base_buffer out;
    base_json json;
    base_term term;

    if (!s->common.json) {
        base_term_init(&term, stdout, s->common.color);
        report_lint_text(report, s->common.quiet, &term);
        return true;
    }
    cmd_document_begin(&out, &json, DOCUMENT_MAX);
    report_lint_json(report, &json);
    return cmd_document_end(&out, error);
}

static int fail(const base_error *error)
{
    base_error_print(error, stderr);
    return BASE_EXIT_UNCHECKED;
}

static int exit_code(const settings *s, const linting *l)
{
    return cmd_fail_on_meets(&s->fail_on, &l->lint.findings) ? BASE_EXIT_FINDINGS : BASE_EXIT_CLEAN;
}

/* -- Edits --------------------------------------------------------------------------------------------------------- */

static void say_left(const config_patches *patches)
{
    base_error note;

    if (patches->left == 0)
        return;
    base_error_set(&note, "%zu finding%s left for the next run: the edits overlap those of another", patches->left,
                   patches->left == 1 ? " is" : "s are");
    base_error_print(&note, stderr);
}

static int show_diff(const settings *s, const linting *l)
{
    config_patches patches;
    base_error error;

    config_patches_make(&l->lint, &patches);
    if (!cmd_config_diff(&patches, s->common.color, &error))
        return fail(&error);
    say_left(&patches);
    return exit_code(s, l);
}

/* Mends, and reports what is found then. `l` stays, for its arena holds what is said of the files. */
static int fix(const settings *s, const base_operands *operands, linting *l)
{
    config_patches patches;
    report_lint_mended *mended;
    size_t count;
    linting after;
    base_error error, reason;
    int code;

    config_patches_make(&l->lint, &patches);
    mended = base_arena_take(&l->estate.arena, (patches.count + 1) * sizeof *mended);
    const bool written = cmd_config_fix(&patches, &l->estate.arena, mended, &count, &error);
    if (!written)
        base_error_print(&error, stderr);
    say_left(&patches);
    if (judge(s, operands, &after, &reason)) {
        report_lint report = report_of(&after);

        report.fixed = true;
        report.mended = mended;
        report.mended_count = count;
        code = write_report(s, &report, &reason) ? exit_code(s, &after) : fail(&reason);
    } else {
        code = fail(&reason);
    }
    forget(&after);
    return written ? code : BASE_EXIT_UNCHECKED;
}

/* -- The run ------------------------------------------------------------------------------------------------------- */

static bool reads_input(const base_operands *operands)
{
    for (size_t i = 0; i < operands->count; i++)
        if (strcmp(operands->items[i], "-") == 0)
            return true;
    return false;
}

static const char *contradiction(const settings *s, const base_operands *operands)
{
    if (operands->count == 0)
        return "a FILE or DIR is missing: holdfast config lint /etc/nginx/nginx.conf";
    if (s->fix && s->diff)
        return "--fix and --diff contradict each other: --diff writes nothing";
    if (s->diff && s->common.json)
        return "--diff and --json contradict each other";
    if (s->fix && reads_input(operands))
        return "--fix writes files anew, and standard input is none: use --diff";
    return NULL;
}

static int report(const settings *s, linting *l)
{
    report_lint said = report_of(l);
    base_error error;

    return write_report(s, &said, &error) ? exit_code(s, l) : fail(&error);
}

static int run(void *storage, const base_operands *operands)
{
    const settings *s = storage;
    const char *wrong = contradiction(s, operands);
    base_error error;
    linting l;
    int code;

    if (wrong != NULL)
        return cmd_refuse("config lint: %s", wrong);
    if (!judge(s, operands, &l, &error))
        code = cmd_refuse("config lint: %s", error.text);
    else
        code = s->diff ? show_diff(s, &l) : s->fix ? fix(s, operands, &l) : report(s, &l);
    forget(&l);
    return code;
}

static const base_option options[] = {
    CMD_CONFIG_PLATFORM(settings),
    CMD_CONFIG_CONTEXT(settings),
    CMD_CONFIG_ROOT(settings),
    CMD_CONFIG_VERSION(settings),
    {"fix", 0, NULL, "mend what can be mended, and keep each old file as .NAME.orig", NULL, offsetof(settings, fix)},
    {"diff", 0, NULL, "print what --fix would change, and write nothing", NULL, offsetof(settings, diff)},
    {"fail-on", 0, "WHAT", "exit with 1 on: error (the default), warning, info, never, or ids of findings",
     cmd_fail_on_read, offsetof(settings, fail_on)},
    {0}};

const cmd_command cmd_config_lint = {
    .name = "config lint",
    .summary = "what is wrong with a configuration, and where",
    .usage = "[options] FILE|DIR...",
    .common = CMD_JSON | CMD_QUIET | CMD_AT,
    .options = options,
    .settings_size = sizeof(settings),
    .run = run,
};
