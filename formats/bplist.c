/*
 * A binary property list: "bplist00", the objects, a table of where each begins, and a trailer. A container names its
 * members by the number of their objects, and how wide numbers and places are is known only at the end: so all is kept
 * until then.
 */
#include "bplist.h"

#include <stdlib.h>

enum { TRAILER = 32, PROBES = 16, FIRST_ROOM = 64 };

/* A scalar is its octets, as written; a container is its kind and the numbers of its members, keys before values. */
typedef struct object {
    unsigned char kind; /* 0: a scalar; 0xa0, 0xd0: the marker of an array, of a dictionary */
    size_t from, count; /* octets of `octets`, or numbers of `refs`; of a dictionary `count` pairs */
} object;

struct hf__bplist {
    object *objects;
    size_t count, room;
    char *octets;
    size_t octets_used, octets_room;
    uint32_t *refs;
    size_t refs_used, refs_room;
    uint32_t *same; /* by the hash of its octets: the number of a scalar and 1 */
    size_t same_room;
    hf_status status;
};

/* -- Memory -------------------------------------------------------------------------------------------------------- */

/* True if there is room for `more` items behind `used`. */
static bool reserve(hf__bplist *list, void **items, size_t size, size_t used, size_t more, size_t *room)
{
    size_t wanted = *room > 0 ? *room : FIRST_ROOM;
    void *made;

    if (more <= *room - used)
        return true;
    while (wanted - used < more) {
        if (wanted > SIZE_MAX / 2 / size)
            break;
        wanted *= 2;
    }
    made = wanted - used >= more ? realloc(*items, wanted * size) : NULL;
    if (made == NULL) {
        list->status = HF_E_MEMORY;
        return false;
    }
    *items = made;
    *room = wanted;
    return true;
}

hf__bplist *hf__bplist_new(void)
{
    return calloc(1, sizeof(hf__bplist));
}

void hf__bplist_free(hf__bplist *list)
{
    if (list == NULL)
        return;
    free(list->objects);
    free(list->octets);
    free(list->refs);
    free(list->same);
    free(list);
}

static uint32_t add_object(hf__bplist *list, object o)
{
    if (list->count >= HF__BPLIST_NONE - 1 ||
        !reserve(list, (void **)&list->objects, sizeof *list->objects, list->count, 1, &list->room))
        return HF__BPLIST_NONE;
    list->objects[list->count] = o;
    return (uint32_t)list->count++;
}

/* -- Scalars ------------------------------------------------------------------------------------------------------- */

static uint32_t hash_of(const char *octets, size_t length)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)octets[i]) * 16777619u;
    return hash ^ hash >> 15;
}

/*
 * The place of these octets in the table of what is there, or the free one where they belong. NULL when none is near:
 * somebody may have chosen texts that all belong to one place, and then a text is written twice, which does no harm.
 */
static uint32_t *place_of(hf__bplist *list, const char *octets, size_t length)
{
    size_t at = hash_of(octets, length);

    for (size_t i = 0; i < PROBES; i++) {
        uint32_t *place = &list->same[(at + i) & (list->same_room - 1)];
        if (*place == 0)
            return place;
        const object *o = &list->objects[*place - 1];
        if (o->count == length && memcmp(list->octets + o->from, octets, length) == 0)
            return place;
    }
    return NULL;
}

/* The table is kept at most half full. */
static bool grow_table(hf__bplist *list)
{
    size_t room = list->same_room > 0 ? 2 * list->same_room : 2 * FIRST_ROOM;
    uint32_t *old = list->same;

    if (2 * list->count < list->same_room)
        return true;
    list->same = calloc(room, sizeof *list->same);
    if (list->same == NULL) {
        list->same = old;
        list->status = HF_E_MEMORY;
        return false;
    }
    free(old);
    list->same_room = room;
    for (size_t i = 0; i < list->count; i++) {
        const object *o = &list->objects[i];
        uint32_t *place = o->kind == 0 ? place_of(list, list->octets + o->from, o->count) : NULL;
        if (place != NULL && *place == 0)
            *place = (uint32_t)i + 1;
    }
    return true;
}

