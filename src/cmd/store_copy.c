/*
 * holdfast store import, export, convert: rows from some stores into another.
 */
#include "base/file.h"
#include "cmd/store.h"
#include "report/store_outcome.h"
#include "stores/copy.h"
#include "stores/writer.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <string.h>
#include <sys/stat.h>

/* Every file that is read or changed. */
static bool claim(const cmd_store_settings *s, const cmd_store_sources *sources, const stores_store *target,
                  base_error *error)
{
    base_claims claims = {0};
    bool good = cmd_store_claim_names(s, &claims, error);

    for (size_t i = 0; good && i < sources->count; i++)
        good = base_claims_add_path(&claims, sources->items[i].path, "a source", false, error);
    good = good && base_claims_add_path(&claims, target->path, "the target", true, error) &&
           (s->left_out == NULL || base_claims_add_path(&claims, s->left_out, "--left-out", true, error));
    base_claims_done(&claims);
    return good;
}

/* It tells where somebody has been. */
static bool open_list(const char *path, FILE **list, base_error *error)
{
    *list = NULL;
    if (path == NULL)
        return true;
    int fd = base_file_output(path, &(base_output_rules){.mode = S_IRUSR | S_IWUSR}, error);
    if (fd < 0) {
        base_error_wrap(error, "--left-out");
        return false;
    }
    *list = fdopen(fd, "w");
    if (*list == NULL)
        base_out_of_memory();
    return true;
}

static bool close_list(const char *path, FILE *list, base_error *error)
{
    if (list == NULL)
        return true;
    bool failed = ferror(list) != 0;
    if (fclose(list) == 0 && !failed)
        return true;
    base_error_set(error, "--left-out: %s could not be written whole", path);
    return false;
}

static bool tell(const cmd_store_settings *s, const facts_store_copied *copied, base_error *error)
{
    base_term term;
    base_buffer out;
    base_json json;

    if (s->common.json) {
        cmd_document_begin(&out, &json, CMD_STORE_OUTPUT_MAX);
        report_store_copied_json(copied, &json);
        return cmd_document_end(&out, error);
    }
    base_term_init(&term, stdout, s->common.color);
    if (!s->common.quiet)
        report_store_copied_text(copied, s->common.verbose, &term);
    return true;
}

/*
 * glibc keeps large blocks that were given back, once it has seen some, and tables that grow leave holes behind them.
 * Of a million entries that would be a quarter of all memory: so large blocks go back to the system.
 */
