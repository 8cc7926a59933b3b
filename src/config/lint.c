#include "config/lint.h"

#include "base/ascii.h"

#include <stdlib.h>
#include <string.h>

#define COMMENTS_ABOVE_MAX 64 /* lines of comments above a line, among which its marks may stand */

/* What was told: an open table of rule and line. */
struct config_lint_seen {
    struct seen_slot {
        const config_file *file; /* NULL: free */
        size_t line;
        rule_id rule;
    } * slots;
    size_t count, capacity; /* a power of two */
};

void config_lint_init(config_lint *lint, config_estate *estate, config_version version)
{
    *lint = (config_lint){.estate = estate, .version = version};
    lint->findings.arena = &estate->arena;
    lint->seen = base_allocate(sizeof *lint->seen);
}

void config_lint_done(config_lint *lint)
{
    if (lint->seen != NULL)
        free(lint->seen->slots);
    free(lint->seen);
    *lint = (config_lint){0};
}

/* -- Once ---------------------------------------------------------------------------------------------------------- */

static struct seen_slot *slot_of(const struct config_lint_seen *seen, const config_file *file, size_t line,
                                 rule_id rule)
{
    size_t at = ((uintptr_t)file >> 4) * 31 + line * UINT64_C(0x9E3779B97F4A7C15) + (size_t)rule * 0x85EBCA6BU;

    for (at ^= at >> 29;; at++) {
        struct seen_slot *slot = &seen->slots[at & (seen->capacity - 1)];

        if (slot->file == NULL || (slot->file == file && slot->line == line && slot->rule == rule))
            return slot;
    }
}

static void enlarge(struct config_lint_seen *seen)
{
    struct config_lint_seen larger = {.capacity = seen->capacity > 0 ? 2 * seen->capacity : 64};

    larger.slots = base_allocate(larger.capacity * sizeof *larger.slots);
    for (size_t i = 0; i < seen->capacity; i++)
        if (seen->slots[i].file != NULL)
            *slot_of(&larger, seen->slots[i].file, seen->slots[i].line, seen->slots[i].rule) = seen->slots[i];
    larger.count = seen->count;
    free(seen->slots);
    *seen = larger;
}

/* False: it was told of this line. */
static bool is_new(struct config_lint_seen *seen, const config_file *file, size_t line, rule_id rule)
{
    struct seen_slot *slot;

    if (2 * seen->count >= seen->capacity)
        enlarge(seen);
    slot = slot_of(seen, file, line, rule);
    if (slot->file != NULL)
        return false;
    *slot = (struct seen_slot){file, line, rule};
    seen->count++;
    return true;
}

/* -- Marks that keep a finding back -------------------------------------------------------------------------------- */

static const char *skip(const char *text, const char *end, bool blanks)
{
    while (text < end && (*text == ' ' || *text == '\t') == blanks)
        text++;
    return text;
}

typedef struct mark {
    hf_span rule, reason;
} mark;

static bool read_mark(hf_span text, mark *found)
{
    static const char intro[] = "holdfast:", verb[] = "ignore";
    const char *at = text.data, *end = text.data + text.length, *word;

    if (text.length < sizeof intro - 1 || memcmp(at, intro, sizeof intro - 1) != 0)
        return false;
    word = skip(at + sizeof intro - 1, end, true);
    at = skip(word, end, false);
    if ((size_t)(at - word) != sizeof verb - 1 || memcmp(word, verb, sizeof verb - 1) != 0)
        return false;
    word = skip(at, end, true);
    at = skip(word, end, false);
    found->rule = (hf_span){.data = word, .length = (size_t)(at - word)};
    at = skip(at, end, true);
    found->reason = (hf_span){.data = at, .length = (size_t)(end - at)};
    return true;
}

