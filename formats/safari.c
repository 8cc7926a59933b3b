/*
 * Safari's HSTS.plist: a property list, binary or XML. A dictionary for each session, of one for each host. Times are
 * seconds since 2001; the expiry of what is preloaded is 2^63. Schema 2 (OS X 10.9) has one number for each host.
 */
#include "safari.h"

#include "formats.h"
#include "plist_guard.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define EPOCH_2001 INT64_C(978307200)

/* -- The tree ------------------------------------------------------------------------------------------------------ */

locale_t hf__safari_enter(locale_t *before)
{
    locale_t c = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);

    *before = c != (locale_t)0 ? uselocale(c) : (locale_t)0;
    return c;
}

void hf__safari_leave(locale_t entered, locale_t before)
{
    if (entered == (locale_t)0)
        return;
    uselocale(before);
    freelocale(entered);
}

void hf__safari_done(hf__safari_tree *t)
{
    plist_free(t->root);
    free(t->octets);
    *t = (hf__safari_tree){0};
}

static void parse_list(hf__safari_tree *t, size_t length)
{
    locale_t before, c = hf__safari_enter(&before);

    plist_from_memory(t->octets, (uint32_t)length, &t->root);
    hf__safari_leave(c, before);
}

hf_status hf__safari_read(const hf_input *input, hf__safari_tree *t)
{
    size_t length;

    *t = (hf__safari_tree){.octets = malloc((size_t)input->length + 1)};
    if (t->octets == NULL)
        return HF_E_MEMORY;
    if (!input->read(input->self, 0, t->octets, (size_t)input->length, &length) || length != input->length)
        return HF_E_READ;
    t->octets[length] = '\0';
    t->binary = length >= 8 && memcmp(t->octets, "bplist00", 8) == 0;
    if (!hf__plist_is_tame((hf_span){t->octets, length}))
        return HF_E_FORMAT;
    parse_list(t, length);
    return t->root != NULL && plist_get_node_type(t->root) == PLIST_DICT ? HF_OK : HF_E_FORMAT;
}

/* -- Numbers ------------------------------------------------------------------------------------------------------- */

