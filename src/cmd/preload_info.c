/*
 * holdfast preload info [FILE...]: what an image is, how old, and whether it still enforces. Without FILE: those at
 * hand.
 */
#include "cmd/preload.h"
#include "preload/builtin.h"
#include "report/preload.h"

typedef struct writer {
    const cmd_preload_settings *settings;
    int64_t now;
    base_term term;
    base_buffer out;
    base_json json;
} writer;

static void tell(writer *w, const preload_file *file)
{
    hf_preload_info info = hf_preload_info_init();

    hf_preload_describe(file->image, &info);
    if (w->settings->common.json)
        report_preload_image_json(file->path, &file->preload, &info, w->now, &w->json);
    else
        report_preload_image_text(file->path, &file->preload, &info, w->now, &w->term);
}

/* Those at hand; what cannot be used counts as a failure here, for it is this that was asked. */
static int tell_found(writer *w)
{
    int code = BASE_EXIT_CLEAN;
    size_t found = 0;

    for (int which = 0; which < PRELOAD_WHICHES; which++) {
        preload_file file;
        base_error error;

        if (!preload_file_find(&file, (preload_which)which, &error)) {
            code = cmd_preload_fail("info", &error, BASE_EXIT_UNCHECKED);
        } else if (file.image != NULL) {
            tell(w, &file);
            found++;
        }
        preload_file_close(&file);
    }
    if (found == 0 && !w->settings->common.json)
        base_term_line(
            &w->term, BASE_STYLE_PLAIN,
            "no preload list is installed: only the %d built-in top-level domains are known (holdfast preload update)",
            PRELOAD_BUILTIN_COUNT);
    return code;
}

static int tell_named(writer *w, const base_operands *paths)
{
    int code = BASE_EXIT_CLEAN;

    for (size_t i = 0; i < paths->count; i++) {
        preload_file file;
        base_error error;

        if (!preload_file_open(&file, paths->items[i], &error)) {
            code = cmd_preload_fail("info", &error, BASE_EXIT_USAGE);
            continue;
        }
        tell(w, &file);
        preload_file_close(&file);
    }
    return code;
}

static int run(const cmd_preload_settings *s, const base_operands *paths)
{
    writer w = {.settings = s, .now = cmd_now(&s->common)};
    int code, written = BASE_EXIT_CLEAN;

    base_term_init(&w.term, stdout, s->common.color);
    base_buffer_init(&w.out, CMD_PRELOAD_DOCUMENT_MAX);
    base_json_init(&w.json, &w.out, true);
    base_json_object_begin(&w.json);
    base_json_key(&w.json, "at");
    base_json_time(&w.json, w.now);
    base_json_key(&w.json, "builtin");
    base_json_int(&w.json, PRELOAD_BUILTIN_COUNT);
    base_json_key(&w.json, "images");
    base_json_array_begin(&w.json);
    code = paths->count > 0 ? tell_named(&w, paths) : tell_found(&w);
    base_json_array_end(&w.json);
    base_json_object_end(&w.json);
    base_buffer_char(&w.out, '\n');
    if (s->common.json)
        written = cmd_preload_write("info", &w.out);
    base_buffer_done(&w.out);
    return code != BASE_EXIT_CLEAN ? code : written;
}

static const char *const options[] = {"json", "at", NULL};

const cmd_preload_sub cmd_preload_info = {"info", "[FILE...]", 0, SIZE_MAX, false, options, run};
