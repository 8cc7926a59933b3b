#include "report/lint.h"

#include "base/columns.h"
#include "base/escape.h"
#include "base/secret.h"
#include "report/wrap.h"

#include <stdlib.h>
#include <string.h>

#define LINE_MAX ((size_t)1 << 20)
#define INDENT 4
#define TAB 4              /* columns */
#define ROOM_MIN 40        /* columns of an excerpt */
#define OCTETS_MAX 2000    /* of an excerpt: marks without width could be any number */
#define AROUND 4096        /* octets in front of an excerpt and behind it that tell a secret in it */
#define OFFENDING_MAX 1000 /* octets of the offending part, in JSON */
#define CUT_MARK "..."

/* -- The line itself ----------------------------------------------------------------------------------------------- */

/* A part of the line, as it is printed, and the marks under it. */
typedef struct excerpt {
    hf_span line;
    size_t from, to; /* what is underlined */
    size_t room, columns;
    size_t begin, at;
    bool marked;
    base_secret secret; /* the next one; at the end of the line: none */
    base_buffer text, marks;
} excerpt;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The first secret that is not wholly in front of the excerpt. */
static void find_secret(excerpt *e, size_t from)
{
    const size_t end = least(e->line.length, e->begin + OCTETS_MAX + AROUND);

    do {
        if (!base_secret_find(e->line.data, end, from, BASE_SECRETS_OF_URLS, &e->secret))
            e->secret = (base_secret){.at = e->line.length};
        from = e->secret.at + e->secret.length;
    } while (e->secret.length > 0 && from <= e->at);
}

static void put_marks(excerpt *e, size_t length, size_t columns)
{
    const bool inside = e->at < e->to && e->at + length > e->from;

    for (size_t i = 0; i < columns && (inside || !e->marked); i++) {
        base_buffer_char(&e->marks, !inside ? ' ' : e->marked ? '~' : '^');
        e->marked = e->marked || inside;
    }
}

/* `length` octets of the line, which are printed as `shown`. False: they find no room. */
static bool put(excerpt *e, size_t length, const char *shown, size_t columns)
{
    if (e->columns + columns > e->room)
        return false;
    base_buffer_text(&e->text, shown);
    put_marks(e, length, columns);
    e->columns += columns;
    e->at += length;
    return true;
}

static bool put_next(excerpt *e)
{
    static const char blanks[] = "    ";
    char visible[BASE_ESCAPED_MAX];
    size_t taken;

    if (e->secret.length > 0 && e->at >= e->secret.at) {
        bool fits = put(e, e->secret.at + e->secret.length - e->at, BASE_SECRET_MASK, sizeof BASE_SECRET_MASK - 1);

        find_secret(e, e->at);
        return fits;
    }
    if (e->line.data[e->at] == '\t') {
        size_t columns = TAB - e->columns % TAB;

        return put(e, 1, blanks + TAB - columns, columns);
    }
    taken = base_escape_next(e->line.data + e->at, e->line.length - e->at, visible);
    return put(e, taken, visible, base_columns(visible, strlen(visible)));
}

static void build(excerpt *e, size_t begin, size_t first)
{
    const size_t end = least(e->line.length, begin + OCTETS_MAX);

    base_buffer_clear(&e->text);
    base_buffer_clear(&e->marks);
    e->marked = false;
    e->columns = 0;
    e->begin = e->at = begin;
    find_secret(e, begin > AROUND ? begin - AROUND : 0);
    if (begin > first) {
        base_buffer_text(&e->text, CUT_MARK);
        base_buffer_text(&e->marks, "   ");
        e->columns = sizeof CUT_MARK - 1;
    }
    while (e->at < end && put_next(e))
        ;
    if (!e->marked && e->at == e->line.length)
        base_buffer_char(&e->marks, '^');
    else if (e->at < e->line.length)
        base_buffer_text(&e->text, CUT_MARK);
    e->marked = e->marked || e->at == e->line.length;
}