static uint32_t scalar(hf__bplist *list, const char *octets, size_t length)
{
    uint32_t *place, made;

    if (!grow_table(list))
        return HF__BPLIST_NONE;
    place = place_of(list, octets, length);
    if (place != NULL && *place != 0)
        return *place - 1;
    if (!reserve(list, (void **)&list->octets, 1, list->octets_used, length, &list->octets_room))
        return HF__BPLIST_NONE;
    memcpy(list->octets + list->octets_used, octets, length);
    made = add_object(list, (object){0, list->octets_used, length});
    if (made == HF__BPLIST_NONE)
        return made;
    list->octets_used += length;
    if (place != NULL)
        *place = made + 1;
    return made;
}

static void put_number(char *out, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        out[i] = (char)(value >> 8 * (size - 1 - i));
}

/* The marker of an object and its length, in 14 octets at most. */
static size_t put_marker(char *out, unsigned kind, uint64_t length)
{
    size_t exponent = 0;

    if (length < 15) {
        out[0] = (char)(kind | length);
        return 1;
    }
    while (exponent < 3 && length >> (8u << exponent) != 0)
        exponent++;
    out[0] = (char)(kind | 15);
    out[1] = (char)(0x10 | exponent);
    put_number(out + 2, length, (size_t)1 << exponent);
    return 2 + ((size_t)1 << exponent);
}

/*
 * Eight octets are signed: what libplist holds as unsigned beyond that is negative. 2^63 alone it reads from sixteen.
 */
uint32_t hf__bplist_uint(hf__bplist *list, uint64_t value)
{
    char octets[17] = {0};
    bool wide = value == (uint64_t)1 << 63;
    size_t size = wide ? 16 : 1;

    while (size < 8 && value >> 8 * size != 0)
        size *= 2;
    octets[0] = (char)(size == 1 ? 0x10 : size == 2 ? 0x11 : size == 4 ? 0x12 : size == 8 ? 0x13 : 0x14);
    put_number(octets + 1 + (wide ? 8 : 0), value, wide ? 8 : size);
    return scalar(list, octets, 1 + size);
}

uint32_t hf__bplist_real(hf__bplist *list, double value)
{
    char octets[9] = {0x23};
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    put_number(octets + 1, bits, 8);
    return scalar(list, octets, sizeof octets);
}

uint32_t hf__bplist_bool(hf__bplist *list, bool value)
{
    return scalar(list, value ? "\x09" : "\x08", 1);
}

static uint32_t marked(hf__bplist *list, unsigned kind, uint64_t length, const char *octets, size_t size)
{
    char *whole = malloc(size + 16);
    uint32_t made = HF__BPLIST_NONE;

    if (whole == NULL) {
        list->status = HF_E_MEMORY;
        return made;
    }
    size_t at = put_marker(whole, kind, length);
    if (size > 0)
        memcpy(whole + at, octets, size);
    made = scalar(list, whole, at + size);
    free(whole);
    return made;
}

/* One code point from UTF-8; *at moves on. UINT32_MAX for what is none. */
static uint32_t code_point(hf_span text, size_t *at)
{
    unsigned char first = (unsigned char)text.data[(*at)++];
    unsigned more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    uint32_t point = first & (0x3fu >> more);

    if (first < 0x80)
        return first;
    if (first < 0xc2 || first > 0xf4 || text.length - *at < more)
        return UINT32_MAX;
    for (unsigned i = 0; i < more; i++) {
        unsigned char next = (unsigned char)text.data[(*at)++];
        if ((next & 0xc0) != 0x80)
            return UINT32_MAX;
        point = point << 6 | (next & 0x3f);
    }
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    return point >= least[more] && point <= 0x10ffff ? point : UINT32_MAX;
}

static size_t put_utf16(char *out, uint32_t point)
{
    if (point < 0x10000) {
        put_number(out, point, 2);
        return 2;
    }
    put_number(out, 0xd7c0 + (point >> 10), 2);
    put_number(out + 2, 0xdc00 + (point & 0x3ff), 2);
    return 4;
}

