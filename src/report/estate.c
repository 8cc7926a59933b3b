#include "report/estate.h"

#include "base/table.h"
#include "base/time.h"
#include "report/wrap.h"

#include <string.h>

#define DATE_LENGTH 10 /* of a time in RFC 3339 */
#define NAME_MAX_LENGTH (HF_HOST_MAX + 8)

#define NAME_LEAST 12
#define GAPS 6 /* blanks between the four columns */

static const char *name_of(const facts_site *site, char text[static NAME_MAX_LENGTH])
{
    if (site->port == 443)
        return site->host.name;
    snprintf(text, NAME_MAX_LENGTH, "%s:%d", site->host.name, site->port);
    return text;
}

/* -- The table ----------------------------------------------------------------------------------------------------- */

static base_style style_of(finding_harm harm)
{
    if (harm == FINDING_HARM_NONE)
        return BASE_STYLE_GOOD;
    return harm <= FINDING_HARM_SOON ? BASE_STYLE_WARN : BASE_STYLE_BAD;
}

static const char *verdict_word(const finding_ranked *ranked)
{
    static const char *const words[] = {
        [FINDING_HARM_UNSEEN] = "not seen",      [FINDING_HARM_SOON] = "blocked soon",
        [FINDING_HARM_WARNED] = "warning page",  [FINDING_HARM_WWW] = "www blocked",
        [FINDING_HARM_SOME] = "some blocked",    [FINDING_HARM_RETURNING] = "returning blocked",
        [FINDING_HARM_EVERYBODY] = "all blocked"};

    if (ranked->harm < sizeof words / sizeof *words && words[ranked->harm] != NULL)
        return words[ranked->harm];
    return ranked->site->verdict.in_force ? "in force" : "no HSTS";
}

static const char *date_of(int64_t time, char text[static BASE_TIME_MAX])
{
    if (time == HF_TIME_UNKNOWN)
        return "-";
    base_time_format(time, text);
    text[DATE_LENGTH] = '\0';
    return text;
}

static void widen(size_t *width, const char *text)
{
    size_t length = strlen(text);

    *width = *width > length ? *width : length;
}

/* What the other columns leave of the terminal. */
static size_t name_width(const finding_estate *estate, size_t width)
{
    size_t verdict = strlen("verdict"), until = strlen("until"), worst = strlen("worst finding"), beside;

    for (size_t i = 0; i < estate->count; i++) {
        widen(&verdict, verdict_word(&estate->ranked[i]));
        if (estate->ranked[i].site->verdict.certificate_until != HF_TIME_UNKNOWN)
            until = DATE_LENGTH;
        if (estate->ranked[i].worst != NULL)
            widen(&worst, rule_find(estate->ranked[i].worst->rule)->name);
    }
    beside = verdict + until + worst + GAPS;
    return width > beside + NAME_LEAST ? width - beside : NAME_LEAST;
}

/* A name that would make the table wider than the terminal is cut; it stands whole in what is to do. */
static void add_name(base_table *table, const facts_site *site, size_t width)
{
    char text[NAME_MAX_LENGTH], cut[NAME_MAX_LENGTH];
    const char *name = name_of(site, text);
    size_t most = width;

    snprintf(cut, sizeof cut, "%.*s...", (int)(most - 3), name);
    base_table_add(table, BASE_STYLE_PLAIN, strlen(name) > most ? cut : name);
}

/* The worst is on top. */
static void write_table(const finding_estate *estate, base_term *term)
{
    char until[BASE_TIME_MAX];
    base_table table;

    size_t width = name_width(estate, term->width);

    base_table_init(&table, 4);
    base_table_add(&table, BASE_STYLE_DIM, "host");
    base_table_add(&table, BASE_STYLE_DIM, "verdict");
    base_table_add(&table, BASE_STYLE_DIM, "until");
    base_table_add(&table, BASE_STYLE_DIM, "worst finding");
    for (size_t i = 0; i < estate->count; i++) {
        const finding_ranked *ranked = &estate->ranked[i];

        add_name(&table, ranked->site, width);
        base_table_add(&table, style_of(ranked->harm), verdict_word(ranked));
        base_table_add(&table, BASE_STYLE_PLAIN, date_of(ranked->site->verdict.certificate_until, until));
        base_table_add(&table, BASE_STYLE_PLAIN, ranked->worst != NULL ? rule_find(ranked->worst->rule)->name : "-");
    }
    base_table_print(&table, term, 0);
    base_table_done(&table);
}

/* -- Policies and certificates ------------------------------------------------------------------------------------- */

static void add_count(base_table *table, const char *label, size_t count, const char *what)
{
    char number[32];

    snprintf(number, sizeof number, "%zu", count);
    base_table_add(table, BASE_STYLE_DIM, label);
    base_table_add(table, BASE_STYLE_PLAIN, number);
    base_table_add(table, BASE_STYLE_PLAIN, what);
}

static void write_classes(const finding_estate *estate, base_term *term)
{
    bool first = true;
    base_table table;

    base_table_init(&table, 3);
    for (finding_policy policy = 0; policy < FINDING_POLICIES; policy++) {
        if (estate->policies[policy] > 0) {
            add_count(&table, first ? "policies" : "", estate->policies[policy], finding_policy_text(policy));
            first = false;
        }
    }
    first = true;
    for (finding_expiry expiry = 0; expiry < FINDING_EXPIRIES; expiry++) {
        if (estate->expiries[expiry] > 0) {
            add_count(&table, first ? "certificates end" : "", estate->expiries[expiry], finding_expiry_text(expiry));
            first = false;
        }
    }
    base_table_print(&table, term, 0);
    base_table_done(&table);
}

