#include "report/census.h"

#include "base/table.h"

#include <inttypes.h>
#include <stdlib.h>

#define SHOWN 10 /* issuers and findings, on a terminal */
#define TEXT_MAX 160
#define COLUMNS_BESIDE 32 /* that a row takes besides its last cell */

/* -- Text ---------------------------------------------------------------------------------------------------------- */

typedef struct rows {
    base_table table;
    const char *label; /* of the rows that follow; it stands at the first */
    size_t width;      /* of the last cell */
} rows;

static void row(rows *r, uint64_t count, const char *text)
{
    char number[24], cut[TEXT_MAX];

    if (count == 0)
        return;
    snprintf(number, sizeof number, "%" PRIu64, count);
    snprintf(cut, sizeof cut, strlen(text) > r->width ? "%.*s..." : "%.*s",
             (int)(strlen(text) > r->width ? r->width - 3 : r->width), text);
    base_table_add(&r->table, BASE_STYLE_DIM, r->label);
    base_table_add(&r->table, BASE_STYLE_PLAIN, number);
    base_table_add(&r->table, BASE_STYLE_PLAIN, cut);
    r->label = "";
}

static void add_harms(rows *r, const finding_census *census)
{
    r->label = "visitors";
    for (size_t harm = FINDING_HARMS; harm-- > 0;)
        row(r, census->harms[harm], finding_harm_text((finding_harm)harm));
}

static void add_policies(rows *r, const finding_census *census)
{
    r->label = "policies";
    for (finding_policy policy = 0; policy < FINDING_POLICIES; policy++)
        row(r, census->policies[policy], finding_policy_text(policy));
    r->label = "protected by";
    for (finding_cover cover = 0; cover < FINDING_COVERS; cover++)
        row(r, census->covers[cover], finding_cover_text(cover));
}

static void add_list(rows *r, const finding_census *census, size_t list)
{
    char label[TEXT_MAX];

    snprintf(label, sizeof label, "list of %s", census->list_names[list]);
    r->label = label;
    row(r, census->listed[list][FINDING_LISTED_ITSELF], "listed themselves");
    row(r, census->listed_without_policy[list], "of these send no policy that is in force");
    row(r, census->listed[list][FINDING_LISTED_BY_PARENT], "listed by a parent");
    row(r, census->listed[list][FINDING_LISTED_NOT], "not listed");
    row(r, census->asks_and_is_not_listed[list], "of these send preload");
    r->label = "";
}

static void add_certificates(rows *r, const finding_census *census)
{
    uint64_t others = census->other_issuers;

    r->label = "certificates end";
    for (finding_expiry expiry = 0; expiry < FINDING_EXPIRIES; expiry++)
        row(r, census->expiries[expiry], finding_expiry_text(expiry));
    r->label = "issuers";
    for (size_t i = 0; i < census->issuer_count; i++) {
        if (i < SHOWN)
            row(r, census->issuers[i].hosts, census->issuers[i].name);
        else
            others += census->issuers[i].hosts;
    }
    row(r, others, "others");
}

