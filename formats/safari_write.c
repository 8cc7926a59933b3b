/*
 * Writing Safari's list. Nothing is looked up while rows come: members of sessions, kept and new, are collected, and
 * sorted by session and name at the end; of those of one name the last holds. So the time is that of sorting, whatever
 * the names are.
 */
#include "bplist.h"
#include "formats.h"
#include "safari.h"

#include <stdlib.h>

enum { CHUNK = 65536, FIRST_ROOM = 64 };

/* What a new row takes at most beside its name: a dictionary of four members, a number for each time, and where they
 * stand. */
enum { DICT_OCTETS = 54, TIME_OCTETS = 13 };

/* A member of a session; the session itself has no name. */
typedef struct member {
    const char *session, *name;
    plist_t node; /* as it was; NULL: a new row, which is what follows */
    double created, expires;
    bool has_created, is_host, include_subdomains;
    size_t order;
} member;

typedef struct other {
    const char *name;
    plist_t node; /* NULL: the version of the schema of a new list */
} other;

typedef struct chunk {
    struct chunk *next;
    size_t used;
    char text[CHUNK];
} chunk;

typedef struct output {
    hf__safari_tree tree; /* the previous list */
    hf_format_writer *writer;
    member *members;
    size_t count, room;
    other *others; /* of the root, and none of them a session */
    size_t other_count, other_room;
    const char **sessions; /* of the previous list, sorted once it is read */
    size_t session_count, session_room;
    chunk *texts;
    uint64_t octets; /* about what the list takes */
    bool changed;    /* since it was read */
    hf_status status;
} output;

/* -- Memory -------------------------------------------------------------------------------------------------------- */

static bool reserve(output *out, void **items, size_t size, size_t count, size_t *room)
{
    size_t wanted = *room > 0 ? 2 * *room : FIRST_ROOM;
    void *made;

    if (count < *room)
        return true;
    made = wanted <= SIZE_MAX / size ? realloc(*items, wanted * size) : NULL;
    if (made == NULL) {
        out->status = HF_E_MEMORY;
        return false;
    }
    *items = made;
    *room = wanted;
    return true;
}

/* NULL: out of memory, or longer than any name of libplist's that is worth keeping. */
static const char *keep_text(output *out, const char *text, size_t length)
{
    chunk *c = out->texts;

    if (length >= CHUNK) {
        out->status = HF_E_FORMAT;
        return NULL;
    }
    if (c == NULL || length + 1 > CHUNK - c->used) {
        c = malloc(sizeof *c);
        if (c == NULL) {
            out->status = HF_E_MEMORY;
            return NULL;
        }
        *c = (chunk){.next = out->texts};
        out->texts = c;
    }
    char *kept = c->text + c->used;
    if (length > 0)
        memcpy(kept, text, length);
    kept[length] = '\0';
    c->used += length + 1;
    return kept;
}

static bool add_member(output *out, member m)
{
    if (!reserve(out, (void **)&out->members, sizeof m, out->count, &out->room))
        return false;
    m.order = out->count;
    out->members[out->count++] = m;
    return true;
}

static bool add_other(output *out, const char *name, plist_t node)
{
    if (!reserve(out, (void **)&out->others, sizeof(other), out->other_count, &out->other_room))
        return false;
    out->others[out->other_count++] = (other){name, node};
    return true;
}

/* -- Order --------------------------------------------------------------------------------------------------------- */

static int by_member(const member *a, const member *b)
{
    int order = a->session == b->session ? 0 : strcmp(a->session, b->session);

    if (order == 0 && (a->name == NULL || b->name == NULL))
        return (a->name != NULL) - (b->name != NULL);
    return order != 0 ? order : strcmp(a->name, b->name);
}

static int by_member_and_order(const void *a, const void *b)
{
    const member *one = a, *two = b;
    int order = by_member(one, two);

    return order != 0 ? order : one->order < two->order ? -1 : 1;
}