/* Blanks in front are left out, and of a long line so much that the offending part comes into view. */
static void choose(excerpt *e)
{
    size_t first = 0, begin;

    while (first < e->from && is_blank(e->line.data[first]))
        first++;
    begin = first;
    if (e->line.length - first > e->room && e->from - first > e->room / 2)
        begin = e->from - e->room / 3;
    while (begin < e->from && ((unsigned char)e->line.data[begin] & 0xc0U) == 0x80)
        begin++;
    build(e, begin, first);
    if (!e->marked)
        build(e, e->from, first);
}

static void print_line(const report_lint_item *item, base_term *term)
{
    const finding_place *place = &item->said->place;
    excerpt e = {.line = item->line};

    if (item->line.data == NULL)
        return;
    e.from = least(place->column > 0 ? place->column - 1 : 0, e.line.length);
    e.to = least(place->end_column > place->column ? place->end_column - 1 : e.from + 1, e.line.length);
    e.room = term->width > ROOM_MIN + INDENT + sizeof CUT_MARK ? term->width - INDENT - sizeof CUT_MARK : ROOM_MIN;
    base_buffer_init(&e.text, LINE_MAX);
    base_buffer_init(&e.marks, LINE_MAX);
    choose(&e);
    base_term_line(term, BASE_STYLE_PLAIN, "%*s%s", INDENT, "", base_buffer_string(&e.text));
    base_term_print(term, BASE_STYLE_PLAIN, "%*s", INDENT, "");
    base_term_line(term, BASE_STYLE_GOOD, "%s", base_buffer_string(&e.marks));
    base_buffer_done(&e.text);
    base_buffer_done(&e.marks);
}

/* -- A finding ----------------------------------------------------------------------------------------------------- */

/* What was said of a rule is not said again. */
typedef struct told {
    bool why;
    const char *fix;
} told;

static void print_place(const finding *said, base_term *term)
{
    base_term_print(term, BASE_STYLE_BOLD, "%s:%zu:%zu: ", said->place.file, said->place.line, said->place.column);
}

static void print_severity(const finding *said, base_term *term)
{
    static const base_style styles[] = {[HF_SEVERITY_INFO] = BASE_STYLE_DIM,
                                        [HF_SEVERITY_WARNING] = BASE_STYLE_WARN,
                                        [HF_SEVERITY_ERROR] = BASE_STYLE_BAD};

    base_term_print(term, styles[said->severity], "%s", hf_severity_name(said->severity));
}

static void print_title(const finding *said, base_term *term)
{
    const rule_entry *rule = rule_find(said->rule);
    const bool in_rfc = rule->section[0] != '-';

    print_place(said, term);
    print_severity(said, term);
    base_term_print(term, BASE_STYLE_BOLD, " %s", rule->name);
    base_term_line(term, BASE_STYLE_PLAIN, ": %s%s%s%s", rule->title, in_rfc ? " (RFC 6797 " : "",
                   in_rfc ? rule->section : "", in_rfc ? ")" : "");
    for (size_t i = 0; i < said->place.include_count; i++)
        base_term_line(term, BASE_STYLE_DIM, "%*sincluded from %s:%zu", INDENT, "", said->place.includes[i].file,
                       said->place.includes[i].line);
}

static void print_words(const char *label, const char *words, base_term *term)
{
    base_buffer text;

    base_buffer_init(&text, LINE_MAX);
    base_buffer_appendf(&text, "%s%s", label, words);
    report_wrap(term, INDENT, base_buffer_string(&text));
    base_buffer_done(&text);
}

static void print_finding(const report_lint_item *item, told *before, base_term *term)
{
    const finding *said = item->said;

    print_title(said, term);
    print_line(item, term);
    print_words("", said->proof, term);
    if (!before->why)
        print_words("why: ", rule_find(said->rule)->why, term);
    if (before->fix == NULL || strcmp(before->fix, said->fix) != 0)
        print_words("fix: ", said->fix, term);
    *before = (told){.why = true, .fix = said->fix};
}

