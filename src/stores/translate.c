#include "stores/translate.h"

#include "stores/row.h"

#include <string.h>

/* -- Origin attributes: ^name=value&name=value, percent-encoded ---------------------------------------------------- */

static bool begins(hf_span text, const char *word)
{
    return text.length >= strlen(word) && memcmp(text.data, word, strlen(word)) == 0;
}

static hf_span behind(hf_span text, size_t length)
{
    return (hf_span){text.data + length, text.length - length};
}

/* (https,SITE), or (http,SITE) as it was before Firefox asked for https alone. */
static bool is_key_of(hf_span value, const char *site)
{
    static const char *const schemes[] = {"%28https%2C", "%28http%2C"};
    size_t length = strlen(site);

    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (!begins(value, schemes[i]))
            continue;
        value = behind(value, strlen(schemes[i]));
        return begins(value, site) && value.length == length + strlen("%29") &&
               memcmp(value.data + length, "%29", strlen("%29")) == 0;
    }
    return false;
}

/* Containers never parted HSTS; what else is there, a private window among it, is no ordinary visit. */
static bool is_of_visit(hf_span attribute, const char *site, bool isolated)
{
    static const char key[] = "partitionKey=", first[] = "firstPartyDomain=", context[] = "userContextId=";

    if (begins(attribute, key))
        return is_key_of(behind(attribute, strlen(key)), site);
    if (isolated && begins(attribute, first))
        return attribute.length == strlen(first) + strlen(site) && begins(behind(attribute, strlen(first)), site);
    return begins(attribute, context);
}

/* `isolated`: first-party isolation counts too, which keeps the site under another name. */
static bool is_of_site(hf_span partition, const char *site, bool isolated)
{
    hf_span rest = behind(partition, 1);

    while (rest.length > 0) {
        const char *end = memchr(rest.data, '&', rest.length);
        hf_span attribute = {rest.data, end != NULL ? (size_t)(end - rest.data) : rest.length};

        if (!is_of_visit(attribute, site, isolated))
            return false;
        rest = behind(rest, attribute.length + (end != NULL));
    }
    return true;
}

static bool is_of_visits(const hf_row *row, const hf_format_options *options, bool isolated)
{
    hf_host site;

    if (row->partition.length == 0)
        return true;
    return row->partition.data[0] == '^' && options->site != NULL && options->site(options->self, row->host, &site) &&
           is_of_site(row->partition, site.name, isolated);
}

bool stores_is_of_own_site(const hf_row *row, const hf_format_options *options)
{
    return is_of_visits(row, options, false);
}

/* -- Rows ---------------------------------------------------------------------------------------------------------- */

stores_standing stores_standing_of(const hf_row *row, const hf_format_options *options)
{
    if (row->state == HF_ROW_HPKP)
        return STORES_PINS;
    if (!stores_enforces(row, options->now))
        return STORES_NO_POLICY;
    return row->port != 0 || !is_of_visits(row, options, true) ? STORES_SOME_VISITS : STORES_POLICY;
}

static bool is_firefox(const hf_format *format)
{
    return format != NULL && begins((hf_span){format->name, strlen(format->name)}, "firefox");
}

/* A session of Safari's is none of any other program. */
hf_row stores_translate(const hf_row *row, const hf_format *target, const hf_format_options *options)
{
    hf_row made = *row;
    bool is_session = row->partition.length > 0 && row->partition.data[0] != '^';
    bool is_plain = is_session || is_of_visits(row, options, !is_firefox(target));

    if (is_plain && (target == NULL || is_firefox(target)))
        made.partition = (hf_span){NULL, 0};
    return made;
}

bool stores_is_exempt(const hf_row *row, const hf_format *target)
{
    static const char name[] = "localhost";
    size_t length = strlen(name), at = row->host.length - length;

    if (target != NULL && strcmp(target->name, "chromium") != 0)
        return false;
    return row->host.length >= length && memcmp(row->host.data + at, name, length) == 0 &&
           (at == 0 || row->host.data[at - 1] == '.');
}