static void give_back_memory(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

static bool copy_rows(const cmd_store_settings *s, const stores_copy_options *options, facts_store_copied *copied,
                      base_error *error)
{
    base_error unwritten;
    bool done = stores_copy(options, copied, error);

    if (!close_list(s->left_out, options->left_out, &unwritten) && done) {
        *error = unwritten;
        done = false;
    }
    done = done && tell(s, copied, error);
    if (s->common.quiet)
        cmd_store_tell_damage("the sources", copied->damaged);
    stores_copied_done(copied);
    return done;
}

static int copy_with(const cmd_store_settings *s, const cmd_store_sources *sources, const stores_store *target,
                     bool live_only, FILE *list)
{
    facts_store_copied copied = {.expired = 0};
    stores_context context;
    base_error error;

    give_back_memory();
    if (!cmd_store_context(s, sources, &context, &error)) {
        (void)close_list(s->left_out, list, NULL);
        return cmd_store_fail(&error);
    }
    const stores_copy_options options = {sources->items, sources->count, target, &context, live_only, s->dry_run, list};
    bool done = copy_rows(s, &options, &copied, &error);
    stores_context_done(&context);
    return done ? cmd_store_code(0, copied.damaged, sources) : cmd_store_fail(&error);
}

static int copy(const char *command, const cmd_store_settings *s, const cmd_store_sources *sources,
                const stores_store *target, bool live_only)
{
    base_error error;
    FILE *list;

    if (!claim(s, sources, target, &error))
        return cmd_refuse("%s: %s", command, error.text);
    if (!open_list(s->left_out, &list, &error))
        return cmd_store_fail(&error);
    return copy_with(s, sources, target, live_only, list);
}

/* -- import, export ------------------------------------------------------------------------------------------------ */

/* --all finds the target too, and that is no source. */
static void drop_target(cmd_store_sources *sources, const stores_store *target)
{
    size_t kept = 0;

    for (size_t i = 0; i < sources->count; i++) {
        if (!base_file_is_same(sources->items[i].path, target->path))
            sources->items[kept++] = sources->items[i];
    }
    sources->count = kept;
}

static int copy_between(const char *command, const cmd_store_settings *s, cmd_store_sources *sources, const char *to)
{
    char own[STORES_PATH_MAX];
    stores_store target;
    base_error error;

    if (!cmd_store_parse(s, to, own, &target, &error))
        return cmd_refuse("%s: %s", command, error.text);
    if (s->all)
        drop_target(sources, &target);
    return copy(command, s, sources, &target, true);
}

static int run_import(void *storage, const base_operands *operands)
{
    const cmd_store_settings *s = storage;
    cmd_store_sources sources;
    base_error error;

    if (operands->count + s->from.count == 0 && !s->all)
        return cmd_refuse(
            "store import: from where? holdfast store import KIND:PATH (holdfast store where finds them)");
    if (!cmd_store_sources_open(s, operands->items, operands->count, &sources, &error))
        return cmd_refuse("store import: %s", error.text);
    int code = copy_between("store import", s, &sources, s->to != NULL ? s->to : FACTS_STORE_OWN);
    cmd_store_sources_close(&sources);
    return code;
}

static int run_export(void *storage, const base_operands *operands)
{
    const cmd_store_settings *s = storage;
    const char *to = s->to != NULL ? s->to : operands->count > 0 ? operands->items[0] : NULL;
    cmd_store_sources sources;
    base_error error;

    if (to == NULL || operands->count > (s->to == NULL))
        return cmd_refuse("store export: one target: holdfast store export KIND:PATH");
    if (!cmd_store_sources_open(s, NULL, 0, &sources, &error))
        return cmd_refuse("store export: %s", error.text);
    int code = copy_between("store export", s, &sources, to);
    cmd_store_sources_close(&sources);
    return code;
}

/* -- convert ------------------------------------------------------------------------------------------------------- */

static int run_convert(void *storage, const base_operands *operands)
{
    const cmd_store_settings *s = storage;
    char own[STORES_PATH_MAX];
    stores_store target;
    cmd_store_sources sources;
    struct stat status;
    base_error error;

    if (operands->count != 2)
        return cmd_refuse("store convert: two stores: holdfast store convert KIND:PATH KIND:PATH");
    if (!cmd_store_parse(s, operands->items[1], own, &target, &error))
        return cmd_refuse("store convert: %s", error.text);
    if (lstat(target.path, &status) == 0)
        return cmd_refuse(
            "store convert: %s is there already: convert makes a new store (import and export add to one)",
            target.path);
    if (!cmd_store_sources_open(s, operands->items, 1, &sources, &error))
        return cmd_refuse("store convert: %s", error.text);
    int code = copy("store convert", s, &sources, &target, false);
    cmd_store_sources_close(&sources);
    return code;
}

static const base_option import_options[] = {
    CMD_STORE_FROM,    CMD_STORE_TO,      CMD_STORE_ALL, CMD_STORE_ROOT, CMD_STORE_TRIED, CMD_STORE_LEFT_OUT,
    CMD_STORE_DRY_RUN, CMD_STORE_TIMEOUT, {0},
};

const cmd_command cmd_store_import = {
    .name = "store import",
    .summary = "add what other stores know to Holdfast's own",
    .usage = "[options] KIND:PATH...",
    .common = CMD_JSON | CMD_AT | CMD_QUIET | CMD_VERBOSE,
    .options = import_options,
    .settings_size = sizeof(cmd_store_settings),
    .defaults = &cmd_store_defaults,
    .run = run_import,
};

static const base_option export_options[] = {
    CMD_STORE_FROM,    CMD_STORE_TO,      CMD_STORE_ALL, CMD_STORE_ROOT, CMD_STORE_TRIED, CMD_STORE_LEFT_OUT,
    CMD_STORE_DRY_RUN, CMD_STORE_TIMEOUT, {0},
};

const cmd_command cmd_store_export = {
    .name = "store export",
    .summary = "add what Holdfast's own store knows to another",
    .usage = "[options] KIND:PATH",
    .common = CMD_JSON | CMD_AT | CMD_QUIET | CMD_VERBOSE,
    .options = export_options,
    .settings_size = sizeof(cmd_store_settings),
    .defaults = &cmd_store_defaults,
    .run = run_export,
};

static const base_option convert_options[] = {
    CMD_STORE_TRIED, CMD_STORE_LEFT_OUT, CMD_STORE_DRY_RUN, CMD_STORE_TIMEOUT, {0}};

const cmd_command cmd_store_convert = {
    .name = "store convert",
    .summary = "a new store of another kind with the same entries, and what could not come along",
    .usage = "[options] KIND:PATH KIND:PATH",
    .common = CMD_JSON | CMD_AT | CMD_QUIET | CMD_VERBOSE,
    .options = convert_options,
    .settings_size = sizeof(cmd_store_settings),
    .defaults = &cmd_store_defaults,
    .run = run_convert,
};
