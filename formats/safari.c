/*
 * Safari's HSTS.plist: a property list, binary or XML. A dictionary for each session, of one for each host. Times are seconds
 * since 2001; the expiry of what is preloaded is 2^63. Schema 2 (OS X 10.9) has one number for each host.
 */
#include "formats.h"
#include "plist_guard.h"
#include "row.h"
#include "writer.h"

#include <locale.h>
#include <math.h>
#include <plist/plist.h>
#include <stdio.h>
#include <stdlib.h>

#define EPOCH_2001 INT64_C(978307200)
#define SESSION "com.apple.CFNetwork.defaultStorageSession"
#define SCHEMA "HSTS Store Schema Version"
#define OCTETS_MAX (32u << 20)
#define RAW_MAX 1024 /* of the session and the name, which are all that a row has of text */

/* -- The tree ---------------------------------------------------------------------------------------------------------------- */

typedef struct tree {
    char *octets;
    plist_t root;
    bool binary;
    bool changed; /* since it was read */
} tree;

/* libplist reads and writes numbers in the program's locale. */
static locale_t enter_c_locale(locale_t *before)
{
    locale_t c = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);

    *before = c != (locale_t)0 ? uselocale(c) : (locale_t)0;
    return c;
}

static void leave_c_locale(locale_t c, locale_t before)
{
    if (c == (locale_t)0)
        return;
    uselocale(before);
    freelocale(c);
}

static void tree_done(tree *t)
{
    plist_free(t->root);
    free(t->octets);
    *t = (tree){0};
}

static void tree_parse(tree *t, size_t length)
{
    locale_t before, c = enter_c_locale(&before);

    plist_from_memory(t->octets, (uint32_t)length, &t->root);
    leave_c_locale(c, before);
}

static hf_status tree_read(const hf_input *input, tree *t)
{
    size_t length;

    *t = (tree){.octets = malloc((size_t)input->length + 1)};
    if (t->octets == NULL)
        return HF_E_MEMORY;
    if (!input->read(input->self, 0, t->octets, (size_t)input->length, &length) || length != input->length)
        return HF_E_READ;
    t->octets[length] = '\0';
    t->binary = length >= 8 && memcmp(t->octets, "bplist00", 8) == 0;
    if (!hf__plist_is_tame((hf_span){t->octets, length}))
        return HF_E_FORMAT;
    tree_parse(t, length);
    return t->root != NULL && plist_get_node_type(t->root) == PLIST_DICT ? HF_OK : HF_E_FORMAT;
}

/* -- Numbers ----------------------------------------------------------------------------------------------------------------- */

/* The shortest fraction that gives the double again: what the program that wrote it meant. */
static hf_moment moment_of(double since_2001)
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

static double double_of(hf_moment moment)
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

/* -- Rows -------------------------------------------------------------------------------------------------------------------- */

/* Schema 2: the number is when it ends; minus infinity stands for a host that has no HSTS. */
static void parse_old(double expires, hf_row *row)
{
    row->expires = moment_of(expires);
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
    row->expires = moment_of(expires);
    if (create != NULL)
        row->observed = moment_of(created);
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

typedef struct walk {
    const hf_format_options *options;
    const hf_row_visitor *visitor; /* reading; or */
    hf_format_writer *writer;      /* taking rows out */
    uint64_t rows, removed;
    bool stopped;
    bool doubled; /* a name stands twice: libplist takes out by name, and might take the wrong one */
} walk;

/* True if the row is to go. */
static bool judge(walk *w, const char *session, const char *name, plist_t node)
{
    hf_row row = hf__row();
    hf_host host;
    const char *reason = parse(name, node, w->options, &row, &host);
    char raw[RAW_MAX];

    int length = snprintf(raw, sizeof raw, "%s/%s", session, name);
    row.raw = (hf_span){raw, length > 0 && length < RAW_MAX ? (size_t)length : 0};
    if (strcmp(session, SESSION) != 0)
        row.partition = (hf_span){session, strlen(session)};
    w->rows++;
    if (w->writer != NULL)
        return reason == NULL && !hf__writer_keeps(w->writer, &row);
    if (reason != NULL)
        w->visitor->damage(w->visitor->self, &(hf_row_damage){HF_OFFSET_NONE, w->rows, reason});
    else
        w->stopped = !w->visitor->row(w->visitor->self, &row);
    return false;
}

/* What is taken out while an iterator stands on it must be behind the iterator, so the next is fetched first. */
static void walk_session(walk *w, const char *session, plist_t hosts)
{
    plist_dict_iter at = NULL;
    char *name = NULL, *next = NULL;
    plist_t node = NULL, next_node = NULL;

    plist_dict_new_iter(hosts, &at);
    plist_dict_next_item(hosts, at, &name, &node);
    while (node != NULL && !w->stopped) {
        next = NULL;
        next_node = NULL;
        plist_dict_next_item(hosts, at, &next, &next_node);
        w->doubled = w->doubled || (w->writer != NULL && plist_dict_get_item(hosts, name) != node);
        if (!w->doubled && judge(w, session, name, node)) {
            plist_dict_remove_item(hosts, name);
            w->removed++;
        }
        free(name);
        name = next;
        node = next_node;
    }
    free(name);
    free(at);
}

static void walk_tree(walk *w, plist_t root)
{
    plist_dict_iter at = NULL;
    char *name = NULL;
    plist_t node = NULL;

    plist_dict_new_iter(root, &at);
    for (plist_dict_next_item(root, at, &name, &node); node != NULL; plist_dict_next_item(root, at, &name, &node)) {
        if (plist_get_node_type(node) == PLIST_DICT && !w->stopped)
            walk_session(w, name, node);
        free(name);
        name = NULL;
        node = NULL;
    }
    free(at);
}

static hf_status read(const hf_format *format, const hf_input *input, const hf_format_options *options,
                      const hf_row_visitor *visitor)
{
    walk w = {.options = options, .visitor = visitor};
    tree t;

    (void)format;
    if (input->length == 0)
        return HF_OK;
    hf_status status = tree_read(input, &t);
    if (status == HF_OK)
        walk_tree(&w, t.root);
    else if (status == HF_E_FORMAT)
        visitor->damage(visitor->self, &(hf_row_damage){0, 0, "not a property list with a dictionary at its root"});
    tree_done(&t);
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

/* -- Writing ----------------------------------------------------------------------------------------------------------------- */

static plist_t new_root(void)
{
    plist_t root = plist_new_dict();

    plist_dict_set_item(root, SCHEMA, plist_new_uint(3));
    return root;
}

static hf_status begin(hf_format_writer *writer)
{
    const hf_input *previous = writer->rewrite.previous;
    walk w = {.options = &writer->options, .writer = writer};
    tree *t = calloc(1, sizeof *t);
    hf_status status = HF_OK;
    uint64_t schema = 3;

    if (t == NULL)
        return HF_E_MEMORY;
    writer->state = t;
    t->binary = true;
    if (previous != NULL)
        status = tree_read(previous, t);
    else
        t->root = new_root();
    if (status != HF_OK)
        return status;
    plist_t version = plist_dict_get_item(t->root, SCHEMA);
    if (version != NULL && plist_get_node_type(version) == PLIST_UINT)
        plist_get_uint_val(version, &schema);
    if (schema != 3)
        return HF_E_FORMAT;
    walk_tree(&w, t->root);
    if (w.doubled)
        return HF_E_FORMAT;
    t->changed = w.removed > 0 || t->octets == NULL;
    return HF_OK;
}

/* Safari keeps doubles: 15 digits. */
static plist_t time_node(hf_moment moment, hf_losses *losses)
{
    double value = double_of(moment);
    hf_moment again = moment_of(value);

    if (again.seconds != moment.seconds || again.nanoseconds != moment.nanoseconds)
        *losses |= HF_LOSS_FRACTION;
    return plist_new_real(value);
}

static bool is_ascii(hf_span text)
{
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.data[i] >= 0x80)
            return false;
    }
    return true;
}