static int by_other(const void *a, const void *b)
{
    return strcmp(((const other *)a)->name, ((const other *)b)->name);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_members(output *out)
{
    if (out->count > 1)
        qsort(out->members, out->count, sizeof *out->members, by_member_and_order);
}

/* -- The previous list --------------------------------------------------------------------------------------------- */

static bool keep_session(void *self, const char *session)
{
    output *out = self;
    const char *name = keep_text(out, session, strlen(session));

    if (name == NULL || !reserve(out, (void **)&out->sessions, sizeof name, out->session_count, &out->session_room))
        return false;
    out->sessions[out->session_count++] = name;
    return add_member(out, (member){.session = name});
}

static bool keep_member(void *self, const char *session, const char *name, plist_t node)
{
    output *out = self;
    char raw[HF__SAFARI_RAW_MAX];
    hf_row row;
    hf_host host;

    if (hf__safari_row(session, name, node, &out->writer->options, &row, &host, raw) == NULL &&
        !hf__writer_keeps(out->writer, &row)) {
        out->changed = true;
        return true;
    }
    const char *kept = keep_text(out, name, strlen(name));
    return kept != NULL &&
           add_member(out, (member){.session = out->sessions[out->session_count - 1], .name = kept, .node = node});
}

static bool keep_other(void *self, const char *name, plist_t node)
{
    output *out = self;
    const char *kept = keep_text(out, name, strlen(name));

    return kept != NULL && add_other(out, kept, node);
}

/* A name that stands twice: which of the two holds depends on who reads it. */
static bool has_doubles(const output *out)
{
    for (size_t i = 1; i < out->count; i++) {
        if (by_member(&out->members[i - 1], &out->members[i]) == 0)
            return true;
    }
    return false;
}

static bool is_schema_3(plist_t root)
{
    plist_t version = plist_dict_get_item(root, HF__SAFARI_SCHEMA);
    uint64_t schema = 3;

    if (version != NULL && plist_get_node_type(version) == PLIST_UINT)
        plist_get_uint_val(version, &schema);
    return schema == 3;
}

static hf_status begin_again(output *out, const hf_input *previous)
{
    hf__safari_walk walk = {keep_session, keep_member, keep_other, out};
    hf_status status = hf__safari_read(previous, &out->tree);

    if (status != HF_OK)
        return status;
    if (!is_schema_3(out->tree.root))
        return HF_E_FORMAT;
    hf__safari_walk_tree(&walk, out->tree.root);
    if (out->status != HF_OK)
        return out->status;
    out->octets = previous->length;
    sort_members(out);
    if (out->other_count > 1)
        qsort(out->others, out->other_count, sizeof *out->others, by_other);
    if (out->session_count > 1)
        qsort(out->sessions, out->session_count, sizeof *out->sessions, by_text);
    return has_doubles(out) ? HF_E_FORMAT : HF_OK;
}

hf_status hf__safari_begin(hf_format_writer *writer)
{
    output *out = calloc(1, sizeof *out);

    if (out == NULL)
        return HF_E_MEMORY;
    writer->state = out;
    out->writer = writer;
    if (writer->rewrite.previous != NULL)
        return begin_again(out, writer->rewrite.previous);
    out->tree.binary = out->changed = true;
    return add_other(out, HF__SAFARI_SCHEMA, NULL) ? HF_OK : out->status;
}

/* -- New rows ------------------------------------------------------------------------------------------------------ */

/* Safari keeps doubles: 15 digits. */
static double time_of(hf_moment moment, hf_losses *losses)
{
    double value = hf__safari_double(moment);
    hf_moment again = hf__safari_moment(value);

    if (again.seconds != moment.seconds || again.nanoseconds != moment.nanoseconds)
        *losses |= HF_LOSS_FRACTION;
    return value;
}

static bool is_ascii(hf_span text)
{
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.data[i] >= 0x80 || text.data[i] == '\0')
            return false;
    }
    return true;
}

/* The name of the row's session; NULL when it cannot have one. A new one has a name in ASCII, and not that of another
 * member. */