/* The most frequent first. */
static void order_rules(const finding_census *census, size_t order[static RULE_COUNT])
{
    for (size_t i = 0; i < RULE_COUNT; i++) {
        size_t at = i;

        for (; at > 0 && census->rules[order[at - 1]] < census->rules[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

static void add_findings(rows *r, const finding_census *census)
{
    size_t order[RULE_COUNT], shown = 0;

    order_rules(census, order);
    r->label = "findings";
    for (size_t i = 0; i < RULE_COUNT && shown < SHOWN; i++) {
        const rule_entry *entry = rule_find((rule_id)order[i]);

        if (entry->severity < HF_SEVERITY_WARNING)
            continue;
        row(r, census->rules[order[i]], entry->name);
        shown++;
    }
}

void report_census_text(const finding_census *census, uint64_t hosts, base_term *term)
{
    rows r = {.width = term->width > COLUMNS_BESIDE + 24 ? term->width - COLUMNS_BESIDE : 24};

    if (r.width >= TEXT_MAX)
        r.width = TEXT_MAX - 1;
    base_table_init(&r.table, 3);
    add_harms(&r, census);
    add_policies(&r, census);
    for (size_t list = 0; list < census->listing_count; list++)
        add_list(&r, census, list);
    add_certificates(&r, census);
    add_findings(&r, census);
    base_table_print(&r.table, term, 2);
    base_table_done(&r.table);
    if (census->hosts < hosts)
        base_term_line(term, BASE_STYLE_DIM, "  (of the %" PRIu64 " hosts of this run; %" PRIu64 " were judged before)",
                       census->hosts, hosts - census->hosts);
}

/* -- JSON ---------------------------------------------------------------------------------------------------------- */

static void key_count(base_json *json, const char *key, uint64_t count)
{
    base_json_key_int(json, key, (int64_t)count);
}

static void write_lists(const finding_census *census, base_json *json)
{
    base_json_array_begin(json);
    for (size_t list = 0; list < census->listing_count; list++) {
        base_json_object_begin(json);
        base_json_key_string(json, "browsers", census->list_names[list]);
        key_count(json, "listed", census->listed[list][FINDING_LISTED_ITSELF]);
        key_count(json, "listed_by_parent", census->listed[list][FINDING_LISTED_BY_PARENT]);
        key_count(json, "not_listed", census->listed[list][FINDING_LISTED_NOT]);
        key_count(json, "unknown", census->listed[list][FINDING_LISTED_UNKNOWN]);
        key_count(json, "listed_without_policy", census->listed_without_policy[list]);
        key_count(json, "asks_and_is_not_listed", census->asks_and_is_not_listed[list]);
        base_json_object_end(json);
    }
    base_json_array_end(json);
}

static void write_coverage(const finding_census *census, base_json *json)
{
    base_json_object_begin(json);
    for (finding_cover cover = 0; cover < FINDING_COVERS; cover++)
        key_count(json, finding_cover_name(cover), census->covers[cover]);
    key_count(json, "parents", census->parent_count);
    key_count(json, "parents_left_out", census->parents_left_out);
    base_json_object_end(json);
}

static void write_certificates(const finding_census *census, base_json *json)
{
    base_json_key(json, "certificates");
    base_json_array_begin(json);
    for (finding_expiry expiry = 0; expiry < FINDING_EXPIRIES; expiry++) {
        base_json_object_begin(json);
        base_json_key_string(json, "end", finding_expiry_text(expiry));
        key_count(json, "hosts", census->expiries[expiry]);
        base_json_object_end(json);
    }
    base_json_array_end(json);
    base_json_key(json, "issuers");
    base_json_array_begin(json);
    for (size_t i = 0; i < census->issuer_count; i++) {
        base_json_object_begin(json);
        base_json_key_string(json, "issuer", census->issuers[i].name);
        key_count(json, "hosts", census->issuers[i].hosts);
        base_json_object_end(json);
    }
    base_json_array_end(json);
    key_count(json, "other_issuers", census->other_issuers);
}

void report_census_json(const finding_census *census, uint64_t hosts, base_json *json)
{
    base_json_object_begin(json);
    key_count(json, "hosts", census->hosts);
    key_count(json, "earlier", hosts > census->hosts ? hosts - census->hosts : 0);
    base_json_key(json, "harms");
    base_json_object_begin(json);
    for (finding_harm harm = 0; harm < FINDING_HARMS; harm++)
        key_count(json, finding_harm_name(harm), census->harms[harm]);
    base_json_object_end(json);
    base_json_key(json, "policies");
    base_json_object_begin(json);
    for (finding_policy policy = 0; policy < FINDING_POLICIES; policy++)
        key_count(json, finding_policy_name(policy), census->policies[policy]);
    base_json_object_end(json);
    base_json_key(json, "coverage");
    write_coverage(census, json);
    base_json_key(json, "preload");
    write_lists(census, json);
    write_certificates(census, json);
    base_json_key(json, "findings");
    base_json_object_begin(json);
    for (size_t rule = 0; rule < RULE_COUNT; rule++)
        if (census->rules[rule] > 0)
            key_count(json, rule_find((rule_id)rule)->name, census->rules[rule]);
    base_json_object_end(json);
    base_json_object_end(json);
}
