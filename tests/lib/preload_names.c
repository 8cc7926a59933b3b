#include "lib/preload_names.h"

#include "base/lines.h"

#include <stdlib.h>
#include <string.h>

size_t name_random(uint64_t *state, size_t limit)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)((*state >> 32) * limit >> 32);
}

void name_host(const char *name, hf_host *host)
{
    *host = (hf_host){.kind = HF_HOST_NAME, .length = strlen(name)};
    memcpy(host->name, name, host->length + 1);
}

static _Noreturn void stop(const char *path, const char *why)
{
    fprintf(stderr, "%s: %s\n", path, why);
    exit(3);
}

/* -- The table ----------------------------------------------------------------------------------------------------- */

static size_t hash(const char *name)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);

    for (; *name != '\0'; name++)
        h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
    return (size_t)(h ^ h >> 29);
}

const hf_preload_entry *name_table_find(const name_table *table, const char *name)
{
    for (size_t i = hash(name) & table->mask; table->slots[i] != 0; i = (i + 1) & table->mask) {
        const hf_preload_entry *entry = &table->list->entries[table->slots[i] - 1];
        if (strcmp(entry->name, name) == 0)
            return entry;
    }
    return NULL;
}

static void enter(name_table *table, size_t number)
{
    size_t i = hash(table->list->entries[number].name) & table->mask;

    while (table->slots[i] != 0)
        i = (i + 1) & table->mask;
    table->slots[i] = (uint32_t)number + 1;
}

static void make_slots(name_table *table, const name_list *list, size_t count)
{
    size_t size = 16;

    while (size < 2 * count)
        size *= 2;
    *table = (name_table){list, base_allocate(size * sizeof(uint32_t)), size - 1};
}

void name_table_init(name_table *table, const name_list *list)
{
    make_slots(table, list, list->count);
    for (size_t i = 0; i < list->count; i++)
        enter(table, i);
}

void name_table_done(name_table *table)
{
    free(table->slots);
}

bool name_table_cover(const name_table *table, const hf_host *host, hf_preload_match *match)
{
    for (const char *name = host->name; name != NULL; name = strchr(name, '.'), name += name != NULL) {
        const hf_preload_entry *entry = name_table_find(table, name);
        if (entry != NULL && (name == host->name || entry->include_subdomains)) {
            *match = (hf_preload_match){(size_t)(name - host->name), entry->include_subdomains};
            return true;
        }
    }
    return false;
}

/* -- Lists from files ---------------------------------------------------------------------------------------------- */

static void add(name_list *list, size_t *capacity, const char *name, size_t length, bool include_subdomains)
{
    if (list->count == *capacity) {
        *capacity = *capacity > 0 ? 2 * *capacity : 1024;
        list->entries = realloc(list->entries, *capacity * sizeof *list->entries);
        if (list->entries == NULL)
            base_out_of_memory();
    }
    list->entries[list->count++] = (hf_preload_entry){base_arena_copy(&list->arena, name, length), include_subdomains};
}

void name_list_load(name_list *list, const char *path)
{
    base_lines lines;
    base_error error;
    hf_span line;
    size_t capacity = 0;

    *list = (name_list){0};
    if (!base_lines_open(&lines, path, 1024, &error))
        stop(path, error.text);
    while (base_lines_next(&lines, &line, &error) == BASE_LINE_GOOD) {
        const char *tab = memchr(line.data, '\t', line.length);
        if (tab == NULL || tab + 2 != line.data + line.length || (tab[1] != '0' && tab[1] != '1'))
            stop(path, "a line is not a name, a tab, and 0 or 1");
        add(list, &capacity, line.data, (size_t)(tab - line.data), tab[1] == '1');
    }
    base_lines_close(&lines);
    if (list->count == 0)
        stop(path, "there are no names");
}

/* -- Lists made up ------------------------------------------------------------------------------------------------- */

static const char *const tops[] = {"com", "de",  "net",     "org",      "nl",     "io",
                                   "app", "dev", "example", "xn--p1ai", "museum", "1"};
static const char *const families[] = {"blog.example", "pages.dev", "co.nl", "a.b.example"};

static void put(char *name, const char *text)
{
    if (strlen(name) + strlen(text) <= HF_HOST_MAX)
        strcat(name, text);
}

static void put_label(char *name, uint64_t *random)
{
    static const char *const syllables[] = {"ba",  "co",  "der", "ex",  "fi", "go", "hol",  "in", "ka",   "lo",
                                            "mar", "net", "or",  "pay", "qu", "ri", "shop", "ta", "un",   "ve",
                                            "web", "y",   "zo",  "-1",  "0",  "_",  "xx",   "24", "bank", "hotel"};
    size_t count = name_random(random, 8) == 0 ? 1 + name_random(random, 12) : 2 + name_random(random, 3);

    for (; count > 0; count--)
        put(name, syllables[name_random(random, name_random(random, 8) == 0 ? 30 : 23)]);
    if (name_random(random, 40) == 0)
        put(name, "-verylongnamethatgoesonandon");
}

