#include "report/live.h"

#include "report/wrap.h"

#include <string.h>

#define INDENT 4

static void write_values(const char *who, const char *const *values, size_t count, base_term *term)
{
    if (count == 0)
        base_term_line(term, BASE_STYLE_PLAIN, "%*s%s no HSTS header", INDENT, "", who);
    for (size_t i = 0; i < count; i++)
        base_term_line(term, BASE_STYLE_PLAIN, "%*s%s %s", INDENT, "", who, values[i]);
}

static void write_predicted(const facts_matrix_cell *cell, base_term *term)
{
    static const char who[] = "the configuration says:";

    if (cell->field_count == 0)
        write_values(who, NULL, 0, term);
    for (size_t i = 0; i < cell->field_count; i++) {
        const facts_matrix_field *field = &cell->fields[i];

        base_term_line(term, BASE_STYLE_PLAIN, "%*s%s %s (%s:%zu)", INDENT, "", who,
                       field->value != NULL ? field->value : "a value that the request decides", field->file,
                       field->line);
    }
}

static void write_answer(const facts_live_answer *answer, bool quiet, base_term *term)
{
    static const base_style styles[] = {[FACTS_LIVE_SAME] = BASE_STYLE_GOOD,
                                        [FACTS_LIVE_DIFFERS] = BASE_STYLE_BAD,
                                        [FACTS_LIVE_UNSURE] = BASE_STYLE_DIM,
                                        [FACTS_LIVE_UNSEEN] = BASE_STYLE_WARN};

    if (quiet && answer->result != FACTS_LIVE_DIFFERS)
        return;
    base_term_print(term, styles[answer->result], "%-7s", facts_live_name(answer->result));
    if (answer->status != 0)
        base_term_line(term, BASE_STYLE_PLAIN, " %s (status %d)", answer->url, answer->status);
    else
        base_term_line(term, BASE_STYLE_PLAIN, " %s: %s", answer->url, answer->trouble);
    if (answer->result != FACTS_LIVE_DIFFERS)
        return;
    write_values("the server sends:", answer->values, answer->value_count, term);
    write_predicted(answer->cell, term);
}

void report_live_text(const facts_live *live, bool quiet, base_term *term)
{
    for (size_t i = 0; i < live->count; i++)
        write_answer(&live->answers[i], quiet, term);
    for (size_t i = 0; i < live->note_count && !quiet; i++)
        report_wrap(term, 0, live->notes[i]);
    if (quiet)
        return;
    if (live->count > 0)
        base_term_gap(term);
    base_term_line(term, BASE_STYLE_BOLD, "%zu as predicted, %zu not, %zu unsure, %zu not seen",
                   live->results[FACTS_LIVE_SAME], live->results[FACTS_LIVE_DIFFERS], live->results[FACTS_LIVE_UNSURE],
                   live->results[FACTS_LIVE_UNSEEN]);
    if (live->results[FACTS_LIVE_DIFFERS] > 0)
        report_wrap(term, 0,
                    "The running server does not have this configuration. Reload it (nginx -t && nginx -s reload), and "
                    "see with nginx -T which files it reads; something in front of it may change headers too.");
}

/* -- JSON ---------------------------------------------------------------------------------------------------------- */

static void write_cell(const facts_matrix_cell *cell, base_json *json)
{
    base_json_key(json, "predicted");
    if (cell == NULL) {
        base_json_null(json);
        return;
    }
    base_json_array_begin(json);
    for (size_t i = 0; i < cell->field_count; i++) {
        base_json_object_begin(json);
        base_json_key_string(json, "value", cell->fields[i].value);
        base_json_key_string(json, "file", cell->fields[i].file);
        base_json_key_int(json, "line", (int64_t)cell->fields[i].line);
        base_json_object_end(json);
    }
    base_json_array_end(json);
}

static void write_answer_json(const facts_live_answer *answer, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "url", answer->url);
    base_json_key_string(json, "location", answer->row->location);
    base_json_key_string(json, "result", facts_live_name(answer->result));
    base_json_key(json, "status");
    if (answer->status != 0)
        base_json_int(json, answer->status);
    else
        base_json_null(json);
    base_json_key(json, "sent");
    base_json_array_begin(json);
    for (size_t i = 0; i < answer->value_count; i++)
        base_json_string(json, answer->values[i]);
    base_json_array_end(json);
    write_cell(answer->cell, json);
    base_json_key_string(json, "trouble", answer->trouble);
    base_json_object_end(json);
}

void report_live_json(const facts_live *live, base_json *json)
{
    base_json_object_begin(json);
    base_json_key(json, "answers");
    base_json_array_begin(json);
    for (size_t i = 0; i < live->count; i++)
        write_answer_json(&live->answers[i], json);
    base_json_array_end(json);
    base_json_key(json, "notes");
    base_json_array_begin(json);
    for (size_t i = 0; i < live->note_count; i++)
        base_json_string(json, live->notes[i]);
    base_json_array_end(json);
    for (facts_live_result result = 0; result <= FACTS_LIVE_UNSEEN; result++)
        base_json_key_int(json, facts_live_name(result), (int64_t)live->results[result]);
    base_json_object_end(json);
}