static const char *session_of(output *out, hf_span partition)
{
    char name[HF_PARTITION_MAX + 1];
    const char *text = name;

    if (partition.length == 0)
        text = HF__SAFARI_SESSION;
    if (partition.length > HF_PARTITION_MAX)
        return NULL;
    if (partition.length > 0)
        memcpy(name, partition.data, partition.length);
    name[partition.length] = '\0';
    const char **there = out->session_count > 0
                             ? bsearch(&text, out->sessions, out->session_count, sizeof *out->sessions, by_text)
                             : NULL;
    if (there != NULL)
        return *there;
    if (!is_ascii(partition) ||
        bsearch(&(other){text, NULL}, out->others, out->other_count, sizeof(other), by_other) != NULL)
        return NULL;
    return partition.length == 0 ? HF__SAFARI_SESSION : keep_text(out, text, strlen(text));
}

/* Times that are the same are written once. */
static uint64_t octets_of(const output *out, const member *m, size_t name_length)
{
    const member *before = out->count > 0 ? &out->members[out->count - 1] : NULL;
    bool same_start = !m->has_created || (before != NULL && before->created == m->created);
    bool same_end = before != NULL && before->expires == m->expires;

    return DICT_OCTETS + name_length + (same_start ? 0 : TIME_OCTETS) + (same_end ? 0 : TIME_OCTETS);
}

static hf_status put(output *out, const hf_row *row, const char *session, hf_losses *losses)
{
    hf_losses cut = 0;
    member m = {.session = session,
                .has_created = row->observed.seconds != HF_TIME_UNKNOWN,
                .created = row->observed.seconds != HF_TIME_UNKNOWN ? time_of(row->observed, &cut) : 0,
                .expires = time_of(row->expires, &cut),
                .is_host = row->state == HF_ROW_SET,
                .include_subdomains = row->include_subdomains};
    uint64_t octets = octets_of(out, &m, row->host.length);

    if (out->octets + octets > HF__SAFARI_OCTETS_MAX) { /* nobody here would read it */
        *losses |= HF_LOSS_FULL;
        return HF_OK;
    }
    m.name = keep_text(out, row->host.data, row->host.length);
    if (m.name == NULL || !add_member(out, m))
        return out->status;
    *losses |= cut;
    out->octets += octets;
    out->changed = true;
    out->writer->rows++;
    return HF_OK;
}

hf_status hf__safari_add(hf_format_writer *writer, const hf_row *row, hf_losses *losses)
{
    output *out = writer->state;
    hf_span partition = row->partition;

    if (row->state != HF_ROW_SET && row->state != HF_ROW_NEGATIVE) {
        *losses |= HF_LOSS_STATE;
        return HF_OK;
    }
    if (partition.length > 0 && partition.data[0] == '^') {
        partition.length = 0;
        *losses |= HF_LOSS_PARTITION;
    }
    const char *session = row->host.length <= HF_HOST_MAX ? session_of(out, partition) : NULL;
    if (session == NULL) {
        *losses |= HF_LOSS_HOST;
        return out->status;
    }
    out->octets += partition.length; /* as if each were a session of its own */
    return put(out, row, session, losses);
}

/* -- Sending ------------------------------------------------------------------------------------------------------- */

/* How many of the members from `at` on belong to its session. */
static size_t session_length(const output *out, size_t at)
{
    size_t end = at + 1;

    while (end < out->count && strcmp(out->members[end].session, out->members[at].session) == 0)
        end++;
    return end - at;
}

/* The session itself is none to be written, nor is a member that a later one of its name replaces. */
static bool is_written(const output *out, size_t at)
{
    return out->members[at].name != NULL &&
           (at + 1 == out->count || by_member(&out->members[at], &out->members[at + 1]) != 0);
}

static uint32_t text_of(hf__bplist *list, const char *text)
{
    return hf__bplist_text(list, (hf_span){text, strlen(text)});
}

static uint32_t binary_row(hf__bplist *list, const member *m)
{
    hf__bplist_members members = {0};

    if (m->has_created)
        hf__bplist_add(list, &members, text_of(list, "Create Time"), hf__bplist_real(list, m->created));
    hf__bplist_add(list, &members, text_of(list, "Expiry"), hf__bplist_real(list, m->expires));
    hf__bplist_add(list, &members, text_of(list, "HSTS Host"), hf__bplist_bool(list, m->is_host));
    if (m->include_subdomains)
        hf__bplist_add(list, &members, text_of(list, "Include Subdomains"), hf__bplist_bool(list, true));
    return hf__bplist_dict(list, &members);
}