/* Low numbers are chosen much more often than high ones. */
static size_t skewed(uint64_t *random, size_t limit)
{
    size_t number = name_random(random, limit);

    number = name_random(random, number + 1);
    return name_random(random, number + 1);
}

static void make_name(const name_list *list, uint64_t *random, char name[HF_HOST_MAX + 1])
{
    const char *parent = tops[skewed(random, sizeof tops / sizeof tops[0])];

    name[0] = '\0';
    switch (name_random(random, 16)) {
    case 0:
        parent = families[name_random(random, sizeof families / sizeof families[0])];
        break;
    case 1:
        if (list->count > 0)
            parent = list->entries[name_random(random, list->count)].name;
        break;
    default:
        break;
    }
    if (name_random(random, 200) != 0) {
        put_label(name, random);
        put(name, ".");
    }
    put(name, parent);
}

void name_list_make(name_list *list, size_t count, uint64_t seed)
{
    name_table made;
    size_t capacity = 0;

    *list = (name_list){0};
    make_slots(&made, list, count);
    while (list->count < count) {
        char name[HF_HOST_MAX + 1];
        hf_host host;
        make_name(list, &seed, name);
        if (hf_host_parse(name, strlen(name), NULL, &host, NULL) != HF_OK || host.kind != HF_HOST_NAME ||
            name_table_find(&made, name) != NULL)
            continue;
        add(list, &capacity, name, strlen(name), name_random(&seed, 32) != 0);
        enter(&made, list->count - 1);
    }
    name_table_done(&made);
}

void name_list_done(name_list *list)
{
    free(list->entries);
    base_arena_done(&list->arena);
}

/* -- Mutants ------------------------------------------------------------------------------------------------------- */

static char random_octet(uint64_t *random)
{
    static const char octets[] = "abcdefghijklmnopqrstuvwxyz0123456789-.._!*";

    return octets[name_random(random, sizeof octets - 1)];
}

/* memmove, octet by octet: valgrind 3.19 takes the checked memmove of glibc 2.36 for a memcpy, and reports the overlap.
 */
static void shift(char *to, const char *from, size_t length)
{
    if (to < from) {
        for (size_t i = 0; i < length; i++)
            to[i] = from[i];
    } else {
        while (length-- > 0)
            to[length] = from[length];
    }
}

static void insert(char *name, size_t *length, size_t at, char octet)
{
    shift(name + at + 1, name + at, *length - at + 1);
    name[at] = octet;
    ++*length;
}

/* Room for all that one mutation adds. */
enum { MUTANT_MAX = 3 * HF_HOST_MAX };

static void mutate_once(const name_list *list, uint64_t *random, char name[MUTANT_MAX + 1])
{
    static const char *const fronts[] = {"www.", "a.", "cdn.eu-west-1.", "x", "-", "."};
    const char *other = list->entries[name_random(random, list->count)].name;
    size_t length = strlen(name), at = name_random(random, length);

    switch (name_random(random, 7)) {
    case 0:
        name[at] = random_octet(random);
        break;
    case 1:
        insert(name, &length, at, random_octet(random));
        break;
    case 2:
        shift(name + at, name + at + 1, length - at);
        break;
    case 3: /* from either end */
        if (name_random(random, 2) == 0)
            name[at] = '\0';
        else
            shift(name, name + at, length - at + 1);
        break;
    case 4: {
        const char *front = fronts[name_random(random, sizeof fronts / sizeof fronts[0])];
        shift(name + strlen(front), name, length + 1);
        memcpy(name, front, strlen(front));
        break;
    }
    case 5: /* the front of this one and the end of another */
        strcpy(name + at, other + name_random(random, strlen(other)));
        break;
    default: /* a whole name in front of another: its TLD becomes a label */
        name[length] = '.';
        strcpy(name + length + 1, other);
        break;
    }
}

void name_mutate(const name_list *list, uint64_t *random, hf_host *host)
{
    for (;;) {
        char name[MUTANT_MAX + 1];
        strcpy(name, list->entries[name_random(random, list->count)].name);
        for (size_t rounds = name_random(random, 3); rounds > 0 && name[0] != '\0' && strlen(name) <= HF_HOST_MAX;
             rounds--)
            mutate_once(list, random, name);
        if (hf_host_parse(name, strlen(name), NULL, host, NULL) == HF_OK && host->kind == HF_HOST_NAME)
            return;
    }
}