/* The shortest fraction that gives the double again: what the program that wrote it meant. */
hf_moment hf__safari_moment(double since_2001)
{
    static const double scales[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    double whole = floor(since_2001), scale = 1, digits = 0;

    if (whole >= 9.2e18)
        return (hf_moment){HF_TIME_NEVER, 0};
    if (whole <= -9.2e18)
        return (hf_moment){-INT64_MAX, 0};
    for (int i = 0; i < 10; i++) {
        scale = scales[i];
        digits = floor((since_2001 - whole) * scale + 0.5);
        if (whole + digits / scale == since_2001)
            break;
    }
    int64_t nanoseconds = (int64_t)(digits * (1e9 / scale));
    if (nanoseconds > 999999999)
        nanoseconds = 999999999;
    return (hf_moment){hf__sum((int64_t)whole, EPOCH_2001), (int32_t)nanoseconds};
}

double hf__safari_double(hf_moment moment)
{
    if (moment.seconds == HF_TIME_NEVER)
        return 9223372036854775808.0;
    return (double)hf__sum(moment.seconds, -EPOCH_2001) + moment.nanoseconds / 1e9;
}

/* A real or an integer; false for anything else and for what is no number. */
static bool number_of(plist_t node, double *value)
{
    uint64_t whole;

    switch (node != NULL ? plist_get_node_type(node) : PLIST_NONE) {
    case PLIST_REAL:
        plist_get_real_val(node, value);
        return !isnan(*value);
    case PLIST_UINT:
        plist_get_uint_val(node, &whole);
        *value = whole > (uint64_t)1 << 63 ? -(double)(0 - whole) : (double)whole;
        return true;
    default:
        return false;
    }
}

static bool flag_of(plist_t node, bool *value)
{
    uint8_t flag;

    if (node == NULL || plist_get_node_type(node) != PLIST_BOOLEAN)
        return false;
    plist_get_bool_val(node, &flag);
    *value = flag != 0;
    return true;
}

/* -- Rows ---------------------------------------------------------------------------------------------------------- */

/* Schema 2: the number is when it ends; minus infinity stands for a host that has no HSTS. */
static void parse_old(double expires, hf_row *row)
{
    row->expires = hf__safari_moment(expires);
    if (isinf(expires) && expires < 0) {
        row->state = HF_ROW_NEGATIVE;
        row->expires = (hf_moment){HF_TIME_NEVER, 0};
    }
}

static const char *parse_dict(plist_t dict, hf_row *row)
{
    plist_t create = plist_dict_get_item(dict, "Create Time"), host = plist_dict_get_item(dict, "HSTS Host");
    plist_t include = plist_dict_get_item(dict, "Include Subdomains");
    double expires, created;
    bool is_host = true;

    if (!number_of(plist_dict_get_item(dict, "Expiry"), &expires))
        return "\"Expiry\" is missing or no number";
    if (create != NULL && !number_of(create, &created))
        return "\"Create Time\" is no number";
    if (host != NULL && !flag_of(host, &is_host))
        return "\"HSTS Host\" is no truth value";
    if (include != NULL && !flag_of(include, &row->include_subdomains))
        return "\"Include Subdomains\" is no truth value";
    row->expires = hf__safari_moment(expires);
    if (create != NULL)
        row->observed = hf__safari_moment(created);
    row->state = is_host ? HF_ROW_SET : HF_ROW_NEGATIVE;
    return NULL;
}

static const char *parse(const char *name, plist_t node, const hf_format_options *options, hf_row *row, hf_host *host)
{
    const char *reason = hf__row_host((hf_span){name, strlen(name)}, options, host);
    double old;

    if (reason != NULL)
        return reason;
    row->host = (hf_span){host->name, host->length};
    if (plist_get_node_type(node) == PLIST_DICT)
        return parse_dict(node, row);
    if (!number_of(node, &old))
        return "neither a dictionary nor a number";
    parse_old(old, row);
    return NULL;
}

const char *hf__safari_row(const char *session, const char *name, plist_t node, const hf_format_options *options,
                           hf_row *row, hf_host *host, char raw[HF__SAFARI_RAW_MAX])
{
    *row = hf__row();
    const char *reason = parse(name, node, options, row, host);
    int length = snprintf(raw, HF__SAFARI_RAW_MAX, "%s/%s", session, name);

    row->raw = (hf_span){raw, length > 0 && length < HF__SAFARI_RAW_MAX ? (size_t)length : 0};
    if (strcmp(session, HF__SAFARI_SESSION) != 0)
        row->partition = (hf_span){session, strlen(session)};
    return reason;
}

/* -- The walk ------------------------------------------------------------------------------------------------------ */

static bool walk_session(const hf__safari_walk *walk, const char *session, plist_t hosts)
{
    plist_dict_iter at = NULL;
    char *name = NULL;
    plist_t node = NULL;
    bool on = walk->session == NULL || walk->session(walk->self, session);

    plist_dict_new_iter(hosts, &at);
    while (on) {
        plist_dict_next_item(hosts, at, &name, &node);
        if (node == NULL)
            break;
        on = walk->member(walk->self, session, name, node);
        free(name);
        name = NULL;
        node = NULL;
    }
    free(at);
    return on;
}

void hf__safari_walk_tree(const hf__safari_walk *walk, plist_t root)
{
    plist_dict_iter at = NULL;
    char *name = NULL;
    plist_t node = NULL;
    bool on = true;

    plist_dict_new_iter(root, &at);
    while (on) {
        plist_dict_next_item(root, at, &name, &node);
        if (node == NULL)
            break;
        if (plist_get_node_type(node) == PLIST_DICT)
            on = walk_session(walk, name, node);
        else if (walk->other != NULL)
            on = walk->other(walk->self, name, node);
        free(name);
        name = NULL;
        node = NULL;
    }
    free(at);
}

/* -- Reading ------------------------------------------------------------------------------------------------------- */

typedef struct reading {
    const hf_format_options *options;
    const hf_row_visitor *visitor;
    uint64_t rows;
} reading;

static bool read_member(void *self, const char *session, const char *name, plist_t node)
{
    reading *r = self;
    char raw[HF__SAFARI_RAW_MAX];
    hf_row row;
    hf_host host;
    const char *reason = hf__safari_row(session, name, node, r->options, &row, &host, raw);

    r->rows++;
    if (reason == NULL)
        return r->visitor->row(r->visitor->self, &row);
    r->visitor->damage(r->visitor->self, &(hf_row_damage){HF_OFFSET_NONE, r->rows, reason});
    return true;
}

static hf_status read(const hf_format *format, const hf_input *input, const hf_format_options *options,
                      const hf_row_visitor *visitor)
{
    reading r = {.options = options, .visitor = visitor};
    hf__safari_tree t;

    (void)format;
    if (input->length == 0)
        return HF_OK;
    hf_status status = hf__safari_read(input, &t);
    if (status == HF_OK)
        hf__safari_walk_tree(&(hf__safari_walk){.member = read_member, .self = &r}, t.root);
    else if (status == HF_E_FORMAT)
        visitor->damage(visitor->self, &(hf_row_damage){0, 0, "not a property list with a dictionary at its root"});
    hf__safari_done(&t);
    return status;
}

static bool begins(hf_span head, const char *text)
{
    return head.length >= strlen(text) && memcmp(head.data, text, strlen(text)) == 0;
}

static bool detect(const hf_format *format, hf_span head, uint64_t length)
{
    (void)format;
    (void)length;
    return begins(head, "bplist0") || begins(head, "<?xml") || begins(head, "<!DOCTYPE plist") ||
           begins(head, "<plist");
}

const hf_format hf__format_safari = {
    .name = "safari",
    .description = "Safari's HSTS.plist",
    .max_octets = HF__SAFARI_OCTETS_MAX,
    .writes = true,
    .always_lost = HF_LOSS_NO_NAME | HF_LOSS_PORT | HF_LOSS_MAX_AGE,
    .detect = detect,
    .read = read,
    .begin = hf__safari_begin,
    .add = hf__safari_add,
    .finish = hf__safari_finish,
    .discard = hf__safari_discard,
};
