#include "report/preload.h"

#include "base/table.h"
#include "base/time.h"
#include "facts/list_words.h"

#include <string.h>

#define DIGEST_TEXT (2 * HF_PRELOAD_DIGEST_SIZE + 1)

/* -- A name -------------------------------------------------------------------------------------------------------- */

static const char *matched(const facts_preloaded *a)
{
    return a->list != NULL ? a->host.name + a->match.offset : NULL;
}

static void write_tristate(base_json *json, const char *key, const facts_preloaded *a, bool value)
{
    base_json_key(json, key);
    if (a->unknown)
        base_json_null(json);
    else
        base_json_bool(json, value);
}

void report_preloaded_json(const facts_preloaded *a, base_json *json)
{
    base_json_object_begin(json);
    base_json_key(json, "host");
    base_json_text(json, a->text.data, a->text.length);
    write_tristate(json, "preloaded", a, a->list != NULL);
    base_json_key_string(json, "matched", matched(a));
    write_tristate(json, "include_subdomains", a, a->list != NULL && a->match.include_subdomains);
    if (a->diag.status != HF_OK)
        base_json_key_string(json, "error", a->diag.text);
    base_json_object_end(json);
}

static char *put(char *out, const char *text, size_t length)
{
    memcpy(out, text, length);
    return out + length;
}
#define PUT(out, literal) put(out, literal, sizeof(literal) - 1)

/*
 * A host that was given in canonical form has nothing that JSON would escape: millions of them are written as they
 * are.
 */
static bool write_fast(const facts_preloaded *a, base_buffer *buffer)
{
    const char *text = a->text.data;
    size_t length = a->text.length;
    char *start, *out;

    if (a->diag.status != HF_OK || a->unknown || length != a->host.length || memcmp(text, a->host.name, length) != 0 ||
        a->host.kind != HF_HOST_NAME || memchr(text, '\\', length) != NULL || memchr(text, '"', length) != NULL)
        return false;
    start = base_buffer_reserve(buffer, 2 * length + 128);
    if (start == NULL)
        return false;
    out = put(PUT(start, "{\"host\":\""), text, length);
    if (a->list == NULL) {
        out = PUT(out, "\",\"preloaded\":false,\"matched\":null,\"include_subdomains\":false}");
    } else {
        out = PUT(out, "\",\"preloaded\":true,\"matched\":\"");
        out = put(out, text + a->match.offset, length - a->match.offset);
        out = a->match.include_subdomains ? PUT(out, "\",\"include_subdomains\":true}")
                                          : PUT(out, "\",\"include_subdomains\":false}");
    }
    base_buffer_commit(buffer, (size_t)(out - start));
    return true;
}

void report_preloaded_line(const facts_preloaded *a, base_json *json)
{
    if (!write_fast(a, json->out))
        report_preloaded_json(a, json);
}

void report_preloaded_text(const facts_preloaded *a, int64_t now, bool quiet, base_term *term)
{
    char words[FACTS_LIST_WORDS_MAX];

    base_term_text(term, BASE_STYLE_BOLD, a->text.data, a->text.length);
    if (a->unknown) {
        base_term_line(term, BASE_STYLE_WARN, ": unknown: no preload list is installed (holdfast preload update)");
        return;
    }
    if (a->list == NULL) {
        base_term_line(term, BASE_STYLE_PLAIN, " is not preloaded");
        return;
    }
    base_term_print(term, BASE_STYLE_GOOD, " is preloaded");
    base_term_line(term, BASE_STYLE_PLAIN, ": %s, %s subdomains", matched(a),
                   a->match.include_subdomains ? "with its" : "without its");
    if (quiet)
        return;
    facts_list_words(a->list, now, words);
    base_term_line(term, BASE_STYLE_DIM, "  list  %s", words);
}

/* -- An image ------------------------------------------------------------------------------------------------------ */

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

void report_preload_image_text(const char *path, const hf_preload *list, const hf_preload_info *info, int64_t now,
                               base_term *term)
{
    char words[FACTS_LIST_WORDS_MAX], digest[DIGEST_TEXT], life[BASE_WORDS_MAX];
    base_table table;

    base_term_line(term, BASE_STYLE_BOLD, "%s", path);
    facts_list_words(list, now, words);
    life_words(info->life, life);
    write_digest(info, digest);
    base_table_init(&table, 2);
    add(&table, "list", words);
    add(&table, "life", life);
    add_number(&table, "names", info->count);
    add_number(&table, "octets", info->length);
    add(&table, "digest", digest);
    base_table_print(&table, term, 2);
    base_table_done(&table);
}

void report_preload_image_json(const char *path, const hf_preload *list, const hf_preload_info *info, int64_t now,
                               base_json *json)
{
    char digest[DIGEST_TEXT];

    write_digest(info, digest);
    base_json_object_begin(json);
    base_json_key_string(json, "path", path);
    base_json_key_string(json, "source", info->source);
    base_json_key_time(json, "date", info->list_time);
    base_json_key(json, "life");
    if (info->life != HF_TIME_NEVER)
        base_json_int(json, info->life);
    else
        base_json_null(json);
    base_json_key_bool(json, "stale", hf_preload_is_stale(list, now));
    base_json_key_int(json, "names", (int64_t)info->count);
    base_json_key_int(json, "octets", (int64_t)info->length);
    base_json_key_string(json, "digest", digest);
    base_json_object_end(json);
}

/* -- A difference -------------------------------------------------------------------------------------------------- */

const char *report_preload_change_name(facts_preload_change kind)
{
    static const char *const names[] = {"added", "removed", "changed"};

    return names[kind];
}

void report_preload_change_text(facts_preload_change kind, const hf_preload_entry *entry, base_term *term)
{
    static const char marks[] = "+-~";
    static const base_style styles[] = {BASE_STYLE_GOOD, BASE_STYLE_BAD, BASE_STYLE_WARN};

    base_term_line(term, styles[kind], "%c %s %s", marks[kind], entry->name,
                   entry->include_subdomains ? "with its subdomains" : "without its subdomains");
}

void report_preload_entry_json(const hf_preload_entry *entry, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "name", entry->name);
    base_json_key_bool(json, "include_subdomains", entry->include_subdomains);
    base_json_object_end(json);
}
