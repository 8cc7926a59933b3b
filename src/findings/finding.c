#include "findings/finding.h"

#include "base/hash.h"

#include <stdio.h>
#include <string.h>

#define PROOF_MAX 2048

/* What finding_place_is compares is not hashed whole: the kind is enough to keep most apart, the proof does the rest.
 */
static uint64_t key_of(rule_id rule, const finding_place *place, const char *proof)
{
    uint64_t key = base_hash(BASE_HASH_START, &rule, sizeof rule);

    key = base_hash(key, &place->kind, sizeof place->kind);
    key = base_hash(key, &place->line, sizeof place->line);
    return base_hash(key, proof, strlen(proof));
}

static finding *find(const finding_list *list, const finding *wanted)
{
    for (size_t i = 0; i < list->count; i++) {
        finding *item = &list->items[i];

        if (item->key == wanted->key && item->rule == wanted->rule && finding_place_is(&item->place, &wanted->place) &&
            strcmp(item->proof, wanted->proof) == 0)
            return item;
    }
    return NULL;
}

static finding *append(finding_list *list, const finding *item)
{
    list->items = base_arena_grow(list->arena, list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count] = *item;
    return &list->items[list->count++];
}

finding *finding_vadd(finding_list *list, const finding_place *place, rule_id rule, const char *proof,
                      va_list arguments)
{
    const rule_entry *entry = rule_find(rule);
    finding item = {.rule = rule, .severity = entry->severity, .place = *place, .fix = entry->fix}, *same;
    char text[PROOF_MAX];
    bool cut = vsnprintf(text, sizeof text, proof, arguments) >= (int)sizeof text;

    item.proof = base_arena_format(list->arena, "%s%s", text, cut ? "..." : "");
    item.key = key_of(rule, place, item.proof);
    same = find(list, &item);
    return same != NULL ? same : append(list, &item);
}

finding *finding_add(finding_list *list, const finding_place *place, rule_id rule, const char *proof, ...)
{
    va_list arguments;
    finding *added;

    va_start(arguments, proof);
    added = finding_vadd(list, place, rule, proof, arguments);
    va_end(arguments);
    return added;
}

void finding_sort(finding_list *list)
{
    finding *sorted = base_arena_take(list->arena, list->count * sizeof *sorted);
    size_t count = 0;

    for (int severity = HF_SEVERITY_ERROR; severity >= HF_SEVERITY_INFO; severity--)
        for (size_t i = 0; i < list->count; i++)
            if ((int)list->items[i].severity == severity)
                sorted[count++] = list->items[i];
    list->items = sorted;
    list->capacity = list->count;
}

bool finding_reaches(const finding_list *list, hf_severity severity)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].severity >= severity)
            return true;
    return false;
}

const finding *finding_find(const finding_list *list, rule_id rule)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].rule == rule)
            return &list->items[i];
    return NULL;
}

size_t finding_count(const finding_list *list, hf_severity severity)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        count += list->items[i].severity == severity;
    return count;
}