static uint32_t wide_text(hf__bplist *list, hf_span text)
{
    char *units = malloc(2 * text.length);
    size_t used = 0;
    uint32_t made = HF__BPLIST_NONE;

    if (units == NULL) {
        list->status = HF_E_MEMORY;
        return made;
    }
    for (size_t at = 0; at < text.length;) {
        uint32_t point = code_point(text, &at);
        if (point == UINT32_MAX) {
            list->status = HF_E_FORMAT;
            free(units);
            return made;
        }
        used += put_utf16(units + used, point);
    }
    made = marked(list, 0x60, used / 2, units, used);
    free(units);
    return made;
}

uint32_t hf__bplist_text(hf__bplist *list, hf_span text)
{
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.data[i] >= 0x80)
            return wide_text(list, text);
    }
    return marked(list, 0x50, text.length, text.data, text.length);
}

/* -- Containers ---------------------------------------------------------------------------------------------------- */

void hf__bplist_add(hf__bplist *list, hf__bplist_members *members, uint32_t key, uint32_t value)
{
    if (key == HF__BPLIST_NONE || value == HF__BPLIST_NONE)
        return; /* the list knows */
    if (!reserve(list, (void **)&members->refs, sizeof *members->refs, members->count, 2, &members->room))
        return;
    members->refs[members->count++] = key;
    members->refs[members->count++] = value;
}

static uint32_t container(hf__bplist *list, hf__bplist_members *members, unsigned char kind)
{
    size_t pairs = members->count / 2, wanted = kind == 0xd0 ? members->count : pairs;
    uint32_t made = HF__BPLIST_NONE;

    if (reserve(list, (void **)&list->refs, sizeof *list->refs, list->refs_used, wanted, &list->refs_room)) {
        size_t from = list->refs_used;
        for (size_t i = 0; kind == 0xd0 && i < pairs; i++)
            list->refs[list->refs_used++] = members->refs[2 * i];
        for (size_t i = 0; i < pairs; i++)
            list->refs[list->refs_used++] = members->refs[2 * i + 1];
        made = add_object(list, (object){kind, from, pairs});
    }
    free(members->refs);
    *members = (hf__bplist_members){0};
    return made;
}

uint32_t hf__bplist_dict(hf__bplist *list, hf__bplist_members *members)
{
    return container(list, members, 0xd0);
}

static uint32_t dict_node(hf__bplist *list, plist_t node)
{
    hf__bplist_members members = {0};
    plist_dict_iter at = NULL;
    plist_t value = NULL;
    char *name = NULL;

    plist_dict_new_iter(node, &at);
    for (plist_dict_next_item(node, at, &name, &value); value != NULL; plist_dict_next_item(node, at, &name, &value)) {
        uint32_t key = hf__bplist_text(list, (hf_span){name, strlen(name)});
        hf__bplist_add(list, &members, key, hf__bplist_node(list, value));
        free(name);
        name = NULL;
        value = NULL;
    }
    free(at);
    return container(list, &members, 0xd0);
}

static uint32_t array_node(hf__bplist *list, plist_t node)
{
    hf__bplist_members members = {0};
    plist_array_iter at = NULL;
    plist_t value = NULL;

    plist_array_new_iter(node, &at);
    for (plist_array_next_item(node, at, &value); value != NULL; plist_array_next_item(node, at, &value)) {
        hf__bplist_add(list, &members, 0, hf__bplist_node(list, value));
        value = NULL;
    }
    free(at);
    return container(list, &members, 0xa0);
}

static uint32_t text_node(hf__bplist *list, plist_t node)
{
    char *text = NULL;
    uint32_t made = HF__BPLIST_NONE;

    if (plist_get_node_type(node) == PLIST_KEY)
        plist_get_key_val(node, &text);
    else
        plist_get_string_val(node, &text);
    if (text != NULL)
        made = hf__bplist_text(list, (hf_span){text, strlen(text)});
    else
        list->status = HF_E_MEMORY;
    free(text);
    return made;
}

static uint32_t data_node(hf__bplist *list, plist_t node)
{
    char *octets = NULL;
    uint64_t length = 0;

    plist_get_data_val(node, &octets, &length);
    uint32_t made = marked(list, 0x40, length, octets, (size_t)length);
    free(octets);
    return made;
}

