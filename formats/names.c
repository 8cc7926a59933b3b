/* Chromium's hash of a name, and the way back for names at hand. */
#include "holdfast/formats.h"

#include <openssl/sha.h>
#include <stdlib.h>

#define WIRE_MAX 255 /* RFC 1035 3.1 */

void hf_name_hash(hf_span name, unsigned char hash[32])
{
    unsigned char wire[WIRE_MAX];
    size_t label = 0;

    if (name.length > HF_HOST_MAX)
        name.length = HF_HOST_MAX;
    for (size_t i = 0; i < name.length; i++) {
        wire[i + 1] = (unsigned char)name.data[i];
        if (name.data[i] == '.') {
            wire[label] = (unsigned char)(i - label);
            label = i + 1;
        }
    }
    wire[label] = (unsigned char)(name.length - label);
    wire[name.length + 1] = 0;
    SHA256(wire, name.length + 2, hash);
}

/*
 * A name: the first 32 bits of its hash, and below them where it stands in `text`, its length in one octet in front. Of
 * a million names that is 8 MB. The bits decide nearly always; the name's own hash decides in the end.
 */
struct hf_names {
    uint64_t *places;
    size_t count, capacity;
    char *text;
    size_t used, room;
    bool sorted;
};

hf_status hf_names_new(hf_names **names)
{
    hf_names *made = calloc(1, sizeof *made);

    if (made == NULL)
        return HF_E_MEMORY;
    *names = made;
    return HF_OK;
}

void hf_names_free(hf_names *names)
{
    if (names == NULL)
        return;
    free(names->places);
    free(names->text);
    free(names);
}

/* Makes room for `more` items behind `used`. */
static bool grow(void **block, size_t item, size_t used, size_t more, size_t *capacity)
{
    size_t wanted = *capacity > 0 ? *capacity : 64;

    if (used + more <= *capacity)
        return true;
    while (wanted < used + more)
        wanted += wanted / 2;
    void *grown = realloc(*block, wanted * item);
    if (grown == NULL)
        return false;
    *block = grown;
    *capacity = wanted;
    return true;
}

static uint64_t place_of(const unsigned char hash[32], size_t at)
{
    uint32_t prefix;

    memcpy(&prefix, hash, sizeof prefix);
    return (uint64_t)prefix << 32 | at;
}

hf_status hf_names_add(hf_names *names, hf_span name)
{
    unsigned char hash[32];
    void *places = names->places, *text = names->text;

    if (name.length == 0 || name.length > HF_HOST_MAX)
        return HF_E_ARGUMENT;
    if (names->used > UINT32_MAX)
        return HF_E_MEMORY;
    bool room = grow(&places, sizeof *names->places, names->count, 1, &names->capacity);
    names->places = places;
    room = room && grow(&text, 1, names->used, name.length + 1, &names->room);
    names->text = text;
    if (!room)
        return HF_E_MEMORY;
    hf_name_hash(name, hash);
    names->places[names->count++] = place_of(hash, names->used);
    names->text[names->used] = (char)name.length;
    memcpy(names->text + names->used + 1, name.data, name.length);
    names->used += name.length + 1;
    names->sorted = false;
    return HF_OK;
}

/* Puts what stands at `at` where it belongs among its heirs in the heap. */
static void sift(uint64_t *places, size_t at, size_t count)
{
    uint64_t moved = places[at];
    size_t heir;

    while ((heir = 2 * at + 1) < count) {
        if (heir + 1 < count && places[heir + 1] > places[heir])
            heir++;
        if (places[heir] <= moved)
            break;
        places[at] = places[heir];
        at = heir;
    }
    places[at] = moved;
}

/* In place: qsort would take as much memory again. */
static void sort(uint64_t *places, size_t count)
{
    for (size_t at = count / 2; at > 0; at--)
        sift(places, at - 1, count);
    while (count > 1) {
        uint64_t greatest = places[0];
        places[0] = places[--count];
        places[count] = greatest;
        sift(places, 0, count);
    }
}

static size_t first_at_least(const hf_names *names, uint64_t place)
{
    size_t low = 0, high = names->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (names->places[middle] < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool hf_names_resolve(void *list, const unsigned char hash[32], hf_host *host)
{
    hf_names *names = list;
    uint64_t first = place_of(hash, 0);
    unsigned char other[32];

    if (!names->sorted)
        sort(names->places, names->count);
    names->sorted = true;
    for (size_t i = first_at_least(names, first); i < names->count && names->places[i] >> 32 == first >> 32; i++) {
        const char *text = names->text + (uint32_t)names->places[i];
        hf_span name = {text + 1, (unsigned char)*text};
        hf_name_hash(name, other);
        if (memcmp(hash, other, sizeof other) == 0)
            return hf_host_parse(name.data, name.length, NULL, host, NULL) == HF_OK;
    }
    return false;
}
