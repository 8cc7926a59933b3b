#include "report/text_offers.h"

#include "report/row.h"

#include "base/buffer.h"

/* "TLSv1.2, TLSv1.3; not SSLv3, TLSv1, TLSv1.1" */
static void add_versions(base_table *table, const facts_offers *offers)
{
    base_buffer text;

    base_buffer_init(&text, REPORT_CELL_MAX);
    for (int offered = 1; offered >= 0; offered--) {
        size_t count = 0;

        for (facts_tls_version version = 0; version < FACTS_TLS_VERSIONS; version++)
            if (facts_offers_has(offers, version) == (offered != 0))
                base_buffer_appendf(&text, "%s%s",
                                    count++ > 0       ? ", "
                                    : offered         ? ""
                                    : text.length > 0 ? "; not "
                                                      : "not ",
                                    facts_tls_version_name(version));
    }
    report_row(table, BASE_STYLE_PLAIN, "protocols", "%s", base_buffer_string(&text));
    base_buffer_done(&text);
}

static void add_suites(base_table *table, const facts_protocol *protocol, const char *name)
{
    static const char *const orders[] = {[FACTS_ORDER_UNKNOWN] = "",
                                         [FACTS_ORDER_SERVER] = " (the server's order)",
                                         [FACTS_ORDER_CLIENT] = " (the client's order counts)"};

    for (size_t i = 0; i < protocol->suite_count; i++) {
        const facts_suite *suite = &protocol->suites[i];
        char bits[32] = "";

        if (suite->dh_bits > 0)
            snprintf(bits, sizeof bits, ", DH %d bits", suite->dh_bits);
        report_row(table, BASE_STYLE_PLAIN, i == 0 ? name : "", "%s%s%s%s%s", suite->name,
                   suite->group != NULL ? ", " : "", suite->group != NULL ? suite->group : "", bits,
                   i == 0 ? orders[protocol->order] : "");
    }
}

static void add_list(base_table *table, const char *label, const char *const *items, size_t count)
{
    base_buffer text;

    base_buffer_init(&text, REPORT_CELL_MAX);
    for (size_t i = 0; i < count; i++)
        base_buffer_appendf(&text, "%s%s", i > 0 ? ", " : "", items[i]);
    if (count > 0)
        report_row(table, BASE_STYLE_PLAIN, label, "%s", base_buffer_string(&text));
    base_buffer_done(&text);
}

static void add_protocol(base_table *table, const facts_protocol *protocol, facts_tls_version version)
{
    add_suites(table, protocol, facts_tls_version_name(version));
    add_list(table, "  groups", protocol->groups, protocol->group_count);
    add_list(table, "  signatures", protocol->signatures, protocol->signature_count);
    if (protocol->failure != NULL)
        report_row(table, BASE_STYLE_WARN, protocol->suite_count > 0 ? "" : facts_tls_version_name(version),
                   "not all was seen: %s", facts_code_text(protocol->failure->code));
}

static void add_features(base_table *table, const facts_offers *offers)
{
    bool known = false, deflate = false;

    for (facts_tls_version version = 0; version < FACTS_TLS_1_3; version++) {
        known = known || facts_offers_has(offers, version);
        deflate = deflate || offers->protocols[version].deflate;
    }
    if (known)
        report_row(
            table, BASE_STYLE_PLAIN, "before TLSv1.3",
            "secure renegotiation %s, compression %s, session tickets %s, session IDs %s, extended master secret %s",
            offers->secure_renegotiation ? "yes" : "no", deflate ? "yes" : "no", offers->tickets ? "yes" : "no",
            offers->session_ids ? "yes" : "no", offers->extended_master_secret ? "yes" : "no");
}

static void add_choices(base_table *table, const facts_offers *offers)
{
    bool first = true;

    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++) {
        const facts_choice *choice = &offers->choices[engine];
        const char *label = first ? "browsers get" : "", *browser = facts_browser_name(facts_engine_browser(engine));

        if (!choice->known)
            continue;
        first = false;
        if (choice->suite == NULL)
            report_row(table, BASE_STYLE_BAD, label, "%s: nothing in common", browser);
        else
            report_row(table, BASE_STYLE_PLAIN, label, "%s: %s, %s%s%s", browser,
                       facts_tls_version_name(choice->version), choice->suite->name, choice->group != NULL ? ", " : "",
                       choice->group != NULL ? choice->group : "");
    }
}

void report_text_offers(base_table *table, const facts_offers *offers)
{
    if (!offers->looked)
        return;
    add_versions(table, offers);
    for (int version = FACTS_TLS_1_3; version >= FACTS_SSL_3_0; version--)
        add_protocol(table, &offers->protocols[version], (facts_tls_version)version);
    add_features(table, offers);
    add_choices(table, offers);
}