static void print_brief(const finding *said, base_term *term)
{
    const rule_entry *rule = rule_find(said->rule);

    print_place(said, term);
    print_severity(said, term);
    base_term_line(term, BASE_STYLE_PLAIN, ": %s [%s]", rule->title, rule->name);
}

/* -- The end ------------------------------------------------------------------------------------------------------- */

static size_t count(const report_lint *lint, hf_severity severity)
{
    size_t found = 0;

    for (size_t i = 0; i < lint->count; i++)
        found += lint->items[i].said->severity == severity;
    return found;
}

static void put_count(base_buffer *out, const char *gap, size_t number, const char *noun)
{
    if (number > 0)
        base_buffer_appendf(out, "%s%zu %s%s", out->length > 0 ? gap : "", number, noun, number > 1 ? "s" : "");
}

static void print_counts(const report_lint *lint, base_term *term)
{
    const size_t errors = count(lint, HF_SEVERITY_ERROR), warnings = count(lint, HF_SEVERITY_WARNING);
    base_buffer text;

    base_buffer_init(&text, LINE_MAX);
    put_count(&text, ", ", errors, "error");
    put_count(&text, ", ", warnings, "warning");
    put_count(&text, ", ", count(lint, HF_SEVERITY_INFO), "notice");
    if (lint->count == 0)
        base_buffer_appendf(&text, "no findings in %zu file%s", lint->files, lint->files == 1 ? "" : "s");
    if (lint->ignored > 0)
        base_buffer_appendf(&text, "; %zu ignored", lint->ignored);
    if (lint->left_out > 0)
        base_buffer_appendf(&text, "; %zu left out, because there are so many", lint->left_out);
    base_term_line(term,
                   errors > 0        ? BASE_STYLE_BAD
                   : warnings > 0    ? BASE_STYLE_WARN
                   : lint->count > 0 ? BASE_STYLE_BOLD
                                     : BASE_STYLE_GOOD,
                   "%s", base_buffer_string(&text));
    base_buffer_done(&text);
}

static void print_fixable(const report_lint *lint, base_term *term)
{
    size_t fixable = 0;

    for (size_t i = 0; i < lint->count; i++)
        fixable += lint->items[i].fixable;
    if (fixable > 0)
        base_term_line(term, BASE_STYLE_PLAIN, "--fix mends %zu of them, and --diff shows how", fixable);
}

static void print_mended(const report_lint *lint, base_term *term)
{
    for (size_t i = 0; i < lint->mended_count; i++) {
        const report_lint_mended *item = &lint->mended[i];

        base_term_print(term, BASE_STYLE_GOOD, "%s: %zu finding%s mended", item->file, item->findings,
                        item->findings == 1 ? "" : "s");
        base_term_line(term, BASE_STYLE_PLAIN, "; the old file is %s", item->backup);
    }
    if (lint->fixed && lint->mended_count == 0)
        base_term_line(term, BASE_STYLE_PLAIN, "no file was changed");
    if (lint->fixed)
        base_term_gap(term);
}

void report_lint_text(const report_lint *lint, bool quiet, base_term *term)
{
    told *before = base_allocate(RULE_COUNT * sizeof *before);

    if (!quiet)
        print_mended(lint, term);
    for (size_t i = 0; i < lint->count; i++) {
        if (quiet) {
            print_brief(lint->items[i].said, term);
            continue;
        }
        print_finding(&lint->items[i], &before[lint->items[i].said->rule], term);
        base_term_gap(term);
    }
    if (!quiet) {
        print_counts(lint, term);
        print_fixable(lint, term);
    }
    free(before);
}

/* -- JSON ---------------------------------------------------------------------------------------------------------- */