static uint32_t number_node(hf__bplist *list, plist_t node)
{
    char octets[9] = {0x33};
    int32_t seconds = 0, microseconds = 0;
    double real = 0;
    uint64_t whole = 0, bits;

    switch (plist_get_node_type(node)) {
    case PLIST_UINT:
        plist_get_uint_val(node, &whole);
        return hf__bplist_uint(list, whole);
    case PLIST_REAL:
        plist_get_real_val(node, &real);
        return hf__bplist_real(list, real);
    case PLIST_UID:
        plist_get_uid_val(node, &whole);
        octets[0] = (char)0x87;
        put_number(octets + 1, whole, 8);
        return scalar(list, octets, sizeof octets);
    default: /* a date */
        plist_get_date_val(node, &seconds, &microseconds);
        real = (double)seconds + microseconds / 1e6;
        memcpy(&bits, &real, sizeof bits);
        put_number(octets + 1, bits, 8);
        return scalar(list, octets, sizeof octets);
    }
}

uint32_t hf__bplist_node(hf__bplist *list, plist_t node)
{
    uint8_t flag = 0;

    switch (plist_get_node_type(node)) {
    case PLIST_BOOLEAN:
        plist_get_bool_val(node, &flag);
        return hf__bplist_bool(list, flag != 0);
    case PLIST_STRING:
    case PLIST_KEY:
        return text_node(list, node);
    case PLIST_DATA:
        return data_node(list, node);
    case PLIST_ARRAY:
        return array_node(list, node);
    case PLIST_DICT:
        return dict_node(list, node);
    case PLIST_UINT:
    case PLIST_REAL:
    case PLIST_DATE:
    case PLIST_UID:
        return number_node(list, node);
    default:
        list->status = HF_E_FORMAT; /* of a kind that came later */
        return HF__BPLIST_NONE;
    }
}

/* -- Sending ------------------------------------------------------------------------------------------------------- */

static size_t width_of(uint64_t most)
{
    return most < 1u << 8 ? 1 : most < 1u << 16 ? 2 : most <= UINT32_MAX ? 4 : 8;
}

static void send_container(const hf__bplist *list, const object *o, size_t width, hf_format_writer *writer)
{
    size_t count = o->kind == 0xd0 ? 2 * o->count : o->count;
    char octets[16];

    hf__writer_put(writer, octets, put_marker(octets, o->kind, o->count));
    for (size_t i = 0; i < count; i++) {
        put_number(octets, list->refs[o->from + i], width);
        hf__writer_put(writer, octets, width);
    }
}

static uint64_t size_of(const object *o, size_t width)
{
    char octets[16];

    if (o->kind == 0)
        return o->count;
    return put_marker(octets, o->kind, o->count) + (uint64_t)o->count * width * (o->kind == 0xd0 ? 2 : 1);
}

static void send_trailer(const hf__bplist *list, uint32_t root, size_t places, size_t width, uint64_t table,
                         hf_format_writer *writer)
{
    char trailer[TRAILER] = {0};

    trailer[6] = (char)places;
    trailer[7] = (char)width;
    put_number(trailer + 8, list->count, 8);
    put_number(trailer + 16, root, 8);
    put_number(trailer + 24, table, 8);
    hf__writer_put(writer, trailer, sizeof trailer);
}

hf_status hf__bplist_send(hf__bplist *list, uint32_t root, hf_format_writer *writer)
{
    size_t width = width_of(list->count), places;
    uint64_t at = 8;
    char octets[8];

    if (list->status == HF_OK && root == HF__BPLIST_NONE)
        list->status = HF_E_MEMORY;
    if (list->status != HF_OK)
        return list->status;
    hf__writer_puts(writer, "bplist00");
    for (size_t i = 0; i < list->count; i++) {
        const object *o = &list->objects[i];
        if (o->kind == 0)
            hf__writer_put(writer, list->octets + o->from, o->count);
        else
            send_container(list, o, width, writer);
        at += size_of(o, width);
    }
    places = width_of(at);
    uint64_t table = at;
    at = 8;
    for (size_t i = 0; i < list->count; i++) {
        put_number(octets, at, places);
        hf__writer_put(writer, octets, places);
        at += size_of(&list->objects[i], width);
    }
    send_trailer(list, root, places, width, table, writer);
    return HF_OK;
}
