#include "report/text_subdomains.h"

#include "report/row.h"

#define SHOWN 20                   /* names of each kind; --verbose and the JSON have them all */
#define TEXT_MAX ((size_t)1 << 20) /* a reason has URLs, which servers make long; report_row cuts it */

static const struct {
    facts_subdomain_state state;
    base_style style;
    const char *label, *one, *many; /* of the row, and behind the count */
    bool always;                    /* the names are told, whoever reads */
} kinds[] = {
    {FACTS_SUBDOMAIN_BROKEN, BASE_STYLE_BAD, "  lost", "loses its visitors", "lose their visitors", true},
    {FACTS_SUBDOMAIN_UNKNOWN, BASE_STYLE_WARN, "  unknown", "is unknown", "are unknown", true},
    {FACTS_SUBDOMAIN_GOOD, BASE_STYLE_GOOD, "  good", "lets visitors in", "let visitors in", false},
    {FACTS_SUBDOMAIN_SILENT, BASE_STYLE_PLAIN, "  no web server", "has no web server", "have no web server", false},
    {FACTS_SUBDOMAIN_ABSENT, BASE_STYLE_PLAIN, "  not there", "does not resolve", "do not resolve", false},
    {FACTS_SUBDOMAIN_WILDCARD, BASE_STYLE_DIM, "  not asked", "is a wildcard", "are wildcards", true},
    {FACTS_SUBDOMAIN_DELEGATED, BASE_STYLE_DIM, "  not asked", "is a zone of its own", "are zones of their own", true},
};

#define KINDS (sizeof kinds / sizeof *kinds)

static void add_summary(base_table *table, const facts_subdomains *subdomains)
{
    static const char *const covers[] = {[FACTS_COVER_NONE] = "",
                                         [FACTS_COVER_WOULD] = "if includeSubDomains were in force",
                                         [FACTS_COVER_POLICY] = "under includeSubDomains",
                                         [FACTS_COVER_PRELOAD] = "under the entry of the preload list"};
    base_buffer text;
    bool first = true;

    base_buffer_init(&text, TEXT_MAX);
    base_buffer_appendf(&text, "%s, of %zu name%s: ", covers[subdomains->cover], subdomains->count,
                        subdomains->count == 1 ? "" : "s");
    for (size_t i = 0; i < KINDS; i++) {
        size_t count = facts_subdomains_count(subdomains, kinds[i].state);

        if (count > 0) {
            base_buffer_appendf(&text, "%s%zu %s", first ? "" : ", ", count, count == 1 ? kinds[i].one : kinds[i].many);
            first = false;
        }
    }
    report_row(table, BASE_STYLE_PLAIN, "subdomains", "%s", base_buffer_string(&text));
    base_buffer_done(&text);
}

/* " (list, zone)" */
static void put_sources(base_buffer *text, unsigned bits)
{
    bool first = true;

    for (facts_source source = 0; source < FACTS_SOURCES; source++)
        if ((bits & 1U << source) != 0) {
            base_buffer_appendf(text, "%s%s", first ? " (" : ", ", facts_source_name(source));
            first = false;
        }
    base_buffer_text(text, first ? "" : ")");
}

/* What plain HTTP does besides is half of why a name is lost. */
static void add_name(base_table *table, const char *label, base_style style, const facts_subdomain *item)
{
    bool plain = item->state == FACTS_SUBDOMAIN_BROKEN && item->plain == FACTS_PLAIN_ANSWERS;
    base_buffer text;

    base_buffer_init(&text, TEXT_MAX);
    base_buffer_appendf(&text, "%s%s%s%s%s", item->state == FACTS_SUBDOMAIN_WILDCARD ? "*." : "", item->name,
                        plain ? ": answers over plain HTTP alone; over HTTPS" : "", item->text != NULL ? ": " : "",
                        item->text != NULL ? item->text : "");
    put_sources(&text, item->sources);
    report_row(table, style, label, "%s", base_buffer_string(&text));
    base_buffer_done(&text);
}

static void add_kind(base_table *table, const facts_subdomains *subdomains, size_t kind, bool whole)
{
    const char *label = kinds[kind].label;
    size_t count = 0;

    for (size_t i = 0; i < subdomains->count; i++) {
        if (subdomains->items[i].state != kinds[kind].state || (count++ >= SHOWN && !whole))
            continue;
        add_name(table, label, kinds[kind].style, &subdomains->items[i]);
        label = "";
    }
    if (count > SHOWN && !whole)
        report_row(table, BASE_STYLE_DIM, "", "and %zu more (--verbose)", count - SHOWN);
}

void report_text_subdomains(base_table *table, const facts_subdomains *subdomains, bool whole)
{
    if (subdomains->cover == FACTS_COVER_NONE || (subdomains->count == 0 && subdomains->failure_count == 0 &&
                                                  subdomains->outside == 0 && subdomains->passed_over == 0))
        return;
    if (subdomains->count > 0)
        add_summary(table, subdomains);
    else
        report_row(table, BASE_STYLE_PLAIN, "subdomains", "none of the names given is below this host");
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].always || whole)
            add_kind(table, subdomains, i, whole);
    for (size_t i = 0; i < subdomains->failure_count; i++)
        report_row(table, BASE_STYLE_WARN, "  not read", "%s from %s: %s",
                   facts_source_text(subdomains->failures[i].source), subdomains->failures[i].from,
                   subdomains->failures[i].text);
    if (subdomains->outside > 0)
        report_row(table, BASE_STYLE_DIM, "  elsewhere", "%zu of the names given", subdomains->outside);
    if (subdomains->passed_over > 0)
        report_row(table, BASE_STYLE_DIM, "  no hosts", "%zu service name%s and the like", subdomains->passed_over,
                   subdomains->passed_over == 1 ? "" : "s");
    if (subdomains->left_out > 0)
        report_row(table, BASE_STYLE_WARN, "  left out", "%zu names", subdomains->left_out);
}