/* How many comments stand on the lines up to this one. */
static size_t comments_until(const config_file *file, size_t line)
{
    size_t low = 0, high = file->comment_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (file->comments[middle].line <= line)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_mark_of(const config_comment *comment, rule_id rule)
{
    mark found;

    return read_mark(comment->text, &found) && base_ascii_is(found.rule.data, found.rule.length, rule_find(rule)->name);
}

/* A comment speaks of its own line, or where it stands alone of the next one below it and other such comments. */
static bool is_kept_back(const config_file *file, size_t line, rule_id rule)
{
    size_t above = line;

    for (size_t i = comments_until(file, line); i-- > 0 && line - above < COMMENTS_ABOVE_MAX;) {
        config_comment *comment = &file->comments[i];

        if (comment->line == line && comment->alone)
            continue;
        if (comment->line != line) {
            if (comment->line != --above || !comment->alone)
                return false;
        }
        if (is_mark_of(comment, rule)) {
            comment->used = true;
            return true;
        }
    }
    return false;
}

/* -- Adding -------------------------------------------------------------------------------------------------------- */

BASE_PRINTF(5, 0)
static bool vadd(config_lint *lint, config_file *file, const finding_place *place, rule_id rule, const char *proof,
                 va_list arguments)
{
    finding *added;

    lint->last_kept = false;
    if (!is_new(lint->seen, file, place->line, rule))
        return false;
    if (is_kept_back(file, place->line, rule)) {
        lint->ignored++;
        return false;
    }
    if (lint->findings.count >= CONFIG_FINDINGS_MAX) {
        lint->left_out++;
        return false;
    }
    added = finding_vadd(&lint->findings, place, rule, proof, arguments);
    added->severity = rule_find(rule)->configuration;
    lint->fixes = base_arena_grow(&lint->estate->arena, lint->fixes, lint->findings.count - 1, &lint->fix_capacity,
                                  sizeof *lint->fixes);
    lint->fixes[lint->findings.count - 1] = (config_fix){0};
    lint->last_kept = true;
    return true;
}

bool config_lint_word(config_lint *lint, const config_node *node, const config_word *word, rule_id rule,
                      const char *proof, ...)
{
    finding_place place = word != NULL ? config_place_word(node, word, &lint->estate->arena)
                                       : config_place_node(node, &lint->estate->arena);
    va_list arguments;
    bool added;

    va_start(arguments, proof);
    added = vadd(lint, node->said->file, &place, rule, proof, arguments);
    va_end(arguments);
    return added;
}

bool config_lint_part(config_lint *lint, const config_node *node, const config_word *word, size_t from, size_t length,
                      rule_id rule, const char *proof, ...)
{
    finding_place place = config_place_part(node, word, from, length, &lint->estate->arena);
    va_list arguments;
    bool added;

    va_start(arguments, proof);
    added = vadd(lint, node->said->file, &place, rule, proof, arguments);
    va_end(arguments);
    return added;
}

bool config_lint_at(config_lint *lint, config_file *file, const config_via *via, size_t offset, size_t length,
                    rule_id rule, const char *proof, ...)
{
    finding_place place = config_place_at(file, via, offset, offset + length, &lint->estate->arena);
    va_list arguments;
    bool added;

    va_start(arguments, proof);
    added = vadd(lint, file, &place, rule, proof, arguments);
    va_end(arguments);
    return added;
}

void config_lint_say(config_lint *lint, const char *fix)
{
    if (lint->last_kept)
        lint->findings.items[lint->findings.count - 1].fix = fix;
}

void config_lint_edit(config_lint *lint, config_file *file, size_t offset, size_t length, const char *text)
{
    config_fix *fix;

    if (!lint->last_kept)
        return;
    fix = &lint->fixes[lint->findings.count - 1];
    fix->edits = base_arena_grow(&lint->estate->arena, fix->edits, fix->count, &fix->capacity, sizeof *fix->edits);
    fix->edits[fix->count++] = (config_edit){.file = file, .offset = offset, .length = length, .text = text};
}

void config_lint_pair(config_lint *lint, const config_pair *pair)
{
    lint->pairs =
        base_arena_grow(&lint->estate->arena, lint->pairs, lint->pair_count, &lint->pair_capacity, sizeof *lint->pairs);
    lint->pairs[lint->pair_count++] = *pair;
}

/* -- Values -------------------------------------------------------------------------------------------------------- */

/* Where the octets of the value stand, if they stand as they are sent; the quotes of the word stay. */
static bool edit_place(const config_word *word, size_t from, size_t length, size_t *offset, size_t *replaced)
{
    bool whole = from == 0 && length == word->length;

    if (whole && !word->quoted) {
        *offset = word->offset;
        *replaced = word->end - word->offset;
        return true;
    }
    *offset = word->offset + word->quoted + from;
    *replaced = length;
    if (whole) {
        *replaced = word->end - word->offset - 2;
        return true;
    }
    return word->exact;
}

void config_lint_value(config_lint *lint, const config_node *node, const config_word *word, size_t from, size_t length)
{
    const hf_span value = {.data = word->text + from, .length = length};
    config_value_faults faults = {0};
    size_t offset, replaced;
    bool editable = edit_place(word, from, length, &offset, &replaced);

    config_value_judge(value, &lint->estate->arena, &faults);
    for (size_t i = 0; i < faults.count; i++) {
        const config_value_fault *fault = &faults.items[i];

        if (!config_lint_part(lint, node, word, from + fault->offset, fault->length, fault->rule, "%s", fault->proof))
            continue;
        if (fault->fix != NULL)
            config_lint_say(lint, fault->fix);
        if (fault->mended != NULL && editable)
            config_lint_edit(lint, node->said->file, offset, replaced,
                             word->quoted ? fault->mended
                                          : base_arena_format(&lint->estate->arena, "\"%s\"", fault->mended));
    }
}

/* -- The end ------------------------------------------------------------------------------------------------------- */

static void judge_mark(config_lint *lint, config_file *file, const config_comment *comment, const mark *found)
{
    const size_t length = (size_t)(comment->text.data + comment->text.length - (file->text + comment->offset));

    if (!comment->used && found->rule.length > 0)
        config_lint_at(lint, file, NULL, comment->offset, length, RULE_IGNORE_UNUSED,
                       "%s is not found on the line that the mark speaks of",
                       BASE_CUT(base_arena_copy(&lint->estate->arena, found->rule.data, found->rule.length)));
    else if (found->reason.length == 0)
        config_lint_at(lint, file, NULL, comment->offset, length, RULE_IGNORE_WITHOUT_REASON,
                       "nothing stands behind the name of the finding");
}

static void judge_marks(config_lint *lint)
{
    for (size_t i = 0; i < lint->estate->file_count; i++) {
        config_file *file = lint->estate->files[i];
        mark found;

        for (size_t j = 0; j < file->comment_count; j++)
            if (read_mark(file->comments[j].text, &found))
                judge_mark(lint, file, &file->comments[j], &found);
    }
}

typedef struct placed {
    size_t file, index; /* the number of its file, and among the findings */
    const finding *said;
} placed;

static size_t number_of(const config_lint *lint, const char *name)
{
    size_t i = 0;

    while (i < lint->estate->file_count && lint->estate->files[i]->name != name)
        i++;
    return i;
}

static int compare(const void *one, const void *other)
{
    const placed *a = one, *b = other;

    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    if (a->said->place.line != b->said->place.line)
        return a->said->place.line < b->said->place.line ? -1 : 1;
    if (a->said->place.column != b->said->place.column)
        return a->said->place.column < b->said->place.column ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

void config_lint_finish(config_lint *lint)
{
    size_t count;
    placed *order;
    finding *items;
    config_fix *fixes;

    judge_marks(lint);
    count = lint->findings.count;
    if (count == 0)
        return;
    order = base_allocate(count * sizeof *order);
    items = base_arena_take(&lint->estate->arena, count * sizeof *items);
    fixes = base_arena_take(&lint->estate->arena, count * sizeof *fixes);
    for (size_t i = 0; i < count; i++) {
        const finding *said = &lint->findings.items[i];
        bool same = i > 0 && said->place.file == lint->findings.items[i - 1].place.file;

        order[i] =
            (placed){.file = same ? order[i - 1].file : number_of(lint, said->place.file), .index = i, .said = said};
    }
    qsort(order, count, sizeof *order, compare);
    for (size_t i = 0; i < count; i++) {
        items[i] = *order[i].said;
        fixes[i] = lint->fixes[order[i].index];
    }
    free(order);
    lint->findings.items = items;
    lint->findings.capacity = count;
    lint->fixes = fixes;
}
