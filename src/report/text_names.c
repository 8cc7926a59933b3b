#include "report/text_names.h"

#include "base/buffer.h"

#include <string.h>

#define CELL_MAX 1024
#define SHOWN 6 /* of each; the JSON has them all */

static void add_row(base_table *table, bool www, const char *label, base_buffer *text)
{
    char cell[32];

    snprintf(cell, sizeof cell, "%s%s", www ? "www, " : "", label);
    base_table_add(table, BASE_STYLE_PLAIN, cell);
    base_table_add(table, BASE_STYLE_PLAIN, base_buffer_string(text));
    base_buffer_done(text);
}

static void add_aliases(base_table *table, bool www, const facts_name *name)
{
    base_buffer text;

    if (name->alias_count == 0)
        return;
    base_buffer_init(&text, CELL_MAX);
    for (size_t i = 0; i < name->alias_count && i < SHOWN; i++)
        base_buffer_appendf(&text, "%s%s", i > 0 ? ", that of " : "", name->aliases[i].to);
    add_row(table, www, "alias of", &text);
}

/* "h2,h3": what is not in an identifier of the registry is left to the JSON. */
static void put_alpn(base_buffer *text, const facts_https_record *record)
{
    for (size_t i = 0; i < record->alpn_count && i < SHOWN; i++) {
        base_buffer_text(text, i > 0 ? "," : " alpn=");
        base_buffer_append(text, record->alpn[i].data, record->alpn[i].length);
    }
}

static void put_record(base_buffer *text, const facts_https_record *record)
{
    if (record->fault != NULL) {
        base_buffer_appendf(text, "malformed: %s", record->fault);
        return;
    }
    base_buffer_appendf(text, "%u %s", record->priority, record->target);
    put_alpn(text, record);
    if (record->port >= 0)
        base_buffer_appendf(text, " port=%d", record->port);
    base_buffer_text(text, record->ech ? " ech" : "");
}

static void add_records(base_table *table, bool www, const facts_https *https)
{
    base_buffer text;

    if (https->status == FACTS_DNS_NO_DATA || https->status == FACTS_DNS_NAME_UNKNOWN)
        return;
    base_buffer_init(&text, CELL_MAX);
    if (https->count == 0)
        base_buffer_appendf(&text, "not known: %s", facts_dns_status_name(https->status));
    for (size_t i = 0; i < https->count && i < SHOWN; i++) {
        base_buffer_text(&text, i > 0 ? "; " : "");
        put_record(&text, &https->records[i]);
    }
    add_row(table, www, "HTTPS record", &text);
}

static void put_property(base_buffer *text, const facts_caa_record *record)
{
    if (record->malformed) {
        base_buffer_text(text, "malformed");
        return;
    }
    base_buffer_append(text, record->tag.data, record->tag.length);
    base_buffer_char(text, ' ');
    base_buffer_append(text, record->value.data, record->value.length);
}

static void add_caa(base_table *table, bool www, const facts_caa *caa)
{
    base_buffer text;

    base_buffer_init(&text, CELL_MAX);
    if (caa->status == FACTS_DNS_NO_DATA)
        base_buffer_text(&text, "none: any CA may issue certificates");
    else if (caa->count == 0)
        base_buffer_appendf(&text, "not known: %s", facts_dns_status_name(caa->status));
    for (size_t i = 0; i < caa->count && i < SHOWN; i++) {
        base_buffer_text(&text, i > 0 ? ", " : "");
        put_property(&text, &caa->records[i]);
    }
    if (caa->at != NULL)
        base_buffer_appendf(&text, " (at %s)", caa->at);
    add_row(table, www, "CAA", &text);
}

/* True if www has the same set as the host: by climbing to it, or to none. */
static bool is_same_set(const facts_caa *a, const facts_caa *b)
{
    return a->status == b->status && (a->at == NULL ? b->at == NULL : b->at != NULL && strcmp(a->at, b->at) == 0);
}

void report_text_names(base_table *table, const facts_names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        const facts_name *name = &names->list[i];

        if (name->unasked != FACTS_UNASKED_ASKED)
            continue;
        add_aliases(table, i > 0, name);
        add_records(table, i > 0, &name->https);
        if (i == 0 || !is_same_set(&names->list[0].caa, &name->caa))
            add_caa(table, i > 0, &name->caa);
    }
}