/* A session that is not there is made, if libplist can be relied on to write its name as it is. */
static plist_t session_of(plist_t root, hf_span partition)
{
    char name[HF_PARTITION_MAX + 1] = SESSION;

    if (partition.length > HF_PARTITION_MAX)
        return NULL;
    if (partition.length > 0) {
        memcpy(name, partition.data, partition.length);
        name[partition.length] = '\0';
    }
    plist_t session = plist_dict_get_item(root, name);
    if (session == NULL && !is_ascii(partition))
        return NULL;
    if (session == NULL) {
        session = plist_new_dict();
        plist_dict_set_item(root, name, session);
    }
    return plist_get_node_type(session) == PLIST_DICT ? session : NULL;
}

static hf_status add(hf_format_writer *writer, const hf_row *row, hf_losses *losses)
{
    tree *t = writer->state;
    hf_span partition = row->partition;
    char name[HF_HOST_MAX + 1];

    if (row->state != HF_ROW_SET && row->state != HF_ROW_NEGATIVE) {
        *losses |= HF_LOSS_STATE;
        return HF_OK;
    }
    if (partition.length > 0 && partition.data[0] == '^') {
        partition.length = 0;
        *losses |= HF_LOSS_PARTITION;
    }
    plist_t session = session_of(t->root, partition);
    if (session == NULL || row->host.length > HF_HOST_MAX) {
        *losses |= HF_LOSS_HOST;
        return HF_OK;
    }
    memcpy(name, row->host.data, row->host.length);
    name[row->host.length] = '\0';
    plist_t dict = plist_new_dict();
    if (row->observed.seconds != HF_TIME_UNKNOWN)
        plist_dict_set_item(dict, "Create Time", time_node(row->observed, losses));
    plist_dict_set_item(dict, "Expiry", time_node(row->expires, losses));
    plist_dict_set_item(dict, "HSTS Host", plist_new_bool(row->state == HF_ROW_SET));
    if (row->include_subdomains)
        plist_dict_set_item(dict, "Include Subdomains", plist_new_bool(1));
    plist_dict_set_item(session, name, dict);
    t->changed = true;
    writer->rows++;
    return HF_OK;
}

/* libplist spells some numbers in another way, so what has not changed is copied. */
static hf_status finish(hf_format_writer *writer)
{
    const tree *t = writer->state;

    if (!t->changed)
        return hf__writer_copy(writer, 0, writer->rewrite.previous->length);
    locale_t before, c = enter_c_locale(&before);
    char *octets = NULL;
    uint32_t length = 0;

    if (t->binary)
        plist_to_bin(t->root, &octets, &length);
    else
        plist_to_xml(t->root, &octets, &length);
    leave_c_locale(c, before);
    if (octets == NULL)
        return HF_E_MEMORY;
    hf__writer_put(writer, octets, length);
    free(octets);
    return HF_OK;
}

static void discard(hf_format_writer *writer)
{
    tree_done(writer->state);
    free(writer->state);
}

const hf_format hf__format_safari = {
    .name = "safari",
    .description = "Safari's HSTS.plist",
    .max_octets = OCTETS_MAX,
    .writes = true,
    .always_lost = HF_LOSS_NO_NAME | HF_LOSS_PORT | HF_LOSS_MAX_AGE,
    .detect = detect,
    .read = read,
    .begin = begin,
    .add = add,
    .finish = finish,
    .discard = discard,
};
