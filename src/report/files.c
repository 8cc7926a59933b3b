#include "report/files.h"

#include "report/finding.h"
#include "report/row.h"
#include "report/text_certificate.h"
#include "report/text_mended.h"

#include "base/time.h"

#define TEXT_MAX 65536
#define NAMES_SHOWN 8

/* -- The verdict --------------------------------------------------------------------------------------------------- */

static void put_names(const facts_files *files, base_buffer *out)
{
    if (files->names[0].name == NULL)
        return;
    for (size_t i = 0; i < files->name_count && i < NAMES_SHOWN; i++)
        base_buffer_appendf(out, "%s%s", i == 0 ? " for " : ", ", files->names[i].name);
    if (files->name_count > NAMES_SHOWN)
        base_buffer_appendf(out, " and %zu more", files->name_count - NAMES_SHOWN);
}

static void write_heading(const facts_files *files, base_term *term)
{
    int64_t end = facts_tls_until(facts_files_tls(files));
    bool fits = files->key == NULL || files->key->fits == 0, accepted = facts_files_are_accepted(files);
    char until[BASE_TIME_MAX];
    base_buffer names;

    base_buffer_init(&names, TEXT_MAX);
    put_names(files, &names);
    base_time_format(end, until);
    base_term_print(term, BASE_STYLE_BOLD, "%s", files->path);
    if (!fits)
        base_term_line(term, BASE_STYLE_BAD, ": cannot be served with %s", files->key->path);
    else if (!accepted)
        base_term_line(term, BASE_STYLE_BAD, ": not every browser accepts it%s", base_buffer_string(&names));
    else
        base_term_line(term, BASE_STYLE_GOOD, ": every browser accepts it%s%s%s", base_buffer_string(&names),
                       end != HF_TIME_UNKNOWN ? ", until " : "", end != HF_TIME_UNKNOWN ? until : "");
    base_buffer_done(&names);
}

/* -- What it rests on ---------------------------------------------------------------------------------------------- */

static void add_key(base_table *table, const facts_key_file *key)
{
    if (key == NULL)
        return;
    report_row(table, key->fits == 0 ? BASE_STYLE_PLAIN : BASE_STYLE_BAD, "private key", "%s, %s %d: %s", key->path,
               key->type, key->bits,
               key->fits == 0  ? "belongs to the certificate"
               : key->fits > 0 ? "belongs to another certificate of the file"
                               : "belongs to another certificate");
}

/* "Chrome refuses it (NET::ERR_CERT_DATE_INVALID)". */
static void put_taking(facts_engine engine, const facts_taking *taking, base_buffer *out)
{
    const facts_browser browser = facts_engine_browser(engine);
    const char *code = taking->accepts ? NULL : taking->page.shown[browser].code;

    base_buffer_appendf(out, "%s%s %s%s%s%s", out->length > 0 ? ", " : "", facts_browser_name(browser),
                        taking->accepts ? "accepts it" : "refuses it", code != NULL ? " (" : "",
                        code != NULL ? code : "", code != NULL ? ")" : "");
}

static void add_name(base_table *table, const facts_file_name *name)
{
    base_buffer text;
    bool refused = false;

    base_buffer_init(&text, REPORT_CELL_MAX);
    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++)
        if (name->takings[engine].known) {
            put_taking(engine, &name->takings[engine], &text);
            refused = refused || !name->takings[engine].accepts;
        }
    report_row(table, refused ? BASE_STYLE_BAD : BASE_STYLE_GOOD, name->name != NULL ? name->name : "browsers", "%s",
               base_buffer_string(&text));
    base_buffer_done(&text);
}

void report_files_text(const report_files_item *item, bool quiet, base_term *term)
{
    const facts_files *files = item->files;
    const finding_list *findings = &item->judgement->findings;
    const report_item site = {&files->site, item->judgement};
    report_snippets shown = {0};
    base_table table;

    write_heading(files, term);
    if (quiet)
        return;
    base_table_init(&table, 2);
    report_text_certificate(&table, facts_files_tls(files), item->judgement->now);
    add_key(&table, files->key);
    for (size_t i = 0; i < files->name_count; i++)
        add_name(&table, &files->names[i]);
    report_text_mended(&table, &files->site.mended);
    base_table_print(&table, term, 2);
    base_table_done(&table);
    for (size_t i = 0; i < findings->count; i++)
        report_finding_text(&site, &findings->items[i], &shown, term);
    report_snippets_done(&shown);
}

void report_files_json(const report_files_item *item, base_json *json)
{
    const finding_list *findings = &item->judgement->findings;
    const report_item site = {&item->files->site, item->judgement};

    facts_site_limit_json(json);
    base_json_object_begin(json);
    facts_files_json(item->files, json);
    base_json_key(json, "findings");
    base_json_array_begin(json);
    for (size_t i = 0; i < findings->count; i++)
        report_finding_json(&site, &findings->items[i], json);
    base_json_array_end(json);
    base_json_object_end(json);
}