/* -- What to do first ---------------------------------------------------------------------------------------------- */

/* The site before it that has the same to do; NULL: none. */
static const finding_ranked *same_before(const finding_estate *estate, size_t index)
{
    const finding *worst = estate->ranked[index].worst;

    for (size_t i = 0; worst != NULL && i < index; i++) {
        const finding *other = estate->ranked[i].worst;

        if (other != NULL && other->rule == worst->rule && strcmp(other->fix, worst->fix) == 0)
            return &estate->ranked[i];
    }
    return NULL;
}

static void write_step(const finding_estate *estate, size_t index, base_term *term)
{
    char name[NAME_MAX_LENGTH];
    const finding_ranked *ranked = &estate->ranked[index], *before = same_before(estate, index);
    const finding *worst = ranked->worst;

    base_term_print(term, style_of(ranked->harm), "%zu. ", index + 1);
    base_term_print(term, BASE_STYLE_BOLD, "%s", name_of(ranked->site, name));
    base_term_line(term, BASE_STYLE_PLAIN, ": %s%s%s", worst != NULL ? rule_find(worst->rule)->title : "",
                   worst != NULL ? "; " : "", finding_harm_text(ranked->harm));
    if (ranked->harm == FINDING_HARM_SOON && worst != NULL)
        report_wrap(term, 3, worst->proof);
    if (before != NULL)
        base_term_line(term, BASE_STYLE_DIM, "   fix: as for %s", name_of(before->site, name));
    else if (worst != NULL)
        report_wrap(term, 3, worst->fix);
}

static void write_steps(const finding_estate *estate, base_term *term)
{
    if (estate->urgent == 0) {
        base_term_line(term, BASE_STYLE_GOOD, "Nothing to do: no site has a warning or an error.");
        return;
    }
    base_term_line(term, BASE_STYLE_BOLD, "What to do first (%zu of %zu sites):", estate->urgent, estate->count);
    for (size_t i = 0; i < estate->urgent; i++)
        write_step(estate, i, term);
}

void report_estate_everywhere(const finding_estate *estate, report_snippets *shown, base_term *term)
{
    bool begun = false;

    for (size_t rule = 0; rule < RULE_COUNT; rule++) {
        const finding *found = NULL;
        report_item item = {0};

        for (size_t i = 0; i < estate->count && estate->everywhere[rule] && found == NULL; i++) {
            item = (report_item){estate->ranked[i].site, estate->ranked[i].judgement};
            found = finding_find(&item.judgement->findings, (rule_id)rule);
        }
        if (found == NULL)
            continue;
        if (!begun)
            base_term_line(term, BASE_STYLE_BOLD, "The same at all sites, shown at one:");
        begun = true;
        report_finding_text(&item, found, shown, term);
    }
    if (begun)
        base_term_gap(term);
}

void report_estate_text(const finding_estate *estate, base_term *term)
{
    write_table(estate, term);
    base_term_gap(term);
    write_classes(estate, term);
    base_term_gap(term);
    write_steps(estate, term);
}

/* -- JSON ---------------------------------------------------------------------------------------------------------- */

static void write_ranked(const finding_ranked *ranked, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "host", ranked->site->host.name);
    base_json_key_int(json, "port", ranked->site->port);
    base_json_key_string(json, "harm", finding_harm_name(ranked->harm));
    base_json_key_string(json, "finding", ranked->worst != NULL ? rule_find(ranked->worst->rule)->name : NULL);
    base_json_object_end(json);
}

static void write_class(const finding_policy_class *class, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_int(json, "hosts", (int64_t) class->count);
    base_json_key(json, "max_age");
    if (class->in_force)
        base_json_int(json, class->policy.max_age);
    else
        base_json_null(json);
    base_json_key_bool(json, "include_subdomains", class->in_force && class->policy.include_subdomains);
    base_json_key_bool(json, "preload", class->in_force && class->policy.preload);
    base_json_object_end(json);
}

void report_estate_json(const finding_estate *estate, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_int(json, "hosts", (int64_t)estate->count);
    base_json_key_int(json, "urgent", (int64_t)estate->urgent);
    base_json_key(json, "ranked");
    base_json_array_begin(json);
    for (size_t i = 0; i < estate->count; i++)
        write_ranked(&estate->ranked[i], json);
    base_json_array_end(json);
    base_json_key(json, "policies");
    base_json_array_begin(json);
    for (size_t i = 0; i < estate->class_count; i++)
        write_class(&estate->classes[i], json);
    base_json_array_end(json);
    base_json_key(json, "classes");
    base_json_object_begin(json);
    for (finding_policy policy = 0; policy < FINDING_POLICIES; policy++)
        base_json_key_int(json, finding_policy_name(policy), (int64_t)estate->policies[policy]);
    base_json_object_end(json);
    base_json_key(json, "everywhere");
    base_json_array_begin(json);
    for (size_t rule = 0; rule < RULE_COUNT; rule++)
        if (estate->everywhere[rule])
            base_json_string(json, rule_find((rule_id)rule)->name);
    base_json_array_end(json);
    base_json_key(json, "certificates");
    base_json_array_begin(json);
    for (finding_expiry expiry = 0; expiry < FINDING_EXPIRIES; expiry++) {
        base_json_object_begin(json);
        base_json_key_string(json, "end", finding_expiry_text(expiry));
        base_json_key_int(json, "hosts", (int64_t)estate->expiries[expiry]);
        base_json_object_end(json);
    }
    base_json_array_end(json);
    base_json_object_end(json);
}