static uint32_t binary_session(const output *out, hf__bplist *list, size_t at, size_t length)
{
    hf__bplist_members members = {0};

    for (size_t i = at; i < at + length; i++) {
        const member *m = &out->members[i];
        if (!is_written(out, i))
            continue;
        uint32_t name = text_of(list, m->name);
        hf__bplist_add(list, &members, name, m->node != NULL ? hf__bplist_node(list, m->node) : binary_row(list, m));
    }
    return hf__bplist_dict(list, &members);
}

static hf_status send_binary(const output *out, hf_format_writer *writer)
{
    hf__bplist_members root = {0};
    hf__bplist *list = hf__bplist_new();

    if (list == NULL)
        return HF_E_MEMORY;
    for (size_t i = 0; i < out->other_count; i++) {
        const other *o = &out->others[i];
        uint32_t name = text_of(list, o->name);
        hf__bplist_add(list, &root, name, o->node != NULL ? hf__bplist_node(list, o->node) : hf__bplist_uint(list, 3));
    }
    for (size_t at = 0, length; at < out->count; at += length) {
        length = session_length(out, at);
        uint32_t name = text_of(list, out->members[at].session);
        hf__bplist_add(list, &root, name, binary_session(out, list, at, length));
    }
    uint32_t top = hf__bplist_dict(list, &root);
    hf_status status = hf__bplist_send(list, top, writer);
    hf__bplist_free(list);
    return status;
}

static void xml_row(const member *m, hf_format_writer *writer)
{
    hf__xplist_open(writer, 2);
    if (m->has_created) {
        hf__xplist_key(writer, 3, "Create Time");
        hf__xplist_real(writer, 3, m->created);
    }
    hf__xplist_key(writer, 3, "Expiry");
    hf__xplist_real(writer, 3, m->expires);
    hf__xplist_key(writer, 3, "HSTS Host");
    hf__xplist_bool(writer, 3, m->is_host);
    if (m->include_subdomains) {
        hf__xplist_key(writer, 3, "Include Subdomains");
        hf__xplist_bool(writer, 3, true);
    }
    hf__xplist_close(writer, 2);
}

static void xml_session(const output *out, size_t at, size_t length, hf_format_writer *writer)
{
    hf__xplist_key(writer, 1, out->members[at].session);
    hf__xplist_open(writer, 1);
    for (size_t i = at; i < at + length; i++) {
        const member *m = &out->members[i];
        if (!is_written(out, i))
            continue;
        hf__xplist_key(writer, 2, m->name);
        if (m->node != NULL)
            hf__xplist_node(writer, 2, m->node);
        else
            xml_row(m, writer);
    }
    hf__xplist_close(writer, 1);
}

/* A new list is binary: here there is always a previous one. */
static void send_xml(const output *out, hf_format_writer *writer)
{
    locale_t before, c = hf__safari_enter(&before);

    hf__xplist_begin(writer);
    hf__xplist_open(writer, 0);
    for (size_t i = 0; i < out->other_count; i++) {
        hf__xplist_key(writer, 1, out->others[i].name);
        hf__xplist_node(writer, 1, out->others[i].node);
    }
    for (size_t at = 0, length; at < out->count; at += length) {
        length = session_length(out, at);
        xml_session(out, at, length, writer);
    }
    hf__xplist_close(writer, 0);
    hf__xplist_end(writer);
    hf__safari_leave(c, before);
}

/* What has not changed is copied: numbers can be spelled in many ways. */
hf_status hf__safari_finish(hf_format_writer *writer)
{
    output *out = writer->state;

    if (!out->changed)
        return hf__writer_copy(writer, 0, writer->rewrite.previous->length);
    sort_members(out);
    if (out->tree.binary)
        return send_binary(out, writer);
    send_xml(out, writer);
    return HF_OK;
}

void hf__safari_discard(hf_format_writer *writer)
{
    output *out = writer->state;

    while (out->texts != NULL) {
        chunk *next = out->texts->next;
        free(out->texts);
        out->texts = next;
    }
    hf__safari_done(&out->tree);
    free(out->members);
    free(out->others);
    free(out->sessions);
    free(out);
}
