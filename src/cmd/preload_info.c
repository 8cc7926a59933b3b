/* holdfast preload info [FILE...]: what an image is, how old, and whether it still enforces. Without FILE: those at hand. */
#include "base/table.h"
#include "base/time.h"
#include "cmd/preload.h"
#include "facts/list_words.h"
#include "preload/builtin.h"

#define DIGEST_TEXT (2 * HF_PRELOAD_DIGEST_SIZE + 1)

typedef struct writer {
    const cmd_preload_settings *settings;
    int64_t now;
    base_term term;
    base_buffer out;
    base_json json;
} writer;

static void write_digest(const hf_preload_info *info, char text[DIGEST_TEXT])
{
    for (size_t i = 0; i < HF_PRELOAD_DIGEST_SIZE; i++)
        snprintf(text + 2 * i, 3, "%02x", info->digest[i]);
}

static void add(base_table *table, const char *label, const char *text)
{
    base_table_add(table, BASE_STYLE_DIM, label);
    base_table_add(table, BASE_STYLE_PLAIN, text);
}

static void add_number(base_table *table, const char *label, size_t value)
{
    char text[32];

    snprintf(text, sizeof text, "%zu", value);
    add(table, label, text);
}

static void life_words(int64_t life, char words[BASE_WORDS_MAX])
{
    if (life == HF_TIME_NEVER)
        snprintf(words, BASE_WORDS_MAX, "without end");
    else
        base_duration_words(life, words);
}

static void print_file(writer *w, const preload_file *file, const hf_preload_info *info)
{
    char words[FACTS_LIST_WORDS_MAX], digest[DIGEST_TEXT], life[BASE_WORDS_MAX];
    base_table table;

    base_term_line(&w->term, BASE_STYLE_BOLD, "%s", file->path);
    facts_list_words(&file->preload, w->now, words);
    life_words(info->life, life);
    write_digest(info, digest);
    base_table_init(&table, 2);
    add(&table, "list", words);
    add(&table, "life", life);
    add_number(&table, "names", info->count);
    add_number(&table, "octets", info->length);
    add(&table, "digest", digest);
    base_table_print(&table, &w->term, 2);
    base_table_done(&table);
}

static void write_file(writer *w, const preload_file *file, const hf_preload_info *info)
{
    char digest[DIGEST_TEXT];
    base_json *json = &w->json;

    write_digest(info, digest);
    base_json_object_begin(json);
    base_json_key(json, "path");
    base_json_string(json, file->path);
    base_json_key(json, "source");
    base_json_string(json, info->source);
    base_json_key(json, "date");
    base_json_time(json, info->list_time);
    base_json_key(json, "life");
    if (info->life != HF_TIME_NEVER)
        base_json_int(json, info->life);
    else
        base_json_null(json);
    base_json_key(json, "stale");
    base_json_bool(json, hf_preload_is_stale(&file->preload, w->now));
    base_json_key(json, "names");
    base_json_int(json, (int64_t)info->count);
    base_json_key(json, "octets");
    base_json_int(json, (int64_t)info->length);
    base_json_key(json, "digest");
    base_json_string(json, digest);
    base_json_object_end(json);
}

static void tell(writer *w, const preload_file *file)
{
    hf_preload_info info = hf_preload_info_init();

    hf_preload_describe(file->image, &info);
    if (w->settings->common.json)
        write_file(w, file, &info);
    else
        print_file(w, file, &info);
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
        base_term_line(&w->term, BASE_STYLE_PLAIN,
                       "no list is at hand: only the %d built-in top-level domains are known (holdfast preload update)",
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

const cmd_preload_sub cmd_preload_info = {"info", "[FILE...]", 0, SIZE_MAX, options, run};