static void write_offending(const report_lint_item *item, base_json *json)
{
    const finding_place *place = &item->said->place;
    size_t from, to;

    base_json_key(json, "text");
    if (item->line.data == NULL || place->column == 0) {
        base_json_null(json);
        return;
    }
    from = least(place->column - 1, item->line.length);
    to = least(place->end_column > place->column ? place->end_column - 1 : from, item->line.length);
    base_json_text(json, item->line.data + from, least(to - from, OFFENDING_MAX));
}

static void write_finding(const report_lint_item *item, base_json *json)
{
    const finding *said = item->said;
    const rule_entry *rule = rule_find(said->rule);

    base_json_object_begin(json);
    base_json_key_string(json, "rule", rule->name);
    base_json_key_string(json, "severity", hf_severity_name(said->severity));
    base_json_key_string(json, "file", said->place.file);
    base_json_key_int(json, "line", (int64_t)said->place.line);
    base_json_key_int(json, "column", (int64_t)said->place.column);
    base_json_key_int(json, "end_column", (int64_t)said->place.end_column);
    base_json_key_string(json, "title", rule->title);
    base_json_key_string(json, "message", said->proof);
    base_json_key_string(json, "why", rule->why);
    base_json_key_string(json, "fix", said->fix);
    write_offending(item, json);
    finding_includes_json(&said->place, "included_from", json);
    base_json_key_bool(json, "fixable", item->fixable);
    base_json_object_end(json);
}

static void write_mended(const report_lint *lint, base_json *json)
{
    base_json_key(json, "mended");
    base_json_array_begin(json);
    for (size_t i = 0; i < lint->mended_count; i++) {
        base_json_object_begin(json);
        base_json_key_string(json, "file", lint->mended[i].file);
        base_json_key_string(json, "backup", lint->mended[i].backup);
        base_json_key_int(json, "findings", (int64_t)lint->mended[i].findings);
        base_json_object_end(json);
    }
    base_json_array_end(json);
}

void report_lint_json(const report_lint *lint, base_json *json)
{
    base_json_object_begin(json);
    base_json_key(json, "findings");
    base_json_array_begin(json);
    for (size_t i = 0; i < lint->count; i++)
        write_finding(&lint->items[i], json);
    base_json_array_end(json);
    base_json_key_int(json, "files", (int64_t)lint->files);
    base_json_key_int(json, "errors", (int64_t)count(lint, HF_SEVERITY_ERROR));
    base_json_key_int(json, "warnings", (int64_t)count(lint, HF_SEVERITY_WARNING));
    base_json_key_int(json, "notices", (int64_t)count(lint, HF_SEVERITY_INFO));
    base_json_key_int(json, "ignored", (int64_t)lint->ignored);
    base_json_key_int(json, "left_out", (int64_t)lint->left_out);
    if (lint->fixed)
        write_mended(lint, json);
    base_json_object_end(json);
}

/* -- Diffs --------------------------------------------------------------------------------------------------------- */

static base_style style_of(char mark)
{
    return mark == '+'   ? BASE_STYLE_GOOD
           : mark == '-' ? BASE_STYLE_BAD
           : mark == '@' ? BASE_STYLE_DIM
                         : BASE_STYLE_PLAIN;
}

/* A tab does no harm, and stays one. */
static void print_diff_line(const char *line, size_t length, base_style style, base_term *term)
{
    while (length > 0) {
        const char *tab = memchr(line, '\t', length);
        const size_t size = tab != NULL ? (size_t)(tab - line) : length;

        base_term_text(term, style, line, size);
        if (tab != NULL)
            fputc('\t', term->out);
        line += size + (tab != NULL);
        length -= size + (tab != NULL);
    }
    base_term_gap(term);
}

void report_lint_diff(const char *diff, size_t length, base_term *term)
{
    while (length > 0) {
        const char *feed = memchr(diff, '\n', length);
        const size_t size = feed != NULL ? (size_t)(feed - diff) : length;

        print_diff_line(diff, size, style_of(diff[0]), term);
        diff += size + (feed != NULL);
        length -= size + (feed != NULL);
    }
}
