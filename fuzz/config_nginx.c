/* A configuration of nginx: whatever stands in it, all rules judge it within bounds, each finding points into its file,
 * and what is mended can be read again, with no more findings that can be mended than before. Nothing is read from
 * disk: no relative include leads anywhere, and text with an absolute one is left out. */
#include "config/patch.h"
#include "config/platform.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

/* True if an include may name a file by its whole path. */
static bool leads_out(hf_span text)
{
    bool includes = false, is_absolute = false;

    for (size_t i = 1; i < text.length; i++) {
        includes = includes || (text.length - i >= 6 && memcmp(text.data + i, "nclude", 6) == 0);
        is_absolute = is_absolute || (text.data[i] == '/' && strchr(" \t\r\n\"'\\", text.data[i - 1]) != NULL);
    }
    return includes && is_absolute;
}

static void check_findings(const config_lint *lint)
{
    for (size_t i = 0; i < lint->findings.count; i++) {
        const finding *found = &lint->findings.items[i];
        const config_fix *fix = &lint->fixes[i];

        check(found->place.line > 0 && found->place.column > 0 && found->proof != NULL);
        for (size_t k = 0; k < fix->count; k++)
            check(fix->edits[k].offset <= fix->edits[k].file->length &&
                  fix->edits[k].length <= fix->edits[k].file->length - fix->edits[k].offset);
    }
}

/* Judges the text as part of `context`; what its edits make of it is put into `mended`, unless that is NULL. */
static void judge(hf_span text, const char *context, base_buffer *mended)
{
    config_estate estate = {.root = "/nonexistent"};
    config_file *file = config_estate_add(&estate, "a.conf", text.data, text.length);
    const config_asking asking = {.platform = config_platforms[0], .files = &file, .file_count = 1, .context = context};
    config_patches patches;
    config_lint lint;
    base_error error;

    config_lint_init(&lint, &estate, asking.version);
    if (asking.platform->lint(&asking, &lint, &error)) {
        config_lint_finish(&lint);
        check_findings(&lint);
        config_patches_make(&lint, &patches);
        for (size_t i = 0; mended != NULL && i < patches.count; i++)
            config_patch_text(&patches.items[i], mended);
    }
    config_lint_done(&lint);
    config_estate_done(&estate);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const contexts[] = {NULL, "main", "http", "server"};
    base_buffer mended;
    hf_span text;

    if (size == 0)
        return 0;
    text = (hf_span){(const char *)data + 1, size - 1};
    if (leads_out(text))
        return 0;
    base_buffer_init(&mended, (size_t)1 << 20);
    judge(text, contexts[data[0] % 4], &mended);
    if (mended.length > 0)
        judge((hf_span){mended.data, mended.length}, contexts[data[0] % 4], NULL);
    base_buffer_done(&mended);
    return 0;
}
